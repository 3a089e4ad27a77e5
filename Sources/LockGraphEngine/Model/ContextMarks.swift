/// How a lock class is used where an interrupt matters [semantics 11].
package enum ContextUse: UInt8, Sendable, CaseIterable {
  /// Acquired inside the context by a writer or non-recursive reader.
  case usedNonRecursively
  /// Acquired inside the context by a recursive reader.
  case usedRecursively
  /// Held exclusively while the context could interrupt.
  case enabledExclusive
  /// Held shared while the context could interrupt.
  case enabledShared
}

/// The uses of a class in all contexts: four marks each.
package struct ContextMarks: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package init(_ use: ContextUse, _ context: InterruptContext) {
    rawValue = 1 << UInt16(context.rawValue * 4 + use.rawValue)
  }

  /// One use in several contexts, given as a set of their bits.
  @inline(__always)
  package init(_ use: ContextUse, in contexts: UInt8) {
    // Each context's bit goes to the lowest of its four marks.
    let bits = UInt16(contexts)
    let spread = bits & 1 | (bits & 2) << 3 | (bits & 4) << 6 | (bits & 8) << 9
    rawValue = spread << UInt16(use.rawValue)
  }

  package func contains(_ use: ContextUse, _ context: InterruptContext) -> Bool {
    contains(ContextMarks(use, context))
  }

  /// Whether the class is used inside the context at all.
  package func isUsed(in context: InterruptContext) -> Bool {
    contains(.usedNonRecursively, context) || contains(.usedRecursively, context)
  }

  /// Lockdep's four characters: hardirqs, then softirqs, each for writers and non-recursive
  /// readers, then for the other readers. `-` used inside, `+` held where it can come, `?` both,
  /// `.` neither.
  package var usageCharacters: String {
    var text = ""
    for context in [InterruptContext.hardirq, .softirq] {
      for (used, enabled) in [
        (ContextUse.usedNonRecursively, ContextUse.enabledExclusive),
        (.usedRecursively, .enabledShared),
      ] {
        switch (contains(used, context), contains(enabled, context)) {
        case (false, false): text += "."
        case (true, false): text += "-"
        case (false, true): text += "+"
        case (true, true): text += "?"
        }
      }
    }
    return text
  }
}
