/// Statistics as `lockgraph-stats/1`. Keys may be added to version 1, never changed or taken away;
/// `Schemas/lockgraph-stats-1.schema.json` describes it.
public struct StatisticsJSON: StreamedDocument {
  /// The format's name and version, its `schema` entry.
  public static let schema = "lockgraph-stats/1"

  private let statistics: LockStatistics
  private let selection: StatisticsSelection

  /// The statistics' document.
  public init(
    _ statistics: LockStatistics, selection: StatisticsSelection = StatisticsSelection()
  ) {
    self.statistics = statistics
    self.selection = selection
  }

  /// Writes the document, in UTF-8 with a newline at its end.
  @discardableResult
  public func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    let classes = selection.classes(of: statistics)
    var writer = JSONWriter(take)
    writer.object { writer in
      writer.origin(schema: Self.schema)
      writer.key("inputs")
      writer.array { writer in
        for input in statistics.inputs { JSONReport.write(input, to: &writer) }
      }
      writer.key("summary")
      writer.object { writer in
        writer.member("events", statistics.events)
        writer.member("threads", statistics.threads)
        writer.member("classes", statistics.classes.count)
        writer.key("hasTimes")
        writer.value(statistics.hasTimes)
        writer.member("backwardDurations", statistics.backwardDurations)
      }
      writer.member("order", selection.order.rawValue)
      writer.key("classes")
      writer.array { writer in
        for lockClass in classes { write(lockClass, to: &writer) }
      }
    }
    return writer.finish()
  }

  private func write(_ lockClass: ClassStatistics, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", lockClass.name)
      if let kind = lockClass.kind { writer.member("kind", kind.name) }
      writer.key("modes")
      writer.array { writer in
        for (name, statistics) in lockClass.modes { write(statistics, name, to: &writer) }
      }
      write(lockClass.contentionPoints, "contentionPoints", to: &writer)
      write(lockClass.contendingPoints, "contendingPoints", to: &writer)
    }
  }

  private func write(_ mode: ModeStatistics, _ name: String, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("mode", name)
      writer.member("acquisitions", mode.acquisitions)
      writer.member("contentions", mode.contentions)
      writer.member("failed", mode.failed)
      writer.key("abandoned")
      writer.object { writer in
        writer.member("count", mode.abandoned.count)
        writer.key("reasons")
        writer.object { writer in
          for reason in mode.abandoned.reasons { writer.member(reason.name, reason.count) }
        }
        if let time = mode.abandoned.time { writer.member("totalNanoseconds", time) }
      }
      writer.member("openHolds", mode.openHolds)
      writer.member("openWaits", mode.openWaits)
      write(mode.wait, "wait", to: &writer)
      write(mode.hold, "hold", to: &writer)
    }
  }

  private func write(_ durations: DurationSummary?, _ name: String, to writer: inout JSONWriter) {
    guard let durations else { return }
    writer.key(name)
    writer.object { writer in
      writer.member("count", durations.count)
      writer.member("minNanoseconds", durations.minimum)
      writer.member("avgNanoseconds", durations.mean)
      writer.member("p99Nanoseconds", durations.p99)
      writer.member("maxNanoseconds", durations.maximum)
      writer.member("totalNanoseconds", durations.total)
    }
  }

  private func write(_ points: [ContentionPoint], _ name: String, to writer: inout JSONWriter) {
    writer.key(name)
    writer.array { writer in
      for point in points {
        writer.object { writer in
          writer.member("place", point.place)
          writer.member("count", point.count)
        }
      }
    }
  }
}
