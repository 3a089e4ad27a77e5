/// The layout of a graph file, version 1; docs/graph-file.md describes it.
package enum GraphFile {
  package static let version: UInt64 = 1

  /// In the order in which they come.
  enum Section: UInt8, CaseIterable {
    case texts = 0x54  // T
    case inputs = 0x49  // I
    case classes = 0x43  // C
    case locks = 0x4C  // L
    case threads = 0x48  // H
    case epochs = 0x46  // F
    case records = 0x41  // A
    case edges = 0x44  // D
    case marks = 0x4D  // M
    case statedMarks = 0x53  // S
    case found = 0x52  // R
    case end = 0x45  // E

    var name: String {
      switch self {
      case .texts: "texts"
      case .inputs: "inputs"
      case .classes: "classes"
      case .locks: "locks"
      case .threads: "threads"
      case .epochs: "fork and join order"
      case .records: "acquisitions"
      case .edges: "dependencies"
      case .marks: "uses in contexts"
      case .statedMarks: "stated uses in contexts"
      case .found: "findings"
      case .end: "end"
      }
    }
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
  /// It is no graph file, or was one; else it is one that cannot be read here.
  var isDamage = true
}
