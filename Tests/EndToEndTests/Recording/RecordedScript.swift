#if os(Linux)
  import TestSupport

  /// Steps of threads with locks, none of which has to wait: for the program that plays them, and
  /// as the trace that it should leave.
  struct RecordedScript {
    private enum Lock: Hashable {
      case mutex(Int), recursive(Int), rwlock(Int), semaphore(Int)

      var name: String {
        func offset(_ name: String, _ number: Int, _ size: Int) -> String {
          number == 0 ? name : "\(name)+0x\(String(number * size, radix: 16))"
        }
        switch self {
        case .mutex(let number): return offset("mutexes", number, 40)
        case .recursive(let number): return offset("recursives", number, 40)
        case .rwlock(let number): return offset("rwlocks", number, 56)
        case .semaphore(let number): return offset("semaphores", number, 32)
        }
      }

      var kind: String {
        switch self {
        case .mutex: "mutex"
        case .recursive: "recursive"
        case .rwlock: "rwsem"
        case .semaphore: "semaphore"
        }
      }
    }

    private struct Hold {
      var lock: Lock
      var isRead: Bool
    }

    private static let locks = 3
    /// Where the player does everything, for places that are alike.
    private static let place = "stack=\"perform (script.c:1);play (script.c:2)\""

    private(set) var steps = ""
    private(set) var trace = "# lockgraph-trace 1\nmain spawn T0\n"
    private var held: [[Hold]] = [[]]
    private var parents = [0]
    private var isAlive = [true]

    init(_ generator: inout SeededGenerator) {
      for number in 0..<8 {
        let name = Lock.semaphore(number).name
        trace += "main init \(name) kind=semaphore permits=1\n"
      }
      let count = Int.random(in: 5...60, using: &generator)
      for _ in 0..<count { step(&generator) }
      // Everything ends in order, so that nothing is left that waits.
      for thread in held.indices.reversed() where isAlive[thread] { end(thread) }
      trace += "main join T0\n"
    }

    private mutating func step(_ generator: inout SeededGenerator) {
      let alive = held.indices.filter { isAlive[$0] }
      let thread = alive.randomElement(using: &generator)!
      switch Int.random(in: 0..<20, using: &generator) {
      case 0 where held.count < 6:
        add(thread, "spawn", held.count, "spawn T\(held.count)")
        held.append([])
        parents.append(thread)
        isAlive.append(true)
      case 1 where thread != 0 && isAlive[parents[thread]]: end(thread)
      case 2..<10: take(thread, &generator)
      default: giveBack(thread, held[thread].indices.randomElement(using: &generator))
      }
    }

    private mutating func end(_ thread: Int) {
      while !held[thread].isEmpty { giveBack(thread, held[thread].count - 1) }
      steps += "\(thread) exit\n"
      trace += "T\(thread) exit\n"
      isAlive[thread] = false
      guard thread != 0, isAlive[parents[thread]] else { return }
      add(parents[thread], "join", thread, "join T\(thread)")
    }

    private mutating func take(_ thread: Int, _ generator: inout SeededGenerator) {
      let number = Int.random(in: 0..<Self.locks, using: &generator)
      let choice = Int.random(in: 0..<6, using: &generator)
      let lock: Lock =
        switch choice {
        case 0, 1: .mutex(number)
        case 2: .recursive(number)
        case 3, 4: .rwlock(number)
        default: .semaphore(number)
        }
      let isRead = choice == 3
      let others = held.indices.flatMap { other in
        held[other].filter { $0.lock == lock }.map { (other, $0) }
      }
      let isFree = others.allSatisfy { other, hold in
        isRead && hold.isRead || lock.kind == "recursive" && other == thread
      }
      guard isFree else { return }
      held[thread].append(Hold(lock: lock, isRead: isRead))
      let options = "\(lock.name) \(isRead ? "recursive-read" : "write") kind=\(lock.kind)"
      switch lock {
      case .mutex(let number) where choice == 0 && Bool.random(using: &generator):
        add(thread, "try", number, "acquire \(options) try")
      case .mutex(let number): add(thread, "lock", number, "acquire \(options)")
      case .recursive(let number): add(thread, "relock", number, "acquire \(options)")
      case .rwlock(let number):
        add(thread, isRead ? "read" : "write", number, "acquire \(options)")
      case .semaphore(let number): add(thread, "wait", number, "acquire \(options)")
      }
    }

    private mutating func giveBack(_ thread: Int, _ index: Int?) {
      guard let index else { return }
      let lock = held[thread].remove(at: index).lock
      switch lock {
      case .mutex(let number): add(thread, "unlock", number, "release \(lock.name)")
      case .recursive(let number): add(thread, "reunlock", number, "release \(lock.name)")
      case .rwlock(let number): add(thread, "give", number, "release \(lock.name)")
      case .semaphore(let number): add(thread, "post", number, "post \(lock.name)")
      }
    }

    private mutating func add(_ thread: Int, _ operation: String, _ number: Int, _ event: String) {
      steps += "\(thread) \(operation) \(number)\n"
      trace += "T\(thread) \(event) \(Self.place)\n"
    }
  }
#endif
