import LockGraphEngine

/// What was found as a trace: who holds what, then who asks for what, so that the analyser reports,
/// draws and judges it as it does everything else.
package struct HangTrace {
  /// A trace in the text format.
  package private(set) var text = "# lockgraph-trace 1\n"
  private let report: HangReport
  private let place: (StackFrame) -> String?
  /// Names that several locks have.
  private let sharedNames: Set<String>
  private var held: Set<String> = []
  private var gone: Set<String> = []

  package init(_ report: HangReport, place: @escaping (StackFrame) -> String? = { _ in nil }) {
    self.report = report
    self.place = place
    sharedNames = report.sharedNames
    for index in report.threads.indices { addHeld(index) }
    for index in report.threads.indices where report.threads[index].isSteady { addWait(index) }
    for thread in gone.sorted() { text += "\(thread) exit\n" }
  }

  /// The deadlocks and waits of the report, judged by the analyser.
  package func analysis(named name: String) throws(TraceError) -> Analysis {
    var analyzer = TraceAnalyzer()
    try analyzer.read(.bytes(Array(text.utf8), name: name))
    var analysis = analyzer.finish()
    // The orders that waiting threads show are told by the deadlocks themselves.
    analysis.findings.removeAll { $0.rule != .deadlock }
    return analysis
  }

  private mutating func addHeld(_ index: Int) {
    for lock in report.threads[index].holds {
      add(lock.lock, lock.kind, by: thread(index), of: report.threads[index].process)
    }
    // What a thread waits for itself, or has been left behind by another.
    guard let wait = report.threads[index].wait, wait.kind.isHeld, !wait.isBehindWriter,
      let blocker = report.threads[index].blockers.first, blocker.certainty < .possible
    else { return }
    switch blocker.who {
    case .thread(let owner):
      add(
        wait.lock, wait.kind, by: thread(owner), of: report.threads[index].process,
        reads: wait.readers != nil)
    case .gone(let number):
      let thread = quoted("thread \(number)")
      gone.insert(thread)
      add(wait.lock, wait.kind, by: thread, of: report.threads[index].process)
    case .outside(let number, let name):
      add(
        wait.lock, wait.kind, by: quoted("\(name)/\(number)"), of: report.threads[index].process)
    }
  }

  private mutating func add(
    _ lock: UInt64, _ kind: WaitKind, by thread: String, of process: Int, reads: Bool = false
  ) {
    let name = self.lock(lock, of: process)
    guard held.insert(name).inserted else { return }
    text += "\(thread) acquire \(name)\(reads ? " read" : "") kind=\(word(kind))\n"
  }

  private mutating func addWait(_ index: Int) {
    guard let wait = report.threads[index].wait else { return }
    let name = lock(wait.lock, of: report.threads[index].process)
    let subject = thread(index)
    let options = (wait.isTimed ? " timeout" : "") + places(index)
    switch wait.kind {
    case .join:
      guard let other = report.threads[index].blockers.first?.thread else { return }
      text += "\(subject) join \(thread(other))\(options)\n"
    case .condition:
      guard let mutex = wait.mutex else { return }
      // It had the mutex when its wait began.
      let taken = lock(mutex, of: report.threads[index].process)
      guard held.contains(taken) == false else { return }
      text += "\(subject) acquire \(taken) kind=mutex\n"
      text += "\(subject) wait \(name) lock=\(taken)\(options)\n"
    case .barrier: text += "\(subject) barrier \(name)\(places(index))\n"
    case .semaphore, .queueSemaphore, .queueGroup, .rustCondition, .latch, .future, .atomic, .park,
      .word:
      text += "\(subject) request \(name) kind=semaphore\(options)\n"
    default:
      let mode = wait.kind == .read || wait.kind == .rustRead ? " read" : ""
      text += "\(subject) request \(name)\(mode) kind=\(word(wait.kind))\(options)\n"
    }
  }

  private func word(_ kind: WaitKind) -> String {
    switch kind {
    case .mutex(let traits): traits.repeats == .recursive ? "recursive" : "mutex"
    case .read, .write, .rustRead, .rustWrite: "rwlock"
    case .spin: "spin"
    case .stream, .monitor: "recursive"
    case .queue: "queue"
    default: "mutex"
    }
  }

  private func places(_ index: Int) -> String {
    let frames = HangText.told(report.threads[index].frames)
    guard !frames.isEmpty else { return "" }
    var text = ""
    if let at = frames.lazy.compactMap(place).first { text += " at=\(quoted(at))" }
    let names = frames.map { frame in
      String(frame.text.map { $0 == ";" ? "," : $0 })
    }
    return text + " stack=\(quoted(names.joined(separator: ";")))"
  }

  private func thread(_ index: Int) -> String { quoted(report.name(of: index)) }

  private func lock(_ address: UInt64, of process: Int) -> String {
    let name = report.name(address, of: process)
    return quoted(sharedNames.contains(name) ? "\(name) at 0x\(hexadecimalText(address))" : name)
  }

  /// A string as JSON has it, which any name can be.
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
