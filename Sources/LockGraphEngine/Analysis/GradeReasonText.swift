// Why a potential deadlock is not sure, in the words of reports.

extension EvidenceResolver {
  func text(_ reason: GradeReason) -> String {
    switch reason {
    case .nothingKnown(let from, let to):
      // A lock that stands in for those of its class has the class's name.
      "of \(describe(from)) -> \(describe(to)) neither thread, lock instances nor modes are known"
    case .statedToo(let from, let to):
      "\(describe(from)) -> \(describe(to)) is stated too, and not what was held around it"
    case .needsWriter(let lock): "\(Finding.writerReason) \(describe(lock)); none was seen"
    case .moreCombinations: "more combinations of witnesses than were kept or compared"
    case .differentInstances: "different threads take them, but never the same lock instances"
    case .differentInputs:
      "the orders are from different inputs, and nothing tells whether those ran at the same time"
    case .oneThread: "one thread alone takes them in both orders"
    case .tooFewThreads: "there are not as many threads as sides"
    case .neverTogether: "never taken by different threads on the same locks"
    case .nestedOneWay:
      "two locks of the class are nested, but no other thread nests the same two the other way"
    case .gate(let lock): "guarded by \(describe(lock)), held around both sides"
    case .spawnJoinOrder(let first, let second):
      "ordered by spawn and join: \(describe(first)) is over before \(describe(second)) begins"
    case .keptFromHappening: "kept from happening"
    case .announcedEnd(let joiner, let lock):
      "the last thing that the other thread did was to signal with \(describe(lock)), which "
        + "\(threadName(joiner)) holds: it may have said so that it was done"
    case .unknownThread(let record):
      "\(describe(record)) is of a thread that is not told, which may be the one of the other order"
    case .unknownGates:
      "different threads did this on the same locks; what else they held is not told, and a lock "
        + "around both sides would keep them apart"
    case .madePrivately(let record, let manner):
      "\(describe(record)) \(manner), where nobody else can reach one of its locks"
    }
  }
}
