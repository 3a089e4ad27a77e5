extension OrderGraphSnapshot {
  /// The classes by what makes them; empty if none is derived.
  var originCounts: [ClassOriginCount] {
    guard classes.contains(where: \.origin.isDerived) else { return [] }
    return ClassOrigin.allCases.reversed().compactMap { origin in
      let all = classes.filter { $0.origin == origin }
      guard !all.isEmpty else { return nil }
      return ClassOriginCount(
        origin: origin, locks: all.reduce(0) { $0 + $1.instances }, classes: all.count)
    }
  }
}

extension Analysis.Summary {
  /// Where classes come from, in a sentence; `nil` if all are stated or single locks.
  var originText: String? {
    guard !classOrigins.isEmpty else { return nil }
    let parts = classOrigins.map { count in
      let locks = Counted.grouped(count.locks, "lock")
      let classes = Counted.grouped(count.classes, "class", "classes")
      return switch count.origin {
      case .stated: "\(locks) in \(classes) that \(count.classes == 1 ? "is" : "are") stated"
      case .initialization: "\(locks) in \(classes) by place of init"
      case .firstUse: "\(locks) in \(classes) by place of first use"
      case .lock: "\(locks) of \(count.locks == 1 ? "its" : "their") own"
      }
    }
    return "Classes: \(parts.joined(separator: ", "))."
  }

  /// What derived classes have and locks do not, without a full stop; `nil` if there is nothing.
  package var derivedCyclesText: String? {
    guard derivedCycles > 0 else { return nil }
    return Counted.grouped(derivedCycles, "cycle or nesting", "cycles and nestings")
      + " of classes derived from places, which no locks have"
  }
}
