/// Writes lines as the kernel's tracer does.
public struct KernelTrace {
  public static let header = """
    # tracer: nop
    #
    # entries-in-buffer/entries-written: 4/4   #P:2
    #
    #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
    #              | |         |   |||||     |         |

    """

  public private(set) var text: String
  private var microseconds = 318_850

  /// - Parameter hasHeader: a capture read from `trace`; without, one from `trace_pipe`.
  public init(hasHeader: Bool = true) { text = hasHeader ? Self.header : "" }

  /// One event; `rest` is `ADDRESS [try ][read ]NAME`.
  public mutating func add(
    _ event: String, _ rest: String, task: String = "init-1", cpu: Int = 0, flags: String = "....."
  ) {
    let cut = task.lastIndex(of: "-")!
    let name = String(task[..<cut])
    let padding = String(repeating: " ", count: max(0, 16 - name.count))
    let process = String(task[cut...])
    let gap = String(repeating: " ", count: max(0, 8 - process.count))
    microseconds += 1
    text +=
      "\(padding)\(name)\(process)\(gap) [00\(cpu)] \(flags)    16.\(microseconds): \(event): \(rest)\n"
  }

  /// Acquires locks one inside the other and releases them in reverse order; a lock is
  /// `ADDRESS NAME`.
  public mutating func nest(
    _ locks: String..., task: String = "init-1", cpu: Int = 0, flags: String = "....."
  ) {
    for lock in locks { add("lock_acquire", lock, task: task, cpu: cpu, flags: flags) }
    for lock in locks.reversed() {
      var words = lock.split(separator: " ")
      words.removeAll { $0 == "try" || $0 == "read" }
      add("lock_release", words.joined(separator: " "), task: task, cpu: cpu, flags: flags)
    }
  }

  /// A line as it is.
  public mutating func add(line: String) { text += line + "\n" }
}
