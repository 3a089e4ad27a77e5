import LockGraph

/// Locks of one class that are nested in an order of their own.
enum Nesting {
  final class Node: Sendable {
    static let lockClass = LockClass("Tree.node", nesting: .byInstance)
    let lock = ValidatedLock(lockClass: lockClass)
    let children: [Node]

    init(depth: Int, width: Int) {
      children = depth == 0 ? [] : (0..<width).map { _ in Node(depth: depth - 1, width: width) }
    }

    /// From parent to child, each held until what is below is done.
    func visit() { lock.withLock { for child in children { child.visit() } } }

    var count: Int { 1 + children.reduce(0) { $0 + $1.count } }
  }

  /// More nestings than are kept.
  private static func nestMany() {
    let locks = (0..<380).map { _ in ValidatedLock(lockClass: Node.lockClass) }
    for upper in locks.indices {
      for lower in locks[(upper + 1)...] { locks[upper].withLock { lower.withLock {} } }
    }
  }

  /// Two locks in both orders, which levels of their class tell apart.
  static func hiddenLevels() {
    let (one, other) = (ValidatedLock(name: "Level"), ValidatedLock(name: "Level"))
    @Sendable func nest(_ first: ValidatedLock, _ second: ValidatedLock) {
      first.lock()
      second.lock(subclass: 1)
      second.unlock()
      first.unlock()
    }
    Threads.run("first") { nest(one, other) }
    Threads.run("second") { nest(other, one) }
  }

  /// - Parameter which: `many` for more nestings than are kept, `tree`, or `upwards` if a thread
  ///   also goes from a child to its parent.
  static func run(_ which: String) {
    if which == "many" { return nestMany() }
    let root = Node(depth: 4, width: 5)
    Threads.wait((0..<3).map { _ in Threads.start("visitor") { root.visit() } })
    say("nodes \(root.count), findings \(LockValidator.findings.count)")
    guard which == "upwards" else { return }
    // Among the last ones that were seen.
    let parent = root.children[4].children[4].children[4]
    Threads.run("climber") { parent.children[4].lock.withLock { parent.lock.withLock {} } }
  }
}
