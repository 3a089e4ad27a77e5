import TestSupport
import Testing

@Suite("Pictures")
struct PictureTests {
  @Test("Every sample's picture is well-formed, with its findings and with everything")
  func wellFormed() throws {
    let folder = try TemporaryFolder()
    var files: [String] = []
    for sample in Samples.all {
      let findings = folder.file("\(sample.file).svg")
      let all = folder.file("\(sample.file).all.svg")
      #expect(try lockdepCheck("analyze", sample.path, "--svg", findings).status == .exited(0))
      #expect(try lockdepCheck("render", "--all", sample.path, "-o", all).status == .exited(0))
      files += [findings, all]
      let picture = try folder.text(of: "\(sample.file).svg")
      for lockClass in sample.classes where sample.confidence != nil {
        let escaped = lockClass.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
          .replacing(">", with: "&gt;")
        #expect(picture.contains(escaped))
      }
    }
    #expect(try Python.pictureFaults(in: files) == [])
  }

  @Test("A file that is no picture is noticed")
  func checkerNotices() throws {
    let folder = try TemporaryFolder()
    let broken = try folder.write(
      "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>", to: "broken.svg")
    let other = try folder.write("<html/>", to: "other.svg")
    #expect(try Python.pictureFaults(in: [broken, other]).count == 2)
  }

  @Test("--around draws a class and its neighbourhood, and names one that is not there")
  func around() throws {
    let sample = "\(Samples.folder)/three-lock-cycle.trace"
    let near = try lockdepCheck(
      "render", "--format", "dot", "--around", "Catalog.lock", "--depth", "1", sample)
    #expect(near.status == .exited(0))
    #expect(near.text.contains("Catalog.lock"))
    let missing = try lockdepCheck("render", "--around", "Catalogue.lock", sample)
    #expect(missing.status == .exited(2))
    #expect(missing.output.isEmpty)
    #expect(missing.messages.contains("Catalog.lock"))
  }

  @Test("render --weight reads its input once, and says what it needs")
  func weight() throws {
    let folder = try TemporaryFolder()
    let sample = "\(Samples.folder)/contended.trace"
    for (weight, words) in [("hold", "held 75.0 ms"), ("contention", "2 waits, 98.0 ms")] {
      let fromFile = try lockdepCheck("render", "--weight", weight, sample)
      #expect(fromFile.text.contains(words))
      let fromPipe = try shell(#"cat "$1" | "$check" render --weight "$2" -"#, sample, weight)
      #expect(fromPipe.text == fromFile.text.replacing(sample, with: "&lt;stdin&gt;"))
      for format in ["dot", "png"] {
        let result = try lockdepCheck(
          "render", "--weight", weight, "-o", folder.file("\(weight).\(format)"), sample)
        #expect(result.status == .exited(0))
      }
    }
    #expect(
      try Python.pictureFaults(in: [
        folder.write(
          lockdepCheck("render", "--weight", "hold", sample).output, to: "weighed.svg")
      ]) == [])
    let withoutTimes = try lockdepCheck("render", "--weight", "hold", input: Traces.feasible)
    #expect(withoutTimes.status == .exited(2))
    #expect(withoutTimes.output.isEmpty)
    #expect(
      withoutTimes.messageLines == [
        "error: --weight hold needs times, and no event of the inputs has one"
      ])
    #expect(
      try lockdepCheck("render", "--weight", "contention", input: Traces.feasible).status
        == .exited(0))
  }

  /// Forty pairs of locks that are each taken in both orders.
  private var manyCycles: String {
    (0..<40).map { number in
      let (a, b) = ("a\(number)", "b\(number)")
      return """
        T1 acquire \(a) at=src/one.c:1\(number)
        T1 acquire \(b) at=src/one.c:2\(number)
        T1 release \(b)
        T1 release \(a)
        T2 acquire \(b) at=src/two.c:3\(number)
        T2 acquire \(a) at=src/two.c:4\(number)
        T2 release \(a)
        T2 release \(b)

        """
    }.joined()
  }

  @Test("Findings that do not fit are told on standard error, and --finding draws any one")
  func finding() throws {
    let usual = try lockdepCheck("render", "-", input: manyCycles)
    #expect(usual.status == .exited(0))
    #expect(
      usual.messageLines == ["note: 22 of 40 findings drawn; render --finding 23 draws #23"])
    #expect(usual.text.contains(">error #22<") && !usual.text.contains("#23"))
    #expect(try lockdepCheck("render", "-q", "-", input: manyCycles).messages.isEmpty)
    let folder = try TemporaryFolder()
    let beside = try lockdepCheck("analyze", "--svg", folder.file("x.svg"), "-", input: manyCycles)
    #expect(beside.messages.contains("22 of 40 findings drawn"))

    let one = try lockdepCheck("render", "--finding", "23", "-", input: manyCycles)
    #expect(one.status == .exited(0) && one.messages.isEmpty)
    #expect(one.text.contains(">error #23<") && !one.text.contains("#22"))
    #expect(one.text.contains(#"class="lock-class on-cycle severity-error finding-23""#))
    let all = try lockdepCheck("render", "--max-classes", "90", "-", input: manyCycles)
    #expect(all.messages.isEmpty && all.text.contains(">error #40<"))
    let none = try lockdepCheck("render", "--finding", "41", "-", input: manyCycles)
    #expect(none.status == .exited(2) && none.output.isEmpty)
    #expect(none.messageLines == ["error: no finding #41: there are 40, from #1 on"])
    for wrong in [
      ["--finding", "0"], ["--finding", "1", "--all"], ["--finding", "1", "--around", "a1"],
      ["--max-classes", "3"], ["--max-classes", "1001"],
    ] {
      let result = try lockdepCheck(arguments: ["render"] + wrong + ["-"], directory: folder.path)
      #expect(result.status == .exited(64), "\(wrong)")
    }
  }

  @Test("Places are in the picture, kinds with --kinds alone")
  func kinds() throws {
    let sample = "\(Samples.folder)/abba.trace"
    let plain = try lockdepCheck("render", sample).text
    #expect(plain.contains(">Teller.swift:88 → Ledger.swift:41<"))
    #expect(!plain.contains(">EN"))
    #expect(try lockdepCheck("render", "--kinds", sample).text.contains(">EN ×1"))
    let handler = try lockdepCheck(
      "render", "--kinds", "\(Samples.folder)/interrupt-takes-lock.trace"
    ).text
    #expect(handler.contains("{?") && handler.contains(">hardware interrupt<"))
  }

  @Test("PNG and PDF are drawn of the SVG")
  func converted() throws {
    let sample = "\(Samples.folder)/held-at-exit.trace"
    let svg = try lockdepCheck("render", sample).text
    let png = try lockdepCheck("render", "--format", "png", sample)
    let pdf = try lockdepCheck("render", "--format", "pdf", sample)
    #expect(png.status == .exited(0) && pdf.status == .exited(0))
    let width = png.output[16..<20].reduce(0) { $0 << 8 | Int($1) }
    #expect(svg.contains("width=\"\(width / 2)\""))
    #expect(String(decoding: pdf.output, as: UTF8.self).contains("/MediaBox [ 0 0 \(width / 2) "))
  }
}
