import LockGraphEngine

extension Steering {
  /// How many places of a run are looked at for each lock of the circle, and added to those known.
  private static let mostLearned = 8

  /// With the places, too, at which threads took the locks of the circle in another run: who finds
  /// done what he waited for before takes his lock elsewhere.
  ///
  /// - Parameters:
  ///   - findings: those of the run.
  ///   - code: the code of its places.
  /// - Complexity: O(findings × sides × places) beside that of `SteeringCode.steering`.
  package func learning(from findings: [Finding], _ code: SteeringCode) -> Steering {
    var learned = self
    for finding in findings {
      let most = finding.edges.map(\.witnesses.count).max() ?? 1
      for number in 0..<min(max(most, 1), Self.mostLearned) {
        guard let plan = try? Steering(finding, witness: number),
          plan.sides.count == sides.count,
          let other = try? code.steering(plan, isChanged: false)
        else { continue }
        // Fingerprints know places: who takes the same locks elsewhere has another one.
        learned.add(other, isSame: finding.title == title)
      }
    }
    return learned
  }

  /// - Parameter isSame: it is of the same locks in the same order, whatever its places.
  private mutating func add(_ other: Steering, isSame: Bool) {
    let added = other.modules.filter { !modules.contains($0) }
    let all = modules + added
    let numbers = other.modules.map { module in all.firstIndex(of: module) ?? 0 }
    func moved(_ place: Place) -> Place {
      var place = place
      for chain in place.chains.indices {
        for frame in place.chains[chain].indices {
          place.chains[chain][frame].module = numbers[place.chains[chain][frame].module]
        }
      }
      return place
    }
    let theirs = other.sides.map { Side(outer: $0.outer.map(moved), inner: moved($0.inner)) }
    guard let turn = isSame ? 0 : turn(of: theirs) else { return }
    modules = all
    for index in sides.indices {
      let side = theirs[(index + turn) % theirs.count]
      if let place = side.outer { sides[index].outer?.add(place, upTo: Self.mostLearned) }
      sides[index].inner.add(side.inner, upTo: Self.mostLearned)
    }
  }

  /// By how many sides the other circle is turned, if each of its sides has a place with the own
  /// one in common.
  private func turn(of theirs: [Side]) -> Int? {
    theirs.indices.first { turn in
      sides.indices.allSatisfy { index in
        let (own, side) = (sides[index], theirs[(index + turn) % theirs.count])
        guard (own.outer == nil) == (side.outer == nil) else { return false }
        return own.inner.isShared(with: side.inner)
          || own.outer.map { place in side.outer.map(place.isShared) ?? false } ?? false
      }
    }
  }
}

extension Steering.Place {
  fileprivate func isShared(with other: Self) -> Bool {
    chains.contains(where: other.chains.contains)
  }

  fileprivate mutating func add(_ other: Self, upTo most: Int) {
    for chain in other.chains where chains.count < most && !chains.contains(chain) {
      chains.append(chain)
    }
  }
}
