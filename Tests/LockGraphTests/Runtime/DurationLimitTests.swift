import LockGraph
import Testing

@Suite("Limits in words")
struct DurationLimitTests {
  typealias Limit = LockValidator.DurationLimit

  @Test(
    "Patterns stand before their limits, and stand for all classes where there is none",
    arguments: [
      ("hold=50ms", [Limit(hold: .milliseconds(50))]),
      ("wait=1.5s hold=2min;", [Limit(hold: .seconds(120), wait: .seconds(1.5))]),
      (
        "Bank.swift:3 hold=1ns ; *  of ? wait=1us",
        [Limit("Bank.swift:3", hold: .nanoseconds(1)), Limit("* of ?", wait: .microseconds(1))]
      ),
    ])
  func read(_ text: String, _ expected: [Limit]) { #expect(Limit.all(in: text) == expected) }

  @Test(
    "What says something else is none",
    arguments: [
      "", ";", "hold", "hold=", "hold=5", "hold=0ms", "A", "hold=1s A", "hold=1s hold=2s",
      "hold=1s; A", "keep=1s", "hold=9999999999h", "hold=-1s",
    ])
  func refused(_ text: String) { #expect(Limit.all(in: text) == nil) }
}
