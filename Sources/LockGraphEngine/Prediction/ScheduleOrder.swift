/// Puts the events of a set in an order in which they can happen, with few switches of threads.
///
/// What stays open comes after all that it excludes; otherwise sections and accesses that exclude
/// each other keep their order. A thread goes on as long as it can.
struct ScheduleOrder {
  private let execution: Execution
  private let frontiers: [UInt32]
  private var inside: [UInt32] = []
  /// By event, its number among those inside.
  private var numbers: [UInt32]
  private var edges: [(from: UInt32, to: UInt32)] = []

  /// - Parameter frontiers: by thread; events before them are inside.
  init(_ execution: Execution, _ frontiers: [UInt32]) {
    self.execution = execution
    self.frontiers = frontiers
    let end = Int(frontiers.max() ?? 0)
    numbers = Array(repeating: Execution.none, count: end)
    for thread in frontiers.indices {
      var event = lastEvent(of: thread)
      while event != Execution.none {
        inside.append(event)
        event = execution.events[Int(event)].previous
      }
    }
    inside.sort()
    for (number, event) in inside.enumerated() { numbers[Int(event)] = UInt32(number) }
  }

  /// The last event of a thread that is inside; `none` if there is none.
  private func lastEvent(of thread: Int) -> UInt32 {
    let frontier = frontiers[thread]
    guard frontier > 0 else { return Execution.none }
    // The frontier is behind an event of the thread, or at one.
    return execution.events[Int(frontier) - 1].thread == thread
      ? frontier - 1 : execution.events[Int(frontier)].previous
  }

  /// The events in order; `nil` if what stays open leaves none.
  ///
  /// - Parameters:
  ///   - requests: what the threads ask for after that.
  ///   - open: what has to stay open.
  ///   - causes: which needs count.
  ///   - isFree: only what no order can do without counts, and the result need not be one.
  mutating func schedule(
    to requests: [UInt32], open: [PrefixClosure.StaysOpen], causes: PrefixClosure.Causes,
    isFree: Bool = false
  ) -> [UInt32]? {
    edges.removeAll(keepingCapacity: true)
    addNeeds(causes)
    for request in requests {
      for need in execution.needs(of: request) where causes.contain(need.cause) {
        orderWait(before: need)
      }
    }
    guard addSections(open: open, isFree: isFree) else { return nil }
    if !isFree, causes.contains(.data) { addAccesses() }
    return sorted()
  }

  /// How many events are inside.
  var count: Int { inside.count }

  private func contains(_ event: UInt32) -> Bool {
    event < numbers.count && numbers[Int(event)] != Execution.none
  }

  private mutating func order(_ one: UInt32, _ other: UInt32) {
    guard execution.events[Int(one)].thread != execution.events[Int(other)].thread else { return }
    edges.append((numbers[Int(one)], numbers[Int(other)]))
  }

  private mutating func addNeeds(_ causes: PrefixClosure.Causes) {
    for thread in 0..<execution.threadCount {
      for need in execution.needs[execution.needStarts[thread]..<execution.needStarts[thread + 1]] {
        guard need.event < frontiers[thread] else { break }
        guard need.cause != .section, need.subject != Execution.none, causes.contain(need.cause),
          contains(need.subject)
        else { continue }
        order(need.subject, need.event)
        orderWait(before: need)
      }
    }
  }

  /// A wait that comes after its signal goes on waiting.
  private mutating func orderWait(before need: Execution.Need) {
    let event = execution.events[Int(need.event)]
    guard event.action == .wake, need.cause == .signal || need.cause == .structure,
      event.previous != Execution.none, contains(event.previous), contains(need.subject),
      execution.events[Int(event.previous)].action == .wait
    else { return }
    order(event.previous, need.subject)
  }

  /// False if two sections that exclude each other both stay open.
  private mutating func addSections(open: [PrefixClosure.StaysOpen], isFree: Bool) -> Bool {
    let taken = sectionsInside(isFree ? Set(open.map(\.hold.lock)) : nil)
    var end = 0
    while end < taken.count {
      let start = end
      let lock = taken[start] >> 32
      while end < taken.count, taken[end] >> 32 == lock { end += 1 }
      guard end - start > 1 else { continue }
      let sections = taken[start..<end].map { UInt32(truncatingIfNeeded: $0) }
      let closed = sections.filter { contains(execution.sections[Int($0)].end) }
      if !isFree { orderClosed(closed) }
      guard closed.count < sections.count else { continue }
      var stillOpen = sections.filter { !contains(execution.sections[Int($0)].end) }
      if isFree {
        // What other threads have can end later.
        stillOpen.removeAll { number in
          let section = execution.sections[Int(number)]
          return !open.contains { $0.thread == section.thread && $0.hold.lock == section.lock }
        }
      }
      for (index, one) in stillOpen.enumerated() {
        let section = execution.sections[Int(one)]
        for other in stillOpen[..<index]
        where excludes(section, execution.sections[Int(other)]) { return false }
        for other in closed where excludes(section, execution.sections[Int(other)]) {
          order(execution.sections[Int(other)].end, section.begin)
        }
      }
    }
    return true
  }

