// From what was counted to what is reported.

extension StatisticsCollector {
  consuming func statistics(of inputs: [TraceInput]) -> LockStatistics {
    countWhatIsOpen()
    let late = applyLateClasses()
    var classes: [ClassStatistics] = []
    for number in points.indices {
      let write = rows[2 * number].statistics
      let read = rows[2 * number + 1].statistics
      guard write != nil || read != nil else { continue }
      classes.append(
        ClassStatistics(
          name: table.name(of: LockClassID(UInt32(number))),
          kind: number < table.classes.count ? table.classes[number].kind : nil,
          write: write, read: read,
          contentionPoints: points[number].contention.points { places.name($0) },
          contendingPoints: points[number].contending.points { places.name($0) }))
    }
    classes.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var inputs = inputs
    if backwardDurations > 0, !inputs.isEmpty {
      let number = Counted.plain(backwardDurations, "duration is", "durations are")
      inputs[inputs.count - 1].warnings.append(
        "times run backwards: \(number) negative and counted as 0")
    }
    var statistics = LockStatistics(
      inputs: inputs, events: inputs.reduce(0) { $0 + $1.events },
      threads: threads.reduce(0) { $0 + ($1.isMentioned ? 1 : 0) },
      hasTimes: hasTimes, backwardDurations: backwardDurations, classes: classes,
      contention: waitBins.timeline { table.name(of: LockClassID(UInt32($0))) })
    statistics.overruns =
      overruns?.all(table, inputNames: inputs.map(\.name), stated: late) ?? []
    return statistics
  }

  /// A class that is stated after its locks were used has what they did before.
  ///
  /// - Returns: which class that is, by the one that they had.
  private mutating func applyLateClasses() -> [LockClassID: LockClassID] {
    let late = table.takeLateClasses()
    for (own, stated) in late where own.index < points.count {
      for isShared in [false, true] {
        let (source, target) = (row(own, isShared: isShared), row(stated, isShared: isShared))
        rows[target].merge(rows[source])
        rows[source] = ModeCounters()
      }
      waitBins.move(own.index, to: stated.index)
      points[stated.index].contention.merge(points[own.index].contention)
      points[stated.index].contending.merge(points[own.index].contending)
    }
    return Dictionary(late.map { ($0.own, $0.stated) }) { first, _ in first }
  }

  private mutating func countWhatIsOpen() {
    for thread in threads {
      for (_, slot) in thread.holds {
        let hold = pool[slot]
        rows[row(hold.lockClass, isShared: hold.isShared)].openHolds += 1
      }
      for request in thread.requests {
        rows[row(request.lockClass, isShared: request.isShared)].openWaits += 1
      }
    }
  }
}
