/// What bcc's tool `deadlock` prints of a process: cycles of the order of its mutexes, with the
/// stacks of each nesting.
struct PotentialDeadlocks {
  private struct Mutex {
    var symbol: String?
    var address: String
  }

  private struct Nesting {
    var held: String
    var wanted: String
    var thread: String
    var line: UInt64
    var wantedFrames: [String] = []
    var heldFrames: [String] = []
  }

  private enum Section { case none, wanted, held }

  private(set) var isActive = false
  private var headline: UInt64 = 0
  private var mutexes: [String: Mutex] = [:]
  private var cycle: [String] = []
  private var nestings: [Nesting] = []
  private var section = Section.none
  private var gap = 0
  private var done: [Finding] = []

  private static let mostNestings = 256
  private static let mostFrames = 48
  private static let longestGap = 60

  /// Takes a line.
  ///
  /// - Returns: whether it belongs to a report.
  mutating func take(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    if text.hasPrefix("Potential Deadlock Detected!") {
      finish()
      isActive = true
      headline = line
      return true
    }
    guard isActive else { return false }
    if text.isEmpty { return true }
    if takeCycle(text) || takeNesting(text, line) || takeFrame(text) {
      gap = 0
      return true
    }
    gap += 1
    if gap > Self.longestGap { finish() }
    return false
  }

  /// `Cycle in lock order graph: Mutex M0 (SYMBOL 0x01) => Mutex M1 (0x02) => Mutex M0 (…)`
  private mutating func takeCycle(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.hasPrefix("Cycle in lock order graph: ") else { return false }
    cycle = text.from(27).text.components(separatedBy: " => ").prefix(Self.mostNestings)
      .compactMap { readMutex($0[...]) }
    section = .none
    return true
  }

  /// The name of `Mutex M1 (SYMBOL 0x02)`, of which the rest is noted.
  private mutating func readMutex(_ text: Substring) -> String? {
    guard text.hasPrefix("Mutex "), let open = text.firstIndex(of: "("),
      let close = text.lastIndex(of: ")"), open < close
    else { return nil }
    let name = text[text.index(text.startIndex, offsetBy: 6)..<open]
      .split(separator: " ").first.map(String.init)
    guard let name else { return nil }
    let inside = text[text.index(after: open)..<close]
    let address = inside.split(separator: " ").last.map(String.init) ?? ""
    let symbol = inside.dropLast(address.count).split(separator: " ").joined(separator: " ")
    mutexes[name] = Mutex(symbol: symbol.isEmpty ? nil : symbol, address: address)
    return name
  }

  private mutating func takeNesting(_ text: UnsafeRawBufferPointer, _ line: UInt64) -> Bool {
    guard text.hasPrefix("Mutex ") || text.hasPrefix("Thread ") else { return false }
    section = .none
    if text.hasPrefix("Thread ") { return text.contains(" created by ") }
    if let middle = text.offset(of: " acquired here while holding "),
      let thread = text.offset(of: " in Thread ", from: middle)
    {
      guard nestings.count < Self.mostNestings, let wanted = readMutex(text.upTo(middle).text[...]),
        let held = readMutex(
          UnsafeRawBufferPointer(rebasing: text[(middle + 29)..<thread]).text[...])
      else { return true }
      nestings.append(
        Nesting(
          held: held, wanted: wanted, thread: Self.thread(text.from(thread + 11)), line: line))
      section = .wanted
      return true
    }
    if text.contains(" previously acquired by the same Thread ") {
      section = .held
      return true
    }
    return false
  }

  /// `NAME/357250` of `357250 (NAME):`
  private static func thread(_ text: UnsafeRawBufferPointer) -> String {
    let number = String(decoding: text.prefix(while: isDigit), as: UTF8.self)
    guard let open = text.firstIndex(of: UInt8(ascii: "(")),
      let close = text.lastIndex(of: UInt8(ascii: ")")), open < close
    else { return number }
    return "\(UnsafeRawBufferPointer(rebasing: text[(open + 1)..<close]).text)/\(number)"
  }

