import LockGraph
import TestSupport

/// An input of random doings, under its name.
struct NamedInput {
  var name: String
  var bytes: [UInt8]

  init(_ name: String, _ text: String) {
    self.name = name
    bytes = Array(text.utf8)
  }

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// The graph file of inputs.
func merged(_ inputs: [NamedInput], keepGoing: Bool = false) throws(TraceError) -> [UInt8] {
  var reading = ReadingOptions()
  reading.keepGoing = keepGoing
  var merger = GraphMerger(reading: reading)
  for input in inputs { try merger.read(.bytes(input.bytes, name: input.name)) }
  let output = WrittenBytes()
  let isWritten = merger.finish { output.append($0) }
  precondition(isWritten, "memory takes everything")
  return output.bytes
}

/// The graph file of graph files.
func merged(_ files: [[UInt8]]) throws(TraceError) -> [UInt8] {
  try merged(files.enumerated().map { NamedInput("\($0).graph", $1) })
}

final class WrittenBytes {
  var bytes: [UInt8] = []

  func append(_ more: UnsafeRawBufferPointer) -> Bool {
    bytes += more
    return true
  }
}

/// Analyses inputs together.
func analyze(
  _ inputs: [NamedInput], inversionLimit: Int = 1000
) throws(TraceError) -> Analysis {
  var options = TraceAnalyzer.Options()
  options.inversionLimit = inversionLimit
  var analyzer = TraceAnalyzer(options: options)
  for input in inputs { try analyzer.read(.bytes(input.bytes, name: input.name)) }
  return analyzer.finish()
}

/// What threads do that start and wait for each other, take locks in nests, and break rules now and
/// then.
func randomInput(
  using generator: inout SeededGenerator, name: String, locks lockCount: ClosedRange<Int> = 3...6,
  classes: ClosedRange<Int> = 2...4, isAnnotated: Bool = false
) -> NamedInput {
  func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
  let locks = RandomLocks(
    count: Int.random(in: lockCount, using: &generator),
    classes: Int.random(in: classes, using: &generator),
    using: &generator)
  var text = locks.preamble
  var threads: [(name: String, lines: [String])] = []
  for number in 0..<Int.random(in: 2...4, using: &generator) {
    let name = "T\(number)"
    let steps = randomSteps(
      Int.random(in: 4...24, using: &generator), locks: locks, using: &generator)
    var lines = steps.map { $0.line(thread: name) }
    for index in lines.indices where isAnnotated && lines[index].contains(" acquire ") && chance(5)
    {
      lines[index] += " exclusive"
    }
    if chance(30) { lines.append("\(name) release l0") }
    if chance(20) { lines.append("\(name) assert l0 held") }
    if chance(30) { lines.append("\(name) exit") }
    threads.append((name, lines))
  }
  // Some are started and joined, one after the other or side by side.
  var running: [(name: String, lines: ArraySlice<String>, isJoined: Bool)] = []
  var waiting = threads[...]
  while !waiting.isEmpty || !running.isEmpty {
    if let next = waiting.first, running.isEmpty || chance(20) {
      waiting = waiting.dropFirst()
      let isSpawned = chance(60)
      if isSpawned { text += "main spawn \(next.name)\n" }
      running.append((next.name, next.lines[...], isSpawned && chance(70)))
      if chance(20) {
        text += "main acquire l0\nmain acquire l1\nmain release l1\nmain release l0\n"
      }
      continue
    }
    let index = Int.random(in: running.indices, using: &generator)
    if let line = running[index].lines.first {
      running[index].lines = running[index].lines.dropFirst()
      text += line + "\n"
    } else {
      if running[index].isJoined { text += "main join \(running[index].name)\n" }
      running.remove(at: index)
    }
  }
  if isAnnotated, chance(40) {
    let name = "class=C\(Int.random(in: 0...1, using: &generator))"
    text = text.replacing(name, with: name + " nesting=by-instance")
  }
  return NamedInput(name, text)
}

extension Finding {
  /// What a gate looks at.
  var verdict: String {
    "\(fingerprint) \(rule.rawValue) \(confidence?.rawValue ?? "-") \(occurrences) "
      + classes.joined(separator: ",")
  }
}
