import Foundation

/// A recording as the document of its format has it. Written for the tests of the recorder alone,
/// so that a mistake which the product's reader shares with the recorder is seen.
struct RecordedFile {
  /// What a record does; those that tests look at.
  enum Operation: UInt8 {
    case wait = 1, acquire, held, failed, release, post, ownerDied, `init`, value, destroy
    case waitMutex = 16, conditionWait, wake, signal, broadcast, barrier, barrierLeft
    case spawn = 32, start, end, joinWait, join, detach, fork, exec, process
    case dropped = 48, lost, wide, time
  }

  /// One record of a thread.
  struct Record: Equatable {
    var thread: UInt32
    /// The order number; `nil` of `held`.
    var number: UInt64?
    var operation: Operation
    var flags: UInt8
    var address: UInt64
    var site: UInt32

    var isShared: Bool { flags & 1 != 0 }
    var isClosed: Bool { flags & 8 != 0 }
    var kind: UInt8 { flags >> 4 }
  }

  struct Site {
    var addresses: [UInt64]
    var registers: Int
    var stackBytes: Int
  }

  struct Module {
    var bias: UInt64
    var low: UInt64
    var high: UInt64
    var path: String
  }

  /// What is wrong with a file.
  struct Damage: Error, CustomStringConvertible {
    var description: String
  }

  let bytes: [UInt8]
  private(set) var threads: [UInt32: [Record]] = [:]
  private(set) var sites: [UInt32: Site] = [:]
  private(set) var modules: [Module] = []
  private(set) var names: [UInt32: String] = [:]
  private(set) var labels: [UInt64: String] = [:]
  private(set) var programs: [String] = []
  /// Paths of memory that other processes may have, too.
  private(set) var sharedMemory: [String] = []
  /// Acquisitions and sections that were left out, as the last chunk of each thread counts them.
  private(set) var acquisitions: UInt64 = 0
  private(set) var dropped: UInt64 = 0

  var isForked: Bool { word(20) & 1 != 0 }
  var level: UInt32 { word(28) }
  var process: UInt32 { word(32) }
  var parent: UInt32 { word(36) }
  var end: UInt32 { word(80) }
  var lostRecords: UInt64 { long(112) }
  var lostSignalEvents: UInt64 { long(120) }
  var failedGrowths: UInt64 { long(144) }
  var growthError: UInt32 { word(152) }
  var unseenLibraries: UInt64 { long(168) }
  /// Of a steered run.
  var circle: UInt32 { word(176) }
  var reached: UInt32 { word(184) }
  var pauses: UInt32 { word(188) }
  var isSteered: Bool { word(204) != 0 }
  var name: String { text(1280, 64) }

  init(path: String) throws {
    try self.init(bytes: Array(Data(contentsOf: URL(fileURLWithPath: path))))
  }

  init(bytes: [UInt8]) throws {
    self.bytes = bytes
    let magic: [UInt8] = [0x89, 0x4C, 0x47, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]
    guard bytes.count >= 4096, Array(bytes[..<8]) == magic else {
      throw Damage(description: "no recording")
    }
    guard word(8) == 1, word(12) == 4096, word(16) == 0x0102_0304 else {
      throw Damage(description: "another version")
    }
    var chunks: [UInt32: [Int]] = [:]
    var offset = 4096
    while offset + 128 <= bytes.count {
      let length = Int(truncatingIfNeeded: long(offset + 16))
      guard word(offset) == 0x4843_474C, long(offset + 8) == UInt64(offset), length > 0,
        length % 1024 == 0
      else {
        offset += 1024
        continue
      }
      switch word(offset + 4) {
      case 1: chunks[word(offset + 24), default: []].append(offset)
      case 2: try readTable(offset, length)
      default: break
      }
      offset += length
    }
    for (thread, found) in chunks {
      let ordered = found.sorted { word($0 + 56) < word($1 + 56) }
      threads[thread] = try readRecords(thread, ordered)
      acquisitions += long(ordered.last! + 64)
      dropped += long(ordered.last! + 72)
    }
  }

