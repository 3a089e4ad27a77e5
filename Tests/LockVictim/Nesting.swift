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

  /// - Parameter which: `tree`, or `upwards` if a thread also goes from a child to its parent.
  static func run(_ which: String) {
    let root = Node(depth: 4, width: 5)
    Threads.wait((0..<3).map { _ in Threads.start("visitor") { root.visit() } })
    say("nodes \(root.count), findings \(LockValidator.findings.count)")
    guard which == "upwards" else { return }
    // Among the last ones that were seen.
    let parent = root.children[4].children[4].children[4]
    Threads.run("climber") { parent.children[4].lock.withLock { parent.lock.withLock {} } }
  }
}
