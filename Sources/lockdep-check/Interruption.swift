import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C ends with status 130, and a closed pipe with a message instead of a signal. A file that is not complete is
/// removed.
enum Interruption {
  /// The address of the path of the file to be removed, or 0.
  private static let unfinished = Atomic<Int>(0)

  static func install() {
    // Made now: a handler must not be the first to use it.
    removeIfInterrupted(nil)
    signal(SIGPIPE, SIG_IGN)
    // Inherited from some parents; then nobody could tell how a child ended.
    signal(SIGCHLD, SIG_DFL)
    signal(SIGINT) { _ in
      Interruption.removeUnfinished()
      _exit(130)
    }
    for number in [SIGTERM, SIGHUP] {
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

  /// Names the file that is to be removed if the process is interrupted; `nil` if there is none any more.
  static func removeIfInterrupted(_ path: [CChar]?) {
    let copy = path.flatMap { path in path.withUnsafeBufferPointer { strdup($0.baseAddress!) } }
    let old = unfinished.exchange(
      Int(bitPattern: copy), ordering: .sequentiallyConsistent)
    free(UnsafeMutablePointer<CChar>(bitPattern: old))
  }

  private static func removeUnfinished() {
    let address = unfinished.load(ordering: .sequentiallyConsistent)
    if let path = UnsafePointer<CChar>(bitPattern: address) { unlink(path) }
  }

  /// Runs what must not be interrupted half-way: a signal waits until it is done.
  static func deferred<Result>(_ body: () throws -> Result) rethrows -> Result {
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
  }
}
