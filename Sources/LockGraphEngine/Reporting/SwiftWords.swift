// How one says in Swift what traces say with words of their own.

extension Finding {
  /// Its locks are those of the Swift library, whose places are in Swift files: what helps is told
  /// with the words of its interface.
  package var isOfSwift: Bool {
    let places =
      edges.flatMap { $0.witnesses.prefix(1) }.flatMap { [$0.held.at, $0.wanted.at] }
      + waiters.flatMap { [$0.at, $0.wanted?.at] }
      + events.flatMap { [$0.at, $0.lock?.at] }
    let named = places.compactMap(\.self)
    return !named.isEmpty && named.allSatisfy(\.isInSwiftFile)
  }
}

extension String {
  /// A place as `#fileID`, `#line` and `#column` tell it: `Bank/Bank.swift:10:22`.
  fileprivate var isInSwiftFile: Bool { SwiftPlace(self) != nil }
}

/// What a reader can say to the validator about a lock or a class.
struct WordsOfLocks {
  /// In Swift; else in a trace.
  var isSwift: Bool

  init(_ finding: Finding) { isSwift = finding.isOfSwift }

  /// Which of two locks of a class comes first.
  var orderWithinClass: String {
    isSwift
      ? "If the locks of the class have an order: take them in it and say so, by "
        + "LockClass(_:nesting: .byInstance), rank: or subclass:."
      : "If the locks of the class have an order: take them in it and say so (nesting=by-instance, "
        + "rank=, subclass=)."
  }

  var outerLock: String {
    isSwift
      ? "If an outer lock serialises them: say so, by nestedUnder:."
      : "If an outer lock serialises them: say so (nest=)."
  }

  var recursive: String {
    isSwift
      ? "Or make it a RecursiveMutex."
      : "Or make it a recursive lock, and say so in the trace (kind=recursive)."
  }

  /// `nil` where there is no such lock.
  var writerReenters: String? {
    isSwift
      ? nil
      : "Or make it a lock that its writer may take again, and say so in the trace "
        + "(kind=reentrant-rwlock)."
  }

  var readerReenters: String {
    isSwift
      ? "Or let the second reader pass writers that wait: recursiveReadLock()."
      : "If the lock lets a reader in again whoever waits: say so in the trace (recursive-read, or "
        + "kind=reentrant-rwlock)."
  }

  /// What is done instead of becoming a writer.
  var upgrade: [String] {
    [
      "Give up reading before asking to write, and look again at what was read.",
      isSwift
        ? "Or take it for writing from the beginning, and downgrade() when reading is enough."
        : "Or take it upgradably from the beginning, if the lock can, and say so in the trace "
          + "(upgradable).",
    ]
  }

  /// The word that names the lock that serialises others.
  var nest: String { isSwift ? "nestedUnder:" : "nest=" }
}
