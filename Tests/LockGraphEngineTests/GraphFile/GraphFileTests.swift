import LockGraphEngine
import TestSupport
import Testing

/// Graph files: what they keep, and what is refused.
@Suite struct GraphFileTests {
  private static let unitTests = """
    T1 acquire a class=A at=a.c:1
    T1 acquire b class=B at=a.c:2
    T1 release b
    T1 release a

    """
  private static let integrationTests = """
    T1 acquire x class=B at=b.c:7
    T1 acquire y class=A at=b.c:8
    T1 release y
    T1 release x

    """
  private static let both = """
    T1 acquire a class=A
    T1 acquire b class=B
    T1 release b
    T1 release a
    T2 acquire b
    T2 acquire a
    T2 release a
    T2 release b

    """

  @Test func `Two orders that two inputs show are one inversion that names both`() throws {
    let one = try merged([NamedInput("unit.trace", Self.unitTests)])
    let other = try merged([NamedInput("integration.trace", Self.integrationTests)])
    let analysis = try analyze([NamedInput("all.graph", try merged([one, other]))])
    #expect(analysis.verdicts == ["lock-order-inversion ordering A B"])
    let witnesses = analysis.findings[0].edges.map { $0.witnesses[0] }
    #expect(witnesses.map(\.input) == ["unit.trace", "integration.trace"])
    #expect(witnesses.map(\.wanted.at) == ["a.c:2", "b.c:8"])
    #expect(witnesses.map(\.line) == [2, 2])
    #expect(
      analysis.inputs.map(\.name) == ["all.graph", "integration.trace", "unit.trace"])
    #expect(analysis.inputs.map(\.format) == ["graph", "text", "text"])
    #expect(analysis.summary.events == 8)
  }

  @Test func `A deadlock that one of many inputs shows stays feasible`() throws {
    let many = (0..<200).map { NamedInput("\(1000 + $0).trace", Self.unitTests) }
    let file = try merged(many + [NamedInput("9999.trace", Self.both)])
    let analysis = try analyze([NamedInput("all.graph", file)])
    #expect(analysis.verdicts == ["lock-order-inversion feasible A B"])
    #expect(analysis.findings[0].edges[0].hasMoreWitnesses)
    #expect(
      analysis.findings[0].edges.map { $0.witnesses[0].input } == ["9999.trace", "9999.trace"])
  }

  @Test func `Of counts those of the 64 inputs that count most are kept`() throws {
    let many = (0..<70).map { number in
      NamedInput(
        "\(100 + number).trace", String(repeating: Self.unitTests, count: number < 6 ? 1 : 2))
    }
    func counts(_ inputs: [NamedInput]) throws -> [UInt64] {
      let graph = try analyze([NamedInput("all.graph", try merged(inputs))]).graph
      return graph.dependencies.map(\.count) + graph.classes.map(\.acquisitions)
    }
    #expect(try counts(Array(many.suffix(64))) == [128, 128, 128])
    #expect(try counts(many) == [128, 128, 128])
    #expect(try counts(Array(many.prefix(64))) == [122, 122, 122])
    #expect(try counts(many + many.prefix(9)) == [128, 128, 128])
  }

  @Test func `An input counts once, and one of the same name with another content besides`() throws
  {
    let first = NamedInput("tests.trace", Self.unitTests)
    let second = NamedInput("tests.trace", Self.unitTests + Self.unitTests)
    let analysis = try analyze([
      NamedInput("all.graph", try merged([first, second, first, second]))
    ])
    #expect(analysis.graph.dependencies.map(\.count) == [3])
    #expect(analysis.summary.events == 12)
    #expect(analysis.inputs.map(\.name) == ["all.graph", "tests.trace", "tests.trace"])
  }

  @Test func `Graph files one behind the other are read as if they were merged`() throws {
    let one = try merged([NamedInput("unit.trace", Self.unitTests)])
    let other = try merged([NamedInput("integration.trace", Self.integrationTests)])
    let joined = try merged([one + other + one])
    #expect(try merged([one, other]) == joined)
    let message = failure(of: one + other + [0x0A])?.message
    #expect(message == "is damaged at byte \(one.count + other.count): something follows the end")
  }

  @Test func `Bad lines that were skipped and lines that were cut off are told of again`() throws {
    let input = NamedInput("bad.trace", "T1 acquire a\nT1 juggle a\nT1 acquire b\nT1 rel")
    let file = try merged([input], keepGoing: true)
    let inputs = try analyze([NamedInput("all.graph", file)]).inputs
    #expect(inputs[1].skipped == 1)
    #expect(inputs[1].firstSkipped?.line == 2)
    #expect(inputs[1].firstSkipped?.description.contains("juggle") == true)
    #expect(inputs[1].warnings == ["line 4, the last one, is cut off and was left out"])
  }

  @Test func `Statistics and conversion refuse what has no events`() throws {
    let file = try merged([NamedInput("unit.trace", Self.unitTests)])
    let expected = "is a graph file, which holds orders and no events"
    #expect(throws: TraceError.self) { try measure(inputs: [file]) }
    do throws(TraceError) {
      _ = try measure(inputs: [file])
    } catch {
      #expect(error.message == expected)
    }
    var converter = TraceConverter(to: .text) { _ in true }
    do throws(TraceError) {
      _ = try converter.read(.bytes(file, name: "1.graph"))
      Issue.record("converted")
    } catch {
      #expect(error.message == expected)
    }
  }

  @Test func `A graph file of another version is refused by its number`() throws {
    var file = try merged([NamedInput("unit.trace", Self.unitTests)])
    file[GraphFileMark.bytes.count] = 7
    let message = failure(of: file)?.message
    #expect(
      message == "is a graph file of version 7, which is not known")
  }

  @Test func `A graph file cut at any byte is refused by the number of the byte`() throws {
    var generator = SeededGenerator(seed: 7)
    let inputs = (1...3).map { randomInput(using: &generator, name: "\($0).trace") }
    let file = try merged(inputs)
    #expect(file.count > 1000)
    for count in 1..<file.count {
      let error = failure(of: Array(file[..<count]))
      #expect(error?.message.hasPrefix("is cut off at byte \(count), in ") == true, "\(count)")
    }
    #expect(failure(of: [], format: .graph)?.message == "is cut off at byte 0, in its header")
  }

  @Test func `A graph file in which one bit differs is refused`() throws {
    let file = try merged([NamedInput("unit.trace", Self.both)])
    for index in file.indices {
      var damaged = file
      damaged[index] ^= 1 << UInt8(index % 8)
      let error = failure(of: damaged, format: .graph)
      #expect(error != nil, "byte \(index)")
    }
  }

  @Test func `Names of any bytes and lengths come out as they went in`() throws {
    let long = String(repeating: "x", count: 1 << 20)
    let trace = """
      T1 acquire a class="<![CDATA[ ]]>\\n::error" at=\(long):1
      T1 acquire b class=\(long)
      T2 acquire b
      T2 acquire a

      """
    let input = NamedInput("a\n\"b", trace)
    let together = try analyze([input])
    let analysis = try analyze([NamedInput("all.graph", try merged([input]))])
    #expect(analysis.findings == together.findings)
    #expect(!analysis.findings.isEmpty)
  }
}
