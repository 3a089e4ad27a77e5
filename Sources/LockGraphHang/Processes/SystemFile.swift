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

  /// A file of one thread that comes in one piece, or the error number.
  ///
  /// - Parameter folder: where each thread has a folder by its number.
  static func readShort(
    _ name: StaticString, of thread: Int32, in folder: Int32
  ) -> Result<[UInt8], ErrorNumber> {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096 + 64) { room in
      // The path lies behind what is read.
      let path = UnsafeMutableBufferPointer(rebasing: room[4096...])
      var at = path.count - 1
      path[at] = 0
      for position in stride(from: name.utf8CodeUnitCount - 1, through: 0, by: -1) {
        at -= 1
        path[at] = name.utf8Start[position]
      }
      at -= 1
      path[at] = UInt8(ascii: "/")
      var rest = UInt32(bitPattern: thread)
      repeat {
        at -= 1
        path[at] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      let file = (path.baseAddress! + at).withMemoryRebound(to: CChar.self, capacity: 64 - at) {
        openat(folder, $0, O_RDONLY | O_CLOEXEC)
      }
      guard file >= 0 else { return .failure(ErrorNumber(errno)) }
      defer { close(file) }
      let content = UnsafeMutableBufferPointer(rebasing: room[..<4096])
      var count: Int
      repeat { count = readOnce(file, content) } while count < 0 && errno == EINTR
      guard count >= 0 else { return .failure(ErrorNumber(errno)) }
      return .success(Array(content[..<count]))
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

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

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
