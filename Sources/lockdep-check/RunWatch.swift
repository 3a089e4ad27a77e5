import LockGraphEngine
import LockGraphHang
import LockGraphRecording

/// What happens while a command runs: it is ended if that takes too long, and what its traces show
/// is told.
struct RunWatch {
  private static let interval = Duration.milliseconds(200)
  /// Between asking it to end and ending it.
  private static let grace = Duration.seconds(5)

  private let watch: RecordingWatch
  private let patience: Duration?
  private let timeout: Duration?
  private let color: ColorChoice
  private var tree = ProcessTree()
  private var hasExplained = false
  /// When processes are looked at themselves, for waits that traces do not tell from idleness.
  private var nextLook: ContinuousClock.Instant
  /// It was ended because it took too long.
  private(set) var hasTimedOut = false

  init(
    _ place: RecordingPlace, _ options: WatchingOptions, _ reading: ReadingOptions,
    color: ColorChoice
  ) {
    watch = RecordingWatch(place, reading: reading)
    self.color = color
    patience = options.patience
    timeout = options.timeout.map { .seconds($0) }
    nextLook = .now + (patience ?? .zero)
  }

  /// Waits for the command's end.
  mutating func wait(for command: SupervisedCommand) -> CommandEnd {
    let start = ContinuousClock.now
    while true {
      if let end = command.wait(for: Self.interval) { return end }
      if let timeout, ContinuousClock.now - start >= timeout { return finish(command, timeout) }
      for finding in watch.newInversions() { tell(finding) }
      explainHang(of: command)
    }
  }

  private func tell(_ finding: Finding) {
    let places = finding.edges.compactMap { edge -> String? in
      guard let wanted = edge.witnesses.first?.wanted else { return nil }
      return wanted.at ?? wanted.stack.first
    }
    let tag = [finding.rule.rawValue, finding.confidence?.rawValue].compactMap(\.self)
    let text = finding.title + (places.isEmpty ? "" : ", at " + places.joined(separator: " and "))
    Terminal.note(
      "lockdep-check: \(text.withVisibleControls) [\(tag.joined(separator: ", "))]")
  }

  private mutating func explainHang(of command: SupervisedCommand) {
    guard let patience, !hasExplained else { return }
    var paths = watch.hangs(after: patience)
    let tellsAll = !paths.isEmpty
    if !tellsAll {
      guard ContinuousClock.now >= nextLook else { return }
      nextLook = .now + patience
      paths = watch.traces
    }
    tree.add(command.identifier)
    guard tellsAll || processesHang() else { return }
    hasExplained = true
    let what = "threads have waited for \(Self.text(patience))"
    // Traces know where locks were taken; what they do not know of, the processes do.
    if !explain(paths, what) { explainWaits() }
  }

  /// False if nothing was told.
  private func explain(_ paths: [String], _ what: String) -> Bool {
    guard var analysis = watch.analysis(of: paths, includesUnsettled: true),
      !analysis.waiting.isEmpty
    else { return false }
    // Who waits to be told of something to do is no part of it.
    let waits = analysis.waiting.filter { $0.root.kind != .signal && $0.root.kind != .barrier }
    if !waits.isEmpty { analysis.waiting = waits }
    let isTerminal = Terminal.isTerminal(2)
    let report = TextReport(
      waitingIn: analysis, width: isTerminal ? Terminal.width : 80,
      isColored: color.isColored(isTerminal: isTerminal))
    Terminal.message("lockdep-check: \(what)\n\(report.text.dropLast())")
    return true
  }

  #if os(Linux)
    /// All processes of the command, those too that are not recorded.
    private var hang: HangReport? {
      let processes = tree.identifiers.compactMap { try? LiveProcess($0) }
      return processes.isEmpty ? nil : HangExaminer(processes).examine()
    }
  #endif

  /// Whether in some process nothing can go on, or every thread waits.
  private func processesHang() -> Bool {
    #if os(Linux)
      return hang.map { $0.isDeadlocked || $0.hasIdleProcess } ?? false
    #else
      return false
    #endif
  }

  /// What all processes of the command wait for.
  private func explainWaits() {
    #if os(Linux)
      guard let hang, hang.hasWaits else { return }
      let places = SourcePlaces(of: hang)
      let text = HangText(
        hang, width: Terminal.isTerminal(2) ? Terminal.width : 80, showsStacks: true,
        place: { places.place(of: $0) })
      Terminal.message(
        "lockdep-check: what the command's threads wait for now\n\(text.text.dropLast())")
    #endif
  }

  private mutating func finish(_ command: SupervisedCommand, _ timeout: Duration) -> CommandEnd {
    hasTimedOut = true
    Terminal.message(
      "lockdep-check: the command still runs after \(Self.text(timeout)), and is ended")
    tree.add(command.identifier)
    explainWaits()
    tree.send(.termination)
    let deadline = ContinuousClock.now + Self.grace
    var end: CommandEnd?
    // What it started may be what hangs.
    while ContinuousClock.now < deadline, end == nil || tree.hasMembers {
      if end == nil {
        end = command.wait(for: .milliseconds(50))
      } else {
        SupervisedCommand.pause(.milliseconds(50))
      }
    }
    tree.send(.killing)
    return end ?? command.waitForEnd()
  }

  private static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let tenths = attoseconds / 100_000_000_000_000_000
    return tenths == 0 ? "\(seconds) s" : "\(seconds).\(tenths) s"
  }
}
