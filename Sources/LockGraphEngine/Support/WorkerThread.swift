#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A thread that runs a closure, takes no signals, and is joined.
struct WorkerThread: ~Copyable {
  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  private let thread: pthread_t
  /// Readers of reports recurse; where the C library is small, so are the stacks it gives out.
  private static let stackSize = 4 << 20

  /// - Parameter run: what it touches is its own, or guarded.
  /// - Returns: `nil` if the system has no thread left.
  init?(_ run: @escaping () -> Void) {
    let body = Unmanaged.passRetained(Body(run))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, Self.stackSize)
    defer { pthread_attr_destroy(&attributes) }
    // A pointer but with glibc, where it is a number.
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    #if canImport(Darwin)
      let start: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
        WorkerThread.run($0)
        return nil
      }
    #else
      let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        WorkerThread.run($0!)
        return nil
      }
    #endif
    guard pthread_create(&thread, &attributes, start, body.toOpaque()) == 0 else {
      body.release()
      return nil
    }
    #if canImport(Glibc)
      self.thread = thread
    #else
      self.thread = thread!
    #endif
  }

  private static func run(_ body: UnsafeMutableRawPointer) {
    // Who interrupts the program means the thread that it had before.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run()
  }

  consuming func join() { pthread_join(thread, nil) }
}

/// A mutex and the news that what it guards has changed.
final class Monitor: @unchecked Sendable {
  // At addresses of their own, which do not change.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Gives the mutex up until there are news; called with it.
  func wait() { pthread_cond_wait(condition, mutex) }

  func tellAll() { pthread_cond_broadcast(condition) }
}
