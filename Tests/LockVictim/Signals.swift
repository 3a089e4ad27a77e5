import Foundation
import LockGraph

enum Signals {
  static let lock = ValidatedLock(name: "Handled")

  static func lockInHandler(isHeld: Bool) {
    // The handler's own call must be no news to the thread: only the frames, or the wait, tell.
    signal(SIGUSR1) { _ in Signals.take() }
    if isHeld {
      take()
      lock.lock()
    }
    raise(SIGUSR1)
  }

  @inline(never)
  static func take() {
    lock.lock()
    lock.unlock()
  }

  /// Waits until the program is asked to end, whatever else comes.
  static func killable(by number: Int32) {
    TerminationRequests.install()
    signal(SIGUSR1) { _ in }
    let isHeld = DispatchSemaphore(value: 0)
    let holder = Threads.start("holder") {
      lock.lock()
      isHeld.signal()
      sleep(30)
    }
    isHeld.wait()
    Threads.start("sender") {
      usleep(50_000)
      kill(getpid(), SIGUSR1)
      usleep(50_000)
      kill(getpid(), number)
    }
    do {
      say("waiting")
      try lock.lockKillable()
      say("taken")
    } catch {
      say("\(error), signal \(TerminationRequests.pending ?? 0)")
    }
    _ = holder
    exit(0)
  }
}