  /// The sections that begin inside, each behind its lock, in the order of locks and then of
  /// beginnings.
  ///
  /// - Parameter locks: no other ones; `nil` is all.
  private func sectionsInside(_ locks: Set<UInt32>?) -> [UInt64] {
    var sections: [UInt64] = []
    for thread in 0..<execution.threadCount {
      for index in execution.needStarts[thread]..<execution.needStarts[thread + 1] {
        let need = execution.needs[index]
        guard need.event < frontiers[thread] else { break }
        guard need.cause == .section else { continue }
        switch execution.events[Int(need.event)].action {
        case .acquire, .wake, .convert:
          let lock = execution.sections[Int(need.subject)].lock
          if locks?.contains(lock) ?? true {
            sections.append(UInt64(lock) << 32 | UInt64(need.subject))
          }
        default: break
        }
      }
    }
    sections.sort()
    return sections
  }

  private func excludes(_ one: Execution.Section, _ other: Execution.Section) -> Bool {
    one.thread != other.thread && one.mode.waits(for: other.mode)
  }

  private mutating func orderClosed(_ sections: [UInt32]) {
    var writer = Execution.none
    var upgrader = Execution.none
    var readers: [UInt32] = []
    for number in sections {
      let section = execution.sections[Int(number)]
      follow(writer, section)
      if !section.mode.isRead { follow(upgrader, section) }
      switch section.mode {
      case .write:
        for reader in readers { follow(reader, section) }
        readers.removeAll(keepingCapacity: true)
        writer = number
      case .upgradable: upgrader = number
      case .read, .recursiveRead: readers.append(number)
      }
    }
  }

  private mutating func follow(_ other: UInt32, _ section: Execution.Section) {
    guard other != Execution.none, excludes(section, execution.sections[Int(other)]) else { return }
    order(execution.sections[Int(other)].end, section.begin)
  }

  /// Accesses of a variable keep their order, but for readers among themselves.
  private mutating func addAccesses() {
    var writes: [UInt32: UInt32] = [:]
    var reads: [UInt32: [UInt32]] = [:]
    for number in inside {
      let event = execution.events[Int(number)]
      switch event.action {
      case .read:
        if let write = writes[event.operand] { order(write, number) }
        reads[event.operand, default: []].append(number)
      case .write:
        if let write = writes[event.operand] { order(write, number) }
        for read in reads[event.operand] ?? [] { order(read, number) }
        reads[event.operand]?.removeAll(keepingCapacity: true)
        writes[event.operand] = number
      default: break
      }
    }
  }

  /// - Complexity: O(events + edges + threads × switches).
  private func sorted() -> [UInt32]? {
    var waitsFor = [UInt32](repeating: 0, count: inside.count)
    var starts = [Int](repeating: 0, count: inside.count + 1)
    for edge in edges {
      waitsFor[Int(edge.to)] += 1
      starts[Int(edge.from) + 1] += 1
    }
    for number in inside.indices { starts[number + 1] += starts[number] }
    var targets = [UInt32](repeating: 0, count: edges.count)
    var fill = starts
    for edge in edges {
      targets[fill[Int(edge.from)]] = edge.to
      fill[Int(edge.from)] += 1
    }
    var result: [UInt32] = []
    result.reserveCapacity(inside.count)
    let queues = threadQueues()
    var positions = queues.starts
    var ready = queues.order
    while !ready.isEmpty {
      var isStuck = true
      for index in ready.indices {
        let thread = ready[index]
        let before = result.count
        while positions[thread] < queues.starts[thread + 1] {
          let number = queues.events[positions[thread]]
          guard waitsFor[Int(number)] == 0 else { break }
          positions[thread] += 1
          result.append(inside[Int(number)])
          for target in targets[starts[Int(number)]..<starts[Int(number) + 1]] {
            waitsFor[Int(target)] -= 1
          }
        }
        if result.count > before { isStuck = false }
      }
      if isStuck { return nil }
      ready.removeAll { positions[$0] == queues.starts[$0 + 1] }
    }
    return result
  }

  /// The events inside by thread, and the threads by their first.
  private func threadQueues() -> (events: [UInt32], starts: [Int], order: [Int]) {
    var starts = [Int](repeating: 0, count: execution.threadCount + 1)
    for event in inside { starts[Int(execution.events[Int(event)].thread) + 1] += 1 }
    for thread in 0..<execution.threadCount { starts[thread + 1] += starts[thread] }
    var events = [UInt32](repeating: 0, count: inside.count)
    var fill = starts
    var order: [Int] = []
    for (number, event) in inside.enumerated() {
      let thread = Int(execution.events[Int(event)].thread)
      if fill[thread] == starts[thread] { order.append(thread) }
      events[fill[thread]] = UInt32(number)
      fill[thread] += 1
    }
    return (events, starts, order)
  }
}
