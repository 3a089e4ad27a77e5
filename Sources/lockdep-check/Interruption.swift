import LockGraphRecording
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C ends with status 130. Files that are not complete are removed, and folders that were for
/// a while.
enum Interruption {
  /// The paths of the files to be removed.
  private static let unfinished = Mutex<[[CChar]]>([])
  /// The address of the same for the handler, which can neither wait nor allocate: one behind the
  /// other, each with its end, and an empty one at the end of all.
  private static let unfinishedPaths = Atomic<Int>(0)

  static func install() {
    // Made now: a handler must not be the first to use it.
    change { _ in }
    TemporaryFolder.removeAllFromHandler()
    // A pipe that nobody reads ends the process when all is cleared away, see `endUnread`.
    signal(SIGPIPE, SIG_IGN)
    // A file that grows too long for its limit is told as any other that cannot be written.
    signal(SIGXFSZ, SIG_IGN)
    // Inherited from some parents; then nobody could tell how a child ended.
    signal(SIGCHLD, SIG_DFL)
    signal(SIGINT) { _ in
      Interruption.removeUnfinished()
      _exit(130)
    }
    for number in [SIGTERM, SIGHUP, SIGQUIT, SIGXCPU] {
      // What the parent ignores, as nohup does, stays ignored.
      let before = signal(number, SIG_IGN)
      guard unsafeBitCast(before, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) else {
        continue
      }
      signal(number) { number in
        Interruption.removeUnfinished()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// Names a file that is to be removed if the process is interrupted. Signals must be deferred.
  static func removeIfInterrupted(_ path: [CChar]) { change { $0.append(path) } }

  /// The file of this name is no more to be removed. Signals must be deferred.
  static func keep(_ path: [CChar]) { change { $0.removeAll { $0 == path } } }

  private static func change(_ body: (inout [[CChar]]) -> Void) {
    unfinished.withLock { paths in
      body(&paths)
      let bytes = paths.flatMap(\.self) + [0]
      let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
      _ = copy.initialize(from: bytes)
      let old = unfinishedPaths.exchange(
        Int(bitPattern: copy.baseAddress), ordering: .sequentiallyConsistent)
      UnsafeMutablePointer<CChar>(bitPattern: old)?.deallocate()
    }
  }

  /// Ends as other tools do where nobody reads the output any more, by SIGPIPE. Returns where the
  /// parent ignores that signal, and so asked for a message.
  static func endUnread() {
    guard !LockdepCheck.inheritedSignals.isIgnored(SIGPIPE) else { return }
    removeUnfinished()
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
  }

  private static func removeUnfinished() {
    TemporaryFolder.removeAllFromHandler()
    let address = unfinishedPaths.load(ordering: .sequentiallyConsistent)
    guard var path = UnsafePointer<CChar>(bitPattern: address) else { return }
    while path.pointee != 0 {
      unlink(path)
      path += strlen(path) + 1
    }
  }

  /// Runs what must not be interrupted half-way: a signal waits until it is done.
  static func deferred<Result, Failure>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
  }
}
