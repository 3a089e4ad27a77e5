import LockGraphEngine
import TestSupport
import Testing

/// What no reader knows is refused, with the nearest format and all others.
@Suite struct RecognitionTests {
  @Test(arguments: [
    ("hello world\nthis is no trace\n", "is in no format that is known"),
    ("# a comment\n# and another\n", "is in no format that is known"),
    (
      "#0  0x00007f00 in __lll_lock_wait () from libc.so.6\n#1  0x00007f01 in evict () at cache.c:12\n",
      "is in no format that is known; it looks like a debugger's stack of one thread"
    ),
    (
      "lock_stat version 0.4\n-----\n class name    con-bounces\n",
      "is in no format that is known; it looks like the kernel's /proc/lock_stat"
    ),
    (
      "WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=1)\n",
      "holds a report of ThreadSanitizer that is cut off"
    ),
    ("{\"a\":1}\n", "is in no format that is known; as a trace in JSON Lines it has"),
  ])
  func `An unknown text says what is the nearest`(text: String, message: String) throws {
    let error = try #require(failure(of: text))
    #expect(error.message.hasPrefix(message), "\(error.message)")
    if message.hasPrefix("is in no") {
      #expect(error.expected?.contains("text, jsonl, recording, graph") == true)
      #expect(error.expected?.contains("docs/inputs.md") == true)
    }
  }

  @Test func `A text trace is told by most of its first lines`() throws {
    #expect(try analyze("T1 acquire A\n").inputs[0].format == "text")
    #expect(failure(of: "T1 aquire A\n")?.message == "unknown verb 'aquire'")
    let log = "PCIe init done\nbooting the board\nmemory is fine\nloading all of it\n"
    #expect(failure(of: log)?.message.hasPrefix("is in no format that is known") == true)
  }

  @Test(arguments: TraceFormat.allCases.filter { $0 != .recording && $0 != .graph })
  func `A format that is forced on something else is an error`(format: TraceFormat) throws {
    #expect(failure(of: "hello world, this is a\nletter to you\n", format: format) != nil)
  }

  @Test func `Every format has one name`() {
    let names = TraceFormat.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
    for name in names { #expect(TraceFormat(rawValue: name)?.rawValue == name) }
    #expect(TraceFormat(rawValue: "nonsense") == nil)
  }

  @Test func `An empty input is empty`() throws {
    #expect(try analyze("").inputs[0].isEmpty)
    #expect(try analyze("\n\n").inputs[0].isEmpty)
  }
}
