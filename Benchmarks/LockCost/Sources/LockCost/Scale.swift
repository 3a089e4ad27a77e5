import LockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What many locks cost: memory by the name, time by how many are held at once.
enum Scale {
  static func printAll() {
    let before = residentBytes()
    let classes = (0..<1_000_000).map { LockClass("object \($0) of the program") }
    let named = residentBytes()
    var locks: [ValidatedLock] = []
    locks.reserveCapacity(classes.count)
    for lockClass in classes { locks.append(ValidatedLock(lockClass: lockClass)) }
    let made = residentBytes()
    let outer = ValidatedLock(name: "outer of a million")
    let start = clockTime(CLOCK_PROCESS_CPUTIME_ID)
    outer.withLock { for lock in locks { lock.withLock {} } }
    let time = (clockTime(CLOCK_PROCESS_CPUTIME_ID) - start) / 1e9
    let nested = residentBytes()
    func perLock(_ from: Int, _ to: Int) -> String { "\((to - from) / 1_000_000) bytes" }
    print("a million names: \(perLock(before, named)) each")
    print("a million locks of them: \(perLock(named, made)) each")
    print("each taken in one other: \(perLock(made, nested)) each, \(time) s")
    for count in [300, 1000, 3000] {
      let held = (0..<count).map { ValidatedLock(name: "held \(count) \($0)") }
      for round in ["first", "second"] {
        let start = clockTime(CLOCK_PROCESS_CPUTIME_ID)
        for lock in held { lock.lock() }
        for lock in held { lock.unlock() }
        print(
          "\(count) held, \(round) time: \((clockTime(CLOCK_PROCESS_CPUTIME_ID) - start) / 1e6) ms")
      }
    }
  }

  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var (size, resident) = (0, 0)
    withUnsafeMutablePointer(to: &size) { size in
      withUnsafeMutablePointer(to: &resident) { resident in
        _ = withVaList([size, resident]) { vfscanf(file, "%ld %ld", $0) }
      }
    }
    return resident * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
