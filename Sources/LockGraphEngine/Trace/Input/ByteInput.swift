#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a trace comes from.
public enum TraceSource: Sendable, Equatable {
  case file(String)
  case standardInput
  /// Bytes in memory under a name.
  case bytes([UInt8], name: String)

  /// What reports call it.
  public var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "<stdin>"
    case .bytes(_, let name): name
    }
  }
}

/// Hands the bytes of an input over in pieces that are large and need not end with a line.
///
/// A regular file is mapped and handed over in windows, and the pages behind are given back, so
/// that the process does not grow with the file. Anything else is read into a buffer that is as
/// long as the longest line needs. What is compressed is decompressed on the way, except in memory.
enum ByteInput {
  static let windowSize = 8 << 20
  /// No line may be longer: an endless one must not take all memory.
  static let longestLine = 64 << 20
  /// How much of a compressed input is looked at before it is read.
  private static let previewSize = 1 << 16

  /// The bytes at the front of what is left.
  struct Window {
    var bytes: UnsafeRawBufferPointer
    /// Nothing comes behind them.
    var isLast: Bool
    /// They stay where they are until the input is at its end.
    var isLasting: Bool
  }

  /// Takes a window, and returns how many of its bytes it used.
  typealias Consumer = (Window) throws(TraceError) -> Int

  /// Looks at an input before it is read: at all of it where it is in memory or can be mapped; at
  /// whole lines of it, piece by piece as long as it returns true, where it is a compressed file.
  /// What can be read once only is not previewed.
  typealias Preview = (UnsafeRawBufferPointer) -> Bool

  /// - Parameters:
  ///   - wantsPages: whether another thread should put the pages of a long file in place; asked for
  ///     each window.
  ///   - atEnd: called when nothing more is consumed, before the bytes are gone.
  /// - Returns: what a reader of the report should know about the input.
  static func read(
    _ source: TraceSource, keepGoing: Bool, _ consume: Consumer, preview: Preview,
    wantsPages: () -> Bool, atEnd: () -> Void
  ) throws(TraceError) -> [String] {
    switch source {
    case .bytes(let bytes, let name):
      let result = bytes.withUnsafeBytes { all -> Result<Void, TraceError> in
        _ = preview(all)
        defer { atEnd() }
        do throws(TraceError) {
          return .success(try feed(all, name, consume, release: { _, _ in false }))
        } catch {
          return .failure(error)
        }
      }
      try result.get()
      return []
    case .file(let path):
      return try read(
        try FileDescriptor.open(path), path, keepGoing, consume, preview, wantsPages, atEnd)
    case .standardInput:
      return try read(
        .standardInput, source.name, keepGoing, consume, preview, wantsPages, atEnd)
    }
  }

  /// The beginning of a regular file, decompressed; all of a short one.
  static func beginning(ofFile path: String) throws(TraceError) -> [UInt8] {
    let file = try FileDescriptor.open(path)
    let raw = file.beginning(previewSize)
    guard let compression = Compression.recognize(raw.prefix(Compression.markLength)) else {
      return raw
    }
    let decompressor = try Decompressor(compression, file: file, path)
    var buffer = StreamBuffer()
    while buffer.content.count < previewSize,
      try buffer.fill({ (free) throws(TraceError) in try decompressor.read(into: free) })
    {}
    if buffer.content.isEmpty, case .damaged(let words) = decompressor.finish() {
      throw decompressor.error(words)
    }
    return Array(buffer.content)
  }

  /// Whether a file can be opened, and is neither compressed nor anything else that is no text.
  static func isPlain(_ path: String) -> Bool {
    let beginning: [UInt8]
    do throws(TraceError) {
      beginning = try FileDescriptor.open(path).beginning(64)
    } catch {
      return false
    }
    return Compression.recognize(beginning) == nil && !beginning.contains(0)
      && beginning.first.map { $0 < 0x80 } ?? false
  }

