/// Writes a canonical content, section by section.
struct GraphFileWriter {
  private var content: GraphContent
  private let write: (UnsafeRawBufferPointer) -> Bool
  private var digest = ContentDigest()

  /// - Parameters:
  ///   - content: a canonical one.
  ///   - write: takes bytes, and returns false if it cannot; then nothing more is written.
  init(_ content: GraphContent, write: @escaping (UnsafeRawBufferPointer) -> Bool) {
    self.content = content
    self.write = write
  }

  /// - Returns: false if bytes could not be written.
  mutating func run() -> Bool {
    var header = BinaryWriter()
    header.raw(GraphFileMark.bytes)
    header.number(GraphFile.version)
    header.raw(GraphFile.schema.digest)
    guard send(header.bytes) else { return false }
    for section in GraphFile.Section.allCases {
      let payload = encoded(section)
      var frame = BinaryWriter()
      frame.byte(section.rawValue)
      frame.number(payload.count)
      guard send(frame.bytes), send(payload) else { return false }
    }
    return true
  }

  private mutating func send(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes {
      digest.add($0)
      return write($0)
    }
  }

  private mutating func encoded(_ section: GraphFile.Section) -> [UInt8] {
    var writing = SectionWriting(section: section)
    switch section {
    case .texts: encodeTexts(to: &writing.columns.bytes)
    case .bounds: content.bounds(&writing.columns)
    case .end: writing.columns.bytes.digest(digest.value)
    default: content.visitTables(&writing)
    }
    return writing.columns.bytes.bytes
  }

  private func encodeTexts(to writer: inout BinaryWriter) {
    writer.number(content.texts.count)
    for number in 0..<UInt32(content.texts.count) {
      content.texts.withBytes(number) {
        writer.number($0.count)
        writer.raw($0)
      }
    }
  }
}

private struct SectionWriting: TableVisitor {
  let section: GraphFile.Section
  var columns = ColumnWriter()

  mutating func visit<Table: GraphRow>(_ table: Table.Type, of content: inout GraphContent) {
    guard Table.section == section else { return }
    let rows = content[keyPath: Table.rows]
    columns.bytes.number(rows.count)
    var last = Table()
    for number in rows.indices {
      var row = rows[number]
      columns.begin(isFirst: number == 0)
      row.columns(after: last, &columns)
      last = row
    }
  }
}
