/// How much there was for a gate to judge.
struct GateCoverage {
  /// Whether anything can be said of it.
  private(set) var extent = GateVerdict.Coverage.checked
  /// Why not, and what it does not show.
  private(set) var remarks: [GateVerdict.Remark] = []

  /// - Parameter minimum: how many events there must be; `nil` is at least one, unless inputs can
  ///   say something without them.
  init(_ inputs: [TraceInput], minimum: UInt64?) {
    for input in inputs {
      guard let doubt = input.doubt else { continue }
      extent = .insufficient
      add(true, "\(input.name): no trace: \(doubt.text)")
    }
    // What a graph file holds stands beside it, input by input.
    let counted = inputs.filter { $0.format != TraceFormat.graph.rawValue }
    // What files state has no bound.
    let count = counted.reduce(0 as UInt64) { sum, input in
      let (one, isMore) = input.events.addingReportingOverflow(input.facts)
      let (total, isTooMuch) = sum.addingReportingOverflow(one)
      return isMore || isTooMuch ? .max : total
    }
    let silent = counted.filter(\.isSilent)
    addSilent(silent)
    if let minimum, minimum > 0, count < minimum {
      extent = .insufficient
      add(
        true,
        count == 0
          ? "no events: nothing was checked"
          : "\(Counted.plain(count, "event")), and at least \(minimum) were expected")
      return
    }
    guard count == 0, extent == .checked else { return }
    let isAllowed = minimum == 0
    let saysSomething = !counted.isEmpty && silent.count == counted.count
    extent = isAllowed || saysSomething ? .nothing : .insufficient
    if !saysSomething { add(!isAllowed, "no events: nothing was checked") }
  }

  /// What has no events for a good reason is named, and shows less than it seems to.
  private mutating func addSilent(_ inputs: [TraceInput]) {
    for input in inputs.prefix(Self.listed) { add(false, "\(input.name): \(input.silence)") }
    let rest = inputs.count - Self.listed
    if rest > 0 { add(false, "\(Counted.plain(rest, "more input")) without events or reports") }
  }

  private static let listed = 20

  private mutating func add(_ isViolation: Bool, _ text: String) {
    remarks.append(.init(isViolation: isViolation, text: text))
  }
}

extension TraceInput {
  /// It has no events or facts, and is something else than nothing all the same: a log in which
  /// nothing is reported, or the graph of a program, which is there only if a lock was used.
  fileprivate var isSilent: Bool {
    guard events == 0, facts == 0, doubt == nil else { return false }
    return TraceFormat(rawValue: format)?.absence != nil || format == Self.runningProgram
  }

  fileprivate var silence: String {
    format == Self.runningProgram
      ? "the program took no lock while it held another"
      : TraceFormat(rawValue: format)?.absence ?? ""
  }
}
