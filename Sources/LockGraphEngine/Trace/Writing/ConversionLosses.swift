/// What an encoding cannot say of an input.
enum ConversionLoss: Int, CaseIterable {
  case renamedThread, changedThreadName, changedLockName, lateWait
  case releaseInInterrupt, statement, negativeTime, maskedContext, notText

  /// The warning, without the line where it was first.
  func warning(_ count: UInt64) -> String {
    func several(_ one: String, _ many: String) -> String {
      Counted.plain(count, one, many)
    }
    return switch self {
    case .renamedThread:
      several("thread keeps the name", "threads keep the names")
        + " under which it was seen first; the trace tells another later"
    case .changedThreadName:
      several("thread has a name that is", "threads have names that are")
        + " taken or empty; the input's number and a colon were put before it"
    case .changedLockName:
      several("lock has a name that is", "locks have names that are")
        + " taken or empty; the input's number and a colon were put before it"
    case .lateWait:
      several("wait is left out", "waits are left out")
        + ", because the trace tells of it long after the lock was asked for"
    case .releaseInInterrupt:
      several("release", "releases")
        + " in interrupts of what the interrupted code holds, which a text takes for its own"
    case .statement:
      several("statement", "statements") + " of class, kind or rank without an acquisition left out"
    case .negativeTime: several("time", "times") + " before zero left out"
    case .maskedContext: several("event", "events") + " of masking what cannot be masked left out"
    case .notText: several("text was", "texts were") + " no UTF-8 and had bytes replaced"
    }
  }
}

/// How often each was lost of the current input, and where first.
struct ConversionLosses {
  private var counts = [UInt64](repeating: 0, count: ConversionLoss.allCases.count)
  private var lines = [UInt64](repeating: 0, count: ConversionLoss.allCases.count)

  private var ofNextEvent: [ConversionLoss] = []

  mutating func add(_ loss: ConversionLoss, line: UInt64, count: UInt64 = 1) {
    if counts[loss.rawValue] == 0 { lines[loss.rawValue] = line }
    counts[loss.rawValue] += count
  }

  /// A loss of what a reader says of the event that it hands over next.
  mutating func addBeforeEvent(_ loss: ConversionLoss) { ofNextEvent.append(loss) }

  @inline(__always)
  mutating func settle(line: UInt64) {
    if !ofNextEvent.isEmpty { settleAll(line) }
  }

  private mutating func settleAll(_ line: UInt64) {
    for loss in ofNextEvent { add(loss, line: line) }
    ofNextEvent.removeAll()
  }

  /// A line each.
  var warnings: [String] {
    ConversionLoss.allCases.filter { counts[$0.rawValue] > 0 }.map { loss in
      let (count, line) = (counts[loss.rawValue], lines[loss.rawValue])
      let place = count == 1 ? " (line \(line))" : " (the first at line \(line))"
      return loss.warning(count) + place
    }
  }
}
