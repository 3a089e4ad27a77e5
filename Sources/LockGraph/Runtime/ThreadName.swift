import CLockGraph

/// What threads are called in reports.
enum ThreadName {
  /// `main`, or the name that the system knows with the thread's number.
  static func text(_ thread: UnsafeMutablePointer<lg_thread>) -> String {
    #if canImport(Glibc) || canImport(Musl)
      if thread.pointee.system_id == getpid() { return "main" }
    #endif
    let name = withUnsafeBytes(of: thread.pointee.name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return name.isEmpty ? "thread-\(thread.pointee.serial)" : "\(name)-\(thread.pointee.serial)"
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
