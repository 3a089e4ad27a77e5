/// What makes locks one class.
///
/// The raw values belong to the JSON report.
public enum ClassOrigin: String, Sendable, CaseIterable {
  /// The lock alone: nothing says more of it.
  case lock = "lock"
  /// The place at which its locks were first taken.
  case firstUse = "first-use"
  /// The place at which its locks were initialised.
  case initialization = "init"
  /// An input states it.
  case stated = "stated"

  /// Worked out from places, because nothing states a class.
  @inlinable package var isDerived: Bool { self == .initialization || self == .firstUse }
}
