import LockGraphEngine
import TestSupport
import Testing

@Suite struct FormatRecognitionTests {
  @Test(arguments: [
    ("T1 acquire L\n", "text"), ("", "text"),
    ("# lockgraph-trace 1\nT1|acq(l)|2 acquire L\n", "text"),
    ("[12.5] T1 acquire L class=\"a: { b:c }\" at=x:y\n", "text"),
    ("[12.5] T1 acquire {x:y}\n", "text"), ("T1 acquire x|acq(l)|2\n", "text"),
    ("\"a|acq(b)|c\" acquire L\n", "text"), ("T1 acquire L\n{\"thread\":\"T1\"}\n", "text"),
    ("{\"lockgraph-trace\":1}\n", "jsonl"), ("\n \n  {}\n", "jsonl"), ("{broken\n", "jsonl"),
    ("\u{FEFF}{\"thread\":\"T\",\"event\":\"exit\"}\n", "jsonl"),
    ("# comment\nT1|acq(l)|2\n", "std"), ("// comment\n\n  main|begin\n", "std"),
    ("T1|w(x)\r\n", "std"), ("T1|acq|x\n", "text"), ("T1|lock(l)|2\n", "text"),
    (
      "[21:31:11.228157714] (+?.?????????) vm lttng_ust_statedump:start: { cpu_id = 0 }, { }\n",
      "lttng"
    ),
    ("            bash  4711 [000]  1234.567890: lock:lock_acquire: 0xffff8880 l\n", "perf"),
    ("bash 4711 lock:lock_acquire: 0xffff8880 l\n", "perf"),
    ("T1 acquire 12.000000: x: y\n", "text"),
    (
      "[warning] Tracer discarded 1 event between [1] and [2]\n[1.5] vm a:b: { cpu_id = 0 }, { }\n",
      "lttng"
    ),
  ])
  func `A format is recognised by how it begins`(text: String, format: String) throws {
    #expect(try analyze(text, keepGoing: true).inputs.first?.format == format)
  }

  @Test(arguments: [
    "{\"thread\":\"T1\",\"event\":\"acquire\",\"lock\":\"A\"}\n", "// story\nT1|acq(A)|1\n",
    "[00:00:01.000000005] vm lttng_ust_pthread:pthread_mutex_lock_acq: { cpu_id = 1 }, { vtid = 8 }, { mutex = 0xA, status = 0 }\n",
  ])
  func `A format is recognised in a pipe that delivers little at a time`(text: String) throws {
    let directory = try TemporaryDirectory()
    let bytes = Array(text.utf8)
    let path = try directory.pipe("pipe", of: bytes.chunks(of: 5))
    var analyzer = TraceAnalyzer()
    try analyzer.read(.file(path))
    let piped = analyzer.finish()
    let whole = try analyze(inputs: [bytes])
    #expect(piped.inputs.first?.format == whole.inputs.first?.format)
    #expect(piped.inputs.first?.format != "text")
    #expect(piped.summary.locks == 1)
  }
}
