import ArgumentParser
import LockGraphEngine
import LockGraphRecording

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Run a program as it is, and record what its threads do with locks.",
    discussion: """
      The command needs no change and no rebuilding: a library that is loaded before its own watches its \
      calls. Programs that it starts are recorded as well, a trace a process. Its exit status, output and \
      signals are its own. The traces are inputs of all other commands.

      Exit status: the command's; 126 if it cannot be started, 127 if it is not there, 2 if it cannot be \
      recorded.
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      Where the traces go: FILE.lgt for the command's own process, with those of its children beside it, \
      or a folder. Without it they go to NAME.lockgraph, in place of those of an earlier recording.
      """, valueName: "file.lgt|folder"),
    completion: .file(extensions: ["lgt"]))
  var output: String?

  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup var command: CommandOptions

  func validate() throws {
    if output == "" || output == "-" {
      throw ValidationError("--output takes the name of a file or folder.")
    }
  }

  func run() throws {
    let name = command.command[0]
    let place = output.map { RecordingPlace($0) } ?? .standard(forCommand: name)
    let program = try RecordedProgram(
      command.command, recording.settings, place: place, keepsOthers: output != nil)
    let running = try program.start()
    let end = running.waitForEnd()
    place.nameOwnTrace(of: running.identifier)
    let sum = RecordedTraces.seal(place.traces())
    for failure in sum.failures { Terminal.message(failure.description) }
    if sum.processes == 0 {
      Terminal.message("\(program.name.withVisibleControls): error: nothing of it was recorded")
    } else {
      Terminal.note(sum.text(in: place))
      RecordedTraces.tellMissing(sum.content)
    }
    RecordedTraces.tellLeftBehind(SupervisedCommand.leftBehind())
    end.repeatByThisProcess()
  }
}
