#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if os(Linux)
  /// Files of one name of many threads, which stay open from one look to the next: what is opened
  /// anew costs five times as much.
  ///
  /// A file tells of the thread that it was opened for, also when that has ended and another one
  /// has its number.
  struct ThreadFiles: ~Copyable {
    private var files: [Int32: Int32] = [:]

    /// Descriptors from this one on are left to others.
    private static let limit: Int32 = {
      var limit = rlimit()
      #if canImport(Glibc)
        let failed = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0
      #else
        let failed = getrlimit(RLIMIT_NOFILE, &limit) != 0
      #endif
      return failed ? 0 : Int32(clamping: limit.rlim_cur) - 256
    }()

    deinit { for file in files.values { close(file) } }

    /// - Parameter folder: where each thread has a folder by its number.
    mutating func read<Value>(
      _ name: StaticString, of thread: Int32, in folder: Int32,
      _ body: (UnsafeRawBufferPointer) -> Value
    ) -> Result<Value, ErrorNumber> {
      if let file = files[thread] {
        let result = SystemFile.readShort(file, body)
        guard case .failure(let error) = result, error.value == ESRCH else { return result }
        files[thread] = nil
        close(file)
      }
      switch SystemFile.open(name, of: thread, in: folder) {
      case .failure(let error): return .failure(error)
      case .success(let file):
        let result = SystemFile.readShort(file, body)
        if case .success = result, file < Self.limit {
          files[thread] = file
        } else {
          close(file)
        }
        return result
      }
    }
  }
#endif