  /// `@ 00000000004024d0 b'main::{lambda()#3}::operator()() const'`
  private mutating func takeFrame(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.hasPrefix("@ "), let last = nestings.indices.last else { return false }
    let rest = text.from(2)
    var name = rest.from((rest.firstIndex(of: 0x20) ?? rest.count) + 1).trimmed
    if name.hasPrefix("b'") || name.hasPrefix("b\"") {
      name = name.from(2).upTo(max(0, name.count - 3))
    }
    guard !name.isEmpty else { return true }
    switch section {
    case .wanted where nestings[last].wantedFrames.count < Self.mostFrames:
      nestings[last].wantedFrames.append(name.text)
    case .held where nestings[last].heldFrames.count < Self.mostFrames:
      nestings[last].heldFrames.append(name.text)
    default: break
    }
    return true
  }

  // MARK: Findings

  mutating func finish() {
    guard isActive else { return }
    if let finding { done.append(finding) }
    isActive = false
    mutexes = [:]
    cycle = []
    nestings = []
    section = .none
    gap = 0
  }

  mutating func takeFindings() -> [Finding] {
    guard !done.isEmpty else { return [] }
    defer { done.removeAll() }
    return done
  }

  private var finding: Finding? {
    // The first mutex is named again at the end.
    let isWhole = cycle.count > 2 && cycle.first == cycle.last
    let steps = isWhole ? Array(cycle.dropLast()) : []
    let edges = steps.indices.compactMap { number -> FindingEdge? in
      let next = steps[(number + 1) % steps.count]
      guard let nesting = nestings.first(where: { $0.held == steps[number] && $0.wanted == next })
      else { return nil }
      return edge(nesting)
    }
    guard !edges.isEmpty, edges.count == steps.count else {
      let known = (cycle.isEmpty ? nestings.map(\.held) : cycle).reduce(into: [String]()) {
        if !$0.contains(name($1)) { $0.append(name($1)) }
      }
      return .cutOff(
        .lockOrderInversion, of: known,
        title: "mutexes are taken in a circle (the report is cut off)",
        events: [
          FindingEvent(
            role: .acquire, thread: nestings.first?.thread ?? Witness.unknownThread, stack: [],
            input: "", line: headline)
        ])
    }
    let least = edges.indices.min {
      edges[$0].from.utf8.lexicographicallyPrecedes(edges[$1].from.utf8)
    }!
    let threads = Set(edges.map { $0.witnesses[0].thread })
    return .inversion(
      Array(edges[least...] + edges[..<least]),
      confidence: threads.count > 1 ? .feasible : .ordering,
      reason: threads.count > 1
        ? "bcc's deadlock reported it, which does not tell whether another lock keeps the threads apart"
        : "bcc's deadlock reported it of one thread")
  }

  /// The symbol of a mutex, else where it is taken: its address is of one run.
  private func name(_ mutex: String) -> String {
    if let symbol = mutexes[mutex]?.symbol { return symbol }
    for nesting in nestings {
      let frames =
        nesting.wanted == mutex
        ? nesting.wantedFrames : nesting.held == mutex ? nesting.heldFrames : []
      if let first = frames.first { return "mutex taken in \(first)" }
    }
    return "unnamed mutex \(mutex)"
  }

  private func edge(_ nesting: Nesting) -> FindingEdge {
    func lock(_ mutex: String, _ frames: [String]) -> WitnessedLock {
      WitnessedLock(
        lock: "\(name(mutex))@\(mutexes[mutex]?.address ?? mutex)", lockClass: name(mutex),
        mode: .write, stack: frames, line: nesting.line, kind: .mutex)
    }
    let held = lock(nesting.held, nesting.heldFrames)
    let wanted = lock(nesting.wanted, nesting.wantedFrames)
    return FindingEdge(
      from: held.lockClass, to: wanted.lockClass, kinds: .en, decidingKind: .en, count: 0,
      areKindsAssumed: true,
      witnesses: [
        Witness(
          thread: nesting.thread, held: held, wanted: wanted, kind: .en, isStated: true,
          options: [], alsoHeld: [], input: "", line: nesting.line)
      ])
  }
}

extension String {
  /// The parts between a separator; the standard library alone is at hand.
  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: true).map(String.init)
  }
}
