import LockGraphEngine
import TestSupport

/// Statistics by brute force: for each thread, lock and life of a lock the events that concern it
/// are gone through, and who has a lock at some event is looked for in the list of all holds.
struct StatisticsModel {
  struct Event {
    var verb: EventVerb
    var thread: Int
    var lock: Int
    var mode: LockMode?
    var time: Int64?
    var place: String?
    var reason: AbandonReason?
    var isOfAllThreads = false

    var line: String {
      var line = time.map { "[\($0 / 1_000_000_000).\(Self.decimals($0))] " } ?? ""
      line += "\(isOfAllThreads ? "*" : "T\(thread)") \(verb.name)"
      switch verb {
      case .lost: return line + " count=1"
      case .exit: return line
      case .wait, .wake: line += " c lock=L\(lock)"
      case .`init`: line += " L\(lock) class=\(StatisticsModel.className(lock))"
      default: line += " L\(lock)"
      }
      if let mode { line += " \(mode.name)" }
      if let place { line += " at=\(place)" }
      if let reason { line += " reason=\(reason)" }
      return line
    }

    private static func decimals(_ time: Int64) -> String {
      let digits = String(time % 1_000_000_000)
      return String(repeating: "0", count: 9 - digits.count) + digits
    }
  }

  /// Of one class in one mode.
  struct Counts: Equatable {
    var acquisitions = 0
    var contentions = 0
    var failed = 0
    var abandoned: [String: Int] = [:]
    var openHolds = 0
    var openWaits = 0
    var waits: [UInt64] = []
    var holds: [UInt64] = []
  }

  private struct Hold {
    var thread: Int
    var lock: Int
    var taken: Int
    var sharedFrom: Int
    var end: Int
    var place: String?
  }

  private struct Wait {
    var thread: Int
    var lock: Int
    var request: Int
    var end: Int
    var isShared: Bool
    var place: String?
    /// `nil` if it ended without the lock.
    var isAcquired: Bool
  }

  static func className(_ lock: Int) -> String { "C\(lock / 2)" }

  private let events: [Event]
  private(set) var counts: [String: Counts] = [:]
  private(set) var contentionPoints: [String: [String: Int]] = [:]
  private(set) var contendingPoints: [String: [String: Int]] = [:]
  private(set) var backwards: UInt64 = 0
  private var holds: [Hold] = []
  private var waits: [Wait] = []

  init(_ events: [Event]) {
    self.events = events
    let threads = Set(events.map(\.thread))
    for lock in Set(events.map(\.lock)) {
      var lives: [[Int]] = [[]]
      for (index, event) in events.enumerated() {
        if event.verb == .lost || event.verb == .exit {
          // A request for a lock that is gone can still be open.
          for life in lives.indices { lives[life].append(index) }
        } else if event.lock == lock {
          lives[lives.count - 1].append(index)
        }
        // The event that ends a life is the last of it.
        if event.verb == .destroy, event.lock == lock { lives.append([]) }
      }
      for life in lives {
        for thread in threads {
          follow(thread, lock, life.filter { concerns(events[$0], thread) })
        }
      }
    }
    for wait in waits { judge(wait) }
  }

  private func concerns(_ event: Event, _ thread: Int) -> Bool {
    event.thread == thread || event.verb == .destroy || event.isOfAllThreads
  }

  private mutating func add(_ lock: Int, _ isShared: Bool, _ change: (inout Counts) -> Void) {
    change(&counts["\(Self.className(lock)) \(isShared ? "read" : "write")", default: Counts()])
  }

  private mutating func elapsed(_ begin: Int, _ end: Int) -> UInt64? {
    guard let start = events[begin].time, let stop = events[end].time else { return nil }
    if stop < start { backwards += 1 }
    return UInt64(max(0, stop - start))
  }

