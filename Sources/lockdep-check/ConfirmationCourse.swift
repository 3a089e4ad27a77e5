import LockGraphEngine
import LockGraphRecording

/// What became of all tries, in words.
struct ConfirmationCourse {
  private let steering: Steering
  private var reached: UInt32 = 0
  private var gathered: UInt64 = 0
  private var isOther = false
  private var ends: [String] = []
  /// The program was steered at all.
  private var isAny = false
  /// A circle has closed, which no recording tells of.
  private var isUntold = false

  init(_ steering: Steering) { self.steering = steering }

  mutating func add(_ run: ConfirmationRun) {
    // Validated locks are known by lines alone, and tell of nothing but circles.
    if !steering.hasCode, !run.validatedTraces.isEmpty { isAny = true }
    for course in run.courses {
      isAny = true
      reached |= course.reached
      gathered += UInt64(course.gathered)
      if course.circle > 0 { (isOther, isUntold) = (!course.isAsked, true) }
    }
    switch run.ending {
    case .ended(.exited(0)), .closed: break
    case .ended(.exited(let status)): add("it ended with status \(status)")
    case .ended(.signaled(let number)): add("it was ended by signal \(number)")
    case .hung: add("it stood still, which locks alone do not explain")
    case .timedOut: add("its time was over")
    }
  }

  /// That it was not confirmed is the outcome of tries, and not of what kept it from being tried.
  var hasTried: Bool { isAny && !isUntold }

  private mutating func add(_ text: String) {
    if !ends.contains(text) { ends.append(text) }
  }

  func confirmation(inTry number: Int) -> String {
    let other = isOther ? ", though in another circle than was asked for" : ""
    return "confirmed in try \(number)\(other): this happened, and the command was ended"
  }

  /// Why it may not have happened; that it did not means nothing.
  func failure(afterTries tries: Int) -> String {
    guard isAny else { return "error: it could not be tried: nothing of the command was steered" }
    guard !isUntold else { return "error: a circle has closed that the recording does not tell of" }
    var reasons: [String] = []
    let missed = steering.missed(reached).map(\.text.withVisibleControls)
    if !steering.hasCode {
      reasons.append("no circle closed")
    } else if !missed.isEmpty {
      reasons.append("no thread came to \(missed.joined(separator: " nor to "))")
    } else if gathered == 0 {
      reasons.append("threads were never at their first locks at the same time")
    } else {
      reasons.append(
        "threads were at their first locks together "
          + "\(Counted.plain(gathered, "time")), and no circle closed")
    }
    reasons += ends
    return "not confirmed in \(Counted.plain(tries, "try", "tries")), which does not mean that it "
      + "cannot happen: \(reasons.joined(separator: "; "))"
  }

  /// `0.1 s`
  static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let thousandths = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    var digits = "\(thousandths % 1000 + 1000)".dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(thousandths / 1000)\(digits.isEmpty ? "" : ".\(digits)") s"
  }
}
