import ArgumentParser
import LockGraphRecording

extension RecordingLevel: ExpressibleByArgument {}

/// How a program is recorded; shared by `record` and `run`.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How much is recorded: orders keeps each order of locks once, for runs of days; shapes each shape of \
      nested sections a few times; all every acquisition.
      """, valueName: "orders|shapes|all"))
  var level: RecordingLevel = .shapes

  @Flag(help: "Record when each event was, which takes longer, for stats.")
  var times = false

  @Flag(
    help: """
      Record what libraries do that are loaded apart too, with dlmopen or RTLD_DEEPBIND, and functions that \
      are looked up in the C library itself; starts slower.
      """)
  var audit = false

  @Flag(help: "Keep no parts of the program's stack, by which locks of the heap get their names.")
  var noNames = false

  @Flag(help: "Record the command's own process alone, and none that it starts.")
  var noChildren = false

  @Option(
    help: ArgumentHelp(
      "How long the trace of a process gets at most, as 500M or 2G; what comes then is counted.",
      valueName: "bytes"),
    transform: ByteCount.bytes)
  var maxSize: UInt64?

  var settings: RecorderSettings {
    var settings = RecorderSettings()
    settings.level = level
    settings.recordsTimes = times
    settings.audits = audit
    settings.recordsNames = !noNames
    settings.recordsChildren = !noChildren
    settings.largestFile = maxSize
    return settings
  }
}

/// Sizes as people write them.
enum ByteCount {
  /// The least that holds anything.
  private static let smallest: UInt64 = 1 << 20

  static func bytes(_ text: String) throws -> UInt64 {
    let units: [(Character, UInt64)] = [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)]
    let unit = units.first { text.uppercased().last == $0.0 }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard let number = UInt64(digits) else {
      throw ValidationError("'\(text)' is no number of bytes, as 500M or 2G.")
    }
    let (bytes, overflows) = number.multipliedReportingOverflow(by: unit?.1 ?? 1)
    guard !overflows, bytes >= smallest else {
      throw ValidationError("'\(text)' is not from 1M on.")
    }
    return bytes
  }
}

/// What is run, behind all options.
struct CommandOptions: ParsableArguments {
  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The command and its arguments, behind --.", valueName: "command"))
  var words: [String] = []

  /// Without what ends the options.
  var command: [String] { words.first == "--" ? Array(words.dropFirst()) : words }

  func validate() throws {
    if let first = words.first, first != "--", first.hasPrefix("-") {
      throw ValidationError("Unknown option '\(first)'.")
    }
    if command.isEmpty {
      throw ValidationError(
        "There is no command to run: it goes behind the options, and behind --.")
    }
  }
}
