import LockGraphEngine

/// What follows from several chains together: A before B in one and B before C in another are A
/// before C.
///
/// A chain goes forward by itself, so all that has to be known of it is the first position that is
/// reached: everything behind it is reached too. From chain to chain it goes at classes that stand
/// in several, here called joints.
struct ChainOrder {
  typealias Place = PatternTable.Place

  /// A class, or the text of a pattern with wildcards, that stands in several chains.
  private struct Joint {
    var name: String
    /// One a chain.
    var places: [Place]
  }

  /// How a chain is reached.
  struct Arrival {
    var place: Place
    /// The joint at which it was entered, and from which chain; `nil` at the start.
    var joint: Int?
    var chain: Int
  }

  private var joints: [Joint] = []
  /// Those of each chain, by position.
  private var jointsOfChain: [[(position: Int, joint: Int)]]

  /// - Parameter members: everything that stands somewhere, each name once.
  init(chainCount: Int, members: [(name: String, places: [Place])]) {
    jointsOfChain = Array(repeating: [], count: chainCount)
    for member in members where member.places.count > 1 {
      for place in member.places {
        jointsOfChain[place.list].append((place.position, joints.count))
      }
      joints.append(Joint(name: member.name, places: member.places))
    }
    for chain in jointsOfChain.indices {
      jointsOfChain[chain].sort { ($0.position, $0.joint) < ($1.position, $1.joint) }
    }
  }

  func name(_ joint: Int) -> String { joints[joint].name }

  /// Where in each chain something is entered that comes at or after these places.
  ///
  /// - Complexity: O(joints × chains that they stand in).
  func arrivals(from places: [Place]) -> [Int: Arrival] {
    var reached: [Int: Arrival] = [:]
    for place in places {
      reached[place.list] = Arrival(place: place, joint: nil, chain: place.list)
    }
    // The joints of a chain are gone through once, from its end to where it is reached.
    var passed: [Int: Int] = [:]
    var open = places.map(\.list)
    while let chain = open.popLast() {
      let all = jointsOfChain[chain]
      let first = firstJoint(of: chain, behind: reached[chain]!.place.position)
      let last = passed[chain] ?? all.count
      guard first < last else { continue }
      passed[chain] = first
      for (_, joint) in all[first..<last] {
        for place in joints[joint].places where place.list != chain {
          if let known = reached[place.list], known.place.position <= place.position { continue }
          reached[place.list] = Arrival(place: place, joint: joint, chain: chain)
          open.append(place.list)
        }
      }
    }
    return reached
  }

  private func firstJoint(of chain: Int, behind position: Int) -> Int {
    let all = jointsOfChain[chain]
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].position > position { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Joints that come before themselves, each with the place that comes before the next one; `nil`
  /// if there are none.
  ///
  /// - Complexity: O(joints × chains that they stand in).
  func circle() -> [(name: String, place: Place)]? {
    var offsets = [joints.count]
    for chain in jointsOfChain { offsets.append(offsets[offsets.count - 1] + chain.count) }
    // A node is a joint, or everything from a joint of a chain on.
    func successors(_ node: Int) -> [Int] {
      if node < joints.count {
        return joints[node].places.compactMap { place in
          let next = firstJoint(of: place.list, behind: place.position)
          return next < jointsOfChain[place.list].count ? offsets[place.list] + next : nil
        }
      }
      let chain = chain(of: node, offsets)
      let number = node - offsets[chain]
      return [jointsOfChain[chain][number].joint]
        + (number + 1 < jointsOfChain[chain].count ? [node + 1] : [])
    }
    guard let nodes = firstCircle(count: offsets[offsets.count - 1], successors) else { return nil }
    // Every step from one joint to the next goes through the chain behind the first one.
    return nodes.indices.filter { nodes[$0] < joints.count }.map { position in
      let joint = joints[nodes[position]]
      let chain = chain(of: nodes[(position + 1) % nodes.count], offsets)
      return (joint.name, joint.places.first { $0.list == chain }!)
    }
  }

  private func chain(of node: Int, _ offsets: [Int]) -> Int {
    var (low, high) = (0, offsets.count - 1)
    while low + 1 < high {
      let middle = (low + high) / 2
      if offsets[middle] <= node { low = middle } else { high = middle }
    }
    return low
  }
}

/// The nodes of a circle of a directed graph, in its direction; `nil` if it has none.
///
/// - Complexity: O(nodes + edges).
private func firstCircle(count: Int, _ successors: (Int) -> [Int]) -> [Int]? {
  enum State { case new, open, done }
  var states = Array(repeating: State.new, count: count)
  var path: [(node: Int, rest: [Int])] = []
  for root in 0..<count where states[root] == .new {
    states[root] = .open
    path.append((root, successors(root)))
    while let node = path.last?.node {
      guard let next = path[path.count - 1].rest.popLast() else {
        states[node] = .done
        path.removeLast()
        continue
      }
      switch states[next] {
      case .done: continue
      case .open:
        return path.map(\.node).drop { $0 != next }.map(\.self)
      case .new:
        states[next] = .open
        path.append((next, successors(next)))
      }
    }
  }
  return nil
}
