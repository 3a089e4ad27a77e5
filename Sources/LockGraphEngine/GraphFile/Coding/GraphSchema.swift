/// What the layout of graph files is, made from what reads and writes them.
struct GraphSchema {
  /// A line for each table, with its columns in their order; one for each type that texts encode,
  /// with its fields; and what numbers and bits mean. docs/graph-file.md explains it.
  private(set) var text: String
  /// By which files of another layout are known.
  let digest: [UInt8]

  /// What the numbers and bits are, from the lowest.
  private static var meanings: [(String, [String])] {
    [
      ("classes by", ClassOrigin.allCases.map(\.rawValue)),
      ("modes", LockMode.allCases.map(\.name)),
      ("kinds of dependencies", (0..<4).flatMap { DependencyKinds(rawValue: 1 << $0).names }),
      (
        "options",
        (0..<6).flatMap { AcquisitionOptions(rawValue: 1 << $0).names } + ["anonymous", "excerpt"]
      ),
      ("kinds of locks", LockKind.allCases.map(\.name)),
      ("contexts", InterruptContext.allCases.map(\.name)),
    ]
  }

  /// The digest in hexadecimal digits, for messages.
  var name: String { Self.name(digest) }

  static func name(_ digest: [UInt8]) -> String {
    digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }.joined()
  }

  fileprivate init() {
    var tables = TableDescribing()
    var content = GraphContent()
    tables.begin(.bounds)
    content.bounds(&tables.columns)
    tables.end()
    content.visitTables(&tables)
    var values = ValueDescribing()
    values.add(InputRemarks.self)
    values.add(Finding.self)
    values.add(EncodedVerdict.self)
    text = "T texts: length, bytes\n" + tables.text + "E end: digest\n" + values.text
    for (values, names) in Self.meanings {
      text += "\(values): \(names.joined(separator: ", "))\n"
    }
    var digest = ContentDigest()
    text.withUTF8 { digest.add(UnsafeRawBufferPointer($0)) }
    self.digest = (0..<UInt64(GraphFile.schemaLength)).map {
      UInt8(truncatingIfNeeded: digest.value.first >> (8 * $0))
    }
  }
}

extension GraphFile {
  static let schema = GraphSchema()
}
