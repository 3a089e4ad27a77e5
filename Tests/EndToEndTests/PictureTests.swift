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
}
