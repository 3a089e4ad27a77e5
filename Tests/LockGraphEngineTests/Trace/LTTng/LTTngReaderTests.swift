import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct LTTngReaderTests {
  private func events(_ text: String) throws -> [String] {
    try describe(text, by: LTTngReader())
  }

  /// A line as babeltrace2 prints it by default.
  private func line(
    _ event: String, _ fields: String, thread: String = "vpid = 7, vtid = 8", second: Int = 1
  ) -> String {
    "[00:00:0\(second).000000005] (+0.000000831) vm lttng_ust_pthread:pthread_mutex_\(event): "
      + "{ cpu_id = 1 }, { \(thread) }, { mutex = \(fields) }\n"
  }

  /// The same event in every layout, with what is known of its time.
  static let layouts = [
    (
      "[21:31:11.291145776] (+0.000000831) vm lttng_ust_pthread:pthread_mutex_lock_acq: { cpu_id = 1 }, { vpid = 18559, vtid = 18560, procname = \"abba\", ip = 139637985120278 }, { mutex = 0x7F6B18F77880, status = 0 }",
      "[77471291145776] "
    ),
    (
      "[21:31:11.291145776] vm lttng_ust_pthread:pthread_mutex_lock_acq: { cpu_id = 1 }, { vpid = 18559, vtid = 18560, procname = \"abba\", ip = 139637985120278 }, { mutex = 0x7F6B18F77880, status = 0 }",
      "[77471291145776] "
    ),
    (
      "[1795383071.291145776] (+0.000000831) vm lttng_ust_pthread:pthread_mutex_lock_acq: { cpu_id = 1 }, { vpid = 18559, vtid = 18560, procname = \"abba\", ip = 139637985120278 }, { mutex = 0x7F6B18F77880, status = 0 }",
      "[1795383071291145776] "
    ),
    (
      "[00000012007562459353] (+000000000831) vm lttng_ust_pthread:pthread_mutex_lock_acq: { cpu_id = 1 }, { vpid = 18559, vtid = 18560, procname = \"abba\", ip = 139637985120278 }, { mutex = 0x7F6B18F77880, status = 0 }",
      "[12007562459353] "
    ),
    (
      "[2026-11-22 21:31:11.291145776] (+?.?????????) vm lttng_ust_pthread:pthread_mutex_lock_acq: { cpu_id = 1 }, { vpid = 18559, vtid = 18560, procname = \"abba\", ip = 139637985120278 }, { mutex = 0x7F6B18F77880, status = 0 }",
      "[1795383071291145776] "
    ),
    (
      "timestamp = 21:31:11.291145776, delta = +0.000000831, trace:hostname = vm, name = lttng_ust_pthread:pthread_mutex_lock_acq, stream.packet.context = { cpu_id = 1 }, stream.event.context = { vpid = 18559, vtid = 18560, procname = \"abba\", ip = 139637985120278 }, event.fields = { mutex = 0x7F6B18F77880, status = 0 }",
      "[77471291145776] "
    ),
    (
      "timestamp = 21:31:11.291145776, delta = +0.000000831, trace = vm/ust/uid/0/64-bit, , trace:hostname = vm, trace:domain = ust, loglevel = TRACE_DEBUG_LINE (13), name = lttng_ust_pthread:pthread_mutex_lock_acq, stream.packet.context = { cpu_id = 1 }, stream.event.context = { vpid = 18559, vtid = 18560, procname = \"abba\", ip = 139637985120278 }, event.fields = { mutex = 0x7F6B18F77880, status = 0 }",
      "[77471291145776] "
    ),
    (
      "[21:31:11.291145776] (+0.000000831) vm/ust/uid/0/64-bitvm:ust:TRACE_DEBUG_LINE (13) lttng_ust_pthread:pthread_mutex_lock_acq: { cpu_id = 1 }, { vpid = 18559, vtid = 18560, procname = \"abba\", ip = 139637985120278 }, { mutex = 0x7F6B18F77880, status = 0 }",
      "[77471291145776] "
    ),
    (
      "[??:??:??.?????????] vm ust_pthread:pthread_mutex_lock_acq: { cpu_id = 1 }, { ip = 0x7F0000801016, procname = \"abba\", vtid = 18560, vpid = 18559 }, { mutex = 0x7F6B18F77880, status = 0 }",
      ""
    ),
  ]

  @Test(arguments: layouts)
  func `Every layout is read and recognised`(line: String, time: String) throws {
    let expected =
      time + "abba-18560 acquire 0x7F6B18F77880@18559 kind=mutex at=0x7f0000801016"
    #expect(try events(line) == [expected])
    #expect(try analyze(line + "\n").inputs.first?.format == "lttng")
  }

  @Test func `Requests, acquisitions, tries and releases are told apart`() throws {
    let text =
      line("lock_req", "0xA") + line("lock_acq", "0xA, status = 0")
      + line("trylock", "0xB, status = 0") + line("trylock", "0xC, status = 16")
      + line("unlock", "0xB, status = 0") + line("unlock", "0xA, status = 0")
      + line("lock_req", "0xC") + line("lock_acq", "0xC, status = 22")
      + line("lock_req", "0xC") + line("lock_acq", "0xC, status = 130")
    let time = "[1000000005] 7/8"
    #expect(
      try events(text) == [
        "\(time) request 0xA@7 kind=mutex", "\(time) acquire 0xA@7",
        "\(time) acquire 0xB@7 try kind=mutex", "\(time) release 0xB@7", "\(time) release 0xA@7",
        "\(time) request 0xC@7 kind=mutex", "\(time) abandon 0xC@7 reason=failed",
        "\(time) request 0xC@7", "\(time) acquire 0xC@7",
      ])
  }

  @Test func `A mutex that is taken again is recursive`() throws {
    let text =
      line("lock_req", "0xA") + line("lock_acq", "0xA, status = 0") + line("lock_req", "0xA")
      + line("lock_acq", "0xA, status = 0") + line("unlock", "0xA, status = 0")
      + line("lock_req", "0xB") + line("lock_acq", "0xB, status = 0")
      + line("unlock", "0xB, status = 0") + line("unlock", "0xA, status = 0")
    let analysis = try analyze(text)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges == ["0xA@7 -> 0xB@7 [EN]"])
  }

  @Test(arguments: ["", "lock_acq, status = 35"])
  func `A mutex that is asked for again and not given is a deadlock`(outcome: String) throws {
    var text =
      line("lock_req", "0xA") + line("lock_acq", "0xA, status = 0") + line("lock_req", "0xA")
    if !outcome.isEmpty { text += line("lock_acq", "0xA, status = 35") }
    let recursion = "recursive-acquisition feasible 0xA@7"
    #expect(
      try analyze(text).verdicts
        == (outcome.isEmpty ? ["deadlock observed 0xA@7", recursion] : [recursion]))
    #expect(
      try events(text).last?.contains(outcome.isEmpty ? "request" : "reason=deadlock") == true)
  }

  @Test func `What the wrapper cannot see is no finding`() throws {
    // Taken before the recording or by pthread_mutex_timedlock; taken by the tracer itself.
    let text =
      line("unlock", "0xA, status = 0") + line("lock_acq", "0xB, status = 0")
      + line("unlock", "0xB, status = 0") + line("unlock", "0xB, status = 0")
    #expect(try analyze(text).findings.isEmpty)
  }

  @Test func `A release that the mutex refuses, or of what another thread holds, is a finding`()
    throws
  {
    #expect(
      try analyze(line("unlock", "0xA, status = 1")).verdicts == ["release-not-held 0xA@7"])
    let other =
      line("lock_req", "0xA", thread: "vpid = 7, vtid = 9")
      + line("lock_acq", "0xA, status = 0", thread: "vpid = 7, vtid = 9")
    #expect(
      try analyze(other + line("unlock", "0xA, status = 0")).verdicts
        == ["release-not-held 0xA@7"])
    // Of the two events of a hand-over, the second may be printed first.
    let handOver =
      other + line("lock_acq", "0xA, status = 0")
      + line("unlock", "0xA, status = 0", thread: "vpid = 7, vtid = 9")
      + line("unlock", "0xA, status = 0")
    #expect(try analyze(handOver).findings.isEmpty)
  }

  @Test func `Locks are those of their process`() throws {
    func nest(_ one: String, _ two: String, _ thread: String) -> String {
      line("lock_acq", "\(one), status = 0", thread: thread)
        + line("lock_acq", "\(two), status = 0", thread: thread)
        + line("unlock", "\(two), status = 0", thread: thread)
        + line("unlock", "\(one), status = 0", thread: thread)
    }
    let separate = try analyze(
      nest("0xA", "0xB", "vpid = 1, vtid = 1") + nest("0xB", "0xA", "vpid = 2, vtid = 2"))
    #expect(separate.findings.isEmpty)
    #expect(separate.edges == ["0xA@1 -> 0xB@1 [EN]", "0xB@2 -> 0xA@2 [EN]"])
    let common = try analyze(
      nest("0xA", "0xB", "vpid = 1, vtid = 1") + nest("0xB", "0xA", "vpid = 1, vtid = 2"))
    #expect(common.verdicts == ["lock-order-inversion feasible 0xA@1 0xB@1"])
    let unknown = try analyze(nest("0xA", "0xB", "vtid = 1") + nest("0xB", "0xA", "vtid = 2"))
    #expect(unknown.verdicts == ["lock-order-inversion feasible 0xA 0xB"])
  }

  @Test(arguments: [
    ("vtid = 5", "5"), ("pthread_id = 140487722467392, vtid = 5", "5"),
    ("tid = 4, pthread_id = 1", "1"), ("pid = 3, tid = 4", "4"), ("vpid = 3, vtid = 5", "3/5"),
    ("vpid = 3, vtid = 5, procname = \"a \\\"b\\\" }, { vtid = 6\"", "a \\\"b\\\" }, { vtid = 6-5"),
  ])
  func `Threads are named by the best that is known of them`(context: String, name: String) throws {
    let text = line("lock_req", "0xA", thread: context)
    #expect(try events(text).first?.hasPrefix("[1000000005] \(name) request") == true)
  }

  @Test func `A thread that takes another name is the same`() throws {
    let text =
      line("lock_acq", "0xA, status = 0", thread: "vtid = 5, procname = \"main\"")
      + line("unlock", "0xA, status = 0", thread: "vtid = 5, procname = \"worker\"")
    #expect(
      try events(text) == [
        "[1000000005] worker-5 acquire 0xA kind=mutex", "[1000000005] worker-5 release 0xA",
      ])
  }

  @Test func `Addresses in an image are classes and places that outlive the run`() throws {
    let image =
      "[00:00:01.000000000] (+?.?????????) vm lttng_ust_statedump:bin_info: { cpu_id = 1 }, "
      + "{ vpid = 7, vtid = 9, ip = 1 }, { baddr = 0x55BF83FB8000, memsz = 16616, "
      + "path = \"/srv/abba\", is_pic = 1 }\n"
    let context = "vpid = 7, vtid = 8, ip = 94281041416660"
    let inside = line("lock_acq", "0x55BF83FBC080, status = 0", thread: context)
    #expect(
      try events(image + inside) == [
        "[1000000005] 7/8 acquire 0x55BF83FBC080@7 kind=mutex class=abba+0x4080 at=abba+0x11d4"
      ])
    // Another process, and an address behind the image.
    let strange =
      line("lock_acq", "0x55BF83FBC080, status = 0", thread: "vpid = 6, vtid = 6")
      + line("lock_acq", "0x55BF83FBC0E8, status = 0")
    #expect(try !events(image + strange).contains { $0.contains("abba") })
    let absolute = image.replacing("is_pic = 1", with: "is_pic = 0")
    #expect(try events(absolute + inside)[0].contains("class=abba@0x55bf83fbc080 "))
  }

  @Test(arguments: [
    (
      "ip = 9, debug_info = { bin = \"a+0x1\", func = \"transfer+0x16\", src = \"bankd.c:11\" }",
      " at=bankd.c:11 stack=transfer+0x16"
    ),
    ("ip = 9, debug_info = { bin = \"a+0x1\", func = \"\", src = \"\" }", " at=a+0x1"),
    ("ip = 9, debug_info = { bin = \"\", func = \"\", src = \"\" }", " at=0x9"),
    ("ip = 0", " at=0x0"),
    ("vpid = 7", ""),
  ])
  func `What babeltrace2 knows of the caller is the place`(context: String, place: String) throws {
    let text = line("lock_req", "0xA", thread: "vtid = 8, \(context)")
    #expect(try events(text)[0].hasSuffix("kind=mutex\(place)"))
  }

  @Test func `Events of others are counted and nothing else`() throws {
    let text =
      "[21:31:11.228157714] (+?.?????????) vm lttng_ust_statedump:start: { cpu_id = 0 }, { vtid = 1 }, { }\n"
      + "[21:31:11.228157715] (+0.000000001) vm lttng_ust_libc:free: { cpu_id = 2 }, { 14591 }, { ptr = 0x0 }\n"
      + "[21:31:11.228157716] (+0.000000001) vm my_pthread:pthread_mutex_lock_rex: { }, { }, { }\n"
    #expect(try events(text).isEmpty)
    let analysis = try analyze(text)
    #expect(analysis.inputs.first?.format == "lttng")
    #expect(analysis.inputs.first?.events == 3)
  }

  @Test(arguments: [
    "WARNING: Tracer discarded 12 events between [21:50:55.1] and [21:50:55.2] in trace \"t\"",
    "[warning] Tracer discarded 12 events between [21:50:55.1] and [21:50:55.2] in trace \"t\"",
    "\u{1B}[33m\u{1B}[1mWARNING\u{1B}[0m\u{1B}[33m: Tracer discarded 12 events between [21:50:55.1]",
  ])
  func `Discarded events are lost ones`(warning: String) throws {
    let text =
      line("lock_acq", "0xA, status = 0") + warning + "\n" + line("lock_acq", "0xA, status = 0")
    #expect(try events(text)[1] == "* lost count=12")
    #expect(try analyze(text).findings.isEmpty)
  }

  @Test func `Times go on at midnight`() throws {
    let text =
      line("lock_req", "0xA").replacing("[00:00:01", with: "[23:59:59") + line("lock_req", "0xB")
    #expect(
      try events(text).map { $0.split(separator: " ")[0] }
        == ["[86399000000005]", "[86401000000005]"])
  }

  @Test(arguments: [
    (
      "{ cpu_id = 1 }, { vpid = 7 }, { mutex = 0xA }",
      "the event does not say which thread it is of",
      "a trace recorded with: lttng add-context -u -t vtid"
    ),
    (
      "{ 1 }, { 7, 8 }, { 0xA }", "the fields have no names",
      "what babeltrace2 prints with its default --names=payload,context"
    ),
    (
      "{ cpu_id = 1 }, { vtid = 7 }, { }", "the field 'mutex' is missing",
      "what babeltrace2 prints with its default --names=payload,context"
    ),
  ])
  func `What the recording lacks is said`(fields: String, message: String, expected: String) throws
  {
    let start = "[00:00:01.000000005] vm lttng_ust_pthread:pthread_mutex_lock_req"
    let error = try #require(failure(of: start + ": " + fields + "\n"))
    #expect(error.line == 1)
    #expect(error.column == start.utf8.count + 1)
    #expect(error.message == message)
    #expect(error.expected == expected)
  }

  @Test func `Other lines are a mistake`() throws {
    let error = try #require(failure(of: line("lock_req", "0xA") + "T1 acquire L\n"))
    #expect(error.line == 2)
    #expect(error.message == "no event of babeltrace2's text")
  }
}
