import Testing

@testable import LockGraphEngine

@Suite("Variables of locks without a name")
struct LockVariableTests {
  @Test(
    "What a line sets is the name",
    arguments: [
      ("  private let accountsLock = ValidatedLock()", "accountsLock"),
      ("let table: ValidatedMutex<[Int: String]> = ValidatedMutex([:])", "table"),
      ("    self.lock = ValidatedLock()", "lock"),
      ("  lock = LockGraph.ValidatedLock()", "lock"),
      ("  return ValidatedLock()", nil),
      ("  let all = (0..<3).map { _ in ValidatedLock() }", nil),
      ("  if count == 3, take(ValidatedLock()) {", nil),
    ] as [(Substring, String?)])
  func variable(_ line: Substring, _ name: String?) throws {
    let start = try #require(line.firstRange(of: "Validated")?.lowerBound)
    let call = line[start...].hasPrefix("ValidatedMutex<") ? line.range(of: "ValidatedMutex(") : nil
    let column = line.utf8.distance(from: line.startIndex, to: call ?? start) + 1
    #expect(LockVariables.variable(in: line, before: column) == name)
  }

  @Test("A column behind the line's end, or a place that is none, is no name")
  func none() {
    #expect(LockVariables.variable(in: "let a = b", before: 200) == nil)
    #expect(LockVariables.name(at: "Account") == nil)
    #expect(LockVariables.name(at: "No/Such.swift:1:1") == nil)
    #expect(SwiftPlace("Bank/Bank.swift:10:22")?.line == 10)
    #expect(SwiftPlace("Sources/Bank/Bank.swift:10:22") == nil)
    #expect(SwiftPlace("Bank/bank.c:10:22") == nil)
  }
}

extension Substring {
  fileprivate func range(of text: String) -> Index? { firstRange(of: text)?.lowerBound }
}
