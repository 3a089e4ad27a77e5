import TestSupport
import Testing

@testable import LockGraphEngine

/// `/proc/lockdep` and `/proc/lockdep_chains`.
@Suite struct LockdepFileTests {
  private static let classes = """
    all lock classes:
    00000000790134c8 FD:    1 BD:   31 ....: (console_sem).lock

    0000000066db1c97 OPS:     120 FD:   16 BD:    6 +.+.: console_lock
     -> [00000000790134c8] (console_sem).lock
     -> [00000000f20dba95] &port_lock_key
     -> [00000000e366eda1] &pool->lock/1

    00000000f20dba95 FD:    3 BD:   37 -.-?: &port_lock_key
    00000000e366eda1 FD:   10 BD:  168 ..-.: &pool->lock/1

    """

  private static let chains = """
    all lock chains:
    irq_context: 0
    [0000000066db1c97] console_lock
    [00000000790134c8] (console_sem).lock
    [00000000f20dba95] &port_lock_key

    irq_context: hardirq|softirq
    [00000000f20dba95] &port_lock_key
    [0000000066db1c97] console_lock

    """

  @Test func `Classes and their order are read, with names as they are printed`() throws {
    let analysis = try analyze(Self.classes)
    #expect(analysis.inputs[0].format == "lockdep")
    #expect(
      analysis.graph.classes.map(\.name)
        == ["&pool->lock/1", "&port_lock_key", "(console_sem).lock", "console_lock"])
    #expect(
      analysis.edges == [
        "console_lock -> &pool->lock/1 []", "console_lock -> &port_lock_key []",
        "console_lock -> (console_sem).lock []",
      ])
    #expect(analysis.graph.classes[3].acquisitions == 120)
    #expect(analysis.inputs[0].events == 0)
    #expect(analysis.inputs[0].facts == 7)
    #expect(!analysis.inputs[0].isEmpty)
    #expect(analysis.summary.threads == 0)
    #expect(analysis.summary.locks == 0)
    #expect(analysis.findings.isEmpty)
  }

  @Test func `A dependency names the lines that state it`() throws {
    let graph = try analyze(Self.classes).graph
    let witness = try #require(graph.witnesses(of: graph.dependencies[1]).first)
    #expect(witness.isStated)
    #expect(witness.thread == "unknown thread")
    #expect(witness.held.line == 4)
    #expect(witness.line == 6)
    #expect(witness.input == "1.trace")
    #expect(graph.dependencies[1].count == 0)
  }

  @Test func `A chain tells what was taken inside what, and no order`() throws {
    let analysis = try analyze(Self.chains)
    #expect(analysis.inputs[0].format == "lockdep-chains")
    #expect(
      analysis.edges == [
        "&port_lock_key -> console_lock []", "(console_sem).lock -> &port_lock_key []",
        "console_lock -> &port_lock_key []", "console_lock -> (console_sem).lock []",
      ])
    #expect(analysis.findings.isEmpty)
  }

  @Test func `Both files of one kernel name the same classes`() throws {
    let analysis = try analyze(Self.chains, Self.classes)
    #expect(analysis.summary.classes == 4)
    #expect(analysis.findings.isEmpty)
  }

  @Test func `Classes of one name are told apart by their keys, alike in all files of one kernel`()
    throws
  {
    let classes = """
      00000000790134c8 FD:    1 BD:   31 ....: lock
      00000000790134c9 FD:    1 BD:   31 ....: lock
       -> [00000000790134ca] lock
      """
    let chains = """
      irq_context: 0
      [00000000790134ca] lock
      [00000000790134c9] lock

      """
    let analysis = try analyze(classes, chains)
    #expect(analysis.graph.classes.map(\.name) == ["lock", "lock#2", "lock#3"])
    #expect(analysis.edges == ["lock#2 -> lock#3 []", "lock#3 -> lock#2 []"])
  }

  @Test(arguments: ["....", "+.+.", "+.+...", "++++++", "-.", "?-?-"])
  func `Usage may be as wide as any kernel prints it`(usage: String) throws {
    let analysis = try analyze("00000000790134c8 FD: 1 BD: 1 \(usage): a lock, (with) : anything")
    #expect(analysis.graph.classes.map(\.name) == ["a lock, (with) : anything"])
  }

  @Test func `Kernels without usage print none`() throws {
    let text = "all lock classes:\n00000000790134c8: a\n00000000790134c9 OPS:       7: b\n"
    let analysis = try analyze(text)
    #expect(analysis.graph.classes.map(\.name) == ["a", "b"])
    #expect(analysis.graph.classes[1].acquisitions == 7)
  }

  @Test(arguments: [
    ("nonsense", 1, "a bad key of a lock class"),
    ("00000000790134c8 FD: x BD: 1 ....: a", 22, "a bad number"),
    ("00000000790134c8 FD: 1 BD: 1 ...: a", 30, "bad usage of a lock class"),
    ("00000000790134c8 FD: 1 BD: 1 ..*.: a", 32, "not a line of this file"),
    ("00000000790134c8 FD: 1 BD: 1 ....:", 35, "the name of a lock class is missing"),
    ("00000000790134c8 FD: 1", 1, "not a line of this file"),
    (" -> [00000000790134c8] a", 1, "a dependency of no class: none is above it"),
    (" -> [xyz] a", 6, "a bad key of a lock class"),
    (" -> 00000000790134c8 a", 1, "not a line of this file"),
  ])
  func `A bad line is refused with its place`(line: String, column: Int, message: String) throws {
    let error = try #require(failure(of: "all lock classes:\n\(line)\nmore\n"))
    #expect(error.line == 2)
    #expect(error.message == message)
    if error.message != "not a line of this file" { #expect(error.column == column) }
  }

  @Test func `A bad link of a chain is refused with its place`() throws {
    let error = try #require(failure(of: "all lock chains:\nirq_context: 0\nnonsense\n"))
    #expect(error.line == 3)
    #expect(error.expected == "irq_context: CONTEXT, or [KEY] NAME")
  }

  @Test func `The last line may be cut off`() throws {
    let analysis = try analyze(Self.classes + "00000000790134cf FD:   ")
    #expect(analysis.summary.classes == 4)
    #expect(analysis.inputs[0].warnings == ["line 11, the last one, is cut off and was left out"])
  }

  @Test func `The files are recognised without their headers too`() {
    func format(_ text: String) -> TraceFormat? {
      Array(text.utf8).withUnsafeBytes { TraceFormat.recognize($0) }
    }
    #expect(format("00000000790134c8 FD:    1 BD:   31 ....: (console_sem).lock\n") == .lockdep)
    #expect(format("\nirq_context: softirq\n[00000000790134c8] a\n") == .lockdepChains)
    #expect(format("all lock classes:\n") == .lockdep)
    #expect(format("deadbeef acquire a\n") == .text)
  }
}
