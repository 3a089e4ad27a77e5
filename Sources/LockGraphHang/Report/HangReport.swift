/// What was found out about processes that may hang.
package struct HangReport: Sendable {
  package struct Process: Sendable {
    package var identifier: Int32
    package var name: String
    package var isCore: Bool
    /// Those that have not ended.
    package var threads = 0
    /// Threads of which the system does not tell what they do.
    package var unreadable = 0
    /// What could not be seen otherwise, in words.
    package var remarks: [String] = []
    /// What it is a program of, where that has tools of its own.
    package var runtimes: [Runtime] = []
    /// Those whose tools told of the same threads.
    package var joined: [Runtime] = []
    /// What these tools said.
    package var answers: [RuntimeAnswer] = []

    /// What threads are of that are none of the program.
    var machine: String {
      joined.contains(.java) ? "the Java virtual machine" : "Go's runtime"
    }
  }

  struct LockPlace: Hashable, Sendable {
    var process: Int
    var address: UInt64
  }

  package var processes: [Process] = []
  package var threads: [HungThread] = []
  package var graph = WaitGraph([])
  /// How much time lay between the looks; `nil` if there was one, at what does not move.
  package var pause: Duration?
  package let isLiving: Bool
  /// There was more memory than is searched for held mutexes.
  package var isHeldIncomplete = false
  var names: [LockPlace: String] = [:]

  init(isLiving: Bool) { self.isLiving = isLiving }

  /// Threads that could not be looked at.
  package var unreadable: Int { processes.reduce(0) { $0 + $1.unreadable } }

  /// Whether something waits that nothing can end.
  package var isDeadlocked: Bool {
    graph.isDeadlocked || processes.contains { $0.answers.contains(where: \.isDeadlock) }
  }

  /// Whether some thread waited all the time between the looks.
  package var hasWaits: Bool { threads.contains { $0.wait != nil && $0.isSteady } }

  /// 1 if something waits that nothing can end, 2 if nothing does and not all could be seen, else
  /// 0.
  package var exitStatus: Int32 { isDeadlocked ? 1 : unreadable > 0 ? 2 : 0 }

  /// Whether every thread waits, and none of them for a thread that could go on.
  var isIdle: Bool { isIdle(threads) }

  /// Whether that is so of some process.
  package var hasIdleProcess: Bool {
    processes.indices.contains { number in isIdle(threads.filter { $0.process == number }) }
  }

  private func isIdle(_ threads: [HungThread]) -> Bool {
    let living = threads.filter(\.isAlive)
    return !living.isEmpty
      && living.allSatisfy { thread in
        guard thread.isSteady, let wait = thread.wait, !wait.isTimed else { return false }
        // Another process has it.
        return !thread.blockers.contains { if case .outside = $0.who { true } else { false } }
      }
  }

  /// What a lock is called.
  func name(_ address: UInt64, of process: Int) -> String {
    names[LockPlace(process: process, address: address)] ?? "0x" + hexadecimalText(address)
  }

  /// Names that several locks have, as static variables of different files can.
  var sharedNames: Set<String> {
    var addresses: [String: UInt64] = [:]
    var shared: Set<String> = []
    for (place, name) in names
    where addresses.updateValue(place.address, forKey: name) ?? place.address != place.address {
      shared.insert(name)
    }
    return shared
  }

  /// What a thread is called.
  package func name(of index: Int) -> String {
    let thread = threads[index]
    let process = processes[thread.process]
    var name =
      thread.name.isEmpty ? "thread \(thread.identifier)" : thread.name + "/\(thread.identifier)"
    if thread.identifier == process.identifier, thread.name == process.name {
      name = "main/\(thread.identifier)"
    }
    if processes.count > 1 { name = process.name + ":" + name }
    return name
  }
}
