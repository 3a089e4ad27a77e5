/// What a format cannot say, so that a rule must not conclude anything from its absence.
package struct TraceTraits: Sendable {
  /// Names of locks stand for classes and several classes share one: a name that recurs on another
  /// instance says nothing.
  package var classesAreMerelyNames = false

  package init(classesAreMerelyNames: Bool = false) {
    self.classesAreMerelyNames = classesAreMerelyNames
  }
}
