import LockGraphEngine

/// For how long locks may be held and waited for, as a policy declares it by patterns for classes.
public struct DeclaredLimits: Sendable {
  /// A pattern with what it allows, in nanoseconds; `nil` says nothing of it.
  struct Entry: Sendable {
    var declared: DeclaredOrder.Declared
    var hold: UInt64?
    var wait: UInt64?
  }

  /// The name of the file in which they are declared.
  let name: String
  var entries: [Entry] = []

  /// Whether nothing is declared.
  public var isEmpty: Bool { entries.isEmpty }

  /// What holds of a class: of a hold and of a wait each the pattern that means the class most and
  /// says something of it, as in the lists of declared orders.
  package var source: DurationLimits.Source {
    let holds = entries.filter { $0.hold != nil }
    let waits = entries.filter { $0.wait != nil }
    let table = PatternTable([[holds.map(\.declared)], [waits.map(\.declared)]])
    return { lockClass in
      var limits = DurationLimits()
      for place in table.places(of: ClassName(lockClass)) {
        if place.list == 0 {
          let entry = holds[place.declared]
          limits.hold = limit("is held for", entry.hold!, entry.declared)
        } else {
          let entry = waits[place.declared - holds.count]
          limits.wait = limit("is waited for", entry.wait!, entry.declared)
        }
      }
      return limits
    }
  }

  /// As the variable `LOCKGRAPH_LIMITS` has it.
  package var text: String {
    entries.map { entry in
      // A semicolon ends an entry there.
      let pattern = entry.declared.pattern.text.split(
        separator: ";", omittingEmptySubsequences: false
      )
      .joined(separator: "?")
      let hold = entry.hold.map { " hold=\($0)ns" } ?? ""
      let wait = entry.wait.map { " wait=\($0)ns" } ?? ""
      return pattern + hold + wait
    }.joined(separator: "; ")
  }

  private func limit(
    _ what: String, _ nanoseconds: UInt64, _ declared: DeclaredOrder.Declared
  ) -> DurationLimits.Limit {
    DurationLimits.Limit(
      nanoseconds: nanoseconds,
      declaration: Finding.Declaration(
        text: "limits: \(declared.pattern.text) \(what) \(DurationText.short(nanoseconds)) at most",
        source: "\(name.withVisibleControls):\(declared.line)"))
  }
}
