import LockGraphEngine
import TestSupport
import Testing

/// Semaphores and completions: locks, pools and signals [semantics 28].
@Suite struct SemaphoreRoleTests {
  private func verdicts(_ text: String) throws -> [String] { try analyze(text).verdicts }

  @Test(arguments: [
    // Another thread posts it: nobody has it.
    "t request s kind=semaphore\nu release s\nt acquire s\nt request s\nu release s\nt acquire s\n",
    "p acquire s kind=semaphore\np acquire s\nc release s\nc release s\n",
    "a acquire m\na acquire s kind=semaphore\nb post s\na release m\nc acquire s\nc acquire m\n",
    "c acquire s kind=semaphore\nc acquire m\nc release m\nb post s\na acquire m\na acquire s\n",
    // One thread has it twice: there are several permits.
    "t init s kind=semaphore\nt acquire s\nt acquire s\nt release s\nt release s\n",
    "t acquire s kind=semaphore\nu acquire s\nt acquire m\nt release m\nt release s\nu release s\n"
      + "u acquire m\nu acquire s\n",
    "t init s kind=semaphore permits=2\nt acquire s\nt acquire m\nt release m\nt release s\n"
      + "u acquire m\nu acquire s\n",
    // It is made for signals.
    "t init s kind=semaphore permits=0\nt acquire s\nt acquire m\nt release m\nt exit\n"
      + "u acquire m\nu acquire s\n",
    // Nobody has a completion.
    "t acquire d kind=completion\nt acquire m\nt release m\nt exit\nu acquire m\nu acquire d\n",
    "t acquire d kind=completion\nt acquire d\nt wait c\n",
    // What is posted is a semaphore.
    "t acquire s\nt acquire m\nt release m\nu post s\nu acquire m\nu acquire s\n",
    // What a signal is not held by, nothing is wrong with.
    "t acquire s kind=semaphore\nt wait c\nu post s\n",
    "t acquire s kind=semaphore\nt exit\nu post s\n",
    "t acquire s kind=semaphore\nt destroy s\nu init s kind=semaphore\nu post s\nt release s\n"
      + "t acquire q kind=semaphore\nv post q\nt destroy q\n",
  ])
  func `What is given by any thread is no lock from the beginning`(text: String) throws {
    #expect(try verdicts(text).filter { !$0.hasPrefix("destroyed-while-held s") } == [])
  }

  private let inversion =
    "t acquire s kind=semaphore\nt acquire m\nt release m\nt release s\nu acquire m\nu acquire s\n"
    + "u release s\nu release m\n"

