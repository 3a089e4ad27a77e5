import Foundation
import TestSupport
import Testing

@Suite("diff")
struct DiffTests {
  private let folder: TemporaryFolder
  private let old: String
  private let new: String

  private static let oldTrace = """
    T1 acquire A at=a.c:1
    T1 acquire B at=a.c:2
    T1 release B
    T1 release A
    T1 acquire Old
    T1 release Old

    """
  private static let newTrace = """
    T1 acquire A at=a.c:1
    T1 acquire B at=a.c:2
    T1 release B
    T1 release A
    T2 acquire B at=b.c:1
    T2 acquire A at=b.c:2
    T2 acquire New class="New<lock>" kind=spin
    T2 release New
    T2 release A
    T2 release B

    """

  init() throws {
    folder = try TemporaryFolder()
    old = try folder.write(Self.oldTrace, to: "old.trace")
    new = try folder.write(Self.newTrace, to: "new.trace")
  }

  @Test("New and gone classes, dependencies and findings are listed")
  func text() throws {
    let result = try lockdepCheck("diff", old, new)
    #expect(result.status == .exited(0) && result.messages.isEmpty)
    #expect(
      result.text == """
        Classes
          + New<lock> (spin)
          - Old

        Dependencies
          + A -> New<lock>, 1 time
              T2: A at b.c:2, then New (\(new):7)
          + B -> A, 1 time
              T2: B at b.c:1, then A at b.c:2 (\(new):6)
          + B -> New<lock>, 1 time
              T2: B at b.c:1, then New (\(new):7)

        Findings
          + error: A and B are taken in both orders
              [lock-order-inversion, predicted] fingerprint \(try fingerprint())

        1 new class, 1 gone; 3 new dependencies, 0 gone; 1 new finding, 0 gone.

        """)
    let back = try lockdepCheck("diff", new, old).text
    #expect(back.contains("  - B -> A, 1 time\n"))
    #expect(
      back.contains("1 new class, 1 gone; 0 new dependencies, 3 gone; 0 new findings, 1 gone."))
  }

  private func fingerprint() throws -> String {
    try Report(lockdepCheck("analyze", "--format", "json", new).output).findings[0].fingerprint
  }

  @Test("What is the same has no difference, as traces and as graph files")
  func same() throws {
    let graph = folder.file("new.graph")
    #expect(try lockdepCheck("merge", new, "-o", graph).status == .exited(0))
    for pair in [(new, new), (new, graph), (graph, new), (graph, graph)] {
      let result = try lockdepCheck(
        "diff", pair.0, pair.1, "--fail-on-new-edges", "--fail-on-new-findings")
      #expect(result.status == .exited(0) && result.messages.isEmpty)
      #expect(result.text == "No difference in classes, dependencies and findings.\n")
    }
  }

  @Test("New dependencies and new findings fail only if that is asked for, gone ones never")
  func status() throws {
    #expect(try lockdepCheck("diff", old, new).status == .exited(0))
    let edges = try lockdepCheck("diff", old, new, "--fail-on-new-edges")
    #expect(edges.status == .exited(1))
    #expect(edges.messageLines == ["diff: failed, 3 new dependencies"])
    #expect(edges.text.hasPrefix("Classes\n"))
    let findings = try lockdepCheck("diff", old, new, "--fail-on-new-findings")
    #expect(findings.status == .exited(1))
    #expect(findings.messageLines == ["diff: failed, 1 new finding"])
    for flag in ["--fail-on-new-edges", "--fail-on-new-findings"] {
      #expect(try lockdepCheck("diff", new, old, flag).status == .exited(0))
    }
    // A note fails nothing.
    let excluded = try folder.write(Traces.excluded, to: "excluded.trace")
    let harmless = try lockdepCheck(
      "diff", "-", excluded, "--fail-on-new-findings", input: Traces.clean)
    #expect(harmless.status == .exited(0))
    #expect(harmless.text.contains("+ note: "))
  }

  @Test("Every difference in JSON is valid")
  func json() throws {
    let result = try lockdepCheck("diff", old, new, "--format", "json")
    #expect(result.status == .exited(0))
    let graph = folder.file("all.graph")
    #expect(
      try lockdepCheck(arguments: ["merge", "-o", graph] + Samples.all.map(\.path)).status
        == .exited(0))
    var documents = [try folder.write(result.output, to: "1.json")]
    for (number, pair) in [(graph, new), (old, graph), (old, old)].enumerated() {
      let document = folder.file("more-\(number).json")
      let result = try lockdepCheck("diff", pair.0, pair.1, "--format", "json", "-o", document)
      #expect(result.status == .exited(0) && result.output.isEmpty)
      documents.append(document)
    }
    #expect(
      try Python.schemaViolations(in: documents, of: "Schemas/lockgraph-diff-1.schema.json") == [])
    let broken = result.text.replacing("\"newDependencies\"", with: "\"newEdges\"")
    #expect(
      try Python.schemaViolations(
        in: [folder.write(broken, to: "broken.json")], of: "Schemas/lockgraph-diff-1.schema.json"
      ).count == 1)
  }

  @Test("The picture marks what is new, also in a reported cycle, and says what that means")
  func picture() throws {
    let svg = folder.file("new.svg")
    let result = try lockdepCheck("diff", old, new, "--svg", svg)
    #expect(result.status == .exited(0))
    let picture = try folder.text(of: "new.svg")
    #expect(try Python.pictureFaults(in: [svg]) == [])
    #expect(picture.contains(#"<g id="dep-B--A" class="dependency on-cycle severity-error"#))
    for (identifier, isNew) in [("dep-A--B", false), ("dep-B--A", true)] {
      let element = picture.split(separator: "<g ").first { $0.contains("id=\"\(identifier)\"") }
      #expect(element?.contains(" new ") == isNew, "\(identifier)")
    }
    #expect(picture.contains(">new b.c:1 → b.c:2</text>"))
    #expect(picture.contains("other order, not in the old graph"))
    let words = picture.replacing(/<[^>]*>/, with: " ").split(whereSeparator: \.isWhitespace)
    #expect(words.joined(separator: " ").contains("new: not in the old graph."))
    #expect(picture.contains("new · spin"))
    // Where nothing is new, nothing says so.
    #expect(try lockdepCheck("diff", new, new, "--svg", svg).status == .exited(0))
    #expect(try !folder.text(of: "new.svg").contains("not in the old graph"))
  }

  @Test("Wrong usage is told before anything is read")
  func usage() throws {
    for arguments in [
      [], [old], [old, new, old], ["-", "-"], [old, new, "-o", new], [old, new, "--svg", old],
      [old, new, "-o", "x", "--svg", "x"], [old, new, "--max-findings", "0"],
    ] {
      let result = try lockdepCheck(arguments: ["diff"] + arguments, directory: folder.path)
      #expect(result.status == .exited(64), "\(arguments)")
      #expect(result.output.isEmpty)
    }
    let missing = try lockdepCheck("diff", old, folder.file("none"), "-o", folder.file("x"))
    #expect(missing.status == .exited(2))
    #expect(try folder.contents == ["new.trace", "old.trace"])
  }
}
