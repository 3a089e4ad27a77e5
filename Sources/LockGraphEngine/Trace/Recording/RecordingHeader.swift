/// What a recording says of itself as a whole.
package struct RecordingHeader: Equatable, Sendable {
  /// How the process ended, as far as it could tell.
  package enum End: Equatable, Sendable {
    /// It runs, or was killed.
    case none
    case exited(UInt32)
    /// It became another program, whose recording is another file.
    case executed
  }

  /// It came out of another process by a fork, in the middle of what that did.
  package var isForked = false
  package var hasTimes = false
  package var hasStacks = false
  package var machine: UInt32 = 0
  package var level: UInt32 = 0
  package var process: UInt32 = 0
  package var parent: UInt32 = 0
  /// In clock ticks after the boot.
  package var start: UInt64 = 0
  /// The boot's identity, in lower-case hexadecimal digits; empty if it is not known.
  package var boot = ""
  package var end = End.none
  /// The offset of the chunk that sealing added, or 0.
  package var sealed: UInt64 = 0
  /// Where the next chunk would begin.
  package var nextChunk: UInt64 = 0
  package var threads: UInt32 = 0
  package var sites: UInt32 = 0
  /// Records for which there was no room, or no memory, or too many signal handlers at once.
  package var lost: UInt64 = 0
  package var mergedSites: UInt64 = 0
  /// The error of the last time the file could not grow; 0 if it always could.
  package var growthError: UInt32 = 0
  package var endedAcquisitions: UInt64 = 0
  /// Uses of `dlmopen` and the like, whose libraries' locks are not seen.
  package var hiddenLibraries: UInt64 = 0
  /// What became of steering the program into a circle; `nil` if it was not steered.
  package var steered: SteeredCourse?
  package var program = ""
  package var name = ""

  /// Offsets of what sealing writes.
  package enum Offset {
    package static let sealed: UInt64 = 88
    package static let nextChunk: UInt64 = 96
  }

  init(_ content: [UInt8], of name: String) throws(TraceError) {
    guard content.starts(with: RecordingMark.bytes) else {
      throw TraceError(
        input: name, message: "is no recording at byte 0",
        expected: "the mark with which recordings begin")
    }
    guard content.count >= RecordingLayout.headerSize else {
      throw TraceError(
        input: name, message: "is cut off in its header, at byte \(content.count)",
        expected: "\(RecordingLayout.headerSize) bytes")
    }
    var header = RecordingHeader()
    let failure = content.withUnsafeBytes { header.read(RecordedNumbers($0), name) }
    if let failure { throw failure }
    self = header
  }

  /// Reads the header of a file alone.
  package init(contentsOf path: String) throws(TraceError) {
    try self.init(
      RecordingBytes.open(path).bytes(0, RecordingLayout.headerSize), of: path)
  }

  private init() {}

  private mutating func read(_ numbers: RecordedNumbers, _ file: String) -> TraceError? {
    let version = numbers.u32(8)
    guard version == RecordingLayout.version else {
      return TraceError(
        input: file, message: "is a recording of version \(version), at byte 8",
        expected: "version \(RecordingLayout.version)")
    }
    guard numbers.u32(16) == RecordingLayout.byteOrder else {
      return TraceError(
        input: file, message: "is a recording in another byte order, or damaged, at byte 16",
        expected: "the bytes 04 03 02 01")
    }
    guard numbers.u32(12) == UInt32(RecordingLayout.headerSize) else {
      return TraceError(
        input: file, message: "is damaged at byte 12: a header of \(numbers.u32(12)) bytes",
        expected: "\(RecordingLayout.headerSize)")
    }
    let flags = numbers.u32(20)
    (isForked, hasTimes, hasStacks) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0)
    (machine, level) = (numbers.u32(24), numbers.u32(28))
    (process, parent, start) = (numbers.u32(32), numbers.u32(36), numbers.u64(40))
    boot = Self.hexadecimal(numbers)
    end = numbers.u32(80) == 1 ? .exited(numbers.u32(84)) : numbers.u32(80) == 2 ? .executed : .none
    (sealed, nextChunk) = (numbers.u64(88), numbers.u64(96))
    (threads, sites) = (numbers.u32(104), numbers.u32(108))
    lost = numbers.u64(112) &+ numbers.u64(120) &+ numbers.u64(128)
    mergedSites = numbers.u64(136)
    growthError = numbers.u64(144) > 0 ? numbers.u32(152) : 0
    endedAcquisitions = numbers.u64(160)
    hiddenLibraries = numbers.u64(168)
    steered = numbers.u32(204) == 0 ? nil : SteeredCourse(numbers)
    program = Self.terminated(numbers.text(256, 1024))
    name = Self.terminated(numbers.text(1280, 64))
    return nil
  }

  private static func terminated(_ text: String?) -> String {
    String((text ?? "").prefix { $0 != "\0" })
  }

  private static func hexadecimal(_ numbers: RecordedNumbers) -> String {
    let bytes = (48..<64).map { numbers.number($0, as: UInt8.self) }
    guard bytes.contains(where: { $0 != 0 }) else { return "" }
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// What a steered program has come by.
package struct SteeredCourse: Equatable, Sendable {
  /// How many threads are in the circle that has closed; 0 if none has.
  package var circle: UInt32
  /// It is the circle that was asked for.
  package var isAsked: Bool
  /// A bit for each place that was reached: of the first locks from 0 on, of the second from 16.
  package var reached: UInt32
  /// How often a thread was kept.
  package var pauses: UInt32
  /// How long threads were kept, in nanoseconds; what several were at once counts once.
  package var pausedTime: UInt64
  /// How often a thread was there for each side at once.
  package var gathered: UInt32

  fileprivate init(_ numbers: RecordedNumbers) {
    (circle, isAsked) = (numbers.u32(176), numbers.u32(180) != 0)
    (reached, pauses) = (numbers.u32(184), numbers.u32(188))
    (pausedTime, gathered) = (numbers.u64(192), numbers.u32(200))
  }
}
