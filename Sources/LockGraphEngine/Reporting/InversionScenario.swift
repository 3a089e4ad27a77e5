/// The threads of a potential deadlock, each at its request, and how to call them.
package struct InversionScenario {
  /// One witness a side, in the order of the cycle: each waits for what the next holds.
  package let sides: [Witness]
  /// One lock that its holder asks for again.
  let isOneLock: Bool
  /// Only one nesting of two locks of one class was seen; the other side is supposed.
  package let isSupposed: Bool
  /// Its sides are witnesses of one dependency, that of a class on itself.
  let isOneClass: Bool
  private let namesInputs: Bool

  package init(_ finding: Finding) {
    let first = finding.edges[0].witnesses
    isOneClass = finding.classes.count == 1 && finding.edges.count == 1
    isOneLock = isOneClass && first[0].held.lock == first[0].wanted.lock
    isSupposed = isOneClass && !isOneLock && finding.confidence == .ordering
    if isOneClass, !isOneLock, !isSupposed {
      // The witnesses of the cycle of instances come first.
      var chain = [first[0]]
      for witness in first.dropFirst()
      where chain[chain.count - 1].wanted.lock != first[0].held.lock {
        guard witness.held.lock == chain[chain.count - 1].wanted.lock else { break }
        chain.append(witness)
      }
      sides = chain
    } else {
      sides = finding.edges.map { $0.witnesses[0] }
    }
    namesInputs = Set(sides.map(\.input)).count > 1
  }

  /// The thread's name, with its input where the sides come from several.
  func thread(_ witness: Witness) -> String {
    let name = witness.thread.withVisibleControls
    return namesInputs ? "\(name) (\(witness.input.withVisibleControls))" : name
  }

  static func mode(_ lock: WitnessedLock) -> String {
    lock.mode == .write ? "" : " (\(lock.mode.name))"
  }

  /// The same, and that it is for writing where the lock could have been read.
  static func knownMode(_ lock: WitnessedLock) -> String {
    lock.kind?.isReadWrite == true ? " (\(lock.mode.name))" : mode(lock)
  }

  static func place(_ lock: WitnessedLock, _ input: String) -> String {
    (lock.place ?? "\(input):\(lock.line)").withVisibleControls
  }

  /// Why each side waits for the next, where readers make that less than obvious.
  var readerSteps: [String] {
    guard sides.count > 1,
      sides.contains(where: { $0.held.mode != .write || $0.wanted.mode != .write })
    else { return [] }
    return sides.indices.prefix(8).map { number in
      let (one, next) = (sides[number], sides[(number + 1) % sides.count])
      let (waiter, holder) = (thread(one), thread(next))
      let lock = one.wanted.shownName
      if next.held.mode == .write {
        return "\(waiter) waits for \(lock), which \(holder) holds exclusively."
      }
      if one.wanted.mode == .write {
        return "\(waiter) wants \(lock) for writing and so waits for its reader \(holder)."
      }
      if one.wanted.mode.waits(for: next.held.mode) {
        return "\(waiter) wants \(lock) upgradably, as \(holder) has it, which one can at a time."
      }
      return
        "\(waiter) only reads \(lock), but such a reader waits behind a waiting writer, and that "
        + "writer waits for the reader \(holder)."
    }
  }

  /// Who could leave the deadlock, and how.
  var waysOut: [String] {
    sides.compactMap { Self.wayOut($0.options, thread: thread($0), wanted: $0.wanted) }
  }

  static func wayOut(
    _ options: AcquisitionOptions, thread: String, wanted: WitnessedLock?
  ) -> String? {
    let options = options.intersection(.canGiveUp)
    guard !options.isEmpty else { return nil }
    var ends: [String] = []
    if options.contains(.interruptible) { ends.append("a signal ends its wait") }
    if options.contains(.killable) { ends.append("a termination request ends its wait") }
    if options.contains(.timeout) { ends.append("its wait ends by itself after a time") }
    let what = wanted.map { "give up \($0.shownName)" } ?? "go on"
    return "\(thread.withVisibleControls) can \(what): " + ends.joined(separator: ", or ") + "."
  }
}

extension Finding {
  /// The confidence of an inversion and what it rests on.
  package var confidenceSentence: String? {
    let why = (confidenceReason ?? "").withVisibleControls
    switch confidence {
    case .predicted:
      let ending = "predicted: this run's events, in another order, end in the deadlock."
      return schedule?.isByLocksAlone == true
        ? ending + " Accesses to data were not recorded; data that one thread hands to another may "
          + "keep it from happening." : ending
    case .feasible where !why.isEmpty: return "feasible: \(why)."
    case .feasible:
      return !edges.isEmpty && InversionScenario(self).isOneLock
        ? "feasible: it is the same lock."
        : "feasible: different threads did this on the same locks, and nothing keeps them apart."
    case .ordering where lacksWriter: return "ordering: \(why)."
    case .ordering: return "ordering: \(why). Another run may do both on the same locks."
    case .excluded:
      return
        "excluded in this trace: \(why). If that changes in the code, this becomes a deadlock."
    default: return nil
    }
  }
}

extension LockKind {
  /// One that there are readers of.
  var isReadWrite: Bool { self == .rwlock || self == .rwsem || self == .reentrantRwlock }
}
