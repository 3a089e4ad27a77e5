/// A lock that was held around the whole life of a thread, by its parent [semantics 21].
struct LifeGuard: Sendable {
  var lock: LockID
  /// The thread that holds it, which it does not keep out.
  var holder: ThreadLife
}
