#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if os(Linux)
  // The kernel unlocks the robust mutexes of a thread that ends. So each thread tells it where its
  // list of them is, and `get_robust_list` tells that others.
  extension LiveProcess {
    private typealias Call =
      @convention(c) (
        Int, Int, UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>
      ) -> Int

    /// The C library declares it with variable arguments.
    private static let call: Call? = dlsym(nil, "syscall").map {
      unsafeBitCast($0, to: Call.self)
    }

    /// The kernel follows no more of them either.
    private static let limit = 2048

    package func robustLocks(of thread: Int32) -> [UInt64] {
      var (head, size): (UInt64, UInt64) = (0, 0)
      let number = architecture == .x86_64 ? 274 : 100
      guard let call = Self.call, call(number, Int(thread), &head, &size) == 0, size == 24,
        head != 0, head & 7 == 0
      else { return [] }
      // The first of the list, how far a mutex's word lies from its place in it, and the mutex that
      // the thread is about to take or to let go.
      let words = read(head, 24)
      guard words.count == 24 else { return [] }
      let (first, offset, pending) = words.withUnsafeBytes {
        (
          $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
          $0.loadUnaligned(fromByteOffset: 8, as: Int64.self),
          $0.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        )
      }
      // Of the C libraries that are known, only glibc has a mutex begin with its word.
      guard offset == GlibcMutex.wordFromListed else { return [] }
      var locks: [UInt64] = []
      // A bit says that the kernel gives the mutex on by priority.
      var entry = first & ~1
      while entry != head, entry != 0, entry & 7 == 0, locks.count < Self.limit {
        locks.append(entry &+ UInt64(bitPattern: offset))
        guard let next = word(entry) else { break }
        entry = next & ~1
      }
      // The last one that was taken comes first.
      locks.reverse()
      if pending & ~1 != 0 { locks.append((pending & ~1) &+ UInt64(bitPattern: offset)) }
      return locks
    }
  }
#endif
