#if os(Linux)
  import Foundation
  import Synchronization
  import TestSupport
  import Testing

  /// Programs in C that are recorded, compiled once each.
  enum RecordedPrograms {
    static let scenarios = Result { try compile("RecordedPrograms/scenarios.c") }
    static let script = Result { try compile("RecordedPrograms/script.c") }
    static let servers = Result { try compile("RecordedPrograms/servers.c") }
    static let confirmable = Result { try compile("RecordedPrograms/confirmable.c") }
    static let members = Result { try compile("RecordedPrograms/members.cc") }
    static let staticProgram = Result {
      try compile("RecordedPrograms/scenarios.c", ["-static"], as: "static")
    }

    private static let folder = Result { try TemporaryFolder() }

    /// Whether there is a compiler for C.
    static let hasCompiler =
      (try? ProcessRunner("cc", ["--version"]).run())?.status == .exited(0)
      && (try? ProcessRunner("c++", ["--version"]).run())?.status == .exited(0)

    /// Compiles a file below `Tests`.
    static func compile(
      _ source: String, _ options: [String] = [], as product: String? = nil
    ) throws -> String {
      let file = URL(fileURLWithPath: "\(BuiltProducts.packageRoot)/Tests/\(source)")
      let name = product ?? file.deletingPathExtension().lastPathComponent
      let output = "\(try folder.get().path)/\(name)"
      let compiler = file.pathExtension == "c" ? "cc" : "c++"
      let result = try ProcessRunner(
        compiler, ["-g", "-O1"] + options + ["-o", output, file.path, "-pthread"]
      ).run()
      guard result.status == .exited(0) else {
        throw ProcessFailure(description: "\(source): \(result.messages)")
      }
      return output
    }
  }

  /// A finding of a JSON report, as far as tests compare it.
  struct ReportedFinding: Hashable, Decodable {
    var rule: String
    var confidence: String?
    var title: String
  }

  /// What `run` said, and the findings of its report.
  struct JudgedRun {
    var result: ProcessResult
    var findings: [ReportedFinding]

    /// Rules with their confidences, sorted.
    var rules: [String] {
      findings.map { $0.rule + ($0.confidence.map { " " + $0 } ?? "") }.sorted()
    }
  }

  /// Runs a program under `run`.
  ///
  /// - Parameter options: those of `run`.
  func judgedRun(
    _ command: [String], _ options: [String] = [], environment: [String: String]? = nil
  ) throws -> JudgedRun {
    let folder = try TemporaryFolder()
    let report = folder.file("report.json")
    let result = try lockdepCheck(
      arguments: ["run", "--policy", "none", "--format", "json", "-o", report] + options + ["--"]
        + command, environment: environment)
    struct Report: Decodable {
      var findings: [ReportedFinding]
    }
    let bytes = try? Data(contentsOf: URL(fileURLWithPath: report))
    let findings = try bytes.map { try JSONDecoder().decode(Report.self, from: $0).findings }
    return JudgedRun(result: result, findings: findings ?? [])
  }
#endif