  @Test func `A semaphore that its takers give back is a lock`() throws {
    #expect(try verdicts(inversion) == ["lock-order-inversion feasible m s"])
    #expect(
      try verdicts("t acquire s kind=semaphore\nt request s\n")
        == ["recursive-acquisition feasible s"])
    #expect(try verdicts("t acquire s kind=semaphore\nt exit\n") == ["held-at-exit s"])
    #expect(try verdicts("t acquire s kind=semaphore\nt wait c\n") == ["wait-while-holding s"])
  }

  @Test(arguments: ["v post s\n", "v release s\n", "u acquire s\nv acquire s\n"])
  func `Where that shows decides nothing`(sign: String) throws {
    let statement = "v init s kind=semaphore\n"
    let lines = inversion.split(separator: "\n").map { "\($0)\n" }
    for place in 0...lines.count {
      let text = statement + lines[..<place].joined() + sign + lines[place...].joined()
      #expect(try verdicts(text) == [], "\(text)")
    }
  }

  @Test func `One semaphore of a class says nothing of another`() throws {
    func use(_ name: String) -> String {
      inversion.replacing(" s ", with: " \(name) class=S ").replacing(" s\n", with: " \(name)\n")
    }
    let signal = use("s1") + "v post s1\n"
    #expect(try verdicts(signal) == [])
    #expect(try verdicts(use("s2") + signal) == ["lock-order-inversion feasible S m"])
    #expect(try verdicts(signal + use("s2")) == ["lock-order-inversion feasible S m"])
  }

  @Test func `However many signals there are, the one that is a lock keeps its witness`() throws {
    var text = ""
    for number in 0..<300 {
      text += "t\(number) acquire s\(number) class=S kind=semaphore\nt\(number) acquire m\n"
      text += "t\(number) release m\n"
      if number < 299 { text += "v post s\(number)\n" } else { text += "t299 release s299\n" }
    }
    #expect(try verdicts(text) == [])
    #expect(
      try verdicts(text + "u acquire m\nu acquire s299\n") == ["lock-order-inversion feasible S m"])
  }

  @Test func `Each input has its own semaphores`() throws {
    let analysis = try analyze(
      inversion, "v post s kind=mutex\n".replacing(" kind=mutex", with: ""))
    #expect(analysis.verdicts == ["lock-order-inversion feasible m s"])
    #expect(
      try analyze(inversion + "v post s\n", inversion).verdicts
        == ["lock-order-inversion feasible m s"])
  }

  @Test(arguments: [
    (" permits=1", ["lock-order-inversion excluded a b"]),
    ("", ["lock-order-inversion feasible a b"]),
    (" permits=2", ["lock-order-inversion feasible a b"]),
  ])
  func `One of one permit is a gate`(permits: String, expected: [String]) throws {
    func nest(_ thread: String, _ first: String, _ second: String) -> String {
      "\(thread) acquire g\n\(thread) acquire \(first)\n\(thread) acquire \(second)\n"
        + "\(thread) release \(second)\n\(thread) release \(first)\n\(thread) release g\n"
    }
    let text = "m init g kind=semaphore\(permits)\n" + nest("t", "a", "b") + nest("u", "b", "a")
    #expect(try verdicts(text) == expected)
    if permits == " permits=1" {
      #expect(try verdicts(text + "v post g\n") == ["lock-order-inversion feasible a b"])
    }
  }

  // MARK: Pools

  private static let exhaustions = [
    "r1 acquire p kind=semaphore\nr2 acquire p\nr1 request p\nr2 request p\n",
    "r init p kind=semaphore permits=1\nr acquire p\nr request p\n",
    "r init p kind=semaphore permits=2\nr acquire p\nr acquire p\nr request p\n",
    // Who has the permits waits for a lock, whose holder wants one.
    "r1 acquire p kind=semaphore\nr2 acquire p\nr3 acquire a\nr1 request a\nr2 request a\n"
      + "r3 request p\n",
    "r3 acquire a\nr1 acquire p kind=semaphore\nr2 acquire p\nr3 request p\nr1 request a\n"
      + "r2 request a\n",
    // One of them waits for the end of a thread that wants a permit.
    "r1 acquire p kind=semaphore\nr2 acquire p\nr3 request p\nr1 join r3\nr2 request p\n",
  ]

  @Test(arguments: exhaustions)
  func `A pool is exhausted when all who have a permit wait`(text: String) throws {
    let deadlocks = try analyze(text).findings(.deadlock)
    #expect(deadlocks.count == 1)
    #expect(deadlocks.first?.confidenceReason == "all permits of p are held by threads that wait")
    #expect(deadlocks.first?.title.contains("all") == true)
  }

  @Test(arguments: exhaustions)
  func `That it is a pool may be told when all wait already`(text: String) throws {
    let lines = text.replacing(" kind=semaphore\n", with: "\n").split(separator: "\n")
      .map(String.init)
    for place in lines.indices where lines[place].hasSuffix(" p") {
      var lines = lines
      lines[place] += " kind=semaphore"
      let late = lines.map { "\($0)\n" }.joined()
      let found = try [late, text].map { try analyze($0).findings(.deadlock).map(\.fingerprint) }
      #expect(found[0] == found[1], "\(late)")
    }
  }

  @Test(arguments: [
    "r1 acquire p kind=semaphore\nr2 acquire p\nr3 acquire p\nr1 request p\nr2 request p\n",
    "r init p kind=semaphore permits=3\nr1 acquire p\nr2 acquire p\nr1 request p\nr2 request p\n",
    "r1 acquire p kind=semaphore\nr2 acquire p\nr1 request p\nr2 request p\nr1 acquire p\n",
    "r1 acquire p kind=semaphore\nr2 acquire p\nr1 request p\nr2 request p\nc post p\n",
    "r1 acquire p kind=semaphore\nr2 acquire p\nr1 request p\nr2 request a\n",
    "p acquire s kind=semaphore\np acquire s\np request s\n",
  ])
  func `A pool of which somebody may give a permit back is none`(text: String) throws {
    #expect(try analyze(text).findings(.deadlock).map(\.title) == [])
  }

  @Test func `A deadlock around a pool is the same in whatever order it came about`() throws {
    let holds = "r1 acquire p kind=semaphore\nr2 acquire p\nr3 acquire a\n"
    let waits = ["r1 request a\n", "r2 request a\n", "r3 request p\n"]
    let found = try permutations(of: waits).map {
      try analyze(holds + $0.joined()).findings(.deadlock)
    }
    #expect(Set(found.map { $0.map(\.fingerprint) }).count == 1)
    #expect(found.allSatisfy { $0.map { $0.waiters.map(\.thread) } == [["r3", "r1", "r2"]] })
    // With more permits it is the same deadlock.
    let four = try analyze(
      "r4 acquire p kind=semaphore\n" + holds + "r4 request a\n" + waits.joined())
    #expect(four.findings(.deadlock).map(\.fingerprint) == found[0].map(\.fingerprint))
  }
}
