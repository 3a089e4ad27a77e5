import Foundation
import LockGraph
import Synchronization

/// Threads that misuse locks at random, one step at a time, with a line for each step: what it came
/// to, and which threads wait now. The lines are to be the same for bare and for validated locks.
///
/// It also keeps books of its own about who has what, by what the locks themselves let through, and
/// holds the validator's against them.
final class MisuseProgram: @unchecked Sendable {
  private static let threadCount = 3
  private static let stepCount = 60

  private enum Verb: String, CaseIterable { case lock, tryLock, unlock }

  private var generator: RandomProgram.Generator
  private let locks: [any MisusedLock]
  private let workers: [MisuseWorker]
  /// Who has each lock, and how often.
  private var owners: [(worker: Int, count: Int)?]
  /// What each thread waits for.
  private var pending: [Int?]
  private var orders: Set<[Int]> = []
  private var wasStuck = false

  init(seed: UInt64, isBare: Bool) {
    var generator = RandomProgram.Generator(state: seed)
    let isRecursive = (0..<3).map { _ in Int.random(in: 0..<3, using: &generator) == 0 }
    locks = isRecursive.enumerated().map { number, isRecursive -> any MisusedLock in
      if isBare { return BareLock(isRecursive: isRecursive) }
      if isRecursive { return RecursiveMutex(name: "Lock \(number)") }
      return number == 2 ? WrittenTable(name: "Lock 2") : ValidatedLock(name: "Lock \(number)")
    }
    owners = locks.map { _ in nil }
    workers = (0..<Self.threadCount).map { _ in MisuseWorker() }
    pending = workers.map { _ in nil }
    self.generator = generator
  }

  func run(_ line: (String) -> Void) {
    for step in 0..<Self.stepCount {
      guard
        let free = pending.indices.filter({ pending[$0] == nil }).randomElement(using: &generator)
      else { break }
      let number = locks.indices.randomElement(using: &generator)!
      var verb = Verb.allCases.randomElement(using: &generator)!
      // Who of two gets it first is left to the system.
      if verb == .lock, pending.contains(number) { verb = .unlock }
      line("\(step) T\(free) \(verb) \(number): \(perform(verb, number, by: free))")
    }
  }

  private func perform(_ verb: Verb, _ number: Int, by worker: Int) -> String {
    let lock = locks[number]
    if verb == .lock { noteOrders(to: number, by: worker) }
    if verb == .unlock { release(number, by: worker) }
    if verb == .lock { pending[worker] = number }
    let isDone = workers[worker].perform {
      switch verb {
      case .lock: lock.take()
      case .tryLock: return lock.takeIfFree()
      case .unlock: lock.giveUp()
      }
      return true
    }
    let isTaken = verb == .tryLock && workers[worker].result
    if isTaken { own(number, by: worker) }
    for other in pending.indices where pending[other] != nil && workers[other].isDoneOrStuck() {
      own(pending[other]!, by: other)
      pending[other] = nil
    }
    wasStuck = wasStuck || pending.indices.contains { isOnCircle($0) }
    let waiting = pending.indices.filter { pending[$0] != nil }.map { "T\($0)" }
    let outcome = verb == .tryLock ? "\(isTaken)" : isDone ? "done" : "waits"
    return outcome + (waiting.isEmpty ? "" : ", waiting: \(waiting.joined(separator: " "))")
  }

  // MARK: Books

  private func own(_ number: Int, by worker: Int) {
    let count = owners[number]?.worker == worker ? owners[number]!.count : 0
    owners[number] = (worker, locks[number].isRecursive ? count + 1 : 1)
  }

  private func release(_ number: Int, by worker: Int) {
    guard locks[number].isRecursive else { return owners[number] = nil }
    guard let owner = owners[number], owner.worker == worker else { return }
    owners[number] = owner.count > 1 ? (worker, owner.count - 1) : nil
  }

  private func noteOrders(to number: Int, by worker: Int) {
    if locks[number].isRecursive, owners[number]?.worker == worker { return }
    for other in owners.indices where owners[other]?.worker == worker {
      orders.insert([other, number])
    }
  }

  private func isOnCircle(_ worker: Int) -> Bool {
    var next = worker
    for _ in workers {
      guard let lock = pending[next], let owner = owners[lock] else { return false }
      next = owner.worker
      if next == worker { return true }
    }
    return false
  }

