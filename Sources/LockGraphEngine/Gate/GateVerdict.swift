/// What a gate makes of an analysis: a standing for each finding, and whatever else decides.
public struct GateVerdict: Sendable, Equatable {
  /// What a finding counts for.
  public enum Standing: Sendable, Equatable {
    /// It is a violation.
    case failing
    /// It is less sure or less severe than what fails.
    case belowThreshold
    /// It was there when the baseline was written.
    case known(GateException)
    /// The policy allows it.
    case ignored(GateException)
    /// It was excused, and the excuse has run out: a violation again.
    case expired(GateException)

    /// Whether the gate fails because of it.
    public var isViolation: Bool {
      switch self {
      case .failing, .expired: return true
      case .belowThreshold, .known, .ignored: return false
      }
    }
  }

  /// Something to know that is no finding.
  public struct Remark: Sendable, Equatable {
    /// Whether the gate fails because of it.
    public var isViolation: Bool
    /// One line for people, with `FILE:LINE` in front where it is about a line of a file.
    public var text: String

    /// A remark of one line.
    public init(isViolation: Bool, text: String) {
      self.isViolation = isViolation
      self.text = text
    }
  }

  /// How much there was to judge.
  public enum Coverage: Sendable, Equatable {
    /// Enough.
    case checked
    /// Nothing, which is let through; what was not found is not gone therefore.
    case nothing
    /// Too little, or something that is no trace: the gate lets nothing through that was not
    /// checked.
    case insufficient
  }

  /// One for each finding of the analysis, in its order.
  public var standings: [Standing]
  /// What could not be judged, unused or expired exceptions, findings that are gone, cycles that
  /// were not listed.
  public var remarks: [Remark]
  /// How much there was to judge; why it was too little is among the remarks.
  public var coverage: Coverage

  /// A verdict of these standings.
  public init(standings: [Standing], remarks: [Remark] = [], coverage: Coverage = .checked) {
    self.standings = standings
    self.remarks = remarks
    self.coverage = coverage
  }

  /// Whether the gate lets the analysed program through.
  public var isPassed: Bool {
    coverage != .insufficient && !standings.contains(where: \.isViolation)
      && !remarks.contains(where: \.isViolation)
  }

  /// Whether it does not let the program through only because it could not judge it.
  public var isUndecided: Bool {
    coverage == .insufficient && !standings.contains(where: \.isViolation)
  }
}

/// Why a finding is let through though it would fail.
public struct GateException: Sendable, Equatable {
  /// Why, in the words of who wrote it.
  public var reason: String?
  /// Who answers for it.
  public var owner: String?
  /// The last day on which it holds, as `YYYY-MM-DD`.
  public var expires: String?
  /// Where it is written: `FILE:LINE`.
  public var source: String

  /// An exception as it is written somewhere.
  public init(
    reason: String? = nil, owner: String? = nil, expires: String? = nil, source: String
  ) {
    self.reason = reason
    self.owner = owner
    self.expires = expires
    self.source = source
  }
}
