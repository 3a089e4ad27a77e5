import Foundation
import TestSupport
import Testing

/// What connects the command with other people's systems: the action, hooks, completions and the
/// manual page.
@Suite("Integrations")
struct IntegrationTests {
  private func text(of file: String) throws -> String {
    try String(contentsOfFile: "\(BuiltProducts.packageRoot)/\(file)", encoding: .utf8)
  }

  private func run(
    _ script: String, _ arguments: [String] = [], _ variables: [String: String] = [:]
  ) throws -> ProcessResult {
    var environment = ProcessInfo.processInfo.environment
    environment["LOCKDEP_CHECK"] = try BuiltProducts.executable("lockdep-check")
    for (name, value) in variables { environment[name] = value }
    return try ProcessRunner(
      "/bin/bash", ["\(BuiltProducts.packageRoot)/scripts/\(script)"] + arguments,
      environment: environment
    ).run()
  }

  @Test(
    "Every option that documents and scripts mention is one of the gate's, or of run's",
    arguments: ["docs/ci.md", "scripts/action", ".pre-commit-hooks.yaml"])
  func options(_ file: String) throws {
    let help = try lockdepCheck("gate", "--help").text + lockdepCheck("run", "--help").text
    let foreign = [
      "--rm", "--allow-writing-to-package-directory", "--output-on-failure", "--test-dir",
      "--filter",
    ]
    let options = Set(try text(of: file).matches(of: /--[a-z][a-z-]+/).map { String($0.output) })
    #expect(!options.isEmpty)
    for option in options where !foreign.contains(option) {
      #expect(help.contains(option), "\(option) in \(file)")
    }
  }

