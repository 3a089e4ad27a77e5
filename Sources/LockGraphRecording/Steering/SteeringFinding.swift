import LockGraphEngine

extension Steering {
  /// Why no steering can be made of a finding.
  package struct Obstacle: Error, Equatable {
    package var text: String

    package init(text: String) { self.text = text }
  }

  /// The circle of a finding, of which the places of its code are not known yet.
  ///
  /// - Parameter number: which of the witnesses of each edge, from 0 on; the last where there are
  ///   fewer.
  /// - Throws: why there is none that could close and stay closed.
  package init(_ finding: Finding, witness number: Int = 0) throws(Obstacle) {
    let sides =
      finding.edges.isEmpty
      ? try Self.sides(of: finding.waiters) : try Self.sides(of: finding.edges, witness: number)
    guard finding.rule == .lockOrderInversion || finding.rule == .deadlock, sides.count > 1 else {
      throw Obstacle(text: "it is no circle of locks that threads take")
    }
    guard sides.count <= Self.mostSides else {
      throw Obstacle(
        text: "\(sides.count) threads are in it, and no more than \(Self.mostSides) are steered")
    }
    self.init(fingerprint: finding.fingerprint, title: finding.title, sides: sides)
  }

  private static func sides(
    of edges: [FindingEdge], witness number: Int
  ) throws(Obstacle) -> [Side] {
    var sides: [Side] = []
    for edge in edges {
      let witnesses = edge.witnesses
      let seen = witnesses.indices ~= number ? witnesses[number] : witnesses.last
      guard let witness = seen, !witness.isStated else {
        throw Obstacle(
          text: "who took \(edge.to) under \(edge.from) is not in the input, which states the order"
        )
      }
      guard witness.options.isDisjoint(with: [.try, .timeout]) else {
        let place = Place(witness.wanted).text
        throw Obstacle(
          text: "the wait for \(edge.to) at \(place) ends by itself, so that no circle stays closed"
        )
      }
      sides.append(Side(outer: Place(witness.held), inner: Place(witness.wanted)))
    }
    // Locks of one class, each taken under another.
    return sides.count == 1 ? sides + sides : sides
  }

  private static func sides(of waiters: [Finding.Waiter]) throws(Obstacle) -> [Side] {
    var sides: [Side] = []
    for (index, waiter) in waiters.enumerated() {
      guard waiter.options.isDisjoint(with: [.try, .timeout]) else {
        throw Obstacle(
          text: "the wait of \(waiter.thread) ends by itself, so that no circle stays closed")
      }
      let before = waiters[(index + waiters.count - 1) % waiters.count]
      let outer = before.wanted.flatMap { wanted in
        waiter.held.last { $0.lock == wanted.lock }
      }
      if before.wanted != nil, outer == nil {
        throw Obstacle(text: "where \(waiter.thread) took what it holds is not known")
      }
      sides.append(
        Side(
          outer: outer.map { Place($0) }, inner: Place(at: waiter.at, stack: waiter.stack)))
    }
    return sides
  }
}

extension Steering.Place {
  /// Where a lock was taken or asked for.
  init(_ lock: WitnessedLock) { self.init(at: lock.at, stack: lock.stack) }
}
