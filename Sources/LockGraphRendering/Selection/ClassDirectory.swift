import LockGraphEngine

/// The classes of a graph by name, and after them the classes that only findings name.
struct ClassDirectory {
  private let graph: OrderGraphSnapshot
  private var indices: [String: Int] = [:]
  private var unknownNames: [String] = []

  /// - Parameter waited: classes that are waited for.
  /// - Complexity: O(classes + dependencies of findings).
  init(
    graph: OrderGraphSnapshot, findings: [Finding], waited: [String] = [], needsNames: Bool
  ) {
    self.graph = graph
    guard needsNames || !findings.isEmpty || !waited.isEmpty else { return }
    indices.reserveCapacity(graph.classes.count)
    for (index, lockClass) in graph.classes.enumerated() where indices[lockClass.name] == nil {
      indices[lockClass.name] = index
    }
    for finding in findings {
      for edge in finding.edges {
        register(edge.from)
        register(edge.to)
      }
      finding.unjoinedClasses.forEach { register($0) }
    }
    waited.forEach { register($0) }
  }

  private mutating func register(_ name: String) {
    guard indices[name] == nil else { return }
    indices[name] = count
    unknownNames.append(name)
  }

  /// All classes, those that only findings name included.
  var count: Int { graph.classes.count + unknownNames.count }

  func index(of name: String) -> Int? { indices[name] }

  /// What joins two classes; `nil` if one is not known.
  func pair(from: String, to: String) -> DrawnPair? {
    guard let from = indices[from], let to = indices[to] else { return nil }
    return DrawnPair(from: .lockClass(from), to: .lockClass(to))
  }

  func name(_ index: Int) -> String {
    index < graph.classes.count
      ? graph.classes[index].name : unknownNames[index - graph.classes.count]
  }

  /// The graph's own record, which classes that only findings name do not have.
  func record(_ index: Int) -> OrderGraphSnapshot.LockClass? {
    index < graph.classes.count ? graph.classes[index] : nil
  }
}
