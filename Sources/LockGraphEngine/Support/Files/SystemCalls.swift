#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What errno says, for people.
func systemErrorText(_ code: Int32) -> String {
  String(cString: strerror(code))
}

/// An open file that closes itself.
struct FileDescriptor: ~Copyable {
  let number: Int32
  private let isOwned: Bool

  init(owning number: Int32) {
    self.number = number
    isOwned = true
  }

  private init(borrowing number: Int32) {
    self.number = number
    isOwned = false
  }

  static var standardInput: FileDescriptor { FileDescriptor(borrowing: 0) }

  static func open(_ path: String) throws(TraceError) -> FileDescriptor {
    #if canImport(Glibc)
      let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    #elseif canImport(Musl)
      let number = Musl.open(path, O_RDONLY | O_CLOEXEC)
    #else
      let number = Darwin.open(path, O_RDONLY | O_CLOEXEC)
    #endif
    guard number >= 0 else {
      throw TraceError(input: path, message: "cannot be opened: \(systemErrorText(errno))")
    }
    return FileDescriptor(owning: number)
  }

  deinit {
    if isOwned { close(number) }
  }

  /// The size of a regular file that can be mapped; `nil` for pipes, devices and empty files.
  func mappableSize(_ name: String) throws(TraceError) -> Int? {
    var status = stat()
    guard fstat(number, &status) == 0 else {
      throw TraceError(input: name, message: "cannot be examined: \(systemErrorText(errno))")
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw TraceError(input: name, message: "is a directory", expected: "a trace file")
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
    return Int(status.st_size)
  }

  /// The first bytes of a regular file, at most so many, wherever it is read at.
  func beginning(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      used = max(0, pread(number, buffer.baseAddress, buffer.count, 0))
    }
  }
}

/// `read`, by a name that is not also a method's.
package func readDescriptor(_ number: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(number, buffer.baseAddress, buffer.count)
}
