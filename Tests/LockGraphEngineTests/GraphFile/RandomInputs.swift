import LockGraphEngine
import TestSupport

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
