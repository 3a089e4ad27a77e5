/// Writes lines as the kernel's log does.
public enum KernelLog {
  /// The lines with a time before each, as `dmesg` prints them.
  public static func timed(_ text: String, seconds: Int = 10) -> String {
    var microseconds = 100_000
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      microseconds += 7
      let time = String(repeating: " ", count: max(0, 5 - "\(seconds)".count)) + "\(seconds)"
      return "[\(time).\(microseconds)] \(line)"
    }.joined(separator: "\n") + "\n"
  }

  /// The last section of most reports.
  public static func backtrace(_ frames: String..., task: String = "ldt-A", process: Int = 55)
    -> String
  {
    """

    stack backtrace:
    CPU: 0 PID: \(process) Comm: \(task) Tainted: G           O       6.1.192 #2
    Call Trace:
     <TASK>
    \(frames.map { " \($0)" }.joined(separator: "\n"))
     ? kthread_complete_and_exit+0x1a/0x1a
     </TASK>
    """
  }

  /// A headline between its rules, and the kernel's version.
  public static func head(_ headline: String) -> String {
    let rule = String(repeating: "=", count: headline.count)
    return """

      \(rule)
      \(headline)
      6.1.192 #2 Tainted: G           O
      \(String(repeating: "-", count: headline.count))
      """
  }

  /// Two locks in both orders.
  public static func orderCycle(_ a: String = "ldt_a", _ b: String = "ldt_b") -> String {
    head("WARNING: possible circular locking dependency detected") + """

      ldt-B/57 is trying to acquire lock:
      ffffffffa0003a10 (\(a)){+.+.}-{4:4}, at: m_ba+0x20/0x41 [ldt]

      but task is already holding lock:
      ffffffffa0003970 (\(b)){+.+.}-{4:4}, at: m_ba+0x12/0x41 [ldt]

      which lock already depends on the new lock.


      the existing dependency chain (in reverse order) is:

      -> #1 (\(b)){+.+.}-{4:4}:
             __mutex_lock+0xb2/0x3e6
             mutex_lock_interruptible_nested+0x16/0x18
             m_ab+0x20/0x45 [ldt]
             kthread+0xf2/0xfa

      -> #0 (\(a)){+.+.}-{4:4}:
             __lock_acquire+0xd98/0x10ec
             lock_acquire+0x113/0x23b
             __mutex_lock+0xb2/0x3e6
             mutex_lock_nested+0x16/0x18
             m_ba+0x20/0x41 [ldt]
             kthread+0xf2/0xfa

      other info that might help us debug this:

       Possible unsafe locking scenario:

             CPU0                    CPU1
             ----                    ----
        lock(\(b));
                                     lock(\(a));
                                     lock(\(b));
        lock(\(a));

       *** DEADLOCK ***

      2 locks held by ldt-B/57:
       #0: ffffffffa0003000 (ldt_outer){+.+.}-{4:4}, at: m_ba+0x08/0x41 [ldt]
       #1: ffffffffa0003970 (\(b)){+.+.}-{4:4}, at: m_ba+0x12/0x41 [ldt]

      """ + backtrace("dump_stack+0x10/0x12", "m_ba+0x20/0x41 [ldt]", task: "ldt-B", process: 57)
  }
}
