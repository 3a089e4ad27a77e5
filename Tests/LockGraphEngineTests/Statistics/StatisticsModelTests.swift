import LockGraphEngine
import TestSupport
import Testing

@Suite struct StatisticsModelTests {
  private typealias Event = StatisticsModel.Event

  /// Whatever a recorder could write, right or wrong, with clocks that stop, jump and are missing.
  private func randomEvents(using generator: inout SeededGenerator) -> [Event] {
    let locks = Int.random(in: 1...4, using: &generator)
    let threads = Int.random(in: 1...4, using: &generator)
    let missingTimes = [0, 0, 10, 100].randomElement(using: &generator)!
    var clock: Int64 = 1_000_000_000
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    var events = (0..<locks).map { Event(verb: .`init`, thread: 0, lock: $0) }
    for _ in 0..<Int.random(in: 20...250, using: &generator) {
      let weighted: [(EventVerb, Int)] = [
        (.acquire, 30), (.release, 30), (.request, 16), (.abandon, 4), (.downgrade, 4), (.wait, 4),
        (.wake, 4), (.exit, 1), (.lost, 1), (.destroy, 1),
      ]
      var draw = Int.random(in: 0..<weighted.reduce(0) { $0 + $1.1 }, using: &generator)
      let verb = weighted.first { _, weight in
        draw -= weight
        return draw < 0
      }!.0
      if chance(70) {
        clock += Int64.random(
          in: 0...1 << Int64.random(in: 0...36, using: &generator), using: &generator)
      }
      if chance(2) { clock -= min(clock, Int64.random(in: 0...1000, using: &generator)) }
      var event = Event(
        verb: verb, thread: Int.random(in: 0..<threads, using: &generator),
        lock: Int.random(in: 0..<locks, using: &generator), time: chance(missingTimes) ? nil : clock
      )
      if verb == .request || verb == .acquire && chance(70) {
        event.mode = LockMode.allCases.randomElement(using: &generator)!
      }
      if [.request, .acquire, .wake].contains(verb), chance(70) {
        event.place = "p\(Int.random(in: 0..<5, using: &generator))"
      }
      if verb == .abandon, chance(80) {
        event.reason = AbandonReason.allCases.randomElement(using: &generator)!
      }
      if verb == .lost { event.isOfAllThreads = chance(50) }
      events.append(event)
      // What is there afterwards has no class otherwise.
      if verb == .destroy { events.append(Event(verb: .`init`, thread: 0, lock: event.lock)) }
    }
    return events
  }

  @Test func `The statistics are those of a naive reading of the trace`() throws {
    var (waits, holds, points) = (0, 0, 0)
    try withSeeds(0..<1000) { generator in
      let events = randomEvents(using: &generator)
      let model = StatisticsModel(events)
      let text = events.map { $0.line + "\n" }.joined()
      let statistics = try measure(text)
      let context = "\(TestContext.description)\n\(text)"
      var found: [String: StatisticsModel.Counts] = [:]
      for lockClass in statistics.classes {
        for (name, mode) in lockClass.modes {
          let key = "\(lockClass.name) \(name)"
          var counts = StatisticsModel.Counts(
            acquisitions: Int(mode.acquisitions), contentions: Int(mode.contentions),
            failed: Int(mode.failed), openHolds: Int(mode.openHolds),
            openWaits: Int(mode.openWaits))
          for reason in mode.abandoned.reasons { counts.abandoned[reason.name] = Int(reason.count) }
          let expected = model.counts[key] ?? StatisticsModel.Counts()
          #expect(summarizes(mode.wait, expected.waits), "\(key) wait \(context)")
          #expect(summarizes(mode.hold, expected.holds), "\(key) hold \(context)")
          counts.waits = expected.waits
          counts.holds = expected.holds
          found[key] = counts
          waits += expected.waits.count
          holds += expected.holds.count
        }
        #expect(
          counts(lockClass.contentionPoints) == model.contentionPoints[lockClass.name] ?? [:],
          "\(context)")
        #expect(
          counts(lockClass.contendingPoints) == model.contendingPoints[lockClass.name] ?? [:],
          "\(context)")
        points += lockClass.contendingPoints.count
      }
      #expect(found == model.counts, "\(context)")
      #expect(statistics.backwardDurations == model.backwards, "\(context)")
    }
    #expect(waits > 2000)
    #expect(holds > 5000)
    #expect(points > 1000)
  }

  private func counts(_ points: [ContentionPoint]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: points.map { ($0.place, Int($0.count)) })
  }

  private func summarizes(_ summary: DurationSummary?, _ durations: [UInt64]) -> Bool {
    guard let summary else { return durations.isEmpty }
    guard !durations.isEmpty else { return false }
    let sorted = durations.sorted()
    let total = sorted.reduce(0, +)
    let exact = sorted[(sorted.count * 99 + 99) / 100 - 1]
    return summary.count == UInt64(sorted.count) && summary.minimum == sorted.first
      && summary.maximum == sorted.last && summary.total == total
      && summary.mean == (2 * total + summary.count) / (2 * summary.count)
      && summary.p99 >= exact && summary.p99 - exact <= exact / 64
      && summary.p99 <= summary.maximum
  }
}
