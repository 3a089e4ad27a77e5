import LockGraphEngine

/// A few threads that take and release locks, and start and wait for each other.
public struct ThreadedProgram: Sendable, CustomStringConvertible {
  public enum Step: Sendable, Equatable {
    case acquire(Int, LockMode, isTry: Bool)
    case release(Int)
    case spawn(Int)
    case join(Int)
  }

  /// What each thread does, in its order.
  public var threads: [[Step]]
  /// The class of each lock, as a number.
  public var classes: [Int]

  public init(_ threads: [[Step]], classes: [Int]) {
    self.threads = threads
    self.classes = classes
  }

  public func isSpawned(_ thread: Int) -> Bool {
    threads.contains { $0.contains(.spawn(thread)) }
  }

  /// Whether some thread asks for the lock for writing.
  func isWritten(_ lock: Int) -> Bool {
    threads.contains { $0.contains(.acquire(lock, .write, isTry: false)) }
  }

  static func className(_ lockClass: Int) -> String { "C\(lockClass)" }

  /// The text of the steps of threads in an order, each step by its thread's number.
  public func trace(_ schedule: [Int]) -> String {
    var positions = [Int](repeating: 0, count: threads.count)
    var text = classes.enumerated().map { "M init l\($0) class=\(Self.className($1))\n" }.joined()
    for thread in schedule {
      let step = threads[thread][positions[thread]]
      positions[thread] += 1
      text += "T\(thread) \(step.line)\n"
    }
    return text
  }

  public var description: String {
    threads.map { $0.map(\.line).joined(separator: ";") }.joined(separator: " | ")
      + " of classes \(classes)"
  }
}

extension ThreadedProgram.Step {
  fileprivate var line: String {
    switch self {
    case .acquire(let lock, let mode, let isTry):
      "acquire l\(lock) \(mode.name)\(isTry ? " try" : "")"
    case .release(let lock): "release l\(lock)"
    case .spawn(let thread): "spawn T\(thread)"
    case .join(let thread): "join T\(thread)"
    }
  }
}

extension ThreadedProgram {
  /// What holds at one point of a run.
  public struct State: Hashable, Sendable {
    public var positions: [Int]

    func next(_ program: ThreadedProgram, _ thread: Int) -> Step? {
      positions[thread] < program.threads[thread].count
        ? program.threads[thread][positions[thread]] : nil
    }

    func held(_ program: ThreadedProgram, _ thread: Int) -> [(lock: Int, mode: LockMode)] {
      var held: [(lock: Int, mode: LockMode)] = []
      for step in program.threads[thread].prefix(positions[thread]) {
        switch step {
        case .acquire(let lock, let mode, _): held.append((lock, mode))
        case .release(let lock): held.remove(at: held.lastIndex { $0.lock == lock }!)
        case .spawn, .join: break
        }
      }
      return held
    }

    func isStarted(_ program: ThreadedProgram, _ thread: Int) -> Bool {
      guard program.isSpawned(thread) else { return true }
      return program.threads.indices.contains { other in
        program.threads[other].prefix(positions[other]).contains(.spawn(thread))
      }
    }

    func isFinished(_ program: ThreadedProgram, _ thread: Int) -> Bool {
      positions[thread] == program.threads[thread].count
    }

    /// Whether the thread's next step can be done now.
    func canRun(_ program: ThreadedProgram, _ thread: Int) -> Bool {
      guard let step = next(program, thread), isStarted(program, thread) else { return false }
      switch step {
      case .acquire(let lock, let mode, _):
        return !program.threads.indices.contains { other in
          other != thread
            && held(program, other).contains {
              $0.lock == lock && mode.waits(for: $0.mode)
            }
        }
      case .join(let other): return isFinished(program, other)
      case .release, .spawn: return true
      }
    }

    /// The threads that the thread may wait for, as long as they keep what they hold.
    func obstacles(_ program: ThreadedProgram, _ thread: Int) -> [Int] {
      guard let step = next(program, thread), isStarted(program, thread) else { return [] }
      switch step {
      case .acquire(let lock, let mode, isTry: false):
        return program.threads.indices.filter { other in
          other != thread
            && held(program, other).contains {
              $0.lock == lock
                && (mode.waits(for: $0.mode)
                  || mode.waitsBehindWriters && program.isWritten(lock))
            }
        }
      case .join(let other): return isFinished(program, other) ? [] : [other]
      default: return []
      }
    }
  }

  public var start: State { State(positions: threads.map { _ in 0 }) }

  /// A run of all threads to their ends in an order that a generator chooses; `nil` if that one
  /// hangs.
  public func randomSchedule(using generator: inout SeededGenerator) -> [Int]? {
    var state = start
    var schedule: [Int] = []
    while let thread = threads.indices.filter({ state.canRun(self, $0) })
      .randomElement(using: &generator)
    {
      state.positions[thread] += 1
      schedule.append(thread)
    }
    return threads.indices.allSatisfy { state.isFinished(self, $0) } ? schedule : nil
  }

  /// A circle of threads that wait for each other.
  public struct Circle: Hashable, Sendable {
    /// The classes of the locks that are waited for, in the order of the circle, from the least one
    /// on; `nil` for one that waits for the end of a thread.
    public var classes: [String?]
    /// The numbers of the threads that wait.
    public var threads: Set<Int>

    /// The circle in which each of some classes is held by a thread that waits for the next one.
    public init(_ classes: [String?], threads: Set<Int> = []) {
      self.threads = threads
      let rotations = classes.indices.map { Array(classes[$0...] + classes[..<$0]) }
      self.classes = rotations.min { "\($0)" < "\($1)" }!
    }
  }

  /// The circles in which the threads can end up in any order of their steps that keeps each
  /// thread's own order, the exclusion of the locks and the order of spawns and joins. A `try` that
  /// does not succeed ends its thread there. A writer may be waiting for any lock that some thread
  /// writes.
  public func reachableCircles() -> Set<Circle> {
    var circles: Set<Circle> = []
    var visited: Set<State> = [start]
    var stack = [start]
    while let state = stack.popLast() {
      let obstacles = threads.indices.map { state.obstacles(self, $0) }
      for first in threads.indices {
        follow([first], obstacles, state, &circles)
      }
      for thread in threads.indices where state.canRun(self, thread) {
        var next = state
        next.positions[thread] += 1
        if visited.insert(next).inserted { stack.append(next) }
      }
    }
    return circles
  }

  private func follow(
    _ path: [Int], _ obstacles: [[Int]], _ state: State, _ circles: inout Set<Circle>
  ) {
    for next in obstacles[path.last!] {
      if next == path[0] {
        let wanted = path.map { thread -> String? in
          guard case .acquire(let lock, _, _) = state.next(self, thread) else { return nil }
          return Self.className(classes[lock])
        }
        circles.insert(Circle(wanted, threads: Set(path)))
      } else if next > path[0], !path.contains(next) {
        follow(path + [next], obstacles, state, &circles)
      }
    }
  }
}
