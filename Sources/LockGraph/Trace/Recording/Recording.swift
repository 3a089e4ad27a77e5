/// A recording, opened: what it says as a whole, where its records are, and its tables.
///
/// Memory grows with its threads, sites, modules and names, and by 80 bytes a chunk. Use it from
/// one thread.
package final class Recording {
  package let name: String
  package let bytes: RecordingBytes
  package let header: RecordingHeader
  package let chunks: RecordingChunks
  package let tables: RecordingTables
  /// The process was there when the file was opened, so that what is behind a watermark may change.
  package let isRunning: Bool

  /// - Parameter name: what messages call it.
  package init(_ bytes: RecordingBytes, named name: String) throws(TraceError) {
    self.name = name
    self.bytes = bytes
    // Watermarks are read with the chunks, before any record is.
    header = try RecordingHeader(bytes.bytes(0, RecordingLayout.headerSize), of: name)
    isRunning = RecordedProcess(header).isRunning
    chunks = try RecordingChunks(bytes, named: name)
    tables = try RecordingTables(bytes, chunks, sealed: header.sealed, named: name)
  }

  /// Opens a file.
  package convenience init(contentsOf path: String) throws(TraceError) {
    try self.init(RecordingBytes.open(path), named: path)
  }
}
