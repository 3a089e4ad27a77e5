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
/// A regular file is mapped and handed over in windows, and the pages behind are given back, so that the
/// process does not grow with the file. Anything else is read into a buffer that is as long as the longest
/// line needs.
enum ByteInput {
  static let windowSize = 8 << 20
  /// No line may be longer: an endless one must not take all memory.
  static let longestLine = 64 << 20

  /// Takes the bytes at the front of what is left and whether they are the last; returns how many it used.
  typealias Consumer = (UnsafeRawBufferPointer, Bool) throws(TraceError) -> Int

  /// - Parameter prepare: given the whole input first, where it is in memory or can be mapped.
  static func read(
    _ source: TraceSource, _ consume: Consumer, prepare: (UnsafeRawBufferPointer) -> Void
  ) throws(TraceError) {
    switch source {
    case .bytes(let bytes, let name):
      let result = bytes.withUnsafeBytes { all -> Result<Void, TraceError> in
        prepare(all)
        do throws(TraceError) {
          return .success(try feed(all, name, consume, release: { _, _ in false }))
        } catch {
          return .failure(error)
        }
      }
      try result.get()
    case .file(let path):
      let file = try FileDescriptor.open(path)
      if let size = try file.mappableSize(path), let mapping = Mapping(file, size) {
        prepare(mapping.bytes)
        try readMapping(mapping, file, path, consume)
      } else {
        try readStream(file, path, consume)
      }
    case .standardInput:
      let file = FileDescriptor.standardInput
      if let size = try file.mappableSize(source.name), lseek(0, 0, SEEK_CUR) == 0,
        let mapping = Mapping(file, size)
      {
        prepare(mapping.bytes)
        try readMapping(mapping, file, source.name, consume)
      } else {
        try readStream(file, source.name, consume)
      }
    }
  }

  private static func readMapping(
    _ mapping: borrowing Mapping, _ file: borrowing FileDescriptor, _ name: String,
    _ consume: Consumer
  ) throws(TraceError) {
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
      return isCut
    }
    if isCut {
      throw TraceError(input: name, message: "was truncated while it was read")
    }
  }

  /// - Parameter release: told how far the bytes are done with and how far it will go next; true stops.
  private static func feed(
    _ all: UnsafeRawBufferPointer, _ name: String, _ consume: Consumer,
    release: (_ done: Int, _ ahead: Int) -> Bool
  ) throws(TraceError) {
    var done = 0
    var size = windowSize
    repeat {
      let end = min(all.count, done + size)
      if release(done, end) { return }
      let used = try consume(UnsafeRawBufferPointer(rebasing: all[done..<end]), end == all.count)
      done += used
      if end == all.count { return }
      size = used > 0 ? windowSize : size * 2
      try checkLine(end - done, name)
    } while done < all.count
  }

  private static func readStream(
    _ file: borrowing FileDescriptor, _ name: String, _ consume: Consumer
  ) throws(TraceError) {
    var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var filled = 0
    while true {
      let count = try file.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), name)
      filled += count
      let isLast = count == 0
      let used = try consume(UnsafeRawBufferPointer(rebasing: buffer[..<filled]), isLast)
      if isLast { return }
      filled -= used
      if used > 0, filled > 0 {
        memmove(buffer.baseAddress!, buffer.baseAddress! + used, filled)
      }
      if filled == buffer.count {
        try checkLine(filled, name)
        let larger = UnsafeMutableRawBufferPointer.allocate(
          byteCount: buffer.count * 2, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = larger
      }
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
