import LockGraphEngine

/// The report for programs: schema `lockgraph-hang/1`, described in docs/hang.md.
package struct HangJSON: StreamedDocument {
  private let report: HangReport
  private let place: (StackFrame) -> String?

  /// - Parameter place: file and line of a frame, where they are known.
  package init(_ report: HangReport, place: @escaping (StackFrame) -> String? = { _ in nil }) {
    self.report = report
    self.place = place
  }

  @discardableResult
  package func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    var writer = JSONWriter(take)
    writer.object { writer in
      writer.origin(schema: "lockgraph-hang/1")
      writer.member("verdict", verdict)
      if let pause = report.pause {
        let (seconds, attoseconds) = pause.components
        writer.member("milliseconds", seconds * 1000 + attoseconds / 1_000_000_000_000_000)
      }
      writer.key("processes")
      writer.array { writer in
        for process in report.processes { write(process, &writer) }
      }
      writer.key("deadlocks")
      writer.array { writer in
        for circle in report.graph.circles { writeVerdict("circle", circle, &writer) }
        for index in report.graph.orphans { writeVerdict("owner-gone", [index], &writer) }
        if !report.graph.stuck.isEmpty {
          writeVerdict("nobody-left", report.graph.stuck, &writer)
        }
      }
      writer.key("longestChain")
      writeNumbers(report.graph.longestChain, &writer)
      writer.key("threads")
      writer.array { writer in
        for index in report.threads.indices { write(index, &writer) }
      }
    }
    return writer.finish()
  }

  private var verdict: String {
    report.graph.isDeadlocked ? "deadlock" : report.unreadable > 0 ? "incomplete" : "no-deadlock"
  }

  private func write(_ process: HangReport.Process, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("process", process.identifier)
      writer.member("name", process.name)
      writer.key("core")
      writer.value(process.isCore)
      writer.member("threads", process.threads)
      writer.member("unreadableThreads", process.unreadable)
      if !process.runtimes.isEmpty { writer.member("runtimes", process.runtimes.map(\.rawValue)) }
      if !process.remarks.isEmpty { writer.member("remarks", process.remarks) }
    }
  }

  private func writeVerdict(_ kind: String, _ threads: [Int], _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("kind", kind)
      writer.key("threads")
      writeNumbers(threads, &writer)
    }
  }

  private func writeNumbers(_ indices: [Int], _ writer: inout JSONWriter) {
    writer.array { writer in
      for index in indices { writer.value(report.threads[index].identifier) }
    }
  }

  private func write(_ index: Int, _ writer: inout JSONWriter) {
    let thread = report.threads[index]
    writer.object { writer in
      writer.member("thread", thread.identifier)
      if thread.ownIdentifier != thread.identifier {
        writer.member("threadInItsNamespace", thread.ownIdentifier)
      }
      writer.member("process", report.processes[thread.process].identifier)
      writer.member("name", thread.name)
      switch thread.state {
      case .waits(let wait):
        writer.member("state", "waiting")
        writer.key("steady")
        writer.value(thread.isSteady)
        writer.key("waitsFor")
        write(wait, by: index, &writer)
      case .sleeps(let call):
        writer.member("state", "sleeping")
        writer.member("in", call)
        writer.key("steady")
        writer.value(thread.isSteady)
      case .runs: writer.member("state", "running")
      case .suspended: writer.member("state", "suspended")
      case .ended: writer.member("state", "ended")
      case .unreadable(let error):
        writer.member("state", "unreadable")
        writer.member("reason", error.text)
      }
      if !thread.holds.isEmpty {
        writer.key("holds")
        writer.array { writer in
          for held in thread.holds {
            writer.object { writer in
              write(lock: held.lock, of: thread.process, &writer)
              writer.member("kind", held.kind.identifier)
            }
          }
        }
      }
      let frames = HangText.told(thread.frames)
      guard !frames.isEmpty else { return }
      writer.key("stack")
      writer.array { writer in
        for frame in frames {
          writer.object { writer in
            writer.member("function", frame.text)
            if let place = place(frame) { writer.member("at", place) }
            writer.member("module", frame.module)
            if frame.isGuessed {
              writer.key("guessed")
              writer.value(true)
            }
          }
        }
      }
    }
  }

  private func write(_ wait: Wait, by index: Int, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("kind", wait.kind.identifier)
      if case .mutex(let traits) = wait.kind {
        writer.member("repeats", "\(traits.repeats)")
        if traits.isRobust {
          writer.key("robust")
          writer.value(true)
        }
        if traits.isInheriting {
          writer.key("priorityInheriting")
          writer.value(true)
        }
      }
      write(lock: wait.lock, of: report.threads[index].process, &writer)
      if let label = wait.label { writer.member("label", label) }
      if let mutex = wait.mutex {
        writer.member(
          "takesAgain", report.name(mutex, of: report.threads[index].process))
      }
      if wait.isTimed {
        writer.key("timed")
        writer.value(true)
      }
      if wait.isProcessShared {
        writer.key("processShared")
        writer.value(true)
      }
      if let detail = wait.detail { writer.member("detail", detail) }
      writer.member("owner", owner(wait))
      writer.key("blockedBy")
      writer.array { writer in
        for blocker in report.threads[index].blockers { write(blocker, &writer) }
      }
    }
  }

  private func owner(_ wait: Wait) -> String {
    switch wait.owner {
    case .thread: "known"
    case .unsettled: "changing"
    case .unknown: "unknown"
    case .anybody: "none"
    }
  }

  private func write(lock: UInt64, of process: Int, _ writer: inout JSONWriter) {
    writer.member("lock", report.name(lock, of: process))
    writer.member("address", "0x" + hexadecimalText(lock))
  }

  private func write(_ blocker: Blocker, _ writer: inout JSONWriter) {
    writer.object { writer in
      switch blocker.who {
      case .thread(let other):
        writer.member("thread", report.threads[other].identifier)
        writer.member("is", "looked-at")
      case .gone(let number):
        writer.member("thread", number)
        writer.member("is", "gone")
      case .outside(let number, let name):
        writer.member("thread", number)
        writer.member("is", "not-looked-at")
        writer.member("name", name)
      }
      writer.member("certainty", "\(blocker.certainty)")
    }
  }
}