  @Test("The action hands its inputs on as they are, and leaves a summary and SARIF")
  func action() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write(Traces.feasible, to: "a $(touch b); 'c'.trace")
    let variables = [
      "INPUTS": trace + "\n", "SARIF": folder.file("out.sarif"),
      "GITHUB_STEP_SUMMARY": folder.file("summary.md"),
    ]
    let result = try run("action", [], variables)
    #expect(result.status == .exited(1))
    #expect(result.text.hasPrefix("::error "))
    #expect(try folder.text(of: "summary.md").hasPrefix("## Lock order: 1 violation\n"))
    #expect(try folder.text(of: "out.sarif").contains("\"version\": \"2.1.0\""))
    #expect(try folder.contents.count == 3)
    #expect(try run("action", [], ["INPUTS": ""]).status == .exited(64))
    // Every input of the action reaches the script.
    let action = try text(of: "action.yml")
    let script = try text(of: "scripts/action")
    for name in action.matches(of: /([A-Z_]+): \$\{\{ inputs\./).map({ String($0.output.1) }) {
      #expect(script.contains("${\(name):-"), "\(name)")
    }
  }

  @Test("The action's defaults leave to the policy what it says")
  func actionPolicy() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write(Traces.ordering, to: "a.trace")
    let policy = try folder.write(
      "version: 1\nfail-on:\n  lock-order-inversion: feasible\n", to: "p.yml")
    // The defaults of the action itself, as a runner hands them on.
    let action = try text(of: "action.yml")
    let defaults = action.matches(
      of: /\n  ([a-z-]+):\n    description: .*\n    default: "?([^"\n]*)"?/)
    var variables: [String: String] = [:]
    for (_, name, value) in defaults.map(\.output) {
      variables[name.uppercased().replacing("-", with: "_")] = String(value)
    }
    #expect(variables.count >= 10)
    variables["INPUTS"] = trace
    variables["GITHUB_STEP_SUMMARY"] = folder.file("summary.md")
    func status(_ more: [String: String]) throws -> ProcessResult.Status {
      try run("action", [], variables.merging(more) { $1 }).status
    }
    #expect(try status([:]) == .exited(1))
    #expect(try status(["POLICY": policy]) == .exited(0))
    #expect(try status(["POLICY": policy, "FAIL_ON": "ordering"]) == .exited(1))
  }

  @Test("The action runs a command in the place of inputs, and judges that")
  func runningAction() throws {
    let folder = try TemporaryFolder()
    let variables = [
      "INPUTS": "", "RUN": "echo \"$0 a\"; exit 7", "TIMEOUT": "60",
      "GITHUB_STEP_SUMMARY": folder.file("summary.md"),
    ]
    let result = try run("action", [], variables)
    #expect(result.status == .exited(7), "\(result.messages)")
    #expect(result.text == "bash a\n")
    #expect(try folder.text(of: "summary.md").hasPrefix("## Lock order"))
    #expect(
      try run("action", [], variables.merging(["INPUTS": "x"]) { $1 }).status == .exited(64))
  }

  @Test("The action passes nothing that was not checked, unless it is told to")
  func emptyAction() throws {
    let folder = try TemporaryFolder()
    let empty = try folder.write("", to: "empty.trace")
    let few = try folder.write(Traces.clean, to: "few.trace")
    let summary = folder.file("summary.md")
    func status(_ input: String, _ variables: [String: String]) throws -> ProcessResult.Status {
      let all = ["INPUTS": input, "GITHUB_STEP_SUMMARY": summary]
      return try run("action", [], all.merging(variables) { $1 }).status
    }
    #expect(try status(empty, [:]) == .exited(2))
    #expect(try folder.text(of: "summary.md").hasPrefix("## Lock order: too little was checked\n"))
    #expect(try status(empty, ["ALLOW_EMPTY": "false"]) == .exited(2))
    #expect(try status(empty, ["ALLOW_EMPTY": "true"]) == .exited(0))
    #expect(try status(few, [:]) == .exited(0))
    #expect(try status(few, ["MIN_EVENTS": "1000"]) == .exited(2))
    #expect(try status(few, ["ALLOW_EMPTY": "maybe"]) == .exited(64))
  }

  private static func isInstalled(_ program: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)")
  }

  #if os(Linux)
    @Test("An installed command finds the recorder that was installed with it")
    func installedRecorder() throws {
      let folder = try TemporaryFolder()
      let prefix = folder.file("prefix")
      let install = try run("install", [prefix, BuiltProducts.executable("lockdep-check")])
      #expect(install.status == .exited(0), "\(install.messages)")
      let result = try ProcessRunner(
        "\(prefix)/bin/lockdep-check", ["record", "--", "sh", "-c", "echo $LD_PRELOAD"],
        directory: folder.path
      ).run()
      #expect(result.text == "\(prefix)/lib/lockgraph/liblockgraph_recorder.so\n")
      var environment = ProcessInfo.processInfo.environment
      environment["LOCKGRAPH_RECORDER"] = "/bin/true"
      let other = try ProcessRunner(
        "\(prefix)/bin/lockdep-check", ["record", "--", "true"], environment: environment,
        directory: folder.path
      ).run()
      #expect(other.status == .exited(2))
      #expect(other.messages.contains("is not the recorder of this command"))
    }
  #endif

  @Test(
    "An installation has the command, a manual page and completions that shells can read",
    .needs("python3", isInstalled("python3")))
  func installation() throws {
    let folder = try TemporaryFolder()
    let prefix = folder.file("pre fix")
    let result = try run("install", [prefix, BuiltProducts.executable("lockdep-check")])
    #expect(result.status == .exited(0), "\(result.messages)")
    let page = try String(
      contentsOfFile: prefix + "/share/man/man1/lockdep-check.1", encoding: .utf8)
    for command in ["analyze", "gate", "merge", "diff", "policy infer"] {
      #expect(page.contains("\n.Ss lockdep\\-check \(command)\n"))
    }
    #expect(page.contains("\\-\\-write\\-baseline"))
    #expect(
      FileManager.default.fileExists(atPath: "\(prefix)/lib/lockgraph/liblockgraph_recorder.so"))
    let completions = "\(prefix)/share/bash-completion/completions/lockdep-check"
    #expect(try ProcessRunner("/bin/bash", ["-n", completions]).run().status == .exited(0))
    let (zsh, fish) = (
      "\(prefix)/share/zsh/site-functions/_lockdep-check",
      "\(prefix)/share/fish/vendor_completions.d/lockdep-check.fish"
    )
    for file in [zsh, fish] {
      #expect(try String(contentsOfFile: file, encoding: .utf8).contains("write-baseline"))
    }
    if TestTier.has(Self.isInstalled("zsh"), "zsh") {
      #expect(try ProcessRunner("/usr/bin/zsh", ["-f", "-n", zsh]).run().status == .exited(0))
    }
    if TestTier.has(Self.isInstalled("fish"), "fish") {
      let result = try ProcessRunner(
        "/usr/bin/fish",
        [
          "--no-config", "-c", #"source $argv[1]; complete -C "lockdep-check gate --fail-on f""#,
          fish,
        ]
      ).run()
      #expect(result.text.hasPrefix("feasible"))
    }
  }
}
