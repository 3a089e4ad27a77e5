// A program that loads plug-ins, each of which may have a copy of LockGraph of its own:
// `Host PLUGIN...`.

import Foundation
import LockGraph

enum Locks {
  static let one = ValidatedLock(name: "Host one")
  static let other = ValidatedLock(name: "Host other")
}

/// Runs something in a thread that has ended when this returns.
func run(_ body: @escaping @Sendable () -> Void) {
  let thread = Thread(block: body)
  thread.start()
  while !thread.isFinished { usleep(200) }
  // Its destructors run after it said so.
  usleep(20_000)
}

@main enum Host {
  static func main() {
    Locks.one.withLock { Locks.other.withLock {} }
    run { Locks.other.withLock { Locks.one.withLock {} } }
    for path in CommandLine.arguments.dropFirst() {
      guard let plugin = dlopen(path, RTLD_NOW), let symbol = dlsym(plugin, "use_locks") else {
        return print("not loaded: \(String(cString: dlerror()))")
      }
      let useLocks = unsafeBitCast(symbol, to: (@convention(c) () -> Void).self)
      let isClosed = Flag()
      let user = Thread {
        useLocks()
        isClosed.isUsed = true
        // Ends when the plug-in is closed, with locks of it that it has used.
        while !isClosed.isSet { usleep(200) }
      }
      user.start()
      while !isClosed.isUsed { usleep(200) }
      dlclose(plugin)
      isClosed.isSet = true
      while !user.isFinished { usleep(200) }
      usleep(20_000)
    }
    let child = fork()
    if child == 0 { _exit(Locks.one.withLock { 7 }) }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    print("child \(status >> 8), findings \(LockValidator.findings.flatMap(\.classes).sorted())")
  }
}

final class Flag: @unchecked Sendable {
  private let lock = NSLock()
  private var values = (isUsed: false, isSet: false)
  var isUsed: Bool {
    get { lock.withLock { values.isUsed } }
    set { lock.withLock { values.isUsed = newValue } }
  }
  var isSet: Bool {
    get { lock.withLock { values.isSet } }
    set { lock.withLock { values.isSet = newValue } }
  }
}

@_silgen_name("fork") func fork() -> Int32
