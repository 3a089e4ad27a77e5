import Foundation
import TestSupport
import Testing

@Suite("what-if")
struct WhatIfTests {
  private let folder: TemporaryFolder
  private let trace: String

  private static let bothOrders = """
    T1 acquire A at=Teller.swift:10
    T1 acquire B at=Teller.swift:11
    T1 release B
    T1 release A
    T2 acquire B at=Audit.swift:20
    T2 acquire A at=Audit.swift:21
    T2 release A
    T2 release B

    """

  init() throws {
    folder = try TemporaryFolder()
    trace = try folder.write(Self.bothOrders, to: "both.trace")
  }

  private func whatIf(_ arguments: String...) throws -> ProcessResult {
    try lockdepCheck(arguments: ["what-if"] + arguments)
  }

  /// What differs, without the places.
  private func differences(_ result: ProcessResult) -> [String] {
    result.text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
      .filter { "+-~".contains($0.first!) }.map(String.init)
  }

  @Test("A change that takes a deadlock away is a success that tells what is gone")
  func gone() throws {
    let gone = ["- B -> A, 1 time", "- error: A and B are taken in both orders"]
    for change in [["--order", "A before B"], ["--try", "Audit.swift:21"]] {
      let result = try lockdepCheck(arguments: ["what-if", trace] + change)
      #expect(result.status == .exited(0))
      #expect(result.messages.isEmpty)
      #expect(differences(result) == gone)
      #expect(
        result.text.hasSuffix(
          "0 new classes, 0 gone; 0 new dependencies, 1 gone; 0 new findings, 1 gone.\n"))
    }
  }

  @Test("A lock around both sides grades otherwise, which is no new finding")
  func gate() throws {
    let result = try whatIf(trace, "--gate", "A and B")
    #expect(result.status == .exited(0))
    #expect(
      differences(result) == [
        "+ gate of A and B (mutex)", "+ gate of A and B -> A", "+ gate of A and B -> B",
        "~ note: A and B are taken in both orders",
      ])
    #expect(result.text.contains("[lock-order-inversion, feasible -> excluded]"))
    #expect(result.text.contains("guarded by gate of A and B, held around both sides"))
  }

  @Test("A change that brings a deadlock for another one ends with 1")
  func traded() throws {
    // Audit takes C before A, so A right before B is A before C, which others take otherwise.
    let other = try folder.write(
      Self.bothOrders.replacing(
        "T2 acquire A", with: "T2 acquire C at=Audit.swift:22\nT2 release C\nT2 acquire A")
        + "T3 acquire C at=Log.swift:30\nT3 acquire A at=Log.swift:31\nT3 release A\nT3 release C\n",
      to: "other.trace")
    let result = try whatIf(other, "--order", "A before B")
    #expect(result.status == .exited(1))
    #expect(differences(result).contains("+ error: A and C are taken in both orders"))
    #expect(differences(result).contains("- error: A and B are taken in both orders"))
    #expect(try whatIf(other, "--order", "B before A").status == .exited(0))
  }

  @Test("Changes come one after the other, orders first")
  func several() throws {
    let result = try whatIf(
      trace, "--try", "Teller.swift:11", "--gate", "A and B", "--order", "A before B")
    #expect(result.status == .exited(0))
    #expect(
      differences(result) == [
        "+ gate of A and B (mutex)", "+ gate of A and B -> B", "- B -> A, 1 time",
        "- error: A and B are taken in both orders",
      ])
  }

  @Test("The difference goes to a file, and as JSON, as that of diff does")
  func outputs() throws {
    let output = folder.file("difference.json")
    let result = try whatIf(trace, "--order", "A before B", "--format", "json", "-o", output)
    #expect(result.status == .exited(0) && result.output.isEmpty)
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: output)))
        as? [String: Any])
    #expect(json["schema"] as? String == "lockgraph-diff/1")
    #expect((json["goneFindings"] as? [Any])?.count == 1)
    #expect((json["newFindings"] as? [Any])?.isEmpty == true)
    let plain = try whatIf(trace, "--order", "A before B", "--color", "never")
    let colored = try whatIf(trace, "--order", "A before B", "--color", "always")
    #expect(!plain.text.contains("\u{1B}[") && colored.text.contains("\u{1B}["))
  }

  @Test("Of so many inversions as are asked for each side is compared")
  func bounded() throws {
    let more = Self.bothOrders.replacing(".swift", with: "2.swift")
      .replacing(/(acquire|release) A/) { "\($0.1) C" }
      .replacing(/(acquire|release) B/) { "\($0.1) D" }
    let two = try folder.write(Self.bothOrders + more, to: "two.trace")
    let both = try whatIf(two, "--order", "A before B", "--order", "C before D")
    #expect(both.text.contains("0 new findings, 2 gone"))
    let one = try whatIf(
      two, "--order", "A before B", "--order", "C before D", "--max-findings", "1")
    #expect(one.text.contains("0 new findings, 1 gone"))
  }

  @Test(
    "Classes and places that are not there are errors, and nothing is told of the rest",
    arguments: [
      (["--order", "X before B"], "error: no lock of class 'X' was taken with another one"),
      (["--gate", "A and X"], "error: no lock of class 'X' was taken with another one"),
      (["--try", "nowhere"], "error: no lock was taken at 'nowhere' while another was held"),
    ])
  func unknown(_ arguments: [String], _ message: String) throws {
    let result = try lockdepCheck(arguments: ["what-if", trace] + arguments)
    #expect(result.status == .exited(2))
    #expect(result.output.isEmpty)
    #expect(result.messages.hasPrefix(message))
  }

  @Test("An input that cannot be read is an error")
  func unreadable() throws {
    let missing = folder.file("missing.trace")
    let result = try whatIf(missing, "--order", "A before B")
    #expect(result.status == .exited(2))
    #expect(result.messages == "\(missing): error: cannot be opened: No such file or directory\n")
    let bad = try folder.write("T1 acquire A\nT1 frobnicate A\n", to: "bad.trace")
    #expect(try whatIf(bad, "--order", "A before B").status == .exited(2))
  }
}