  private func word(_ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }

  private func long(_ offset: Int) -> UInt64 {
    UInt64(word(offset)) | UInt64(word(offset + 4)) << 32
  }

  private func text(_ offset: Int, _ length: Int) -> String {
    String(decoding: bytes[offset..<offset + length].prefix { $0 != 0 }, as: UTF8.self)
  }

  private mutating func readTable(_ chunk: Int, _ length: Int) throws {
    let end = min(chunk + length, bytes.count)
    var entry = chunk + 128
    while entry + 8 <= end, word(entry) != 0 {
      let size = Int(word(entry + 4))
      guard size >= 8, size % 8 == 0, entry + size <= chunk + length else {
        throw Damage(description: "an entry of \(size) bytes at \(entry)")
      }
      guard entry + size <= end else { return }
      switch word(entry) {
      case 1:
        let count = Int(word(entry + 24))
        sites[word(entry + 8)] = Site(
          addresses: (0..<count).map { long(entry + 40 + 8 * $0) },
          registers: Int(word(entry + 32)), stackBytes: Int(word(entry + 28)))
      case 2:
        let build = (Int(word(entry + 32)) + 7) / 8 * 8
        let path = entry + 48 + 32 * Int(word(entry + 40)) + build
        modules.append(
          Module(
            bias: long(entry + 8), low: long(entry + 16), high: long(entry + 24),
            path: text(path, Int(word(entry + 36)))))
      case 3: names[word(entry + 8)] = text(entry + 16, Int(word(entry + 12)))
      case 4: labels[long(entry + 8)] = text(entry + 24, Int(word(entry + 20)))
      case 5: programs.append(text(entry + 16, Int(word(entry + 12))))
      case 6:
        guard long(entry + 8) % 4096 == 0, long(entry + 16) > 0, long(entry + 32) > 0 else {
          throw Damage(description: "shared memory at \(entry)")
        }
        sharedMemory.append(text(entry + 56, Int(word(entry + 48))))
      default: throw Damage(description: "an entry of kind \(word(entry)) at \(entry)")
      }
      entry += size
    }
  }

  private func readRecords(_ thread: UInt32, _ chunks: [Int]) throws -> [Record] {
    var records: [Record] = []
    var last: UInt64 = 0
    for (index, chunk) in chunks.enumerated() {
      guard word(chunk + 56) == UInt32(index) else { break }
      var high = (long(chunk + 32) >> 32) << 32
      var offset = chunk + 128
      let end = min(chunk + Int(long(chunk + 16)), bytes.count)
      while offset + 16 <= end {
        let first = long(offset)
        if first == 0 { break }
        guard let operation = Operation(rawValue: UInt8(first >> 56)) else {
          throw Damage(description: "operation \(first >> 56) at \(offset)")
        }
        let address = first & 0xFFFF_FFFF_FFFF
        if operation == .wide { high = address << 32 }
        let number = high | UInt64(word(offset + 8))
        if operation != .held {
          guard number >= last else {
            throw Damage(description: "the number \(number) after \(last) at \(offset)")
          }
          last = number
        }
        records.append(
          Record(
            thread: thread, number: operation == .held ? nil : number, operation: operation,
            flags: UInt8(first >> 48 & 0xFF), address: address, site: word(offset + 12)))
        offset += 16
      }
    }
    return records
  }

  /// All records in one order: by number, then by thread.
  var merged: [Record] {
    let all = threads.sorted { $0.key < $1.key }.flatMap { $0.value.enumerated().map { $0 } }
    return all.sorted {
      ($0.element.number ?? .max, $0.element.thread, $0.offset)
        < ($1.element.number ?? .max, $1.element.thread, $1.offset)
    }.map { $0.element }
  }

  /// The module of an address, and where in its file that is.
  func place(_ address: UInt64) -> (path: String, offset: UInt64)? {
    modules.last { $0.low <= address && address < $0.high }.map { ($0.path, address - $0.bias) }
  }
}
