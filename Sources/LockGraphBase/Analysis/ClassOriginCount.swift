/// How many locks are of classes that came about in one way.
public struct ClassOriginCount: Sendable, Equatable {
  /// What makes locks a class.
  public var origin: ClassOrigin
  /// Lock instances that were used.
  public var locks: Int
  /// Their classes, nesting levels counted apart.
  public var classes: Int

  package init(
    origin: ClassOrigin, locks: Int, classes: Int
  ) {
    self.origin = origin
    self.locks = locks
    self.classes = classes
  }
}
