import Foundation

/// A directory that is removed with everything in it when it goes out of use.
public final class TemporaryDirectory: Sendable {
  public let path: String

  public init() throws {
    path = NSTemporaryDirectory() + "/lockgraph-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// A named pipe into which a thread writes the chunks, one after the other.
  public func pipe(_ name: String, of chunks: [[UInt8]]) throws -> String {
    let file = path + "/" + name
    guard mkfifo(file, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
    Thread.detachNewThread {
      let writer = open(file, O_WRONLY)
      guard writer >= 0 else { return }
      defer { close(writer) }
      for (number, chunk) in chunks.enumerated() {
        // So that the reader sees the first pieces one by one.
        if (1...3).contains(number) { usleep(20_000) }
        var rest = chunk[...]
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes { Foundation.write(writer, $0.baseAddress, $0.count) }
          guard count > 0 else { return }
          rest = rest.dropFirst(count)
        }
      }
    }
    return file
  }
}

extension Array {
  /// The elements in pieces of at most a size.
  public func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
