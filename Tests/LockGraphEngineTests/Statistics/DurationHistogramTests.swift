import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct DurationHistogramTests {
  @Test func `A quantile is never too short and too long by less than its stated part`() {
    withSeeds(0..<300) { generator in
      var histogram = DurationHistogram()
      // All magnitudes alike, from nothing to centuries.
      let values = (0..<Int.random(in: 1...400, using: &generator)).map { _ in
        UInt64.random(in: 0...UInt64(Int64.max), using: &generator)
          >> UInt64.random(in: 0..<63, using: &generator)
      }
      for value in values { histogram.record(value) }
      let sorted = values.sorted()
      for percent in [UInt64(1), 50, 90, 99, 100] {
        let rank = max(1, (sorted.count * Int(percent) + 99) / 100)
        let exact = sorted[rank - 1]
        let found = histogram.quantile(percent: percent)!
        #expect(found >= exact, "\(TestContext.description)")
        #expect(
          Double(found - exact) < max(1, Double(exact) * DurationHistogram.relativeError),
          "\(TestContext.description)")
      }
      #expect(histogram.count == UInt64(values.count))
    }
  }

  @Test func `Two that are merged are one that recorded everything`() {
    withSeeds(0..<100) { generator in
      var (one, other, both) = (DurationHistogram(), DurationHistogram(), DurationHistogram())
      for _ in 0..<Int.random(in: 0...100, using: &generator) {
        let value =
          UInt64.random(in: 0...UInt64(Int64.max), using: &generator)
          >> UInt64.random(in: 0..<63, using: &generator)
        both.record(value)
        if Bool.random(using: &generator) { one.record(value) } else { other.record(value) }
      }
      one.merge(other)
      #expect(one.count == both.count)
      for percent in [UInt64(1), 25, 50, 99, 100] {
        #expect(
          one.quantile(percent: percent) == both.quantile(percent: percent),
          "\(TestContext.description)")
      }
    }
  }

  @Test func `Below 128 every value has a bucket`() {
    for value in UInt64(0)..<128 {
      var histogram = DurationHistogram()
      histogram.record(value)
      #expect(histogram.quantile(percent: 99) == value)
    }
  }

  @Test func `The ends of buckets belong to them`() {
    for shift in UInt64(7)..<63 {
      for value in [1 << shift - 1, 1 << shift, 1 << shift + 1] as [UInt64] {
        var histogram = DurationHistogram()
        histogram.record(value)
        let found = histogram.quantile(percent: 50)!
        #expect(found >= value && found - value <= value / 64)
      }
    }
  }

  @Test func `The longest durations are bounded too`() {
    var histogram = DurationHistogram()
    histogram.record(.max)
    histogram.record(0)
    #expect(histogram.quantile(percent: 50) == 0)
    #expect(histogram.quantile(percent: 100) == .max)
  }

  @Test func `Without durations there is no quantile`() {
    #expect(DurationHistogram().quantile(percent: 99) == nil)
  }

  @Test func `The hundredth part is what may exceed the 99th percentile`() {
    for (short, expected) in [(98, UInt64(9)), (99, 1)] {
      var histogram = DurationHistogram()
      for _ in 0..<short { histogram.record(1) }
      for _ in short..<100 { histogram.record(9) }
      #expect(histogram.quantile(percent: 99) == expected)
    }
  }
}
