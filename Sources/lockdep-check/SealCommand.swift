import ArgumentParser
import LockGraphEngine
import LockGraphRecording

struct SealCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seal",
    abstract: "Name the functions, places and locks of recordings whose program was killed.",
    discussion: """
      record and run do so by themselves when the command has ended. It takes the programs and libraries as \
      they were, and their debugging information. What was kept of the program's memory is erased.
      """)

  @Argument(
    help: ArgumentHelp("Recordings, and folders of them.", valueName: "file"), completion: .file())
  var files: [String]

  @OptionGroup var messages: MessageOptions

  func run() throws {
    var names: [String] = []
    for file in files {
      guard TraceDirectory.isDirectory(file) else {
        names.append(file)
        continue
      }
      do throws(TraceError) {
        for case .file(let name) in try TraceDirectory(file).traces where name.hasSuffix(".lgt") {
          names.append(name)
        }
      } catch {
        Terminal.message(error.description)
        throw ExitCode(2)
      }
    }
    let namer = RecordingNamer()
    for name in names {
      do throws(TraceError) {
        let content = try RecordingSeal.seal(name, with: namer)
        guard !content.isRunning else {
          throw TraceError(
            input: name, message: "is of a process that still runs",
            expected: "one that has ended")
        }
        RecordedTraces.tellMissing(content)
      } catch {
        Terminal.message(error.description)
        throw ExitCode(2)
      }
    }
  }
}
