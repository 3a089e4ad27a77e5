/// Which threads have the addresses of locks without owners on their stacks.
struct Mentions {
  /// Deeper stacks are mostly made of what has nothing to do with it.
  private static let depth: UInt64 = 65536

  private var found: [UInt64: [Int]] = [:]

  /// Reads each stack once.
  ///
  /// - Complexity: O(bytes of stacks).
  init(_ group: Blockers.Group, _ threads: [HungThread]) {
    let members = group.indices.values.sorted()
    var wanted: Set<UInt64> = []
    for index in members {
      if let wait = threads[index].wait, wait.owner == .unknown { wanted.insert(wait.lock) }
    }
    guard let least = wanted.min(), let greatest = wanted.max() else { return }
    for index in members {
      guard let start = threads[index].frames.first?.stackPointer,
        let last = threads[index].frames.last
      else { continue }
      let end = min(last.end ?? last.stackPointer &+ 256, start &+ Self.depth)
      guard end > start else { continue }
      group.process.read(start, Int(end - start)).withUnsafeBytes { stack in
        for at in stride(from: 0, through: stack.count - 8, by: 8) {
          let value = stack.loadUnaligned(fromByteOffset: at, as: UInt64.self)
          guard value >= least, value <= greatest, wanted.contains(value),
            found[value]?.last != index
          else { continue }
          found[value, default: []].append(index)
        }
      }
    }
  }

  /// The threads that have an address on their stack, by rising places.
  func threads(of lock: UInt64) -> [Int] { found[lock] ?? [] }
}
