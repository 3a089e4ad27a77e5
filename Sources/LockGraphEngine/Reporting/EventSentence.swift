/// Telling what an event of a finding is, in words.
package enum EventSentence {
  package static func text(_ event: FindingEvent, context: InterruptContext?) -> String {
    let thread = event.thread
    let lock = event.lock.map(\.shownName) ?? "a lock"
    let context = context.map(\.name) ?? "the"
    let mode = event.lock.map(InversionScenario.knownMode) ?? ""
    let article = context == InterruptContext.nmi.name ? "an" : "a"
    switch event.role {
    case .release: return "\(thread) releases \(lock)"
    case .request:
      return "\(thread) waits for \(lock)\(event.lock.map(InversionScenario.mode) ?? "")"
    case .join: return "\(thread) waits for the end of a thread"
    case .held: return "\(thread) holds \(lock)\(mode), taken"
    case .nested: return "\(thread) still holds \(lock), nested under it, taken"
    case .nest: return "\(lock), which \(nestWord(event)) names, is not held by \(thread)"
    case .exit: return "\(thread) ends"
    case .ended: return "\(thread), which holds \(lock)\(mode), ends"
    case .returned: return "\(thread) returns to user space"
    case .rcu: return "\(thread) uses what RCU protects"
    case .warn: return "\(thread) finds an assertion wrong"
    case .destroy: return "\(thread) destroys \(lock)"
    case .initialize: return "\(thread) initialises \(lock) again"
    case .assert: return "\(thread) makes the assertion"
    case .pin: return "\(thread) pins \(lock)"
    case .unpin: return "\(thread) unpins \(lock)"
    case .wait:
      return event.lock == nil
        ? "\(thread) waits on a condition" : "\(thread) waits on a condition and gives up \(lock)"
    case .count: return "\(thread) changes the count of \(lock)"
    case .sleep: return "\(thread) may sleep"
    case .leave: return "\(thread) leaves \(context) context"
    case .enable: return "\(thread) unmasks \(context)s"
    case .usedIn: return "\(thread) took \(lock)\(mode) in \(context) context"
    case .enabled:
      return "\(thread) held \(lock)\(mode) while \(article) \(context) could come, taken"
    case .unmasked: return "\(thread) unmasked \(context)s while it held \(lock)"
    case .resume: return "\(thread) resumes a continuation"
    case .acquire: return "\(thread) takes \(lock)"
    }
  }

  /// The word that names the lock that serialises others, in the event's language.
  private static func nestWord(_ event: FindingEvent) -> String {
    let isSwift = event.at?.contains(".swift:") == true
    return isSwift ? "nestedUnder:" : "nest="
  }
}
