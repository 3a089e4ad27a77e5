import CLockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Handing findings to the program's handler, outside of all locks of the threads that cause them.
///
/// A handler may take locks, and the thread that causes a finding may hold just those. So a thread
/// that holds none is there for it, from the first finding on that somebody wants to handle. What
/// is to be handed over is under the validator's lock: it is put there as it is found, in that
/// order, and is whole in the child of a fork.
final class FindingDelivery: @unchecked Sendable {
  typealias Handler = @Sendable (LockValidator.Report) -> Void

  static let shared = FindingDelivery()

  /// How long a program that ends waits for its handler, in nanoseconds.
  static let patience: UInt64 = 5_000_000_000

  private struct Item {
    var news: News
    var handler: Handler
  }

  private var waiting: [Item] = []
  /// What the handler was called with and has not returned from.
  private var handling: Item?
  /// How many were ever found, and how many of them are done with.
  private var found: UInt64 = 0
  private var done: UInt64 = 0
  private var hasThread = false
  private var worker: UnsafeMutablePointer<lg_thread>?
  private var process = getpid()
  /// Changes with everything that is added; the thread sleeps on it.
  private let word = _Cell<UInt32>(0)

  private init() {}

  // MARK: Found

  /// Under the validator's lock. `start()` has to follow without it.
  func add(_ news: [News], for handler: @escaping Handler) {
    forgetParent()
    waiting += news.map { Item(news: $0, handler: handler) }
    found += UInt64(news.count)
    _ = lg_add(word._address, 1)
    lg_wake(word._address, 1)
  }

  /// Sees to it that there is a thread for what was added.
  func start() {
    let isMissing = LockRuntime.withValidatorLock {
      defer { hasThread = true }
      return !hasThread
    }
    guard isMissing == true, !lg_thread_start({ FindingDelivery.shared.run() }) else { return }
    let rest = LockRuntime.withValidatorLock {
      // The next finding tries again.
      hasThread = false
      return takeRest()
    }
    for var report in rest?.map({ $0.report() }) ?? [] { report.print() }
  }

  /// In the child of a fork the thread is not there, and what was waiting is its parent's.
  private func forgetParent() {
    guard process != getpid() else { return }
    process = getpid()
    waiting = []
    handling = nil
    done = found
    // A handler may have forked.
    worker = lg_current().flatMap { lg_delivers($0) ? $0 : nil }
    hasThread = worker != nil
  }

  // MARK: Handed over

  /// The thread's life. What the handler does is not validated.
  private func run() {
    let thread = LockRuntime.requiredThread
    lg_set_busy(thread, 1)
    lg_set_delivers(thread)
    while true {
      let before = lg_load(word._address)
      let next = LockRuntime.withValidatorLock { () -> Item? in
        worker = thread
        handling = waiting.isEmpty ? nil : waiting.removeFirst()
        return handling
      }
      guard case .some(let item?) = next else {
        _ = lg_wait(word._address, before, 1_000_000_000)
        continue
      }
      item.handler(item.news.report())
      LockRuntime.withValidatorLock {
        // Its text may have been printed meanwhile by a thread that ends the program.
        if handling != nil { done += 1 }
        handling = nil
      }
    }
  }

  /// Waits until everything that has been found by now was handed over.
  ///
  /// - Returns: false if it was not in time or cannot be, because this is the handler's own thread,
  ///   or the handler waits for a lock that this one holds.
  func wait(on thread: UnsafeMutablePointer<lg_thread>, until deadline: UInt64) -> Bool {
    var target: UInt64?
    while true {
      let outcome = LockRuntime.withValidatorLock { () -> Bool? in
        forgetParent()
        let last = target ?? found
        target = last
        return done >= last ? true : isStuck(behind: thread) ? false : nil
      }
      if case .some(let isDone?) = outcome { return isDone }
      guard lg_now() < deadline else { return false }
      lg_sleep(500_000)
    }
  }

  /// Whether the handler cannot go on before a thread does.
  private func isStuck(behind thread: UnsafeMutablePointer<lg_thread>) -> Bool {
    if lg_delivers(thread) { return true }
    guard let worker, handling != nil else { return false }
    let sequence = lg_waiting_sequence(worker)
    guard sequence & 1 == 1, lg_waiting_lock(worker) != nil else { return false }
    let wanted = lg_waiting_copy(worker)
    // A wait that can end by itself will.
    return wanted.traits & (LG_TIMEOUT | LG_INTERRUPTIBLE | LG_KILLABLE) == 0
      && lg_waiting_sequence(worker) == sequence
      && HeldStack.all(thread).contains { $0.number == wanted.number }
  }

  // MARK: The end

  /// The program ends: what the handler does not take any more goes to standard error.
  func finish(on thread: UnsafeMutablePointer<lg_thread>) {
    guard !wait(on: thread, until: lg_now() + Self.patience) else { return }
    let rest = LockRuntime.withValidatorLock { () -> [News] in
      // A handler that ends the program itself has had what it was called with.
      if lg_delivers(thread) { handling = nil }
      return takeRest()
    }
    for var report in rest?.map({ $0.report() }) ?? [] { report.print() }
  }

  /// What the handler has not returned from, and all that it was not called with.
  private func takeRest() -> [News] {
    let rest = (handling.map { [$0] } ?? []) + waiting
    handling = nil
    waiting = []
    done = found
    return rest.map(\.news)
  }
}
