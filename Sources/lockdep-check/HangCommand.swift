import ArgumentParser
import LockGraphEngine
import LockGraphHang

struct HangCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hang",
    abstract: "Tell why a process or core file hangs: who waits for what, and who has it.",
    discussion: """
      The program needs no preparation, no debugging information, and is not stopped: its memory is read, \
      twice in 100 ms, so that who is busy is told from who hangs. Several processes are looked at \
      together, for locks that they share, and so are those of a container. What the formats sarif, junit, github, gitlab, markdown and html and \
      the pictures show are the deadlocks; text and json tell every thread.

      Exit status: 0 if nothing waits in a circle, for itself or for a thread that has ended; 1 if something \
      does; 2 if a process, or some of its threads, could not be looked at.
      """)

  @Argument(
    help: ArgumentHelp("Processes by their numbers, or one core file.", valueName: "pid|core"),
    completion: .file())
  var targets: [String] = []

  @Option(
    help: ArgumentHelp(
      "A container whose processes are looked at, as docker, podman or nerdctl knows it; may be repeated.",
      valueName: "name"))
  var container: [String] = []

  @Option(
    help: ArgumentHelp("The program of the core file, if it has moved.", valueName: "file"),
    completion: .file())
  var exe: String?

  @Option(
    help: ArgumentHelp(
      "The folder below which the core file's program and libraries are.", valueName: "folder"),
    completion: .directory)
  var sysroot: String?

  @Option(
    help: """
      Functions of threads: auto, without stopping any; always, which stops running threads for some \
      microseconds to see whether they spin for a lock; never.
      """)
  var stacks: StackChoice = .auto

  @Flag(help: "Look once a second until something hangs, or the processes have ended.")
  var watch = false

  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard !targets.isEmpty || !container.isEmpty else {
      throw ValidationError(
        "Nothing to look at; expected the number of a process, a core file or --container NAME.")
    }
    let cores = targets.filter { Int32($0) == nil }
    guard cores.isEmpty || targets.count == 1 && container.isEmpty else {
      throw ValidationError(
        "A core file is looked at alone; expected process numbers or one core file.")
    }
    if cores.isEmpty, exe != nil || sysroot != nil {
      throw ValidationError("--exe and --sysroot are for core files.")
    }
    if watch, !cores.isEmpty { throw ValidationError("--watch is for processes that run.") }
    if let wrong = targets.first(where: { Int32($0).map { $0 <= 0 } ?? false }) {
      throw ValidationError("'\(wrong)' is no number of a process.")
    }
    if let wrong = container.first(where: { Container($0) == nil }) {
      throw ValidationError("'\(wrong.withVisibleControls)' is no name of a container.")
    }
    try report.validate(inputs: cores)
  }

  func run() throws {
    var failed = false
    let places = stacks == .never ? nil : SourcePlaces()
    while true {
      let processes = open(&failed)
      guard !processes.isEmpty else {
        if watch, !failed {
          return Terminal.note("lockdep-check: nothing hung; the processes have ended")
        }
        throw ExitCode(2)
      }
      var options = HangExaminer.Options()
      options.tellsStacks = stacks != .never
      options.stopsRunning = stacks == .always
      let examiner = HangExaminer(processes, options: options)
      var hang = examiner.examine { if !watch { places?.prepare($0) } }
      for process in hang.processes where process.threads == 0 && !process.isCore {
        if !watch { failed = true }
        Terminal.message(LookError.hasEnded(process.identifier, name: process.name).description)
      }
      if stacks != .never, !watch || hang.isDeadlocked { examiner.askRuntimes(&hang) }
      if watch, !hang.isDeadlocked {
        HangExaminer.wait(.seconds(1))
        continue
      }
      places?.tell(of: hang)
      try write(hang, places)
      let status = hang.exitStatus == 0 && failed ? 2 : hang.exitStatus
      if status != 0 { throw ExitCode(status) }
      return
    }
  }

  private func open(_ failed: inout Bool) -> [any ObservedProcess] {
    var processes: [any ObservedProcess] = []
    var seen: Set<Int32> = []
    // What may be gone by now is no failure.
    func add(mayBeGone: Bool, _ process: () throws(LookError) -> any ObservedProcess) {
      do throws(LookError) {
        processes.append(try process())
      } catch {
        switch error {
        case .noProcess where mayBeGone, .hasEnded where mayBeGone: break
        default:
          failed = true
          Terminal.message(error.description)
        }
      }
    }
    for target in targets {
      guard let number = Int32(target) else {
        add(mayBeGone: false) { () throws(LookError) in
          try CoreProcess(target, program: exe, root: sysroot ?? "")
        }
        continue
      }
      // The same process twice is looked at once.
      guard seen.insert(number).inserted else { continue }
      add(mayBeGone: watch) { () throws(LookError) in try Self.living(number) }
    }
    for name in container {
      var numbers: [Int32] = []
      do throws(LookError) { numbers = try Container(name)?.processes() ?? [] } catch {
        failed = true
        Terminal.message(error.description)
      }
      for number in numbers where seen.insert(number).inserted {
        add(mayBeGone: true) { () throws(LookError) in try Self.living(number) }
      }
    }
    return processes
  }

  private static func living(_ number: Int32) throws(LookError) -> any ObservedProcess {
    #if os(Linux)
      return try LiveProcess(number)
    #else
      throw LookError.unsupportedSystem
    #endif
  }

  private func write(_ hang: HangReport, _ places: SourcePlaces?) throws {
    let place: (StackFrame) -> String? = { places?.place(of: $0) }
    var analysis = TraceAnalyzer().finish()
    // Text and JSON tell of the threads themselves.
    if report.needsAnalysis(besides: [.text, .json]) {
      do throws(TraceError) {
        let name = (targets + container).joined(separator: " ")
        analysis = try HangTrace(hang, place: place).analysis(named: name)
      } catch {
        Terminal.message(error.description)
        throw ExitCode(2)
      }
    }
    let gate = Gate()
    try report.write(analysis, gate.verdict(on: analysis), rules: [.deadlock], with: []) {
      format, path in
      switch format {
      case .text:
        let width = path == nil && Terminal.isTerminal(1) ? Terminal.width : 80
        let text = HangText(
          hang, width: width, showsStacks: stacks != .never, place: place)
        return .init(Array(text.text.utf8), to: path)
      case .json: return .init(HangJSON(hang, place: place), to: path)
      default: return nil
      }
    }
  }
}

/// Whether functions of threads are told.
enum StackChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}
