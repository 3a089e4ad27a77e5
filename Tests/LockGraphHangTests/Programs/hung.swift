// Hangs with what Swift has of its own, in the way that the first argument names.
import Dispatch
import Foundation
import Synchronization

final class Guarded: Sendable { let value = Mutex(0) }
let ledger = NSLock()
let accounts = Guarded()

func ready() {
  print("ready")
  fflush(nil)
}

func start(_ body: @escaping @Sendable () -> Void) { Thread { body() }.start() }

enum Tables {
  static let first: Int = {
    sleep(1)
    return second
  }()
  static let second: Int = {
    ledger.lock()
    ledger.lock()
    return 1
  }()
}

switch CommandLine.arguments[1] {
case "mutex":
  start {
    accounts.value.withLock { _ in
      sleep(1)
      ledger.lock()
    }
  }
  ledger.lock()
  sleep(1)
  usleep(300000)
  ready()
  accounts.value.withLock { $0 += 1 }
case "queues":
  let first = DispatchQueue(label: "bank.accounts")
  let second = DispatchQueue(label: "bank.ledger")
  first.async {
    sleep(1)
    second.sync {}
  }
  second.async {
    sleep(1)
    first.sync {}
  }
  usleep(1_500_000)
  ready()
  sleep(1000)
case "semaphore":
  let queue = DispatchQueue(label: "bank.accounts")
  let semaphore = DispatchSemaphore(value: 0)
  queue.async { semaphore.wait() }
  usleep(300000)
  ready()
  queue.sync {}
case "group":
  let group = DispatchGroup()
  group.enter()
  ready()
  group.wait()
case "globals":
  start { _ = Tables.first }
  usleep(1_500_000)
  start { _ = Tables.first }
  usleep(300000)
  ready()
  sleep(1000)
default: exit(64)
}
