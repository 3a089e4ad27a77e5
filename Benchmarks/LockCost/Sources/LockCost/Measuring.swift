import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

func clockTime(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// Nanoseconds of processor time for each thing that was done; other programs on the machine
/// disturb that less than the time of day.
func nanoseconds(_ body: () -> Int) -> Double {
  let start = clockTime(CLOCK_PROCESS_CPUTIME_ID)
  let count = body()
  return (clockTime(CLOCK_PROCESS_CPUTIME_ID) - start) / Double(count)
}

struct Options {
  var rounds = 11
  var times = 2_000_000
  var isTabSeparated = false
  /// Nothing but locks whose orders are known.
  var isBrief = false
  /// Nothing but making locks and locks that are not mutexes.
  var isOfOthers = false
  /// Nothing but what many locks cost.
  var isOfScale = false

  init?(_ arguments: [String]) {
    var rest = arguments.dropFirst()
    while let word = rest.popFirst() {
      switch word {
      case "--tsv": isTabSeparated = true
      case "--brief": isBrief = true
      case "--others": isOfOthers = true
      case "--scale": isOfScale = true
      case "--rounds":
        guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else { return nil }
        rounds = number
      case "--times":
        guard let number = rest.popFirst().flatMap({ Int($0) }), number >= 1000 else { return nil }
        times = number
      default: return nil
      }
    }
  }
}

/// Not a number of nothing.
func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
}

/// Measures several things in turns, so that what slows the machine down meets all of them.
///
/// - Parameter subjects: each does its work so many times and returns nanoseconds, or `nil` if the
///   round does not count.
/// - Returns: the median of each.
func inTurns(_ options: Options, _ subjects: [(_ times: Int) -> Double?]) -> [Double] {
  for subject in subjects { _ = subject(options.times / 10) }
  var results = subjects.map { _ in [Double]() }
  for _ in 0..<options.rounds {
    for (number, subject) in subjects.enumerated() {
      if let result = subject(options.times) { results[number].append(result) }
    }
  }
  return results.map(median)
}

/// Runs threads and measures each by its own clock, from when all of them are ready.
///
/// - Returns: the mean of the threads' nanoseconds, and how many of the threads ran at a time.
func inThreads(_ bodies: [@Sendable (_ isWarmUp: Bool) -> Int]) -> (
  nanoseconds: Double, running: Double
) {
  final class Start: Sendable {
    let waiting: Atomic<Int>
    init(_ count: Int) { waiting = Atomic(count) }
  }
  final class Work: Sendable {
    let body: @Sendable (Bool) -> Int
    let start: Start
    let result = Mutex((nanoseconds: 0.0, processor: 0.0, begin: 0.0, end: 0.0))
    init(_ body: @escaping @Sendable (Bool) -> Int, _ start: Start) {
      self.body = body
      self.start = start
    }
    func run() {
      _ = body(true)
      start.waiting.subtract(1, ordering: .sequentiallyConsistent)
      while start.waiting.load(ordering: .acquiring) > 0 {}
      let begin = clockTime(CLOCK_MONOTONIC)
      let processor = clockTime(CLOCK_THREAD_CPUTIME_ID)
      let count = body(false)
      let used = clockTime(CLOCK_THREAD_CPUTIME_ID) - processor
      let end = clockTime(CLOCK_MONOTONIC)
      result.withLock { $0 = (used / Double(count), used, begin, end) }
    }
  }
  let start = Start(bodies.count)
  let works = bodies.map { Work($0, start) }
  let threads = works.map { work in
    let argument = Unmanaged.passRetained(work).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { begin($0) }, argument)
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { begin($0!) }, argument)
    #endif
    guard status == 0 else { fatalError("pthread_create: \(status)") }
    return thread
  }
  for thread in threads {
    #if canImport(Darwin)
      pthread_join(thread!, nil)
    #else
      pthread_join(thread, nil)
    #endif
  }
  let results = works.map { $0.result.withLock { $0 } }
  let elapsed = results.map(\.end).max()! - results.map(\.begin).min()!
  return (
    results.map(\.nanoseconds).reduce(0, +) / Double(results.count),
    results.map(\.processor).reduce(0, +) / elapsed
  )

  func begin(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
    return nil
  }
}
