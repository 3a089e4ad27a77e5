/// What a format cannot say, so that a rule must not conclude anything from its absence.
package struct TraceTraits: Sendable {
  /// Names of locks stand for classes and several classes share one: a name that recurs on another
  /// instance says nothing.
  package var classesAreMerelyNames: Bool

  /// It is of a kernel, and not of a program.
  package var isKernel: Bool
  /// It is of a program for sure.
  package var isUserSpace: Bool
  /// Its events are those that a report or a dump shows, of many more that there were: their order
  /// is not that of a run.
  package var isExcerpt: Bool

  package init(
    classesAreMerelyNames: Bool = false, isKernel: Bool = false, isUserSpace: Bool = false,
    isExcerpt: Bool = false
  ) {
    self.classesAreMerelyNames = classesAreMerelyNames
    self.isKernel = isKernel
    self.isUserSpace = isUserSpace
    self.isExcerpt = isExcerpt
  }
}
