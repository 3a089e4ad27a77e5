import LockGraphEngine

/// The report for people.
package struct HangText {
  /// Of longer circles only the beginning and the end are told.
  private static let circleLimit = 12
  /// Deeper stacks are in JSON.
  private static let frameLimit = 12

  /// Lines, ended by newlines.
  package private(set) var text = ""
  private let report: HangReport
  private let width: Int
  private let showsStacks: Bool
  private let place: (StackFrame) -> String?
  private var stacks: [[UInt64]: String] = [:]

  /// - Parameters:
  ///   - width: characters a line.
  ///   - place: file and line of a frame, where they are known.
  package init(
    _ report: HangReport, width: Int, showsStacks: Bool,
    place: @escaping (StackFrame) -> String? = { _ in nil }
  ) {
    self.report = report
    self.width = max(40, width)
    self.showsStacks = showsStacks
    self.place = place
    addVerdicts()
    addAnswers()
    addOthers()
    addSummary()
  }

  // MARK: Verdicts

  private mutating func addVerdicts() {
    var number = 0
    for circle in report.graph.circles {
      number += 1
      let names = circle.map(report.name)
      let isLong = circle.count > Self.circleLimit
      add(
        circle.count == 1
          ? "#\(number) deadlock: \(names[0]) waits for itself"
          : isLong
            ? "#\(number) deadlock: \(Counted.grouped(circle.count, "thread")) wait for each other"
            : "#\(number) deadlock: \(Self.list(names)) wait for each other")
      add()
      for index in isLong ? circle.prefix(Self.circleLimit / 2) : circle[...] {
        addThread(index, tellsHeld: false)
      }
      if isLong {
        let left = circle.count - Self.circleLimit / 2 - 1
        add(
          "So it goes on through \(Counted.grouped(left, "thread")) more, each of which waits for the "
            + "next one (--format json tells all), to", 2)
        add()
        addThread(circle.last!, tellsHeld: false)
      }
      addConclusion(circle)
    }
    for index in report.graph.orphans {
      number += 1
      add("#\(number) deadlock: \(report.name(of: index)) waits for a thread that is no more")
      add()
      addThread(index)
      add("Who holds it has ended without letting go, or held it when this process was forked.", 2)
      add()
    }
    if !report.graph.stuck.isEmpty {
      number += 1
      let names = report.graph.stuck.map(report.name)
      let verb = names.count == 1 ? "waits" : "wait"
      add("#\(number) deadlock: \(Self.list(names)) \(verb) for what nobody is left to release")
      add()
      addFolded(report.graph.stuck)
      add(
        "Such a lock does not say who has it; but every thread of the process waits for it, or for "
          + "one that does. So who has it is among them, or has ended.", 2)
      add()
    }
  }

  /// What other tools found, in their words.
  private mutating func addAnswers() {
    for process in report.processes {
      for answer in process.answers where !answer.lines.isEmpty {
        add(answer.isDeadlock ? "deadlock, by \(answer.command)" : "By \(answer.command)")
        add()
        for line in answer.lines {
          text += "  " + line.withBlanksForTabs.withVisibleControls + "\n"
        }
        add()
      }
    }
  }

  private mutating func addConclusion(_ circle: [Int]) {
    let canEnd = circle.contains { report.threads[$0].wait?.isTimed ?? false }
    let moved = report.duration.map { ", and nobody moved for \($0)" } ?? ""
    let isLikely = circle.contains { report.threads[$0].blockers[0].certainty != .certain }
    var text =
      canEnd
      ? "It ends when who waits with a time-out gives up\(moved)."
      : circle.count == 1
        ? "The wait cannot end\(moved)."
        : "None of these waits can end before the next one\(moved)."
    if isLikely { text += " Who has it is known by the stack." }
    add(text, 2)
    add()
  }

  // MARK: The rest

  private mutating func addOthers() {
    let graph = report.graph
    let told = Set(graph.circles.joined()).union(graph.orphans).union(graph.stuck)
    let behind = graph.behind.filter { !report.threads[$0].isOfMachine }
    if !behind.isEmpty {
      add(graph.isDeadlocked ? "Behind them" : "Who waits for whom")
      add()
      addFolded(behind)
    }
    let others = report.threads.indices.filter { index in
      let thread = report.threads[index]
      return thread.wait != nil && thread.isSteady && !thread.isOfMachine && !told.contains(index)
        && !graph.behind.contains(index)
    }
    if !others.isEmpty {
      add("Who else waits")
      add()
      addFolded(others)
    }
    let roots = graph.roots.filter { report.threads[$0].wait == nil }
    if !roots.isEmpty {
      add("What they go back to")
      add()
      for index in roots { addRoot(index) }
    }
    if graph.longestChain.count > 2 {
      let names = graph.longestChain.map(report.name)
      let shown =
        names.count > 8
        ? Array(names.prefix(4)) + ["\(names.count - 7) others"] + Array(names.suffix(3)) : names
      add("The longest line: " + shown.joined(separator: " waits for "), hanging: 2)
      add()
    }
  }

  private mutating func addRoot(_ index: Int) {
    add(report.name(of: index) + " " + report.activity(of: index), 2, hanging: 2)
    addHeld(index)
    addStack(index)
    add()
  }

  /// Threads that wait for the same in the same functions, in one entry.
  private mutating func addFolded(_ indices: [Int]) {
    var order: [String] = []
    var groups: [String: [Int]] = [:]
    for index in indices {
      let own = report.sentence(about: index).dropFirst(report.name(of: index).count)
      let key = own + "\n" + stack(index) + "\n\(report.threads[index].holds.count)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(index)
    }
    for key in order {
      let members = groups[key]!
      addThread(members[0])
      guard members.count > 1 else { continue }
      let names = members.dropFirst().map(report.name)
      let shown = names.count > 6 ? Array(names.prefix(5)) + ["\(names.count - 5) others"] : names
      text.removeLast()
      add("and so \(names.count == 1 ? "does" : "do") \(Self.list(shown))", 4, hanging: 2)
      add()
    }
  }

  /// - Parameter tellsHeld: whether what it holds is said; in a circle the next one says it.
  private mutating func addThread(_ index: Int, tellsHeld: Bool = true) {
    add(report.sentence(about: index), 2, hanging: 2)
    if tellsHeld { addHeld(index) }
    addStack(index)
    add()
  }

  private mutating func addHeld(_ index: Int) {
    let thread = report.threads[index]
    guard !thread.holds.isEmpty else { return }
    let names = thread.holds.map { report.name($0.lock, of: thread.process) }
    let shown = names.count > 8 ? Array(names.prefix(7)) + ["\(names.count - 7) others"] : names
    add("holding \(Self.list(shown))", 4, hanging: 2)
  }

  private mutating func addStack(_ index: Int) {
    let stack = stack(index)
    if !stack.isEmpty { add("in " + stack, 4, hanging: 2) }
  }

  /// The functions of a thread; threads that are in the same ones share the words.
  private mutating func stack(_ index: Int) -> String {
    guard showsStacks else { return "" }
    let thread = report.threads[index]
    // Only functions of the system are known by where they are.
    guard thread.frames.allSatisfy({ $0.programCounter != 0 }) else { return stackText(index) }
    let key = [UInt64(thread.process)] + thread.frames.map(\.programCounter)
    if let known = stacks[key] { return known }
    let text = stackText(index)
    stacks[key] = text
    return text
  }

  private func stackText(_ index: Int) -> String {
    let frames = ToldStack(Self.told(report.threads[index].frames)).frames
    var texts = frames.prefix(Self.frameLimit).map { frame in
      let name = ToldStack.shortName(frame.text)
      // Where a library has a line is of no use.
      return name + (ToldStack.isOfLanguage(frame) ? "" : place(frame).map { " (\($0))" } ?? "")
    }
    if frames.count > Self.frameLimit { texts.append("\(frames.count - Self.frameLimit) more") }
    return texts.joined(separator: " < ")
  }

  /// Without what the recorder and the C library do inside, and below `main` and where threads
  /// begin.
  static func told(_ frames: [StackFrame]) -> [StackFrame] {
    var frames = frames.filter { !$0.isOfRecorder }[...]
    // The last function of the library is the one that the program called.
    while frames.count > 1, frames.first!.isOfSystem, frames.first!.function == nil {
      frames = frames.dropFirst()
    }
    // What calls `main` says nothing, nor what is below it.
    if let start = frames.firstIndex(where: { $0.plainName == "libc_start_main" }) {
      frames = frames[..<start]
    }
    while frames.count > 1, frames.last!.isOfSystem || frames.last!.function == "_start" {
      frames = frames.dropLast()
    }
    return Array(frames)
  }

  private mutating func addSummary() {
    for process in report.processes {
      let runs = Self.counted(process.threads, "thread")
      let what = process.isCore ? "core of process" : "process"
      let members = report.threads.indices.filter {
        report.threads[$0].isAlive
          && report.processes[report.threads[$0].process].identifier == process.identifier
      }
      let steady = members.count {
        report.threads[$0].waitsForProgram && report.threads[$0].isSteady
      }
      let moving = members.count {
        report.threads[$0].waitsForProgram && !report.threads[$0].isSteady
      }
      var text = "\(process.name) (\(what) \(process.identifier)): \(runs), \(steady) "
      text += steady == 1 ? "waits" : "wait"
      text += " for locks or each other"
      if let duration = report.duration { text += " for at least \(duration)" }
      if moving > 0 { text += "; \(moving) more for a shorter time" }
      add(text + ".")
      if process.unreadable > 0 {
        add(
          "\(Self.counted(process.unreadable, "thread")) could not be looked at: what they wait "
            + "for is not known.", hanging: 2)
      }
      let idle = members.count { report.threads[$0].isOfMachine }
      if idle > 0 {
        add(
          "\(Self.counted(idle, "thread")) of \(process.machine) itself \(idle == 1 ? "is" : "are") left out.",
          hanging: 2)
      }
      for remark in process.remarks { add(remark, hanging: 2) }
      for runtime in process.runtimes { add(runtime.advice(process.identifier), hanging: 2) }
    }
    if report.isHeldIncomplete {
      add("Held mutexes were looked for in the first 256 MiB of memory alone.")
    }
    addOutside()
    if !report.isDeadlocked {
      if report.isIdle {
        add(
          "Every thread waits, and nobody is left to wake one: a wake-up may have been lost, or "
            + "another process is to give it.")
        if report.processes.contains(where: { $0.joined.contains(.python) }) {
          add(
            "Locks of Python are semaphores, which do not say who has them: see in the lines above "
              + "whether one thread has what the other waits for.")
        }
      }
      add(ending)
    }
  }

  /// The last sentence of a report without deadlocks, which claims no more than is known.
  private var ending: String {
    guard report.unreadable == 0 else {
      return "No deadlock was found among the threads that could be looked at."
    }
    if report.processes.contains(where: { $0.runtimes.contains(.go) }) {
      let whose = report.processes.count == 1 ? "its threads" : "threads"
      return "No deadlock was found among \(whose); goroutines were not looked at."
    }
    let open = report.threads.count { thread in
      guard thread.isSteady, let wait = thread.wait else { return false }
      return wait.owner == .unknown
        && !thread.blockers.contains { $0.certainty < .possible }
    }
    guard open > 0 else {
      return "Nothing waits in a circle, for itself or for a thread that has ended."
    }
    return
      "No deadlock was found; \(Self.counted(open, "thread")) \(open == 1 ? "waits" : "wait") for "
      + "what does not say who has it."
  }

  /// Processes that should be looked at, too.
  private mutating func addOutside() {
    var others: [Int32: String] = [:]
    for thread in report.threads {
      for case .outside(let number, let name) in thread.blockers.map(\.who) {
        others[number] = name
      }
    }
    guard !others.isEmpty, others.count <= 8 else { return }
    let all = report.processes.map(\.identifier) + others.keys.sorted()
    add(
      "Locks are shared with processes that were not looked at: lockdep-check hang "
        + all.map(String.init).joined(separator: " "), hanging: 2)
  }

  // MARK: Lines

  private mutating func add(_ text: String = "", _ indent: Int = 0, hanging: Int = 0) {
    guard !text.isEmpty else {
      self.text += "\n"
      return
    }
    for line in TextLayout.wrap(
      text.withVisibleControls, width: width - indent, hanging: hanging)
    {
      self.text += String(repeating: " ", count: indent) + line + "\n"
    }
  }

  static func list(_ names: [String]) -> String {
    guard names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + names.last!
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    Counted.grouped(count, noun)
  }
}

extension String {
  /// With blanks for tabs, which other tools indent with.
  fileprivate var withBlanksForTabs: String {
    var result = ""
    for scalar in unicodeScalars {
      if scalar == "\t" { result += "    " } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
