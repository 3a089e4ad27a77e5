#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a recording, read where they are wanted.
///
/// A file is not mapped: what its writer cuts off while it is read is then an end, and no signal.
package final class RecordingBytes {
  private enum Storage {
    case file(Int32)
    case memory([UInt8])
  }

  private let storage: Storage
  /// How many there were when it was opened.
  package let count: UInt64

  /// - Parameter content: all of them.
  package init(_ content: [UInt8]) {
    storage = .memory(content)
    count = UInt64(content.count)
  }

  /// - Parameter descriptor: of a regular file; closed in the end.
  init(closing descriptor: Int32, count: UInt64) {
    storage = .file(descriptor)
    self.count = count
  }

  deinit {
    if case .file(let descriptor) = storage { close(descriptor) }
  }

  /// Opens a regular file.
  package static func open(_ path: String) throws(TraceError) -> RecordingBytes {
    let descriptor = openForReading(path)
    guard descriptor >= 0 else {
      throw TraceError(input: path, message: "cannot be opened: \(systemErrorText(errno))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw TraceError(input: path, message: "is no file", expected: "a recording")
    }
    return RecordingBytes(closing: descriptor, count: UInt64(status.st_size))
  }

  /// Reads from an offset on.
  ///
  /// - Returns: how many bytes there were, fewer than wanted only where they end.
  package func read(_ offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    switch storage {
    case .memory(let bytes):
      guard offset < UInt64(bytes.count) else { return 0 }
      let size = min(buffer.count, bytes.count - Int(offset))
      bytes.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[Int(offset)...].prefix(size)))
      }
      return size
    case .file(let descriptor):
      guard offset < count else { return 0 }
      let wanted = min(buffer.count, Int(min(count - offset, UInt64(Int.max))))
      var done = 0
      while done < wanted, let base = buffer.baseAddress {
        let size = pread(descriptor, base + done, wanted - done, off_t(offset) + off_t(done))
        if size < 0, errno == EINTR { continue }
        guard size > 0 else { break }
        done += size
      }
      return done
    }
  }

  /// So many bytes, or fewer where they end.
  package func bytes(_ offset: UInt64, _ count: Int) -> [UInt8] {
    let available = offset < self.count ? Int(min(self.count - offset, UInt64(Int.max))) : 0
    return [UInt8](unsafeUninitializedCapacity: min(count, available)) { buffer, used in
      used = read(offset, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}

/// `open`, by a name that is not also a method's.
private func openForReading(_ path: String) -> Int32 {
  open(path, O_RDONLY | O_CLOEXEC)
}

/// Little-endian numbers out of bytes that may not be there.
package struct RecordedNumbers {
  private let bytes: UnsafeRawBufferPointer

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package var count: Int { bytes.count }

  /// A number, or 0 where the bytes end.
  @inline(__always)
  package func number<Number: FixedWidthInteger>(_ offset: Int, as _: Number.Type) -> Number {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else { return 0 }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  package func u32(_ offset: Int) -> UInt32 { number(offset, as: UInt32.self) }
  package func u64(_ offset: Int) -> UInt64 { number(offset, as: UInt64.self) }

  /// The text of so many bytes, or `nil` where they end.
  package func text(_ offset: Int, _ length: Int) -> String? {
    guard offset >= 0, length >= 0, offset <= bytes.count, length <= bytes.count - offset else {
      return nil
    }
    return String(decoding: bytes[offset..<offset + length], as: UTF8.self)
  }
}