  /// One thread and one life of a lock.
  private mutating func follow(_ thread: Int, _ lock: Int, _ indices: [Int]) {
    var depth = 0
    var hold: Hold?
    var request: Int?
    var suspended: (isShared: Bool, depth: Int)?
    func isShared(_ hold: Hold) -> Bool { hold.sharedFrom < .max }
    func endHold(_ index: Int, in model: inout StatisticsModel) {
      guard var ended = hold else { return }
      let begin = isShared(ended) ? max(ended.sharedFrom, ended.taken) : ended.taken
      if let time = model.elapsed(begin, index) {
        model.add(lock, isShared(ended)) { $0.holds.append(time) }
      }
      ended.end = index
      model.holds.append(ended)
      hold = nil
      depth = 0
    }
    func endRequest(_ index: Int, _ isAcquired: Bool, in model: inout StatisticsModel) -> Bool? {
      guard let open = request else { return nil }
      let shared = model.events[open].mode.map { $0 != .write } ?? false
      model.waits.append(
        Wait(
          thread: thread, lock: lock, request: open, end: index,
          isShared: isAcquired ? model.events[index].mode.map { $0 != .write } ?? shared : shared,
          place: model.events[open].place ?? (isAcquired ? model.events[index].place : nil),
          isAcquired: isAcquired))
      request = nil
      return shared
    }
    for index in indices {
      let event = events[index]
      switch event.verb {
      case .request: request = index
      case .acquire, .wake:
        let back = event.verb == .wake ? suspended ?? (false, 1) : nil
        let place = event.place ?? request.flatMap { events[$0].place }
        let asked = endRequest(index, true, in: &self)
        let shared = back?.isShared ?? event.mode.map { $0 != .write } ?? asked ?? false
        if let back {
          suspended = nil
          waits.indices.last.map { if asked != nil { waits[$0].isShared = back.isShared } }
        }
        add(lock, shared) { $0.acquisitions += 1 }
        depth += back?.depth ?? 1
        if hold == nil {
          hold = Hold(
            thread: thread, lock: lock, taken: index, sharedFrom: shared ? index : .max,
            end: .max, place: place)
        }
      case .release:
        if hold != nil {
          depth -= 1
          if depth == 0 { endHold(index, in: &self) }
        } else {
          abandon(endRequest(index, false, in: &self), lock, "unknown")
        }
      case .abandon:
        abandon(
          endRequest(index, false, in: &self), lock, event.reason.map { "\($0)" } ?? "unknown")
      case .downgrade:
        if let held = hold, !isShared(held) {
          if let time = elapsed(held.taken, index) { add(lock, false) { $0.holds.append(time) } }
          hold?.sharedFrom = index
        }
      case .wait:
        guard let held = hold else { continue }
        suspended = (isShared(held), depth)
        endHold(index, in: &self)
      case .exit:
        endHold(index, in: &self)
        abandon(endRequest(index, false, in: &self), lock, "unknown")
        suspended = nil
      case .lost:
        if var ended = hold {
          ended.end = index
          holds.append(ended)
        }
        (hold, depth, request, suspended) = (nil, 0, nil, nil)
      case .destroy: endHold(index, in: &self)
      default: break
      }
    }
    if let hold {
      add(lock, isShared(hold)) { $0.openHolds += 1 }
      holds.append(hold)
    }
    if let request {
      add(lock, events[request].mode.map { $0 != .write } ?? false) { $0.openWaits += 1 }
    }
  }

  private mutating func abandon(_ asked: Bool?, _ lock: Int, _ reason: String) {
    guard let asked else { return }
    if reason == "failed" {
      waits.removeLast()
      add(lock, asked) { $0.failed += 1 }
    } else {
      add(lock, asked) { $0.abandoned[reason, default: 0] += 1 }
    }
  }

  private mutating func judge(_ wait: Wait) {
    let life = events[..<wait.request].count { $0.verb == .destroy && $0.lock == wait.lock }
    let others = holds.filter { hold in
      hold.lock == wait.lock && hold.thread != wait.thread && hold.taken < wait.request
        && hold.end > wait.request
        && events[..<hold.taken].count { $0.verb == .destroy && $0.lock == wait.lock } == life
    }
    let asked = events[wait.request].mode.map { $0 != .write } ?? false
    let isExcluded = others.contains { !asked || $0.sharedFrom > wait.request }
    let time = elapsed(wait.request, wait.end)
    if wait.isAcquired {
      guard isExcluded || time ?? 0 > 0 else { return }
      add(wait.lock, wait.isShared) {
        $0.contentions += 1
        if let time { $0.waits.append(time) }
      }
    }
    let name = Self.className(wait.lock)
    if let place = wait.place { contentionPoints[name, default: [:]][place, default: 0] += 1 }
    if let place = others.max(by: { $0.taken < $1.taken })?.place {
      contendingPoints[name, default: [:]][place, default: 0] += 1
    }
  }
}
