import LockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is done with locks whose orders are known: a figure for each lock.
struct Column {
  var key: String
  var title: String
  var values: [Double]
}

enum Locks {
  static let names = ["Mutex", "pthread_mutex", "ValidatedMutex", "ValidatedLock"]
}

/// One loop of one lock, with locks of its own.
private func subject<Lock: MeasuredLock & ~Copyable>(
  _: Lock.Type, count: Int, isRanked: Bool = false,
  _ loop: @escaping (UnsafeMutablePointer<Lock>, Int) -> Int
) -> (Int) -> Double? {
  let locks = LockArray<Lock>(count: count, isRanked: isRanked)
  return { times in nanoseconds { loop(locks.start, times) } }
}

/// Where the machine has other work, threads take turns on one processor and are not in each
/// other's way; a round counts if they run side by side at one of some tries.
private func threads<Lock: MeasuredLock & ~Copyable>(_: Lock.Type, _ count: Int) -> (Int) -> Double?
{
  // Far enough from each other for the caches.
  let distance = 64
  let locks = LockArray<Lock>(count: distance * count)
  return { times in
    // Short, so that other work has little time to step between.
    let times = times / 50
    for _ in 0..<100 {
      let result = inThreads(
        (0..<count).map { number in
          { isWarmUp in takeOne(locks.start + number * distance, isWarmUp ? times / 10 : times) }
        })
      if result.running > Double(count) * 0.9 { return result.nanoseconds }
    }
    return nil
  }
}

func known(_ options: Options) -> [Column] {
  let walked = 1000
  return [
    Column(
      key: "a", title: "1 mutex",
      values: inTurns(
        options,
        [
          subject(BareMutex.self, count: 1, takeOne), subject(BarePthread.self, count: 1, takeOne),
          subject(CheckedMutex.self, count: 1, takeOne),
          subject(CheckedLock.self, count: 1, takeOne),
        ])),
    Column(
      key: "b", title: "A > B",
      values: inTurns(
        options,
        [
          subject(BareMutex.self, count: 2, takeTwo), subject(BarePthread.self, count: 2, takeTwo),
          subject(CheckedMutex.self, count: 2, takeTwo),
          subject(CheckedLock.self, count: 2, takeTwo),
        ])),
    Column(
      key: "c", title: "5 deep",
      values: inTurns(
        options,
        [
          subject(BareMutex.self, count: 5, takeFive),
          subject(BarePthread.self, count: 5, takeFive),
          subject(CheckedMutex.self, count: 5, takeFive),
          subject(CheckedLock.self, count: 5, takeFive),
        ])),
    Column(
      key: "d1", title: "1 thread",
      values: inTurns(
        options,
        [
          threads(BareMutex.self, 1), threads(BarePthread.self, 1), threads(CheckedMutex.self, 1),
          threads(CheckedLock.self, 1),
        ])),
    Column(
      key: "d", title: "2 threads",
      values: inTurns(
        options,
        [
          threads(BareMutex.self, 2), threads(BarePthread.self, 2), threads(CheckedMutex.self, 2),
          threads(CheckedLock.self, 2),
        ])),
    Column(
      key: "e", title: "1,000 locks",
      values: inTurns(
        options,
        [
          subject(BareMutex.self, count: walked) { walks($0, count: walked, $1) },
          subject(BarePthread.self, count: walked) { walks($0, count: walked, $1) },
          subject(CheckedMutex.self, count: walked) { walks($0, count: walked, $1) },
          subject(CheckedLock.self, count: walked) { walks($0, count: walked, $1) },
        ])),
    Column(
      key: "e1", title: "1,000 ranks",
      values: inTurns(
        options,
        [
          subject(BareMutex.self, count: walked, isRanked: true) { walks($0, count: walked, $1) },
          subject(BarePthread.self, count: walked, isRanked: true) { walks($0, count: walked, $1) },
          subject(CheckedMutex.self, count: walked, isRanked: true) {
            walks($0, count: walked, $1)
          },
          subject(CheckedLock.self, count: walked, isRanked: true) { walks($0, count: walked, $1) },
        ])),
  ]
}

/// What locks cost that are built to be validated and are not: `LOCKGRAPH=off`.
func switchedOff(_ options: Options) -> [Column] {
  var configuration = LockValidator.Configuration()
  configuration.response = .off
  LockValidator.configuration = configuration
  defer { LockValidator.configuration = LockValidator.Configuration() }
  return [
    Column(
      key: "a-off", title: "1 mutex",
      values: inTurns(
        options,
        [
          subject(BareMutex.self, count: 1, takeOne), subject(CheckedMutex.self, count: 1, takeOne),
        ])),
    Column(
      key: "b-off", title: "A > B",
      values: inTurns(
        options,
        [
          subject(BareMutex.self, count: 2, takeTwo), subject(CheckedMutex.self, count: 2, takeTwo),
        ])),
    Column(
      key: "d-off", title: "2 threads",
      values: inTurns(options, [threads(BareMutex.self, 2), threads(CheckedMutex.self, 2)])),
  ]
}

