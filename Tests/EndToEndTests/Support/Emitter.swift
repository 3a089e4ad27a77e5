import Foundation
import TestSupport
import Testing

/// A language whose locks can write traces, and how its programs are run.
enum Emitter: String, CaseIterable, CustomTestStringConvertible {
  case python, java, go, rust, cpp

  var testDescription: String { rawValue }

  /// The commands of its programs; arguments follow.
  struct Programs {
    var sample: [String]
    var victim: [String]
  }

  /// What the machine has to have.
  var need: String {
    switch self {
    case .python: "python3 3.9 or later"
    case .java: "a JDK"
    case .go: "go 1.19 or later"
    case .rust: "rustc 1.79 or later"
    case .cpp: "c++"
    }
  }

  var isHere: Bool { Self.here.contains(self) }

  /// Those of which the machine has what they need.
  static let here: [Self] = allCases.filter { emitter in
    func version(_ command: String, _ option: String) -> [Int]? {
      guard let result = try? ProcessRunner(command, [option]).run(), result.status == .exited(0)
      else { return nil }
      let number = result.text.firstMatch(of: /\d+(\.\d+)+|\d+/)?.output.0
      return number?.split(separator: ".").compactMap { Int($0) }
    }
    func has(_ command: String, _ option: String = "--version", _ least: [Int] = [0]) -> Bool {
      version(command, option).map { !$0.lexicographicallyPrecedes(least) } ?? false
    }
    return switch emitter {
    case .python: has("python3", "--version", [3, 9])
    case .java: has("javac") && has("java")
    case .go: has("go", "version", [1, 19])
    case .rust: has("rustc", "--version", [1, 79])
    case .cpp: has("c++")
    }
  }

  private var folder: String { "\(BuiltProducts.packageRoot)/emitters/\(rawValue)" }
  private static let victims = "\(BuiltProducts.packageRoot)/Tests/EmitterPrograms"

  /// The source of the sample.
  var sampleSource: String {
    switch self {
    case .python: "\(folder)/sample.py"
    case .java: "\(folder)/Sample.java"
    case .go: "\(folder)/sample/main.go"
    case .rust: "\(folder)/examples/sample.rs"
    case .cpp: "\(folder)/sample.cc"
    }
  }

  /// What programs of the language need in their environment.
  var environment: [String: String] { self == .python ? ["PYTHONPATH": folder] : [:] }

  /// Compiles them, once each.
  func programs() throws -> Programs {
    switch self {
    case .python:
      Programs(
        sample: ["python3", sampleSource],
        victim: ["python3", "-m", "lockgraph", "\(Self.victims)/victim.py"])
    case .java: try Self.javaPrograms.get()
    case .go: try Self.goPrograms.get()
    case .rust: try Self.rustPrograms.get()
    case .cpp: try Self.cppPrograms.get()
    }
  }

  private static let products = Result { try TemporaryFolder() }
  private static let javaPrograms = Result { try compileJava() }
  private static let goPrograms = Result { try compileGo() }
  private static let rustPrograms = Result { try compileRust() }
  private static let cppPrograms = Result { try compileCPP() }

  private static func product(_ name: String) throws -> String { try products.get().file(name) }

  private static func compile(_ command: [String], in directory: String? = nil) throws {
    var environment = ProcessInfo.processInfo.environment
    // Where the compiler of Go keeps what it has compiled.
    if environment["HOME"] == nil { environment["HOME"] = try products.get().path }
    var runner = ProcessRunner(
      command[0], Array(command.dropFirst()), environment: environment, directory: directory)
    runner.timeout = .seconds(180)
    let result = try runner.run()
    guard result.status == .exited(0) else {
      throw ProcessFailure(description: "\(command.joined(separator: " ")): \(result.messages)")
    }
  }

  private static func compileJava() throws -> Programs {
    let classes = try product("java")
    let library = try FileManager.default.contentsOfDirectory(atPath: "\(java.folder)/lockgraph")
      .filter { $0.hasSuffix(".java") }.map { "\(java.folder)/lockgraph/\($0)" }
    try compile(
      ["javac", "-Xlint:all", "-Werror", "-d", classes] + library
        + [java.sampleSource, "\(victims)/Victim.java"])
    return Programs(
      sample: ["java", "-cp", classes, "Sample"], victim: ["java", "-cp", classes, "Victim"])
  }

  private static func compileGo() throws -> Programs {
    let (sample, victim) = (try product("go-sample"), try product("go-victim"))
    try compile(["go", "build", "-o", sample, "./sample"], in: go.folder)
    // A module of its own, as those have that use it.
    let module = try product("go")
    try FileManager.default.createDirectory(atPath: module, withIntermediateDirectories: false)
    try FileManager.default.copyItem(
      atPath: "\(victims)/victim.go", toPath: "\(module)/victim.go")
    let description = """
      module victim
      go 1.19
      require lockgraph v0.0.0
      replace lockgraph => \(go.folder)

      """
    _ = try products.get().write(description, to: "go/go.mod")
    try compile(["go", "build", "-o", victim, "."], in: module)
    return Programs(sample: [sample], victim: [victim])
  }

  private static func compileRust() throws -> Programs {
    let library = try product("liblockgraph.rlib")
    let options = ["rustc", "--edition", "2021", "-D", "warnings"]
    try compile(
      options + [
        "--crate-type", "rlib", "--crate-name", "lockgraph", "-o", library,
        "\(rust.folder)/src/lib.rs",
      ])
    let (sample, victim) = (try product("rust-sample"), try product("rust-victim"))
    for (source, output) in [(rust.sampleSource, sample), ("\(victims)/victim.rs", victim)] {
      try compile(options + ["--extern", "lockgraph=\(library)", "-o", output, source])
    }
    return Programs(sample: [sample], victim: [victim])
  }

  private static func compileCPP() throws -> Programs {
    let (sample, victim) = (try product("cpp-sample"), try product("cpp-victim"))
    for (source, output) in [(cpp.sampleSource, sample), ("\(victims)/victim.cc", victim)] {
      try compile([
        "c++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-I", cpp.folder, "-o", output, source,
        "-pthread",
      ])
    }
    return Programs(sample: [sample], victim: [victim])
  }
}