  /// What the validator has other than these books, if anything.
  func disagreements() -> [String] {
    guard let analysis = LockValidator.analysis() else { return ["no analysis"] }
    var disagreements: [String] = []
    let seen = Set(
      analysis.graph.dependencies.map { dependency in
        [dependency.from, dependency.to].map { Int(analysis.graph.classes[$0].name.suffix(1))! }
      })
    // Of a class nested in itself the graph has no dependency.
    let expected = orders.filter { $0[0] != $0[1] }
    if seen.filter({ $0[0] != $0[1] }) != expected {
      disagreements.append(
        "orders \(seen.sorted { $0.lexicographicallyPrecedes($1) })"
          + " instead of \(expected.sorted { $0.lexicographicallyPrecedes($1) })")
    }
    let isReported = analysis.findings.contains { $0.rule == .deadlock }
    if isReported != wasStuck { disagreements.append("deadlock \(isReported), was \(wasStuck)") }
    let strange = analysis.findings.filter {
      ![.deadlock, .lockOrderInversion, .recursiveAcquisition, .releaseNotHeld].contains($0.rule)
    }
    return disagreements + strange.map(\.title)
  }

  static func run(_ argument: String) -> Never {
    let isBare = argument.hasSuffix("bare")
    let program = MisuseProgram(seed: UInt64(argument.prefix { $0.isNumber }) ?? 1, isBare: isBare)
    program.run { say($0) }
    if !isBare, LockValidator.configuration.response != .off {
      for line in program.disagreements() { say("! \(line)") }
    }
    // Some threads may wait for ever.
    _exit(0)
  }
}

/// A thread that does what it is told, which may take for ever.
final class MisuseWorker: @unchecked Sendable {
  private let isBusy = Atomic<Bool>(false)
  private let identifier = Atomic<Int>(0)
  private var work: @Sendable () -> Bool = { true }
  /// What the last work that was done came to.
  private(set) var result = false

  init() {
    Threads.start("misuser") {
      let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
      let identifier = (path?.split(separator: "/").last).flatMap { Int($0) }
      self.identifier.store(identifier ?? -1, ordering: .releasing)
      while true {
        while !self.isBusy.load(ordering: .acquiring) { usleep(100) }
        self.result = self.work()
        self.isBusy.store(false, ordering: .releasing)
      }
    }
    while identifier.load(ordering: .acquiring) == 0 { usleep(100) }
  }

  /// Begins with some work; false if it waits for something.
  func perform(_ work: @escaping @Sendable () -> Bool) -> Bool {
    self.work = work
    isBusy.store(true, ordering: .releasing)
    return isDoneOrStuck()
  }

  /// Waits until the work is done, true, or the thread sleeps and goes on sleeping, false.
  func isDoneOrStuck() -> Bool {
    var sleepingLooks = 0
    while sleepingLooks < 12 {
      if !isBusy.load(ordering: .acquiring) { return true }
      sleepingLooks = isAsleep ? sleepingLooks + 1 : 0
      usleep(1000)
    }
    return false
  }

  private var isAsleep: Bool {
    let path = "/proc/self/task/\(identifier.load(ordering: .relaxed))/stat"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return false }
    return text[end...].dropFirst(2).first == "S"
  }
}

/// A lock that anybody may give up.
protocol MisusedLock: Sendable {
  var isRecursive: Bool { get }
  func take()
  func takeIfFree() -> Bool
  func giveUp()
}

extension ValidatedLock: MisusedLock {
  var isRecursive: Bool { false }
  func take() { lock() }
  func takeIfFree() -> Bool { tryLock() }
  func giveUp() { unlock() }
}

extension RecursiveMutex: MisusedLock {
  var isRecursive: Bool { true }
  func take() { lock() }
  func takeIfFree() -> Bool { tryLock() }
  func giveUp() { unlock() }
}

/// A writer of a reader-writer lock.
final class WrittenTable: MisusedLock {
  private let table: ReadWriteLock
  init(name: String) { table = ReadWriteLock(name: name) }
  var isRecursive: Bool { false }
  func take() { table.writeLock() }
  func takeIfFree() -> Bool { table.tryWriteLock() }
  func giveUp() { table.writeUnlock() }
}

/// The system's own.
final class BareLock: MisusedLock, @unchecked Sendable {
  let isRecursive: Bool
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init(isRecursive: Bool) {
    self.isRecursive = isRecursive
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    if isRecursive { pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE)) }
    pthread_mutex_init(mutex, &attributes)
  }

  func take() { pthread_mutex_lock(mutex) }
  func takeIfFree() -> Bool { pthread_mutex_trylock(mutex) == 0 }
  func giveUp() { pthread_mutex_unlock(mutex) }
}
