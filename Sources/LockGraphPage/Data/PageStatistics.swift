import LockGraphEngine

/// How locks were used, in the data of a page: what has most to do with waiting first.
struct PageStatistics {
  /// Classes with rows of their own.
  private static let limit = 2_000
  /// Places at which threads waited, of each class.
  private static let pointLimit = 4
  /// Classes whose waiting is shown over time.
  private static let timelineLimit = 40

  private let statistics: LockStatistics
  private let tables: PageTables

  init(_ statistics: LockStatistics, _ tables: PageTables) {
    self.statistics = statistics
    self.tables = tables
  }

  func write(to writer: inout JSONWriter) {
    guard !statistics.classes.isEmpty else { return }
    var selection = StatisticsSelection()
    selection.order = .contentions
    selection.top = Self.limit
    selection.points = Self.pointLimit
    let classes = selection.classes(of: statistics)
    writer.key("statistics")
    writer.object { writer in
      writer.key("hasTimes")
      writer.value(statistics.hasTimes)
      writer.member("classes", statistics.classes.count)
      writer.key("rows")
      writer.array { writer in
        for lockClass in classes {
          for (name, mode) in lockClass.modes { write(lockClass, name, mode, to: &writer) }
        }
      }
      if let timeline = statistics.contention { write(timeline, to: &writer) }
    }
  }

  private func write(
    _ lockClass: ClassStatistics, _ name: String, _ mode: ModeStatistics,
    to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.member("class", tables.string(lockClass.name))
      writer.member("mode", name)
      writer.member("acquisitions", mode.acquisitions)
      writer.member("contentions", mode.contentions)
      if mode.abandoned.count > 0 { writer.member("abandoned", mode.abandoned.count) }
      if mode.openWaits > 0 { writer.member("openWaits", mode.openWaits) }
      write(mode.wait, "wait", to: &writer)
      write(mode.hold, "hold", to: &writer)
      // Places are of the class, and told once.
      guard name == lockClass.modes[0].name else { return }
      write(lockClass.contentionPoints, "waitedAt", to: &writer)
      write(lockClass.contendingPoints, "heldFrom", to: &writer)
    }
  }

  private func write(_ durations: DurationSummary?, _ name: String, to writer: inout JSONWriter) {
    guard let durations else { return }
    writer.key(name)
    writer.object { writer in
      writer.member("mean", durations.mean)
      writer.member("p99", durations.p99)
      writer.member("max", durations.maximum)
      writer.member("total", durations.total)
    }
  }

  private func write(_ points: [ContentionPoint], _ name: String, to writer: inout JSONWriter) {
    guard !points.isEmpty else { return }
    writer.key(name)
    writer.array { writer in
      for point in points {
        writer.array { writer in
          writer.value(tables.string(point.place, limit: PageTables.placeLimit))
          writer.value(point.count)
        }
      }
    }
  }

  private func write(_ timeline: ContentionTimeline, to writer: inout JSONWriter) {
    writer.key("timeline")
    writer.object { writer in
      writer.member("binNanoseconds", timeline.binWidth)
      writer.key("rows")
      writer.array { writer in
        for row in timeline.rows.prefix(Self.timelineLimit) {
          writer.object { writer in
            writer.member("class", tables.string(row.name))
            writer.key("waits")
            writer.array { writer in for time in row.waits { writer.value(time) } }
          }
        }
      }
      if timeline.rows.count > Self.timelineLimit {
        writer.member("moreRows", timeline.rows.count - Self.timelineLimit)
      }
    }
  }
}
