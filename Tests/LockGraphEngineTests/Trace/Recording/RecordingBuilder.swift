@testable import LockGraphEngine

/// Writes recordings as the recorder would, and as it would not.
struct RecordingBuilder {
  struct Record {
    var operation: RecordedOperation
    var address: UInt64 = 0
    var flags: UInt8 = 0
    var order: UInt64 = 0
    var site: UInt32 = 0
  }

  /// By the numbers of threads.
  private var threads: [UInt32: [Record]] = [:]
  private var tables: [UInt8] = []
  private var sealing: [UInt8] = []
  /// How many records a chunk has.
  var chunkCapacity = 56
  var isForked = false
  /// Chunks of records that are left out, by how many were written before.
  var missingChunks: Set<Int> = []

  mutating func add(
    _ thread: UInt32, _ operation: RecordedOperation, _ address: UInt64 = 0, order: UInt64 = 0,
    site: UInt32 = 0, flags: UInt8 = 0
  ) {
    threads[thread, default: []].append(
      Record(operation: operation, address: address, flags: flags, order: order, site: site))
  }

  /// A site in a module at 0x1000 that `addModule` adds.
  mutating func addSite(_ number: UInt32, _ addresses: [UInt64]) {
    var entry = Self.bytes(number) + Self.bytes(UInt32(1)) + Self.bytes(UInt64(0))
    entry += Self.bytes(UInt32(addresses.count)) + Self.bytes(UInt32(0))
    entry += Self.bytes(UInt32(0)) + Self.bytes(UInt32(0)) + addresses.flatMap { Self.bytes($0) }
    tables += Self.entry(1, entry)
  }

  mutating func addModule(_ path: String, from start: UInt64, to end: UInt64) {
    var entry = Self.bytes(start) + Self.bytes(start) + Self.bytes(end) + Self.bytes(UInt32(0))
    entry += Self.bytes(UInt32(path.utf8.count)) + Self.bytes(UInt32(0)) + Self.bytes(UInt32(1))
    tables += Self.entry(2, entry + Array(path.utf8))
  }

  /// Memory of 4096 bytes that other processes have, too.
  mutating func addSharedMemory(
    at start: UInt64, inode: UInt64, offset: UInt64 = 0, _ path: String
  ) {
    var entry = Self.bytes(start) + Self.bytes(UInt64(4096)) + Self.bytes(UInt64(0x1_0000_0005))
    entry += Self.bytes(inode) + Self.bytes(offset)
    entry += Self.bytes(UInt32(path.utf8.count)) + Self.bytes(UInt32(0))
    tables += Self.entry(6, entry + Array(path.utf8))
  }

  mutating func nameThread(_ thread: UInt32, _ name: String) {
    tables += Self.entry(
      3, Self.bytes(thread) + Self.bytes(UInt32(name.utf8.count)) + Array(name.utf8))
  }

  mutating func seal(function: String, _ file: String, _ line: UInt32, at address: UInt64) {
    let module = "/bin/program+0x1"
    var entry = Self.bytes(address) + Self.bytes(line) + Self.bytes(UInt32(3))
    entry += Self.bytes(UInt32(0))
    for text in [function, file, module] { entry += Self.bytes(UInt32(text.utf8.count)) }
    sealing += Self.entry(16, entry + Array((function + file + module).utf8))
  }

  mutating func seal(lock address: UInt64, generation: UInt32, _ name: String, _ class: String) {
    var entry = Self.bytes(address) + Self.bytes(generation)
    entry += Self.bytes(UInt32(name.utf8.count)) + Self.bytes(UInt32(`class`.utf8.count))
    sealing += Self.entry(17, entry + Self.bytes(UInt32(2)) + Array((name + `class`).utf8))
  }

  /// The file.
  var bytes: [UInt8] {
    var file = [UInt8](repeating: 0, count: 4096)
    func set(_ bytes: [UInt8], _ offset: Int) {
      file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    set(RecordingMark.bytes, 0)
    set(Self.bytes(UInt32(1)) + Self.bytes(UInt32(4096)) + Self.bytes(UInt32(0x0102_0304)), 8)
    set(Self.bytes(UInt32(isForked ? 1 : 0)) + Self.bytes(UInt32(62)), 20)
    set(Self.bytes(UInt32(700)), 32)
    set(Self.bytes(UInt32(1)), 80)
    func add(
      _ kind: UInt32, _ content: [UInt8], _ thread: UInt32 = 0, _ number: Int = 0,
      _ high: UInt64 = 0
    ) {
      let length = (128 + content.count + 1023) / 1024 * 1024
      var chunk = Self.bytes(UInt32(0x4843_474C)) + Self.bytes(kind)
      chunk += Self.bytes(UInt64(file.count)) + Self.bytes(UInt64(length))
      chunk += Self.bytes(thread) + Self.bytes(thread == 1 ? UInt32(700) : 700 + thread)
      chunk += Self.bytes(high << 32) + Self.bytes(UInt64(0))
      chunk += Self.bytes(UInt64(128 + content.count)) + Self.bytes(UInt32(number))
      chunk += [UInt8](repeating: 0, count: 128 - chunk.count) + content
      file += chunk + [UInt8](repeating: 0, count: length - chunk.count)
    }
    add(2, tables)
    var written = 0
    for (thread, records) in threads.sorted(by: { $0.key < $1.key }) {
      var number = 0
      var start = 0
      repeat {
        let piece = records[start..<min(records.count, start + chunkCapacity)]
        let high = (piece.first?.order ?? 0) >> 32
        var current = high
        var content: [UInt8] = []
        for record in piece {
          if record.order >> 32 != current {
            current = record.order >> 32
            content += Self.record(Record(operation: .wide, address: current))
          }
          content += Self.record(record)
        }
        if !missingChunks.contains(written) { add(1, content, thread, number, high) }
        written += 1
        number += 1
        start += chunkCapacity
      } while start < records.count
    }
    if !sealing.isEmpty {
      set(Self.bytes(UInt64(file.count)), 88)
      add(3, sealing)
    }
    set(Self.bytes(UInt64(file.count)), 96)
    return file
  }

  private static func record(_ record: Record) -> [UInt8] {
    let first =
      UInt64(record.operation.rawValue) << 56 | UInt64(record.flags) << 48 | record.address
    return bytes(first) + bytes(UInt64(record.site) << 32 | record.order & 0xFFFF_FFFF)
  }

  private static func entry(_ kind: UInt32, _ content: [UInt8]) -> [UInt8] {
    let length = (8 + content.count + 7) / 8 * 8
    return bytes(kind) + bytes(UInt32(length)) + content
      + [UInt8](repeating: 0, count: length - 8 - content.count)
  }

  private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}

/// The text trace of a recording.
func convertedRecording(
  _ bytes: [UInt8], keepGoing: Bool = false
) throws(TraceError) -> (lines: [String], input: TraceInput) {
  var output: [UInt8] = []
  var options = ReadingOptions()
  options.keepGoing = keepGoing
  var converter = TraceConverter(to: .text, reading: options) {
    output += $0
    return true
  }
  let input = try converter.read(.bytes(bytes, name: "r.lgt"))
  converter.finish()
  let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
  return (Array(lines.dropFirst()), input)
}
