/// Findings that were there before, which a gate lets through: `lockgraph-baseline/1`.
///
/// `Schemas/lockgraph-baseline-1.schema.json` describes the file.
public struct Baseline: Sendable, Equatable {
  /// The file's name and version, its `schema` entry.
  public static let schema = "lockgraph-baseline/1"

  /// A finding that was there.
  public struct Entry: Sendable, Equatable {
    /// The finding's.
    public var fingerprint: String
    /// The finding's; `nil` if it is the same.
    public var lineFreeFingerprint: String?
    /// What was violated.
    public var rule: Rule
    /// One line for people, as it was when the finding was recorded.
    public var title: String
    /// The classes concerned, as they were then.
    public var classes: [String]
    /// Why it is let through, in the words of who wrote it.
    public var reason: String?
    /// Who answers for it.
    public var owner: String?
    /// The last day on which it is let through.
    public var expires: CalendarDate?
    /// Where its locks were taken then, one text a side; `nil` where that was not known. By it a
    /// finding is known again whose classes were renamed.
    public var places: [String]?
    /// The line of the file on which its fingerprint stands; 0 if it was not read.
    public var line = 0
  }

  /// The file's name, for messages.
  public var name: String
  /// In the order of the file.
  public var entries: [Entry]

  /// A baseline of these entries.
  public init(name: String, entries: [Entry] = []) {
    self.name = name
    self.entries = entries
  }
}

extension Baseline.Entry {
  /// That of a finding, with what an earlier entry says of it.
  ///
  /// The title of the same finding stays, so that names of threads in it do not make a difference
  /// each time.
  init(_ finding: Finding, keeping known: Baseline.Entry?) {
    let isSame = known?.fingerprint == finding.fingerprint
    self.init(
      fingerprint: finding.fingerprint, lineFreeFingerprint: finding.lineFreeFingerprint,
      rule: finding.rule, title: isSame ? known?.title ?? finding.title : finding.title,
      classes: finding.classes, reason: known?.reason, owner: known?.owner, expires: known?.expires,
      places: finding.sidePlaces)
  }

  /// What it was called before the code moved.
  var lineFreeKey: String { lineFreeFingerprint ?? fingerprint }

  func exception(in name: String) -> GateException {
    GateException(
      reason: reason, owner: owner, expires: expires?.description,
      source: "\(name.withVisibleControls):\(line)")
  }
}
