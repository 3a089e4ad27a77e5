/// The order of a run's events that ends in a deadlock, as a code flow: a thread flow for each
/// thread, in the order in which they begin, and the place of each step among all as its execution
/// order.
struct SARIFScheduleFlow {
  /// As many last steps as are told.
  private static let stepLimit = 500

  private struct Step {
    var thread: String
    var text: String
    var place: ReportPlace
    /// The thread goes on from here only when another one lets it.
    var isWait = false
    var isLockWait = false
    var order = 0
  }

  private let steps: [Step]
  private let input: String
  private let omitted: Int

  init(_ schedule: Finding.Schedule, _ settings: ReportSettings) {
    func place(_ at: String?, _ line: UInt64) -> ReportPlace {
      settings.place(at: at, stack: [], input: schedule.input, line: line)
    }
    let runs = zip(schedule.segments, schedule.steps).map { segment, text in
      Step(thread: segment.thread, text: text, place: place(segment.at, segment.line))
    }
    let waits = zip(schedule.waits, schedule.endings).map { wait, text in
      Step(
        thread: wait.thread, text: text, place: place(wait.at, wait.line), isWait: true,
        isLockWait: wait.wanted != nil)
    }
    var all = runs + waits
    for index in all.indices { all[index].order = index }
    omitted = max(0, all.count - Self.stepLimit)
    steps = Array(all.dropFirst(omitted))
    input = schedule.input
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      let left = omitted > 0 ? " Its first \(Counted.grouped(omitted, "step")) are left out." : ""
      writer.message(
        "message",
        "The events of \(input.withVisibleControls) in an order that ends in the deadlock.\(left)")
      writer.key("threadFlows")
      writer.array { writer in
        var threads: [String] = []
        for step in steps where !threads.contains(step.thread) { threads.append(step.thread) }
        for thread in threads { write(thread, to: &writer) }
      }
    }
  }

  private func write(_ thread: String, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", thread.withVisibleControls)
      writer.message("message", thread.withVisibleControls)
      writer.key("locations")
      writer.array { writer in
        for step in steps where step.thread == thread {
          writer.object { writer in
            writer.key("location")
            writer.object { writer in
              writer.message("message", step.text)
              SARIFResult.write(step.place, to: &writer)
            }
            if step.isLockWait { writer.member("kinds", ["acquire", "lock"]) }
            writer.member("executionOrder", step.order)
            writer.member("importance", step.isWait ? "essential" : "important")
          }
        }
      }
    }
  }
}
