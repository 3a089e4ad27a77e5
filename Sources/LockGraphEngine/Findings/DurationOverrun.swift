/// For how long locks of a class may be held and waited for.
package struct DurationLimits: Sendable {
  /// One bound, and where it is declared.
  package struct Limit: Sendable {
    package var nanoseconds: UInt64
    package var declaration: Finding.Declaration

    package init(nanoseconds: UInt64, declaration: Finding.Declaration) {
      self.nanoseconds = nanoseconds
      self.declaration = declaration
    }
  }

  /// `nil` is for as long as it takes.
  package var hold: Limit?
  package var wait: Limit?

  package init(hold: Limit? = nil, wait: Limit? = nil) {
    self.hold = hold
    self.wait = wait
  }

  /// What they are, by the name of a class.
  package typealias Source = @Sendable (_ lockClass: String) -> DurationLimits
}

/// A hold or wait that took longer than it may, the longest of its class and place.
package struct DurationOverrun: Sendable {
  package var isWait: Bool
  package var lockClass: String
  package var nanoseconds: UInt64
  package var limit: DurationLimits.Limit
  /// How often one of the kind took too long.
  package var count: UInt64
  /// Where it began, and where it ended.
  package var events: [FindingEvent]
}