/// What a dependency costs that nobody has shown before.
struct NewDependencies {
  static let strides = [2, 3, 5, 8, 13, 21, 34, 55]

  var classes: Int
  var hasStacks: Bool
  /// Nanoseconds for two locks nested, with all orders known or none to know.
  var bare: Double
  /// For each dependency of the chain, with which the graph grows.
  var chain: Double
  /// For each dependency added to the whole chain, at each stride.
  var added: [Double]
  /// For each of the last ones in another thread, which the validator knows, but not the thread.
  var again: Double
  /// For each dependency, to analyse all of them, for which their evidence is laid out.
  var analysis: Double

  /// Graphs of 1,000 and of 10,000 classes, each without stacks and with them.
  static func measure(_ options: Options) -> [Self] {
    var results: [[Self]] = Array(repeating: [], count: 4)
    for _ in 0..<options.rounds {
      results[0].append(round(1000, hasStacks: false))
      results[1].append(round(1000, hasStacks: true))
      results[2].append(round(10_000, hasStacks: false))
      results[3].append(round(10_000, hasStacks: true))
    }
    LockValidator.configuration = LockValidator.Configuration()
    return results.map { rounds in
      Self(
        classes: rounds[0].classes, hasStacks: rounds[0].hasStacks,
        bare: median(rounds.map(\.bare)), chain: median(rounds.map(\.chain)),
        added: strides.indices.map { index in median(rounds.map { $0.added[index] }) },
        again: median(rounds.map(\.again)), analysis: median(rounds.map(\.analysis)))
    }
  }

  private static func round(_ count: Int, hasStacks: Bool) -> Self {
    var configuration = LockValidator.Configuration()
    configuration.capturesStacks = hasStacks
    LockValidator.configuration = configuration
    let bare = LockArray<BareMutex>(count: count)
    let checked = LockArray<CheckedMutex>(count: count)
    defer {
      bare.destroy()
      checked.destroy()
    }
    _ = walk(bare.start, count: count, stride: 1)
    let bareTime = nanoseconds {
      strides.reduce(0) { $0 + walk(bare.start, count: count, stride: $1) / 2 }
    }
    let chain = nanoseconds { walk(checked.start, count: count, stride: 1) / 2 }
    let added = strides.map { stride in
      nanoseconds { walk(checked.start, count: count, stride: stride) / 2 }
    }
    let shown = strides.reduce(count - 1) { $0 + count - $1 }
    var dependencies: Int?
    let analysis = nanoseconds {
      dependencies = LockValidator.analysis()?.summary.dependencies
      return shown
    }
    let again = inThreads([
      { isWarmUp in
        isWarmUp ? 0 : walk(checked.start, count: count, stride: strides.last!) / 2
      }
    ]).nanoseconds
    guard dependencies == shown, LockValidator.findings.isEmpty
    else { fatalError("the graph is not what the loops show") }
    return Self(
      classes: count, hasStacks: hasStacks, bare: bareTime, chain: chain, added: added,
      again: again, analysis: analysis)
  }
}

/// What it costs to make a lock and to end it.
func creation(_ options: Options) -> [(name: String, nanoseconds: Double)] {
  @inline(never) func bare(_ times: Int) -> Int { make(times) { Mutex(0) } }
  @inline(never) func byPlace(_ times: Int) -> Int { make(times) { ValidatedMutex(0) } }
  @inline(never) func byClass(_ times: Int) -> Int {
    let lockClass = Classes.numbered[0]
    return make(times) { ValidatedMutex(0, lockClass: lockClass) }
  }
  @inline(never) func byName(_ times: Int) -> Int {
    make(times) { ValidatedMutex(0, name: "a name") }
  }
  @inline(never) func ranked(_ times: Int) -> Int {
    let lockClass = Classes.numbered[0]
    return make(times) { ValidatedMutex(0, lockClass: lockClass, rank: 1) }
  }
  let names = [
    "Mutex", "ValidatedMutex, class of its place", "ValidatedMutex, lockClass:",
    "ValidatedMutex, name:", "ValidatedMutex, lockClass:, rank:",
  ]
  let results = inTurns(
    options,
    [bare, byPlace, byClass, byName, ranked].map { loop in { times in nanoseconds { loop(times) } }
    })
  return Array(zip(names, results))
}

func sizes() -> [(name: String, bytes: Int)] {
  [
    ("Mutex<Int>", MemoryLayout<Mutex<Int>>.size),
    ("ValidatedMutex<Int>", MemoryLayout<ValidatedMutex<Int>>.size),
    ("Mutex<Void>", MemoryLayout<Mutex<Void>>.size),
    ("ValidatedMutex<Void>", MemoryLayout<ValidatedMutex<Void>>.size),
    ("pthread_mutex_t", MemoryLayout<pthread_mutex_t>.size),
  ]
}
