import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

/// What the layout of graph files is, and what becomes of files of another one.
@Suite struct GraphSchemaTests {
  private static let trace = """
    T1 acquire a class=A
    T1 acquire b class=B

    """

  /// Whoever changes this changes the layout: graph files that were written before are read no
  /// more, and from 0.1.0 on that needs another version.
  @Test func `The layout has the schema that its version has`() throws {
    #expect(GraphFile.version == 1)
    #expect(GraphFile.schema.name == "b4219904c15b87fd")
    let file = try merged([NamedInput("unit.trace", Self.trace)])
    #expect(file.prefix(GraphFileMark.bytes.count) == GraphFileMark.bytes[...])
    #expect(
      Array(file[GraphFileMark.bytes.count..<GraphFile.headerLength])
        == [1] + GraphFile.schema.digest)
    #expect(file[GraphFile.headerLength] == GraphFile.Section.texts.rawValue)
  }

  @Test func `The document has the description that the code has of itself`() throws {
    let document = try String(
      contentsOfFile: "\(BuiltProducts.packageRoot)/docs/graph-file.md", encoding: .utf8)
    #expect(document.contains("```text\n\(GraphFile.schema.text)```\n"), "\(GraphFile.schema.text)")
  }

  @Test func `A graph file of another schema is refused, and what to do is told`() throws {
    var file = try merged([NamedInput("unit.trace", Self.trace)])
    let schema = GraphFileMark.bytes.count + 1
    file.replaceSubrange(schema..<GraphFile.headerLength, with: [1, 0xAB, 0, 0, 0, 0, 0, 0xF])
    let error = failure(of: file)
    #expect(
      error?.message
        == "is a graph file of schema 01ab00000000000f, written before version 1 was final")
    #expect(
      error?.expected
        == "schema \(GraphFile.schema.name): merge the traces again, with lockdep-check 0.1.0")
    #expect(error?.line == nil)
  }

  @Test func `A graph file of another version is refused, and which is read is told`() throws {
    var file = try merged([NamedInput("unit.trace", Self.trace)])
    file[GraphFileMark.bytes.count] = 2
    #expect(
      failure(of: file)?.expected
        == "version 1: merge the traces again, with lockdep-check 0.1.0")
  }
}
