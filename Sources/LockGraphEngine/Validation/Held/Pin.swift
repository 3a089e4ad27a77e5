/// A lock that a thread pinned.
struct Pin {
  /// How often.
  var count: UInt32
  /// The event that did it first.
  var event: ViolationStore.Event
}
