#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Small files that the kernel makes up as they are read.
enum SystemFile {
  /// The whole of one, or the error number.
  ///
  /// - Parameter folder: a descriptor that the path is relative to.
  static func read(_ path: String, in folder: Int32 = -100) -> Result<[UInt8], ErrorNumber> {
    let file = openat(folder, path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return .failure(ErrorNumber(errno)) }
    defer { close(file) }
    var content: [UInt8] = []
    while true {
      var failure: Int32 = 0
      let room = content.isEmpty ? 4096 : 65536
      let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
        var count: Int
        repeat { count = readOnce(file, buffer) } while count < 0 && errno == EINTR
        if count < 0 { failure = errno }
        used = max(0, count)
      }
      guard failure == 0 else { return .failure(ErrorNumber(failure)) }
      if piece.isEmpty { return .success(content) }
      content += piece
    }
  }

  /// The names in a folder that are numbers.
  static func numbers(in path: String) -> Result<[Int32], ErrorNumber> {
    guard let folder = opendir(path) else { return .failure(ErrorNumber(errno)) }
    defer { closedir(folder) }
    var numbers: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let number = Int32(name) { numbers.append(number) }
    }
    return .success(numbers.sorted())
  }

  /// Where a link of the kernel's leads.
  static func link(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

private func readOnce(_ file: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
  read(file, buffer.baseAddress, buffer.count)
}

/// What the system said when it refused.
package struct ErrorNumber: Error, Equatable, Sendable {
  package var value: Int32
  init(_ value: Int32) { self.value = value }

  package var text: String { String(cString: strerror(value)) }
}
