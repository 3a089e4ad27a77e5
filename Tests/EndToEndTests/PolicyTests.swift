import Foundation
import TestSupport
import Testing

@Suite("Policies")
struct PolicyTests {
  private static let sample = "\(Samples.folder)/policy"

  @Test("The sample's order is violated once by a run in which nothing else is wrong")
  func sample() throws {
    let trace = "\(Self.sample)/one-order.trace"
    let policy = "\(Self.sample)/lockgraph.yml"
    #expect(try lockdepCheck("gate", trace).messageLines == ["gate: passed"])
    let result = try lockdepCheck(
      "gate", trace, "--policy", policy, "--format", "json", "--today", "2026-01-01")
    #expect(result.status == .exited(1))
    #expect(result.messageLines == ["gate: failed, 1 violation; 1 ignored"])
    let report = try Report(result.output)
    #expect(report.findings.map(\.rule) == ["declared-order", "declared-order"])
    #expect(
      report.findings.map(\.classes) == [
        ["Ledger.lock", "Account.lock"], ["Log.lock", "Disk.lock"],
      ])
    #expect(report.findings[0].edges[0].witnesses.map(\.line) == [9])
    let expired = try lockdepCheck("gate", trace, "--policy", policy, "--today", "2100-01-01")
    #expect(expired.messageLines == ["gate: failed, 2 violations, 1 of them expired"])
    guard TestTier.has(Python.has("jsonschema"), "Python's jsonschema") else { return }
    let folder = try TemporaryFolder()
    #expect(try Python.schemaViolations(in: [folder.write(result.output, to: "r.json")]) == [])
  }

  @Test("A gate uses the policy where it runs and says so; analyze does not; none switches it off")
  func found() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("version: 1\norder: [B, A]\n", to: ".lockgraph.yml")
    func run(_ arguments: String...) throws -> ProcessResult {
      try lockdepCheck(
        arguments: arguments + ["-o", "/dev/null"], input: Array(Traces.oneOrder.utf8),
        directory: folder.path)
    }
    let gate = try run("gate")
    #expect(gate.status == .exited(1))
    #expect(
      gate.messageLines == ["note: uses the policy .lockgraph.yml", "gate: failed, 1 violation"])
    #expect(try run("gate", "--policy", "none").messageLines == ["gate: passed"])
    #expect(try run("analyze").messageLines == [])
    let analyzed = try lockdepCheck(
      arguments: ["analyze", "--policy", ".lockgraph.yml"], input: Array(Traces.oneOrder.utf8),
      directory: folder.path)
    #expect(analyzed.status == .exited(0))
    #expect(analyzed.text.contains("B is taken while A is held, against the declared order\n"))
    #expect(analyzed.text.contains("Declared at .lockgraph.yml:2: order: B before A."))
    _ = try folder.write("version: 1\nordr: [B, A]\n", to: ".lockgraph.yml")
    let wrong = try run("gate")
    #expect(wrong.status == .exited(2))
    #expect(wrong.messages.contains(".lockgraph.yml:2:1: error: an unknown key 'ordr'"))
  }

  @Test("What only policies declare is not among what was checked without one")
  func undeclared() throws {
    func checked(_ policy: String) throws -> Set<Substring> {
      let folder = try TemporaryFolder()
      let file = try folder.write("version: 1\n" + policy, to: "p.yml")
      let report = try lockdepCheck(
        "gate", "--policy", file, "--format", "junit", input: Traces.clean
      ).text
      return Set(report.matches(of: /<testcase [^>]*name="([a-z-]+)"/).map(\.output.1))
    }
    let rules = try checked("")
    #expect(rules.contains("lock-order-inversion") && !rules.contains("still-waiting"))
    #expect(rules.isDisjoint(with: ["declared-order", "long-hold", "long-wait"]))
    #expect(try checked("order: [A, B]\n") == rules.union(["declared-order"]))
    #expect(
      try checked("limits:\n  A: {hold: 1s}\n")
        == rules.union(["long-hold", "long-wait"]))
  }

  @Test("A gate looks for its policy up to the root of the repository, and no further")
  func above() throws {
    let folder = try TemporaryFolder()
    let policy = "version: 1\norder: [B, A]\n"
    let inner = folder.file("repository/a/b")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    func lines(_ arguments: String..., in directory: String? = nil) throws -> [String] {
      try lockdepCheck(
        arguments: ["gate", "-o", "/dev/null"] + arguments, input: Array(Traces.oneOrder.utf8),
        directory: directory ?? inner
      ).messageLines
    }
    _ = try folder.write(policy, to: ".lockgraph.yml")
    _ = try folder.write(policy, to: "repository/.lockgraph.yaml")
    // What lies above means nothing outside of a repository.
    #expect(try lines() == ["gate: passed"])
    #expect(
      try lines("-v").first == "no policy: neither .lockgraph.yml nor .lockgraph.yaml is in .")
    _ = try folder.write("gitdir: elsewhere\n", to: "repository/.git")
    let uses = "note: uses the policy ../../.lockgraph.yaml"
    #expect(try lines() == [uses, "gate: failed, 1 violation"])
    #expect(try lines("--quiet") == [])
    #expect(try lines("--policy", "none") == ["gate: passed"])
    #expect(
      try lockdepCheck("policy", "check", directory: inner).messages
        == "../../.lockgraph.yaml: is valid\n")
    // The nearest one counts, and the root is the end.
    _ = try folder.write("version: 1\n", to: "repository/a/.lockgraph.yml")
    #expect(try lines() == ["note: uses the policy ../.lockgraph.yml", "gate: passed"])
    try FileManager.default.removeItem(atPath: folder.file("repository/a/.lockgraph.yml"))
    try FileManager.default.removeItem(atPath: folder.file("repository/.lockgraph.yaml"))
    #expect(try lines() == ["gate: passed"])
    #expect(
      try lines("-v").first
        == "no policy: neither .lockgraph.yml nor .lockgraph.yaml is in ., .., ../..")
    // An output does not take its place.
    _ = try folder.write(policy, to: "repository/.lockgraph.yml")
    let over = try lockdepCheck(
      "gate", "-o", "../../.lockgraph.yml", input: Traces.clean, directory: inner)
    #expect(over.status == .exited(64))
    #expect(try folder.text(of: "repository/.lockgraph.yml") == policy)
  }

  @Test("A policy that is there twice, or a link to nothing, is an error and not no policy")
  func notNoPolicy() throws {
    let folder = try TemporaryFolder()
    func gate() throws -> ProcessResult {
      try lockdepCheck(
        "gate", "-o", "/dev/null", input: Traces.clean, directory: folder.path)
    }
    let link = folder.file(".lockgraph.yml")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "gone.yml")
    let dangling = try gate()
    #expect(dangling.status == .exited(2))
    #expect(
      dangling.messages.hasPrefix(
        ".lockgraph.yml: error: is a link that leads to nothing: No such file or directory"))
    #expect(try lockdepCheck("policy", "check", directory: folder.path).status == .exited(2))
    _ = try folder.write("version: 1\n", to: "gone.yml")
    #expect(try gate().messageLines == ["note: uses the policy .lockgraph.yml", "gate: passed"])
    _ = try folder.write("version: 1\n", to: ".lockgraph.yaml")
    let both = try gate()
    #expect(both.status == .exited(2))
    #expect(both.messages.hasPrefix(".lockgraph.yml: error: .lockgraph.yaml is beside it"))
  }

  @Test("--strict-policy fails on what is of no use in a policy")
  func strict() throws {
    let folder = try TemporaryFolder()
    func gate(_ policy: String, _ arguments: String...) throws -> ProcessResult {
      let file = try folder.write("version: 1\n" + policy, to: "p.yml")
      return try lockdepCheck(
        arguments: ["gate", "--policy", file, "-o", "/dev/null"] + arguments,
        input: Array(Traces.clean.utf8))
    }
    let ignore = "ignore: [{rule: deadlock, classes: [A], reason: none}]\n"
    for policy in ["leaf: [Gone]\n", "never-together: [Gone, A]\n", "order: [A, Gone]\n", ignore] {
      #expect(try gate(policy).status == .exited(0), "\(policy)")
      let strict = try gate(policy, "--strict-policy")
      #expect(strict.status == .exited(1), "\(policy)")
      #expect(
        strict.messageLines[0].wholeMatch(of: /error: .*p\.yml:2: unused: .*/) != nil,
        "\(strict.messages)")
      #expect(strict.messageLines.last?.hasPrefix("gate: failed, ") == true)
    }
    #expect(try gate("leaf: ['*']\n", "--strict-policy").status == .exited(0))
    let baseline = folder.file("b.json")
    let recorded = try gate("leaf: [Gone]\n", "--strict-policy", "--write-baseline", baseline)
    #expect(recorded.status == .exited(0))
  }

  @Test("A policy that is wrong, or not there, is told before anything is read")
  func wrong() throws {
    let folder = try TemporaryFolder()
    let missing = try lockdepCheck("gate", "nowhere.trace", "--policy", folder.file("p.yml"))
    #expect(missing.status == .exited(2))
    #expect(missing.messages.hasPrefix("\(folder.file("p.yml")): error: cannot be opened"))
    let result = try lockdepCheck("gate", "nowhere.trace", "--policy", folder.path)
    #expect(result.status == .exited(2))
    #expect(result.messages.contains("\(folder.path): error: cannot be read: Is a directory"))
  }

  @Test("What the command line says of deadlocks goes before the policy's grades")
  func grades() throws {
    let folder = try TemporaryFolder()
    let policy = try folder.write(
      "version: 1\nfail-on:\n  lock-order-inversion: feasible\n  release-not-held: never\n",
      to: "p.yml")
    func message(_ trace: String, _ arguments: String...) throws -> String? {
      try lockdepCheck(
        arguments: ["gate", "--policy", policy] + arguments, input: Array(trace.utf8)
      ).messageLines.last
    }
    #expect(try message(Traces.feasible) == "gate: failed, 1 violation")
    #expect(try message(Traces.ordering) == "gate: passed; 1 below --fail-on")
    #expect(try message(Traces.unbalanced) == "gate: passed; 1 below --fail-on")
    #expect(try message(Traces.ordering, "--fail-on", "ordering") == "gate: failed, 1 violation")
  }

  @Test("Unused ignores are told and do not fail; unlisted cycles fail, and cannot be ignored")
  func remarks() throws {
    let folder = try TemporaryFolder()
    let policy = try folder.write(
      """
      version: 1
      ignore:
        - {rule: lock-order-inversion, classes: [L*], reason: many}
        - {rule: held-at-exit, classes: [L*], reason: gone}

      """, to: "p.yml")
    let unused = "note: \(policy):4: unused: ignores held-at-exit of L*, which was not found"
    let all = try lockdepCheck("gate", "--policy", policy, input: Traces.manyCycles)
    #expect(all.status == .exited(0))
    #expect(all.messageLines.first == unused)
    #expect(all.messageLines.count == 2)
    let bounded = try lockdepCheck(
      "gate", "--policy", policy, "--max-findings", "1", input: Traces.manyCycles)
    #expect(bounded.status == .exited(1))
    #expect(
      bounded.messageLines == [
        "error: more cycles than can be listed", unused,
        "gate: failed, more cycles than can be listed; 1 ignored",
      ])
    let orders = try folder.write("version: 1\nleaf: [L*]\n", to: "leaf.yml")
    let leaves = try lockdepCheck(
      "gate", "--policy", orders, "--rules", "declared-order", "--max-findings", "7",
      input: Traces.manyCycles)
    #expect(
      leaves.messageLines == [
        "error: more violations of declared orders than can be listed",
        "gate: failed, 7 violations",
      ])
  }

  @Test("A pattern of an order that matches no class is told, and does not fail")
  func unusedPatterns() throws {
    let folder = try TemporaryFolder()
    let policy = try folder.write(
      """
      version: 1
      order: [Accuont, Ledger]
      levels:
        - [Led*, Accuont]
      leaf: [Nope?]
      never-together:
        - [Ledger, "*.missing"]

      """, to: "p.yml")
    let trace = """
      T1 acquire l class=Ledger/1
      T1 acquire a class=Account
      T1 release a
      T1 release l

      """
    let result = try lockdepCheck("gate", "--policy", policy, input: trace)
    #expect(result.status == .exited(0), "\(result.messages)")
    #expect(
      result.messageLines == [
        "note: \(policy):2: unused: no class matches 'Accuont'; did you mean 'Account'?",
        "note: \(policy):5: unused: no class matches 'Nope?'",
        "note: \(policy):7: unused: no class matches '*.missing'",
        "gate: passed",
      ])
    // Of rules that are not looked for nothing is unused, and nothing is if nothing was checked.
    let others = try lockdepCheck(
      "gate", "--policy", policy, "--rules", "held-at-exit", input: trace)
    #expect(others.messageLines == ["gate: passed"])
    let empty = try lockdepCheck("gate", "--policy", policy, "--allow-empty", input: "")
    #expect(!empty.messages.contains("unused"))
    let many = (1...30).map { "gone\($0)" }.joined(separator: ", ")
    let long = try folder.write("version: 1\nleaf: [\(many)]\n", to: "long.yml")
    let lines = try lockdepCheck("gate", "--policy", long, input: trace).messageLines
    #expect(lines.count == 22)
    #expect(lines[20] == "note: \(long): unused: 10 more patterns match no class")
  }

  @Test("--rules selects declared-order, and says if there is nothing to look for")
  func rules() throws {
    let folder = try TemporaryFolder()
    let policy = try folder.write("version: 1\norder: [B, A]\n", to: "p.yml")
    let warning = "warning: no policy declares an order, so 'declared-order' finds nothing"
    let without = try lockdepCheck("gate", "--rules", "declared-order", input: Traces.feasible)
    #expect(without.messageLines == [warning, "gate: passed"])
    let with = try lockdepCheck(
      "gate", "--rules", "declared-order", "--policy", policy, "--format", "json",
      input: Traces.feasible)
    #expect(with.messageLines == ["gate: failed, 1 violation"])
    #expect(try Report(with.output).findings.map(\.classes) == [["A", "B"]])
    let others = try lockdepCheck(
      "gate", "--rules", "held-at-exit", "--policy", policy, input: Traces.feasible)
    #expect(others.messageLines == ["gate: passed"])
  }

  @Test("The policy in the documentation is one")
  func documented() throws {
    let text = try String(
      contentsOfFile: "\(BuiltProducts.packageRoot)/docs/policy.md", encoding: .utf8)
    let policy = try #require(text.components(separatedBy: "```yaml\n").dropFirst().first)
      .components(separatedBy: "```")[0]
    #expect(policy.contains("order: [Account, Ledger, Log]"))
    let result = try lockdepCheck("policy", "check", "-", input: policy)
    #expect(result.messageLines.last == "<stdin>: is valid")
  }

  @Test("check takes several files and tells of each")
  func checkSeveral() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write("version: 1\norder: [A, B]\n", to: "good.yml")
    let bad = try folder.write("version: 1\nodrer: [A, B]\n", to: "bad.yml")
    let result = try lockdepCheck("policy", "check", bad, good)
    #expect(result.status == .exited(2))
    #expect(result.messages.contains("\(bad):2:1: error: "))
    #expect(result.messageLines.last == "\(good): is valid")
    #expect(try lockdepCheck("policy", "check", good, good).status == .exited(0))
  }

  @Test("check tells line and column, and what has expired")
  func check() throws {
    let folder = try TemporaryFolder()
    let policy = try folder.write(
      """
      version: 1
      order: [A, B]
      ignore:
        - rule: deadlock
          classes: [A]
          reason: x
          expires: 2020-01-01
        - rule: deadlock
          classes: [B]
          reason: has no end

      """, to: "p.yml")
    let valid = try lockdepCheck("policy", "check", policy)
    #expect(valid.status == .exited(0))
    #expect(valid.output.isEmpty)
    #expect(
      valid.messageLines == ["note: \(policy):4: expired on 2020-01-01", "\(policy): is valid"])
    #expect(
      try lockdepCheck(arguments: ["policy", "check", "-"], input: folder.bytes(of: "p.yml")).status
        == .exited(0))
    let wrong = try lockdepCheck("policy", "check", "-", input: "version: 1\norder: [A, B, A]\n")
    #expect(wrong.status == .exited(2))
    #expect(
      wrong.messages == """
        <stdin>:2:15: error: 'A' is there twice
            order: [A, B, A]
                          ^
            expected each pattern once in a list; the first one is in line 2

        """)
    #expect(try lockdepCheck("policy", "check", folder.file("none")).status == .exited(2))
  }

  @Test(
    "What infer proposes passes the check, and a gate of the same inputs", arguments: Samples.all)
  func infer(_ sample: Sample) throws {
    let folder = try TemporaryFolder()
    let policy = folder.file("p.yml")
    let inferred = try lockdepCheck("policy", "infer", sample.path, "-o", policy)
    #expect(inferred.status == .exited(0))
    #expect(try lockdepCheck("policy", "infer", sample.path).output == folder.bytes(of: "p.yml"))
    #expect(try lockdepCheck("policy", "check", policy).status == .exited(0))
    let gate = try lockdepCheck(
      "gate", sample.path, "--policy", policy, "--rules", "declared-order", "-o", "/dev/null")
    #expect(gate.status == .exited(0))
  }

  @Test("An inferred order catches the other one, which the first input does not have")
  func inferredOrder() throws {
    let folder = try TemporaryFolder()
    let policy = folder.file("p.yml")
    _ = try lockdepCheck("policy", "infer", "-o", policy, input: Traces.oneOrder)
    #expect(
      try lockdepCheck("gate", "--policy", policy, input: Traces.oneOrder).status == .exited(0))
    #expect(
      try lockdepCheck("gate", "--policy", policy, input: Traces.otherOrder).status == .exited(1))
  }

  @Test("Names of any make and length go through infer, check and gate")
  func hostileNames() throws {
    let folder = try TemporaryFolder()
    let policy = folder.file("p.yml")
    for name in HostileNames.all + ["\"" + String(repeating: "n ", count: 1 << 19) + "\""] {
      let trace = """
        T acquire a class=\(name)
        T acquire b class=B
        T release b
        T release a

        """
      #expect(try lockdepCheck("policy", "infer", "-o", policy, input: trace).status == .exited(0))
      let kept = try lockdepCheck("gate", "--format", "json", "--policy", policy, input: trace)
      #expect(kept.messageLines == ["gate: passed"])
      var lines = trace.split(separator: "\n").map { $0 + "\n" }
      lines.swapAt(0, 1)
      let broken = try lockdepCheck(
        "gate", "--format", "json", "--policy", policy, "-o", "/dev/null",
        input: lines.joined())
      #expect(broken.messageLines == ["gate: failed, 1 violation"])
    }
  }
}
