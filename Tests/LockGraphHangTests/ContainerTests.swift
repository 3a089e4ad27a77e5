import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Containers are asked of a docker that knows one, and are namespaces as its are.
@Suite("lockdep-check hang --container", .serialized, .needs("cc", HungProgram.isCompilable))
struct ContainerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Puts a docker first that answers so; without an answer there is none.
  private func command(
    _ arguments: String..., docker answer: String? = nil, status: Int32 = 0
  ) throws -> ProcessResult {
    var runner = ProcessRunner(
      try BuiltProducts.executable("lockdep-check"), ["hang", "--stacks", "never"] + arguments)
    runner.environment = ProcessInfo.processInfo.environment
    runner.environment?["PATH"] = folder.path
    if let answer {
      let docker = folder.file("docker")
      try folder.write(
        """
        #!/bin/sh
        [ "$*" = "inspect --format {{.State.Pid}} web" ] || exit 9
        echo '\(answer)'
        exit \(status)

        """, to: "docker")
      chmod(docker, 0o755)
    }
    return try runner.run()
  }

  @Test("All its processes are looked at", .needs("root and unshare", Self.canUnshare))
  func processes() throws {
    let program = try HungProgram.program(.plain)
    let shell = try ProcessRunner(
      "unshare",
      [
        "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c",
        "\(program) condition & \(program) normal & \(program) normal & wait",
      ]
    ).start()
    try #require(shell.waits(for: "ready\nready\nready\n", within: .seconds(120)))
    let first = "\(try HungProgram.children(of: "\(shell.identifier)")[0])"
    for child in try HungProgram.children(of: first) { HungProgram.waitUntilSettled(child) }
    let result = try command("--container", "web", docker: first)
    #expect(result.status == .exited(1), "\(result.messages)")
    #expect(result.text.ranges(of: " deadlock: ").count == 2)
    #expect(result.text.contains("sh (process \(first))"))
    // Of its processes one alone, and the same again with all.
    let children = try HungProgram.children(of: first)
    try #require(children.count == 3)
    let one = try command("\(children[0])")
    #expect(one.status == .exited(0))
    let both = try command("--container", "web", "\(children[1])", docker: first)
    #expect(both.text.ranges(of: " deadlock: ").count == 2)
  }

  @Test("A process that has the machine's numbers is taken with what it started")
  func hostNumbers() throws {
    let program = try HungProgram.program(.plain)
    let shell = try ProcessRunner("sh", ["-c", "\(program) normal & wait"]).start()
    try #require(shell.waits(for: "ready", within: .seconds(120)))
    let children = try HungProgram.children(of: "\(shell.identifier)")
    for child in children { HungProgram.waitUntilSettled(child) }
    let result = try command("--container", "web", docker: "\(shell.identifier)")
    #expect(result.status == .exited(1), "\(result.messages)")
    #expect(result.text.ranges(of: " deadlock: ").count == 1)
    for child in children { kill(child, SIGKILL) }
  }

  @Test("Containers of which nothing is known")
  func refusals() throws {
    let none = try command("--container", "web")
    #expect(none.status == .exited(2))
    #expect(
      none.messages == "container web: error: none of docker, podman, nerdctl is installed; "
        + "expected one that runs the container, or the numbers of its processes\n")
    let unknown = try command(
      "--container", "web", docker: "Error: No such object: web", status: 1)
    #expect(unknown.status == .exited(2))
    #expect(
      unknown.messages == "container web: error: docker says: Error: No such object: web\n")
    let ended = try command("--container", "web", docker: "0")
    #expect(ended.status == .exited(2))
    #expect(ended.messages == "container web: error: the container does not run\n")
    let far = try command("--container", "web", docker: "4194303")
    #expect(far.messages.contains("process 4194303 is not to be seen from here"))
    let odd = try command("--container", "web", docker: "<no value>")
    #expect(odd.messages.contains("docker tells no process of it: value>"))
    #expect(try command("--container", "--", "-x").status == .exited(64))
    #expect(try command("--container", "a b").status == .exited(64))
    #expect(try command().status == .exited(64))
    #expect(try command("core", "--container", "web").status == .exited(64))
  }

  private static let canUnshare: Bool =
    geteuid() == 0
    && (try? ProcessRunner("unshare", ["--pid", "--fork", "true"]).run().status) == .exited(0)
}
