import Foundation
import TestSupport
import Testing

@Suite("Messages")
struct MessageTests {
  private let inversion = "\(Samples.folder)/abba.trace"

  @Test(
    "--quiet leaves errors on standard error and nothing else, and changes neither report nor status",
    arguments: [
      ["gate"], ["gate", "--format", "json"], ["analyze", "--rules", "reference-count-misused"],
    ])
  func quiet(_ command: [String]) throws {
    let (loud, quiet) = (
      try lockdepCheck(arguments: command + [inversion]),
      try lockdepCheck(arguments: command + ["-q", inversion])
    )
    #expect(!loud.messages.isEmpty)
    #expect(quiet.messages.isEmpty)
    #expect(quiet.text == loud.text)
    #expect(quiet.status == loud.status)
    let missing = try lockdepCheck(arguments: command + ["--quiet", "/no/such.trace"])
    #expect(missing.status == .exited(2))
    #expect(missing.messages.hasPrefix("/no/such.trace: "))
  }

  @Test("--verbose tells what every input was read as")
  func verbose() throws {
    let result = try lockdepCheck(arguments: ["gate", "--verbose", inversion])
    #expect(result.messages.contains("abba.trace: read as text, 8 events\n"))
    #expect(result.status == .exited(1))
    let diff = try lockdepCheck(arguments: ["diff", "-v", inversion, inversion])
    #expect(diff.messages.components(separatedBy: "read as text").count == 3)
  }

  @Test("Both together are wrong usage")
  func both() throws {
    #expect(try lockdepCheck(arguments: ["gate", "-q", "-v", inversion]).status == .exited(64))
  }
}