  private static func read(
    _ file: consuming FileDescriptor, _ name: String, _ keepGoing: Bool, _ consume: Consumer,
    _ preview: Preview, _ wantsPages: () -> Bool, _ atEnd: () -> Void
  ) throws(TraceError) -> [String] {
    // A descriptor that was handed over may stand in the middle of its file.
    if let size = try file.mappableSize(name), lseek(file.number, 0, SEEK_CUR) == 0 {
      if let compression = Compression.recognize(file.beginning(Compression.markLength)) {
        defer { atEnd() }
        return try readArchive(compression, file, name, keepGoing, consume, preview)
      }
      if let mapping = Mapping(file, size) {
        _ = preview(mapping.bytes)
        try readMapping(mapping, file, name, consume, wantsPages, atEnd)
        return []
      }
    }
    defer { atEnd() }
    var buffer = StreamBuffer()
    let number = file.number
    let readMore: StreamBuffer.Read = { (free) throws(TraceError) in
      try readStream(number, free, name)
    }
    while Compression.mayFollow(buffer.content), try buffer.fill(readMore) {}
    guard let compression = Compression.recognize(buffer.content.prefix(Compression.markLength))
    else {
      try readStream(&buffer, name, readMore, atEnd: { () throws(TraceError) in }, consume)
      return []
    }
    let decompressor = try Decompressor(
      compression, stream: file, beginning: Array(buffer.content), name)
    buffer = StreamBuffer()
    return try readArchive(decompressor, &buffer, name, keepGoing, consume)
  }

  private static func readMapping(
    _ mapping: borrowing Mapping, _ file: borrowing FileDescriptor, _ name: String,
    _ consume: Consumer, _ wantsPages: () -> Bool, _ atEnd: () -> Void
  ) throws(TraceError) {
    var pages: PagesAhead?
    defer {
      pages?.stop()
      atEnd()
    }
    let bytes = mapping.bytes
    let number = file.number
    var isCut = false
    var released = 0
    try feed(bytes, name, consume) { done, ahead in
      // Touching a page behind the end of a file that was cut off kills the process.
      var status = stat()
      if fstat(number, &status) == 0, Int(status.st_size) < ahead { isCut = true }
      let page = done & ~0xFFFF
      if page > released, let base = bytes.baseAddress {
        madvise(
          UnsafeMutableRawPointer(mutating: base + released), page - released, MADV_DONTNEED)
        released = page
      }
      // The first window tells what the input is.
      if done > 0, ahead < bytes.count, wantsPages() {
        pages = pages ?? PagesAhead()
        let start = ahead & ~0xFFFF
        pages?.add(
          UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, ahead + windowSize)]))
      }
      return isCut
    }
    if isCut {
      throw TraceError(input: name, message: "was truncated while it was read")
    }
  }

  /// - Parameter release: told how far the bytes are done with and how far it will go next; true
  ///   stops.
  private static func feed(
    _ all: UnsafeRawBufferPointer, _ name: String, _ consume: Consumer,
    release: (_ done: Int, _ ahead: Int) -> Bool
  ) throws(TraceError) {
    var done = 0
    var size = windowSize
    repeat {
      let end = min(all.count, done + size)
      if release(done, end) { return }
      let used = try consume(
        Window(
          bytes: UnsafeRawBufferPointer(rebasing: all[done..<end]), isLast: end == all.count,
          isLasting: true))
      done += used
      if end == all.count { return }
      size = used > 0 ? windowSize : size * 2
      try checkLine(end - done, name)
    } while done < all.count
  }

  /// Reads a compressed file, twice if the preview asks for more than its beginning.
  private static func readArchive(
    _ compression: Compression, _ file: borrowing FileDescriptor, _ name: String,
    _ keepGoing: Bool, _ consume: Consumer, _ preview: Preview
  ) throws(TraceError) -> [String] {
    var decompressor = try Decompressor(compression, file: file, name)
    var buffer = StreamBuffer()
    let readMore: StreamBuffer.Read = { (free) throws(TraceError) in
      try decompressor.read(into: free)
    }
    var isMore = true
    while isMore, buffer.content.count < previewSize { isMore = try buffer.fill(readMore) }
    if preview(wholeLines(of: buffer.content, isLast: !isMore)) {
      try previewRest(&buffer, readMore, name, preview)
      decompressor = try Decompressor(compression, file: file, name)
      buffer = StreamBuffer()
    }
    return try readArchive(decompressor, &buffer, name, keepGoing, consume)
  }

  /// Shows the preview what follows a beginning that it has seen.
  private static func previewRest(
    _ buffer: inout StreamBuffer, _ readMore: StreamBuffer.Read, _ name: String,
    _ preview: Preview
  ) throws(TraceError) {
    buffer.drop(wholeLines(of: buffer.content, isLast: false).count)
    while true {
      let isLast = try !buffer.fill(readMore)
      let lines = wholeLines(of: buffer.content, isLast: isLast)
      guard preview(lines), !isLast else { return }
      buffer.drop(lines.count)
      try checkLine(buffer.content.count, name)
    }
  }

  private static func wholeLines(
    of bytes: UnsafeRawBufferPointer, isLast: Bool
  ) -> UnsafeRawBufferPointer {
    guard !isLast else { return bytes }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return UnsafeRawBufferPointer(rebasing: bytes[..<end])
  }

  private static func readArchive(
    _ decompressor: Decompressor, _ buffer: inout StreamBuffer, _ name: String,
    _ keepGoing: Bool, _ consume: Consumer
  ) throws(TraceError) -> [String] {
    var warnings: [String] = []
    do throws(TraceError) {
      try readStream(
        &buffer, name, { (free) throws(TraceError) in try decompressor.read(into: free) },
        atEnd: { () throws(TraceError) in
          switch decompressor.finish() {
          case .complete: break
          case .odd(let words): warnings.append(words)
          case .damaged(let words):
            guard keepGoing else { throw decompressor.error(words) }
            warnings.append("cannot be decompressed to its end: \(words)")
          }
        }, consume)
    } catch {
      throw keepGoing ? error : decompressor.damageAhead() ?? error
    }
    return warnings
  }

  private static func readStream(
    _ number: Int32, _ free: UnsafeMutableRawBufferPointer, _ name: String
  ) throws(TraceError) -> Int {
    while true {
      let count = readDescriptor(number, free)
      if count >= 0 { return count }
      if errno != EINTR {
        throw TraceError(input: name, message: "cannot be read: \(systemErrorText(errno))")
      }
    }
  }

  /// - Parameter atEnd: called before the last bytes are handed over.
  private static func readStream(
    _ buffer: inout StreamBuffer, _ name: String, _ readMore: StreamBuffer.Read,
    atEnd: () throws(TraceError) -> Void, _ consume: Consumer
  ) throws(TraceError) {
    while true {
      let isLast = try !buffer.fill(readMore)
      if isLast { try atEnd() }
      let used = try consume(
        Window(bytes: buffer.content, isLast: isLast, isLasting: false))
      if isLast { return }
      buffer.drop(used)
      if buffer.isFull { try checkLine(buffer.content.count, name) }
    }
  }

  private static func checkLine(_ length: Int, _ name: String) throws(TraceError) {
    guard length >= longestLine else { return }
    throw TraceError(
      input: name, message: "a line is longer than \(longestLine >> 20) MiB",
      expected: "a trace, with one event a line")
  }
}

