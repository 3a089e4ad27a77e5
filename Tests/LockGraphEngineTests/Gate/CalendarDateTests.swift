import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct CalendarDateTests {
  @Test(arguments: [
    "", "2026", "2026-1-01", "2026-01-1", "26-01-01", "2026-00-01", "2026-13-01", "2026-01-00",
    "2026-01-32", "2026-04-31", "2025-02-29", "1900-02-29", "2026/01/01", "2026-01-01 ",
    " 2026-01-01", "2026-01-0x", "+026-01-01", "２０２６-01-01", "2026-01-01T00:00:00",
  ])
  func `What is no day is refused`(text: String) {
    #expect(CalendarDate(text) == nil)
  }

  @Test(arguments: ["0000-01-01", "2024-02-29", "2000-02-29", "2026-12-31", "9999-12-31"])
  func `A day is written as it was read`(text: String) {
    #expect(CalendarDate(text)?.description == text)
  }

  /// Foundation's calendar knows nothing of ours.
  @Test func `Days are those of the calendar, in its order`() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    var last: CalendarDate?
    for number in stride(from: 0, to: 60_000, by: 1) {
      let seconds = Int64(number) * 86_400
      let parts = calendar.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(seconds)))
      let day = try #require(CalendarDate(secondsSinceEpoch: seconds + Int64(number % 86_400)))
      #expect([day.year, day.month, day.day] == [parts.year, parts.month, parts.day])
      #expect(CalendarDate(day.description) == day)
      if let last { #expect(last < day) }
      last = day
    }
  }

  @Test func `Moments beyond four digits of a year are no days`() {
    #expect(CalendarDate(secondsSinceEpoch: 253_402_300_799)?.description == "9999-12-31")
    #expect(CalendarDate(secondsSinceEpoch: 253_402_300_800) == nil)
    #expect(CalendarDate(secondsSinceEpoch: -1) == nil)
    #expect(CalendarDate(secondsSinceEpoch: .max) == nil)
  }
}
