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

  /// The name of whom evidence is from: of the task that runs on the thread, if this one is asked
  /// about.
  static func ofEvidence(_ thread: UnsafeMutablePointer<lg_thread>) -> String {
    let task = thread == lg_current() ? TaskIdentity.current : 0
    return task == 0 ? text(thread) : TaskIdentity.name(task)
  }

  /// The thread that runs and the task on it.
  static func withTask(_ thread: UnsafeMutablePointer<lg_thread>) -> String {
    let evidence = ofEvidence(thread)
    return evidence == text(thread) ? evidence : "\(evidence), on \(text(thread)),"
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
