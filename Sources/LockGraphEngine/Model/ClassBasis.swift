/// What becomes the class of a lock of which none is stated.
public enum ClassBasis: String, Sendable, CaseIterable {
  /// The place where it is initialised, if the input tells it, else the lock.
  case initialization = "init"
  /// The place where it is first asked for or taken, if the input tells it, else the lock.
  case firstUse = "first-use"
  /// The lock.
  case lock = "lock"
}
