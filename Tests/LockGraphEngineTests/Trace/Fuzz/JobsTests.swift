import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

/// What is said of inputs does not depend on how many threads read them.
@Suite struct JobsTests {
  private static let jobs = [1, 2, 3, 7]

  /// Names that come again and new ones, with everything that a line can say; several pieces long.
  private static let text =
    """
    # lockgraph-trace 1
    [1.000000001] T1 init a class="the \\u00e9 class" kind=rwsem rank=1
    T1 acquire a read at=a.c:1:2 stack=f;g
    T1 request b class=B kind=recursive subclass=3 timeout nest=a
    T1 abandon b reason=timeout
    T2 acquire b recursive-read try interruptible killable unchecked
    T2 acquire "c\\n" write at="x y"
    T2 downgrade "c\\n"
    T2 spawn T3
    T3 enter hardirq unthreaded
    T3 acquire a
    T3 leave hardirq
    T3 wait cond lock=a
    T3 wake cond lock=a
    T3 exit
    T2 join T3
    T2 release b
    * lost count=5
    T1 disable softirq
    T1 write x
    T5 acquire p
    T5 acquire q
    T5 release q
    T5 release p
    T6 acquire q
    T6 acquire p
    T6 release p
    T6 release q

    """
    + (0..<200).map { number in
      let (one, other) = (number % 7, (number * 5 + number / 40) % 7 + 4)
      return """
        T\(number % 5) acquire m\(one) at=File.swift:\(one)
        T\(number % 5) acquire n\(other) class=N\(other) at=File.swift:\(other)
        T\(number % 5) release n\(other)
        T\(number % 5) release m\(one)

        """
    }.joined()

  /// Everything that is said of inputs, or what is wrong with the first that is.
  private static func told(
    _ sources: [TraceSource], jobs: Int, keepGoing: Bool, pieceSize: Int = 100
  ) -> [String] {
    var options = TraceAnalyzer.Options()
    options.reading.keepGoing = keepGoing
    options.reading.jobs = jobs
    options.reading.pieceSize = pieceSize
    options.prediction = PredictionOptions()
    var told: [String] = []
    do throws(TraceError) {
      var analyzer = MeasuringAnalyzer(options: options)
      analyzer.expect(sources)
      for source in sources { try analyzer.read(source) }
      let (analysis, statistics) = analyzer.finish()
      told.append(String(decoding: JSONReport(analysis).bytes, as: UTF8.self))
      told.append(StatisticsTable(statistics).text)
      told += analysis.inputs.map { "\($0)" }
    } catch {
      told.append(error.description)
    }
    do throws(TraceError) {
      var analyzer = TraceAnalyzer(options: options)
      analyzer.expect(sources)
      for source in sources { try analyzer.read(source) }
      told.append(TextReport(analyzer.finish()).text)
    } catch {
      told.append(error.description)
    }
    do throws(TraceError) {
      var merger = GraphMerger(reading: options.reading)
      merger.expect(sources)
      for source in sources { try merger.read(source) }
      let bytes = Collected()
      _ = merger.finish { bytes.write($0) }
      told.append("\(bytes.bytes)")
    } catch {
      told.append(error.description)
    }
    do throws(TraceError) {
      let bytes = Collected()
      var converter = TraceConverter(
        to: .text, reading: options.reading, joinsInputs: sources.count > 1
      ) { bytes.write($0) }
      for source in sources { _ = try converter.read(source) }
      converter.finish()
      told.append(String(decoding: bytes.bytes, as: UTF8.self))
    } catch {
      told.append(error.description)
    }
    return told
  }

  /// What several threads read in different ways.
  enum Form: CaseIterable {
    case text, jsonLines, capture
  }

  private static func bytes(_ form: Form) throws -> [UInt8] {
    switch form {
    case .text: Array(text.utf8)
    case .jsonLines: try jsonLines(text)
    case .capture: Array(capture.utf8)
    }
  }

