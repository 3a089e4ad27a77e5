import LockGraphEngine

/// The order graph by the letter of the rules: every acquisition looks at everything that is held.
public struct OrderGraphModel {
  struct Held {
    var lock: Int
    var node: String
    var mode: LockMode
    var isOrdered: Bool
    var isUnchecked: Bool
    var nest: Int?
    /// The context frames it was taken in, outermost first, by number.
    var frames: [Int]
    var contexts: Set<InterruptContext>
    var reentries = 0
  }

  public struct Edge: Hashable {
    public var from: String
    public var to: String

    /// The edge between two nodes.
    public init(from: String, to: String) {
      self.from = from
      self.to = to
    }
  }

  /// Every dependency between different nodes, with its kinds and how often it was established.
  public private(set) var edges: [Edge: (kinds: DependencyKinds, count: UInt64)] = [:]
  /// Nodes with a violation of the same-class rule.
  public private(set) var loops: Set<String> = []

  private let locks: RandomLocks
  private var held: [Held] = []
  private var frames: [(number: Int, context: InterruptContext)] = []
  private var frameNumber = 0
  private var pending: (lock: Int, mode: LockMode, subclass: Int)?
  private var waiting: [Int: Held] = [:]

  /// A model that has seen nothing, of threads that use these locks.
  public init(locks: RandomLocks) { self.locks = locks }

  /// A thread that starts with nothing held.
  public mutating func run(_ steps: [ThreadStep]) {
    held = []
    frames = []
    waiting = [:]
    pending = nil
    for step in steps { run(step) }
  }

  private mutating func run(_ step: ThreadStep) {
    switch step.action {
    case .acquire(let options, let mode, let subclass, let nest):
      take(
        step.lock, mode, subclass, isTry: options.contains(.try),
        isUnchecked: options.contains(.unchecked), nest: nest, adds: true)
    case .request(let mode, let subclass):
      pending = (step.lock, mode, subclass)
      add(step.lock, mode, subclass, isTry: false, isUnchecked: false, nest: nil)
    case .complete:
      let request = pending!
      pending = nil
      take(
        request.lock, request.mode, request.subclass, isTry: false, isUnchecked: false, nest: nil,
        adds: false)
    case .abandon: pending = nil
    case .release:
      guard let index = held.lastIndex(where: { $0.lock == step.lock }) else { return }
      if held[index].reentries > 0 { held[index].reentries -= 1 } else { held.remove(at: index) }
    case .downgrade:
      guard let index = held.lastIndex(where: { $0.lock == step.lock }) else { return }
      if held[index].mode == .write { held[index].mode = .read }
    case .wait:
      guard let index = held.lastIndex(where: { $0.lock == step.lock }) else { return }
      waiting[step.lock] = held.remove(at: index)
    case .wake:
      guard let given = waiting.removeValue(forKey: step.lock) else { return }
      take(
        step.lock, given.mode, given.node.hasSuffix("/1") ? 1 : 0, isTry: false,
        isUnchecked: given.isUnchecked, nest: given.nest, adds: true)
    case .enter(let context):
      frameNumber += 1
      frames.append((frameNumber, context))
    case .leave: frames.removeLast()
    }
  }

  private func node(_ lock: Int, _ subclass: Int) -> String {
    "C\(locks.classes[lock])" + (subclass > 0 ? "/\(subclass)" : "")
  }

  private func isReentry(_ lock: Int, _ mode: LockMode) -> Bool {
    locks.kinds[lock] == .recursive
      && held.contains { $0.lock == lock && (mode != .write || $0.mode == .write) }
  }

  private mutating func take(
    _ lock: Int, _ mode: LockMode, _ subclass: Int, isTry: Bool, isUnchecked: Bool, nest: Int?,
    adds: Bool
  ) {
    if isReentry(lock, mode) {
      held[held.lastIndex { $0.lock == lock }!].reentries += 1
      return
    }
    if adds { add(lock, mode, subclass, isTry: isTry, isUnchecked: isUnchecked, nest: nest) }
    held.append(
      Held(
        lock: lock, node: node(lock, subclass), mode: mode,
        isOrdered: !isUnchecked && locks.kinds[lock] != .rcu, isUnchecked: isUnchecked, nest: nest,
        frames: frames.map(\.number), contexts: Set(frames.map(\.context))))
  }

  private mutating func add(
    _ lock: Int, _ mode: LockMode, _ subclass: Int, isTry: Bool, isUnchecked: Bool, nest: Int?
  ) {
    guard !isReentry(lock, mode), !isUnchecked, locks.kinds[lock] != .rcu, !isTry else { return }
    let node = node(lock, subclass)
    let sources = held.enumerated().filter { _, source in
      source.isOrdered && source.contexts == Set(frames.map(\.context))
        && frames.map(\.number).starts(with: source.frames)
    }
    var isExcused = false
    var isViolated = false
    for (position, source) in sources where source.mode == .write || mode != .recursiveRead {
      if source.lock == lock {
        isViolated = true
      } else if source.node == node {
        if let low = locks.ranks[source.lock], let high = locks.ranks[lock], low < high { continue }
        // The nest lock may be that very one, the root of a tree of locks of one class.
        if let nest, held[...position].contains(where: { $0.lock == nest }) {
          isExcused = true
        } else {
          isViolated = true
        }
      }
    }
    if isViolated { loops.insert(node) }
    guard isViolated || !isExcused else { return }
    var counted: Set<String> = []
    for (_, source) in sources where source.node != node {
      let edge = Edge(from: source.node, to: node)
      edges[edge, default: ([], 0)].kinds.formUnion(
        DependencyKinds(held: source.mode, wanted: mode))
      if counted.insert(source.node).inserted { edges[edge]!.count += 1 }
    }
  }
}
