/// The layout of a graph file, version 1; docs/graph-file.md describes it.
///
/// After the header come the sections. What is in them is described by the row types themselves,
/// and the header tells of which description a file is: see `GraphSchema`.
package enum GraphFile {
  package static let version: UInt64 = 1
  /// How long the digest of the schema in the header is.
  package static let schemaLength = 8
  /// How many bytes come before the first section.
  package static let headerLength = GraphFileMark.bytes.count + 1 + schemaLength

  /// In the order in which they come.
  enum Section: UInt8, CaseIterable {
    case texts = 0x54  // T
    case bounds = 0x42  // B
    case inputs = 0x49  // I
    case classes = 0x43  // C
    case classCounts = 0x63  // c
    case locks = 0x4C  // L
    case threads = 0x48  // H
    case guards = 0x47  // G
    case epochs = 0x46  // F
    case held = 0x4B  // K
    case records = 0x41  // A
    case edges = 0x44  // D
    case edgeCounts = 0x64  // d
    case witnesses = 0x57  // W
    case statements = 0x50  // P
    case marks = 0x4D  // M
    case statedMarks = 0x53  // S
    case found = 0x52  // R
    case foundCounts = 0x72  // r
    case verdicts = 0x56  // V
    case end = 0x45  // E

    var name: String {
      switch self {
      case .texts: "texts"
      case .bounds: "bounds"
      case .inputs: "inputs"
      case .classes: "classes"
      case .classCounts: "counts of classes"
      case .locks: "locks"
      case .threads: "threads"
      case .guards: "guards of threads"
      case .epochs: "fork and join order"
      case .held: "held locks"
      case .records: "acquisitions"
      case .edges: "dependencies"
      case .edgeCounts: "counts of dependencies"
      case .witnesses: "witnesses"
      case .statements: "stated dependencies"
      case .marks: "uses in contexts"
      case .statedMarks: "stated uses in contexts"
      case .found: "findings"
      case .foundCounts: "counts of findings"
      case .verdicts: "verdicts on cycles"
      case .end: "end"
      }
    }

    /// The letter that begins it.
    var letter: Character { Character(UnicodeScalar(rawValue)) }
  }

  /// How long the digest at the end is.
  static let digestLength = 16
  /// No count in a file is greater, so that sums of counts fit.
  static let greatestCount: UInt64 = 1 << 48
}

/// What is wrong with a graph file, at a byte from its beginning.
struct GraphFileFailure: Error {
  var offset: Int
  var message: String
  /// Set if it is a graph file that is not damaged, and cannot be read here: what can be.
  var expected: String?
}
