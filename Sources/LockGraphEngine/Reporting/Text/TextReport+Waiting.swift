// What still waits where the inputs end, by what it goes back to.

extension TextReport {
  /// How many roots are shown, and how many waits of each.
  private static let groupLimit = 20
  private static let waitLimit = 20

  mutating func addWaiting(_ analysis: Analysis) {
    guard !analysis.waiting.isEmpty else { return }
    line(style.paint("What still waits", .strong))
    shownCode = everShownCode
    for group in analysis.waiting.prefix(Self.groupLimit) { add(group) }
    let rest = analysis.waiting.dropFirst(Self.groupLimit)
    if !rest.isEmpty {
      let waits = rest.reduce(0) { $0 + $1.waits.count }
      line()
      wrapped("… \(Counted.grouped(waits, "more wait")) …", indent: 2)
    }
    line()
  }

  private mutating func add(_ group: WaitGroup) {
    line()
    wrapped("\(group.root.text):".withVisibleControls, indent: 2, hanging: 2)
    var shown = group.waits.prefix(Self.waitLimit)
    let circle = group.waits.count(where: \.isInCircle)
    if circle > 0, circle < group.waits.count {
      for wait in shown.prefix(circle) { add(wait) }
      shown = shown.dropFirst(circle)
      if !shown.isEmpty { wrapped("and behind them", indent: 4) }
    }
    for wait in shown { add(wait) }
    let rest = group.waits.count - Self.waitLimit
    if rest > 0 { wrapped("… \(Counted.grouped(rest, "more wait")) …", indent: 4) }
  }

  private mutating func add(_ wait: OpenWait) {
    let place = Self.place(wait.place, wait.input, wait.line)
    let since = wait.time.map { ", since \(TextLayout.seconds($0))" } ?? ""
    wrapped("\(wait.text), \(place)\(since)", indent: 4, hanging: 2)
    addContext(at: wait.at, stack: wait.stack, indent: 8)
    for lock in wait.held.suffix(8) { addHeld(lock, wait.input) }
    // What a thread that waits itself holds is told there.
    for other in wait.obstacles.prefix(4) where !other.isWaiting {
      if let end = other.end {
        add(end, nil, indent: 6)
      } else if let held = other.held {
        wrapped(
          "\(other.thread) took it".withVisibleControls + at(held, wait.input), indent: 6,
          hanging: 2)
        addContext(of: held, indent: 8)
      }
    }
    if let way = InversionScenario.wayOut(
      wait.options, thread: wait.thread, wanted: wait.wanted)
    {
      wrapped(way, indent: 6, hanging: 2)
    }
  }
}
