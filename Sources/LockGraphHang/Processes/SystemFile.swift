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

  /// Opens a file of one thread; the error number if that fails.
  ///
  /// - Parameter folder: where each thread has a folder by its number.
  static func open(
    _ name: StaticString, of thread: Int32, in folder: Int32
  ) -> Result<Int32, ErrorNumber> {
    let file = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { path in
      var at = path.count - 1
      path[at] = 0
      for position in stride(from: name.utf8CodeUnitCount - 1, through: 0, by: -1) {
        at -= 1
        path[at] = CChar(bitPattern: name.utf8Start[position])
      }
      at -= 1
      path[at] = CChar(bitPattern: UInt8(ascii: "/"))
      var rest = UInt32(bitPattern: thread)
      repeat {
        at -= 1
        path[at] = CChar(bitPattern: UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      return openat(folder, path.baseAddress! + at, O_RDONLY | O_CLOEXEC)
    }
    return file >= 0 ? .success(file) : .failure(ErrorNumber(errno))
  }

  /// What an open file that comes in one piece has now, or the error number.
  static func readShort<Value>(
    _ file: Int32, _ body: (UnsafeRawBufferPointer) -> Value
  ) -> Result<Value, ErrorNumber> {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { room in
      var count: Int
      repeat {
        count = pread(file, room.baseAddress, room.count, 0)
      } while count < 0
        && errno == EINTR
      guard count >= 0 else { return .failure(ErrorNumber(errno)) }
      return .success(body(UnsafeRawBufferPointer(rebasing: room[..<count])))
    }
  }

  /// A file of one thread that comes in one piece, or the error number.
  static func readShort<Value>(
    _ name: StaticString, of thread: Int32, in folder: Int32,
    _ body: (UnsafeRawBufferPointer) -> Value
  ) -> Result<Value, ErrorNumber> {
    open(name, of: thread, in: folder).flatMap { file in
      defer { close(file) }
      return readShort(file, body)
    }
  }

  /// The names in a folder that are numbers.
  static func numbers(in path: String) -> Result<[Int32], ErrorNumber> {
    guard let folder = opendir(path) else { return .failure(ErrorNumber(errno)) }
    defer { closedir(folder) }
    var numbers: [Int32] = []
    while let entry = readdir(folder) {
      let number = withUnsafeBytes(of: &entry.pointee.d_name) { name in
        var digits = FileNumbers(
          UnsafeRawBufferPointer(rebasing: name[..<(name.firstIndex(of: 0) ?? 0)]))
        return digits.decimal()
      }
      if let number, number > 0 { numbers.append(Int32(clamping: number)) }
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
