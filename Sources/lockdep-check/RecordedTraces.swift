import LockGraphEngine
import LockGraphRecording

/// The traces that a recording has left.
enum RecordedTraces {
  /// What they have together.
  struct Sum {
    var content = RecordingSeal.Content()
    var processes = 0
    /// The programs that were started and left no trace.
    var unrecorded: [String] = []
    /// Those whose names could not be written, and why.
    var failures: [TraceError] = []
  }

  /// Names what is in them.
  static func seal(_ names: [String]) -> Sum {
    var sum = Sum()
    let namer = RecordingNamer()
    var contents: [RecordingSeal.Content] = []
    for name in names {
      do throws(TraceError) {
        contents.append(try RecordingSeal.seal(name, with: namer))
      } catch {
        sum.failures.append(error)
      }
    }
    sum.content = contents.reduce(sum.content, +)
    sum.processes = Set(contents.map(\.process)).count
    sum.unrecorded = UnrecordedPrograms.texts(contents)
    return sum
  }

  /// Names once what lacks debugging information, the program's own files first.
  static func tellMissing(_ content: RecordingSeal.Content) {
    let own = content.missing.filter(content.isOwn)
    let missing = own + content.missing.filter { !content.isOwn($0) }
    for module in missing.prefix(2) {
      let build = module.buildIdentifier.isEmpty ? "" : " (build-id \(module.buildIdentifier))"
      Terminal.note("note: no debugging information of \(module.path.withVisibleControls)\(build)")
    }
    let rest = missing.count - 2
    if rest > 0 { Terminal.note("note: nor of \(Counted.plain(rest, "other file"))") }
  }

  /// Names what the command has left behind.
  static func tellLeftBehind(_ processes: [(identifier: Int32, name: String)]) {
    guard let first = processes.first else { return }
    let others = processes.count - 1
    let rest = others == 0 ? "" : ", with \(Counted.plain(others, "other")),"
    Terminal.note(
      "not seen: \(first.name.withVisibleControls) (process \(first.identifier))\(rest) has left "
        + "the command and still runs; to see all of it, let it stay in the foreground")
  }

  /// Tells how much a verdict is about.
  static func tellCoverage(_ analysis: Analysis, _ sum: Sum) {
    if analysis.summary.locks == 0 {
      Terminal.note("note: no locks were used, as far as calls show")
    }
    if analysis.summary.events > 0 { tellMissing(sum.content) }
    let systemLocks = analysis.inputs.reduce(0) { $0 + $1.systemLocks }
    if systemLocks > 0 {
      let locks = Counted.plain(systemLocks, "lock")
      Terminal.note(
        "left out: \(locks) of the loader and of allocators; --show-system-locks shows them")
    }
    if let places = LockCoverage(of: sum.content).text { Terminal.note("seen: \(places)") }
    if let late = analysis.lateOrders, late > 0 {
      let orders = Counted.plain(late, "order")
      Terminal.note(
        "seen: the last tenth of the run still brought \(orders); a longer one may bring more")
    }
    let programs = sum.unrecorded
    if !programs.isEmpty {
      let shown = programs.prefix(3).joined(separator: ", ").withVisibleControls
      let rest = programs.count > 3 ? " and \(Counted.plain(programs.count - 3, "other"))" : ""
      Terminal.note("not seen: \(shown)\(rest)")
    }
  }

  /// Tells what a reader of the report should know. Of several processes most have no locks of
  /// their own.
  static func warn(of inputs: [TraceInput]) {
    for input in inputs {
      let name = input.name.withVisibleControls
      Terminal.detail("\(name): \(Counted.plain(input.events, "event"))")
      for warning in input.warnings {
        Terminal.note("\(name): warning: \(warning.withVisibleControls)")
      }
    }
  }
}

extension RecordedTraces.Sum {
  /// Where they are, what they have, and what could not be seen.
  func text(in place: RecordingPlace) -> String {
    let parts = [
      Counted.plain(processes, "process", "processes"), Counted.plain(content.threads, "thread"),
      Counted.plain(content.locks, "lock"), Counted.plain(content.acquisitions, "acquisition"),
    ]
    var text = "\(place.shown.withVisibleControls): recorded \(parts.joined(separator: ", "))"
    var unseen: [String] = []
    unseen += unrecorded.prefix(3).map(\.withVisibleControls)
    if unrecorded.count > 3 {
      unseen.append(Counted.plain(unrecorded.count - 3, "other program"))
    }
    if content.lost > 0 {
      unseen.append("\(Counted.plain(content.lost, "event")) for want of room")
    }
    if content.isRunning { unseen.append("what still runs") }
    if !unseen.isEmpty { text += "; not seen: " + unseen.joined(separator: ", ") }
    return text
  }
}
