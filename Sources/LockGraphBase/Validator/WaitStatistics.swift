/// How threads waited for the locks of a class.
public struct WaitStatistics: Sendable, Equatable {
  /// The class.
  public var lockClass: String
  /// How many waits there were; an acquisition without one is not counted.
  public var waits: Int = 0
  /// How many of them ended without the lock.
  public var abandoned: Int = 0
  /// How long they took together.
  public var total: Duration = .zero
  /// The longest one.
  public var longest: Duration = .zero
  /// How much of the total was by `lockIO()`.
  public var io: Duration = .zero

  package init(
    lockClass: String, waits: Int = 0, abandoned: Int = 0, total: Duration = .zero,
    longest: Duration = .zero, io: Duration = .zero
  ) {
    self.lockClass = lockClass
    self.waits = waits
    self.abandoned = abandoned
    self.total = total
    self.longest = longest
    self.io = io
  }
}
