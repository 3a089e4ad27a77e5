import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphRendering

@Suite struct WeightTests {
  private let trace = """
    [1] T1 acquire A
    [2] T1 acquire B
    [2] T2 request A
    [4] T1 release B
    [5] T1 release A
    [5] T2 acquire A
    [6] T2 release A
    [6] T2 acquire C

    """

  private func weighed(
    _ text: String, _ measure: ClassWeights.Measure, scope: PictureOptions.Scope = .findings
  ) throws -> (drawing: Drawing, svg: String, dot: String) {
    var analyzer = MeasuringAnalyzer()
    try analyzer.read(.bytes(Array(text.utf8), name: "1.trace"))
    let (analysis, statistics) = analyzer.finish()
    let weights = try #require(ClassWeights(statistics, measure: measure))
    let picture = GraphPicture(
      graph: analysis.graph, findings: analysis.findings,
      options: PictureOptions(scope: scope, weights: weights))
    let drawing = try DrawingSelection.drawing(
      of: analysis.graph, findings: analysis.findings,
      options: PictureOptions(scope: scope, weights: weights))
    return (
      drawing, String(decoding: try picture.rendered(as: .svg).bytes, as: UTF8.self),
      String(decoding: try picture.rendered(as: .dot).bytes, as: UTF8.self)
    )
  }

  @Test func `What was held stands on the nodes, in their tooltips and in the legend`() throws {
    let (drawing, svg, dot) = try weighed(trace, .hold)
    #expect(drawing.classes.map(\.name) == ["A", "B", "C"])
    #expect(drawing.classes.map(\.weightLevel) == [5, 4, 0])
    for text in [svg, dot] {
      #expect(text.contains("held 5.00 s"))
      #expect(text.contains("write: 2 acquisitions, held 5.00 s (p99 4.00 s, at most 4.00 s)"))
      #expect(text.contains("held 2.00 s"))
      #expect(text.contains("darker and larger: longer held"))
      #expect(text.contains(DrawingStyle.weightFills[4]))
      #expect(text.contains("weight-5") && text.contains("weight-0"))
    }
  }

  @Test func `Contention weighs by the time waited, given up or not`() throws {
    let givenUp = "[7] T3 request B at=x\n[8] T3 abandon B reason=timeout\n"
    let (drawing, svg, _) = try weighed(trace + givenUp, .contention)
    #expect(drawing.classes.map(\.weightLevel) == [5, 3, 0])
    #expect(svg.contains("1 wait, 3.00 s"))
    #expect(svg.contains("1 wait, 1.00 s"))
    #expect(svg.contains("1 waited 3.00 s") && svg.contains("1 gave up"))
  }

  @Test func `Without times contention weighs by counts, and hold times weigh nothing`() throws {
    let plain = trace.replacing(#/\[.\] /#, with: "")
    let (drawing, svg, _) = try weighed(plain, .contention)
    #expect(drawing.classes.map(\.weightLevel) == [5, 0, 0])
    #expect(svg.contains(">1 wait<"))
    #expect(ClassWeights(try measure(plain), measure: .hold) == nil)
    #expect(ClassWeights(try measure(trace), measure: .hold) != nil)
  }

  @Test func `Where nothing waited the picture says so`() throws {
    let (drawing, svg, dot) = try weighed("[1] T1 acquire A\n[2] T1 release A\n", .contention)
    #expect(drawing.notes == ["No acquisition waited."])
    #expect(!svg.contains("darker") && !dot.contains("darker"))
  }

  @Test func `Of a large graph the heaviest classes and their neighbours are drawn`() throws {
    var text = ""
    var time = 1
    func hold(_ outer: String, _ inner: String, seconds: Int, times: Int) {
      for _ in 0..<times {
        text += "[\(time)] T1 acquire \(outer)\n[\(time)] T1 acquire \(inner)\n"
        time += seconds
        text += "[\(time)] T1 release \(inner)\n[\(time)] T1 release \(outer)\n"
      }
    }
    for number in 0..<100 { hold("busy-\(number)", "also-busy-\(number)", seconds: 0, times: 3) }
    hold("slow", "neighbour", seconds: 5, times: 1)
    let (drawing, _, _) = try weighed(text, .hold)
    #expect(drawing.classes.map(\.name) == ["neighbour", "slow"])
    #expect(drawing.notes.contains { $0.contains("the longest held and their neighbours") })
    let (unweighed, _, _) = try weighed(text, .contention)
    #expect(unweighed.classes.count > 10)
  }

  @Test func `Beside findings the heaviest classes are drawn too`() throws {
    let cycle = "T8 acquire X\nT8 acquire Y\nT8 release Y\nT8 release X\n"
    let back = "T9 acquire Y\nT9 acquire X\nT9 release X\nT9 release Y\n"
    let (drawing, _, _) = try weighed(trace + cycle + back, .hold)
    #expect(Set(drawing.classes.map(\.name)).isSuperset(of: ["A", "B", "X", "Y"]))
    #expect(drawing.classes.first { $0.name == "X" }?.emphasis == .error)
  }

  @Test func `Text on every ground has a contrast of 4.5 to 1`() {
    func luminance(_ color: String) -> Double {
      let value = Int(color.dropFirst(), radix: 16)!
      let parts = [value >> 16, value >> 8 & 0xFF, value & 0xFF].map { part -> Double in
        let share = Double(part) / 255
        return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    // x^2.4, from below, without a library.
    func power(_ base: Double) -> Double { base * base * base.squareRoot().squareRoot() }
    var last = 2.0
    for fill in DrawingStyle.weightFills {
      let ground = luminance(fill)
      #expect((ground + 0.05) / (luminance(DrawingStyle.ink) + 0.05) > 4.5)
      #expect(ground < last)
      last = ground
    }
  }

  @Test(
    arguments: [
      (0, "0 ns"), (999, "999 ns"), (1_000, "1.00 µs"), (5_500, "5.50 µs"), (9_994, "9.99 µs"),
      (9_996, "10.0 µs"), (99_949, "99.9 µs"), (99_950, "100 µs"), (999_499, "999 µs"),
      (999_600, "1.00 ms"), (75_000_000, "75.0 ms"), (999_999_999, "1.00 s"),
      (12_345_000_000, "12.3 s"), (86_400_000_000_000, "86400 s"), (.max, "18446744074 s"),
    ] as [(UInt64, String)])
  func `Durations have three digits and a unit`(nanoseconds: UInt64, text: String) {
    #expect(DurationText.text(nanoseconds) == text)
  }
}
