/// An order of the classes in which every dependency goes forward, kept while dependencies come.
///
/// The algorithm is that of Pearce and Kelly, "A Dynamic Topological Sort Algorithm for Directed
/// Acyclic Graphs" (ACM JEA 11, 2006):
///
/// 1. A dependency that goes forward in the order changes nothing.
/// 2. Of one that goes backward, the classes between its ends are looked at: those that its end
///    leads to, and those that lead to its beginning. If the beginning is among the first, the
///    dependency closes a circle.
/// 3. Otherwise the two groups change places within the positions that they have.
///
/// A dependency that closes a circle is set aside: it takes no part in the order, and a later one
/// may close a circle through it, so once there is one all paths are searched. Kinds are not
/// considered: a circle found here may be a weak one.
package struct TopologicalOrder: Sendable {
  private struct Link {
    var other: Int32
    var next: Int32
    var isAside: Bool
  }

  private var position: [Int32] = []
  private var firstOut: [Int32] = []
  private var firstIn: [Int32] = []
  private var outgoing: [Link] = []
  private var incoming: [Link] = []
  private var mark: [UInt32] = []
  private var visit: UInt32 = 0
  private(set) var asideCount = 0

  package init() {}

  private mutating func grow(to count: Int) {
    while position.count < count {
      position.append(Int32(position.count))
      firstOut.append(-1)
      firstIn.append(-1)
      mark.append(0)
    }
  }

  /// Adds a dependency that was not there.
  ///
  /// - Returns: whether it is part of a circle.
  /// - Complexity: O(1) if it goes forward and none is aside; else bounded by what lies between its
  ///   ends, or by the whole graph once one is aside.
  package mutating func add(from: Int, to: Int) -> Bool {
    grow(to: max(from, to) + 1)
    guard from != to else { return true }
    var closes = false
    if position[from] > position[to] { closes = !makeRoom(from, to) }
    link(from, to, isAside: closes)
    if closes {
      asideCount += 1
      return true
    }
    return asideCount > 0 && leads(from: to, to: from)
  }

  private mutating func link(_ from: Int, _ to: Int, isAside: Bool) {
    outgoing.append(Link(other: Int32(to), next: firstOut[from], isAside: isAside))
    firstOut[from] = Int32(outgoing.count - 1)
    incoming.append(Link(other: Int32(from), next: firstIn[to], isAside: isAside))
    firstIn[to] = Int32(incoming.count - 1)
  }

  /// Whether there is a path, through what is aside too.
  package mutating func leads(from: Int, to: Int) -> Bool {
    guard max(from, to) < position.count else { return false }
    visit += 1
    var stack = [Int32(from)]
    mark[from] = visit
    while let node = stack.popLast() {
      if node == to { return true }
      var link = firstOut[Int(node)]
      while link >= 0 {
        let next = outgoing[Int(link)]
        if mark[Int(next.other)] != visit {
          mark[Int(next.other)] = visit
          stack.append(next.other)
        }
        link = next.next
      }
    }
    return false
  }

  /// Steps 2 and 3; false if the dependency closes a circle.
  private mutating func makeRoom(_ from: Int, _ to: Int) -> Bool {
    let low = position[to]
    let high = position[from]
    visit += 1
    var forward: [Int32] = [Int32(to)]
    mark[to] = visit
    var index = 0
    while index < forward.count {
      var link = firstOut[Int(forward[index])]
      while link >= 0 {
        let next = outgoing[Int(link)]
        link = next.next
        guard !next.isAside, mark[Int(next.other)] != visit, position[Int(next.other)] <= high
        else { continue }
        if Int(next.other) == from { return false }
        mark[Int(next.other)] = visit
        forward.append(next.other)
      }
      index += 1
    }
    var backward: [Int32] = [Int32(from)]
    mark[from] = visit
    index = 0
    while index < backward.count {
      var link = firstIn[Int(backward[index])]
      while link >= 0 {
        let next = incoming[Int(link)]
        link = next.next
        guard !next.isAside, mark[Int(next.other)] != visit, position[Int(next.other)] >= low
        else { continue }
        mark[Int(next.other)] = visit
        backward.append(next.other)
      }
      index += 1
    }
    backward.sort { position[Int($0)] < position[Int($1)] }
    forward.sort { position[Int($0)] < position[Int($1)] }
    let group = backward + forward
    let places = group.map { position[Int($0)] }.sorted()
    for (node, place) in zip(group, places) { position[Int(node)] = place }
    return true
  }

  /// For tests: every dependency that is not aside goes forward, and no two classes have one place.
  package func checkInvariants() {
    precondition(Set(position).count == position.count, "two classes at one place")
    for node in firstOut.indices {
      var link = firstOut[node]
      while link >= 0 {
        let next = outgoing[Int(link)]
        precondition(
          next.isAside || position[node] < position[Int(next.other)], "a dependency goes backward")
        link = next.next
      }
    }
  }
}
