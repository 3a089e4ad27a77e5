import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writing to what is open, such that the program that is written for neither ends nor waits for
/// ever by it.
package enum DescriptorWriting {
  /// How long a program waits for a reader to go on.
  package static let patience: UInt64 = 2_000_000_000

  /// Writes bytes. A pipe that nobody reads any more, or a file that may not grow, is a failure and
  /// no signal.
  ///
  /// - Parameter patience: nanoseconds after which it is given up that nobody takes a byte; `nil`
  ///   waits for ever.
  /// - Returns: how many were written, which are all of them unless that failed; `errno` tells,
  ///   and is `EAGAIN` if nobody took them.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, patience: UInt64?
  ) -> Int {
    withoutSignals {
      var count = 0
      var deadline = patience.map { lg_now() &+ $0 }
      while count < bytes.count {
        // What fits into a pipe that has some room: the write that follows does not wait.
        let end = patience == nil ? bytes.count : min(bytes.count, count + 4096)
        if let patience, !isReady(file, patience) {
          errno = EAGAIN
          return count
        }
        let written = writeSome(UnsafeRawBufferPointer(rebasing: bytes[count..<end]), to: file)
        if written > 0 {
          count += written
          deadline = patience.map { lg_now() &+ $0 }
        } else if errno == EAGAIN || errno == EWOULDBLOCK {
          guard let deadline else {
            // Somebody else's that does not wait by itself.
            _ = isReady(file, .max)
            continue
          }
          if lg_now() >= deadline { return count }
          lg_sleep(1_000_000)
        } else if errno != EINTR {
          return count
        }
      }
      return count
    }
  }

  private static func isReady(_ file: Int32, _ patience: UInt64) -> Bool {
    var polled = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
    let milliseconds = Int32(clamping: patience / 1_000_000)
    while true {
      let count = poll(&polled, 1, patience == .max ? -1 : milliseconds)
      if count >= 0 { return count > 0 }
      guard errno == EINTR || errno == EAGAIN else { return true }
    }
  }

  /// Signals of what is written by this thread end neither the program nor get to a handler of it.
  private static func withoutSignals(_ body: () -> Int) -> Int {
    var (ours, before, pending) = (sigset_t(), sigset_t(), sigset_t())
    sigemptyset(&ours)
    sigpending(&pending)
    for number in [SIGPIPE, SIGXFSZ] where sigismember(&pending, number) == 0 {
      sigaddset(&ours, number)
    }
    pthread_sigmask(SIG_BLOCK, &ours, &before)
    let result = body()
    let code = errno
    if code == EPIPE || code == EFBIG {
      #if canImport(Darwin)
        sigpending(&pending)
        for number in [SIGPIPE, SIGXFSZ]
        where sigismember(&pending, number) == 1 && sigismember(&ours, number) == 1 {
          var (one, taken) = (sigset_t(), Int32(0))
          sigemptyset(&one)
          sigaddset(&one, number)
          sigwait(&one, &taken)
        }
      #else
        var now = timespec()
        while sigtimedwait(&ours, nil, &now) > 0 {}
      #endif
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = code
    return result
  }

  private static func writeSome(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
      Musl.write(file, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(file, bytes.baseAddress, bytes.count)
    #endif
  }
}
