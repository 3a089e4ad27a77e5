import Foundation
import Synchronization
import TestSupport

/// The recorder and the programs of `Tests/RecorderVictims`, each compiled once.
enum RecordedProgram {
  private static let folder = Result { try TemporaryFolder() }
  private static let built = Mutex<[String: Result<String, any Error>]>([:])

  static let sources = BuiltProducts.packageRoot + "/Tests/RecorderVictims/"

  private static func once(_ name: String, _ build: (String) throws -> Void) throws -> String {
    try built.withLock { built in
      if let before = built[name] { return try before.get() }
      let result = Result {
        let path = try folder.get().file(name)
        try build(path)
        return path
      }
      built[name] = result
      return try result.get()
    }
  }

  private static func run(_ command: String, _ arguments: [String]) throws {
    var runner = ProcessRunner(command, arguments)
    runner.timeout = .seconds(300)
    let result = try runner.run()
    guard result.status == .exited(0) else {
      throw ProcessFailure(description: "\(command) \(arguments): \(result.messages)")
    }
  }

  /// The library that programs are recorded with.
  static func recorder() throws -> String {
    try once("liblockgraph_recorder.so") { path in
      try run("sh", [BuiltProducts.packageRoot + "/Sources/CLockRecorder/build", path])
    }
  }

  /// The library beside it, for `LD_AUDIT`.
  static func auditLibrary() throws -> String {
    let folder = URL(fileURLWithPath: try recorder()).deletingLastPathComponent()
    return folder.appendingPathComponent("liblockgraph_audit.so").path
  }

  /// A program of the folder, compiled with these flags.
  static func program(_ source: String, compiler: String = "cc", flags: [String] = ["-O1"])
    throws -> String
  {
    let name = ([source, compiler] + flags).joined(separator: "_")
      .replacing("/", with: "_").replacing("+", with: "x")
    return try once(name) { path in
      try run(compiler, flags + ["-g", sources + source, "-o", path, "-pthread"])
    }
  }
}

/// One run of a program with the recorder.
struct RecordedRun {
  let result: ProcessResult
  /// The recordings that were left, by name.
  let files: [String: RecordedFile]

  /// Runs the program to its end.
  ///
  /// - Parameter limits: shell commands that come before the program, as `ulimit` is.
  init(
    _ program: String, _ arguments: [String] = [], level: String = "shapes",
    environment: [String: String] = [:], preloadedBefore: String? = nil, limits: String = ""
  ) throws {
    let folder = try TemporaryFolder()
    let recorder = try RecordedProgram.recorder()
    var variables = ProcessInfo.processInfo.environment
    variables["RECORDED_PRELOAD"] = [preloadedBefore, recorder].compactMap { $0 }
      .joined(separator: ":")
    variables["LOCKGRAPH_RECORD"] = folder.path + "/"
    variables["LOCKGRAPH_RECORD_LEVEL"] = level
    variables["LOCKGRAPH_RECORD_VERSION"] = "1"
    variables.merge(environment) { $1 }
    // The shell is not recorded: it sets the library for what it becomes alone.
    let script = limits + "; LD_PRELOAD=$RECORDED_PRELOAD exec \"$0\" \"$@\""
    let shell = ProcessRunner(
      "sh", ["-c", limits.isEmpty ? String(script.dropFirst(2)) : script, program] + arguments,
      environment: variables)
    result = try shell.run()
    var files: [String: RecordedFile] = [:]
    for name in try folder.contents where name.hasSuffix(".lgt") {
      files[name] = try RecordedFile(path: folder.file(name))
    }
    self.files = files
  }

  /// The only recording there is.
  func file() throws -> RecordedFile {
    guard files.count == 1 else {
      throw ProcessFailure(description: "recordings: \(files.keys.sorted())")
    }
    return files.first!.value
  }
}
