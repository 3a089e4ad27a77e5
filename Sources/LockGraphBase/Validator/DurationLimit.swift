extension LockValidator {
  /// For how long locks of some classes may be held, and waited for; what takes longer is a finding
  /// of the rules `long-hold` and `long-wait`.
  ///
  /// Holds are measured only where there is a limit for one. Every lock takes the slow way then.
  public struct DurationLimit: Sendable, Hashable {
    /// A pattern for the names of classes, as in policies: `*` is any number of characters, `?` is
    /// one.
    public var classes: String
    /// `nil` says nothing of it.
    public var hold: Duration?
    /// `nil` says nothing of it.
    public var wait: Duration?

    /// A limit for classes whose names a pattern matches.
    public init(_ classes: String = "*", hold: Duration? = nil, wait: Duration? = nil) {
      self.classes = classes
      self.hold = hold
      self.wait = wait
    }

    /// What a text says such as `Account* hold=5ms; hold=1s wait=2s`: patterns with limits, of all
    /// classes where there is no pattern.
    ///
    /// - Returns: `nil` if it says something else.
    package static func all(in text: String) -> [DurationLimit]? {
      var limits: [DurationLimit] = []
      for part in text.split(separator: ";") {
        guard let limit = DurationLimit(part) else { return nil }
        limits.append(limit)
      }
      return limits.isEmpty ? nil : limits
    }

    /// The last words are limits, and what is before them is a pattern.
    private init?(_ part: Substring) {
      var words = part.split(separator: " ", omittingEmptySubsequences: true)
      self.init()
      while let word = words.last, let (path, duration) = Self.bound(word) {
        guard self[keyPath: path] == nil else { return nil }
        self[keyPath: path] = duration
        words.removeLast()
      }
      guard hold != nil || wait != nil else { return nil }
      if !words.isEmpty { classes = words.joined(separator: " ") }
    }

    private static func bound(
      _ word: Substring
    ) -> (WritableKeyPath<DurationLimit, Duration?>, Duration)? {
      let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, let nanoseconds = DurationText.nanoseconds(String(sides[1])),
        let signed = Int64(exactly: nanoseconds)
      else { return nil }
      switch sides[0] {
      case "hold": return (\.hold, .nanoseconds(signed))
      case "wait": return (\.wait, .nanoseconds(signed))
      default: return nil
      }
    }
  }
}