/// A file in memory, until it goes out of scope.
private struct Mapping: ~Copyable {
  let bytes: UnsafeRawBufferPointer

  /// `nil` if the file cannot be mapped; it can still be read.
  init?(_ file: borrowing FileDescriptor, _ size: Int) {
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.number, 0), base != MAP_FAILED
    else { return nil }
    madvise(base, size, MADV_SEQUENTIAL)
    bytes = UnsafeRawBufferPointer(start: base, count: size)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count)
  }
}

/// Bytes of a stream that are read and not used yet.
private struct StreamBuffer: ~Copyable {
  /// Reads into what is free; 0 at the end.
  typealias Read = (UnsafeMutableRawBufferPointer) throws(TraceError) -> Int

  private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  private var filled = 0

  deinit { bytes.deallocate() }

  var content: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[..<filled]) }
  var isFull: Bool { filled == bytes.count }

  /// Reads once more, into a larger buffer where this one is full; false at the end.
  mutating func fill(_ read: Read) throws(TraceError) -> Bool {
    if isFull {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: bytes.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(bytes))
      bytes.deallocate()
      bytes = larger
    }
    let count = try read(UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
    filled += count
    return count > 0
  }

  /// Takes bytes away from the front.
  mutating func drop(_ used: Int) {
    filled -= used
    if used > 0, filled > 0 { memmove(bytes.baseAddress!, bytes.baseAddress! + used, filled) }
  }
}
