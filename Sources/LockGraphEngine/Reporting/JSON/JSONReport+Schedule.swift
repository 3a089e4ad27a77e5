extension JSONReport {
  func write(_ schedule: Finding.Schedule, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("input", schedule.input)
      writer.key("byLocksAlone")
      writer.value(schedule.isByLocksAlone)
      writer.key("segments")
      writer.array { writer in
        for segment in schedule.segments {
          writer.object { writer in
            writer.member("thread", segment.thread)
            writer.member("upToLine", segment.line)
            if let at = segment.at { writer.member("at", at) }
          }
        }
      }
      writer.key("waits")
      writer.array { writer in
        for wait in schedule.waits { Self.write(wait, to: &writer) }
      }
    }
  }

  private static func write(_ wait: Finding.Schedule.Wait, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("thread", wait.thread)
      if let wanted = wait.wanted {
        writer.member("wants", wanted)
        writer.member("mode", wait.mode.name)
      } else {
        writer.member("joins", wait.blockedBy)
      }
      writer.member("blockedBy", wait.blockedBy)
      if wait.isQueued {
        writer.key("queued")
        writer.value(true)
      }
      writer.member("line", wait.line)
      if let at = wait.at { writer.member("at", at) }
    }
  }
}