  /// Tasks that nest locks in both orders, in interrupts too, with lines of other events.
  private static let capture: String = {
    var trace = KernelTrace()
    for number in 0..<120 {
      let (one, other) = (
        "ffff88800000\(1000 + number % 7) a\(number % 7)", "ffff8880000\(20000 + number % 5) b"
      )
      let task = "task-\(number % 3)-\(60 + number % 3)"
      let cpu = number % 2
      trace.nest(one, other, task: task, cpu: cpu, flags: number % 11 == 0 ? "d.h1." : "....1")
      if number % 13 == 0 { trace.nest(other, one, task: task, cpu: cpu) }
      if number % 17 == 0 { trace.add("sched_switch", "prev_comm=x", task: task, cpu: cpu) }
      if number == 60 { trace.add(line: "CPU:1 [LOST 3 EVENTS]") }
    }
    return trace.text
  }()

  private static func jsonLines(_ text: String) throws -> [UInt8] {
    let bytes = Collected()
    var converter = TraceConverter(to: .jsonl, reading: ReadingOptions()) { bytes.write($0) }
    _ = try converter.read(.bytes(Array(text.utf8), name: "1.trace"))
    converter.finish()
    return bytes.bytes
  }

  @Test(arguments: Form.allCases, [40, 100, 1 << 12])
  func `One input says the same to any number of threads`(form: Form, pieceSize: Int) throws {
    let source = TraceSource.bytes(try Self.bytes(form), name: "1.trace")
    let all = Self.jobs.map {
      Self.told([source], jobs: $0, keepGoing: false, pieceSize: pieceSize)
    }
    #expect(all[0][0].contains("inversion"))
    for (jobs, told) in zip(Self.jobs, all) { #expect(told == all[0], "\(jobs) jobs") }
  }

  @Test(arguments: Form.allCases, [false, true])
  func `A damaged input says the same to any number of threads`(
    form: Form, keepGoing: Bool
  ) throws {
    let base = try Self.bytes(form)
    var failed = 0
    withSeeds(0..<12) { generator in
      let bytes = mutated(base, using: &generator)
      let source = TraceSource.bytes(bytes, name: "1.trace")
      let one = Self.told([source], jobs: 1, keepGoing: keepGoing)
      if one[0].hasPrefix("1.trace:") { failed += 1 }
      for jobs in Self.jobs.dropFirst() {
        let told = Self.told([source], jobs: jobs, keepGoing: keepGoing)
        #expect(told == one, "\(jobs) jobs, \(TestContext.description)")
      }
    }
    #expect(keepGoing || failed > 1)
  }

  @Test(arguments: [false, true])
  func `Many files say the same to any number of threads`(keepGoing: Bool) throws {
    let folder = try TemporaryFolder()
    var sources: [TraceSource] = []
    let base = Array(Self.text.utf8)
    var generator = SeededGenerator(seed: 7)
    for number in 0..<24 {
      let bytes =
        switch number % 8 {
        case 3: try Self.jsonLines(Self.text)
        case 5: keepGoing ? mutated(base, using: &generator) : base
        case 6: Array("T1|acq(l)|1\nT1|acq(m)|2\nT1|rel(m)|3\nT1|rel(l)|4\nT1|end|5\n".utf8)
        default: base
        }
      sources.append(.file(try folder.write(bytes, to: "\(number).trace")))
    }
    let one = Self.told(sources, jobs: 1, keepGoing: keepGoing)
    #expect(one[0].contains("inversion"))
    for jobs in Self.jobs.dropFirst() {
      #expect(Self.told(sources, jobs: jobs, keepGoing: keepGoing) == one, "\(jobs) jobs")
    }
    // Of two that are bad the first is told; where lines are skipped there are others before.
    guard !keepGoing else { return }
    for number in [9, 17] { _ = try folder.write("T1 acquire\n", to: "\(number).trace") }
    for jobs in Self.jobs {
      let told = Self.told(sources, jobs: jobs, keepGoing: false)
      #expect(told.allSatisfy { $0.contains("9.trace:1") }, "\(jobs) jobs")
    }
  }
}
