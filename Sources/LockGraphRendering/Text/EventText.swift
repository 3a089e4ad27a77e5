import LockGraphEngine

/// Events of findings as a picture tells them: what a thread did to a lock, beside the line from
/// the one to the other, or what it did otherwise, on its node.
enum EventText {
  /// What it did, and where, each a line.
  static func lines(of event: FindingEvent, context: InterruptContext?) -> [String] {
    let words = words(of: event, context: context.map(ContextText.name) ?? "interrupt")
    guard let place = event.place ?? event.lock?.place else { return [words] }
    return [words, (event.role.isAcquisition ? "taken at " : "at ") + PlaceText.short(place)]
  }

  private static func words(of event: FindingEvent, context: String) -> String {
    let one = (context.first.map { "aeiou".contains($0) } ?? false ? "an " : "a ") + context
    return switch event.role {
    case .acquire: "takes"
    case .release: "releases"
    case .held: "holds"
    case .nested: "holds, nested under it"
    case .nest: "does not hold"
    case .exit: "ends"
    case .ended: "ends, and holds it"
    case .returned: "returns to user space"
    case .destroy: "destroys"
    case .initialize: "initialises again"
    case .assert: "asserts"
    case .pin: "pins"
    case .unpin: "unpins"
    case .wait: "waits on a condition" + (event.lock == nil ? "" : ", gives up")
    case .sleep: "may sleep"
    case .leave: "leaves the \(context)"
    case .enable: "unmasks \(context)s"
    case .usedIn: "took in \(one)"
    case .enabled: "held where \(one) could come"
    case .unmasked: "unmasked \(context)s, holding"
    case .count: "changes the count of"
    case .rcu: "uses what RCU protects"
    case .resume: "resumes a continuation"
    case .warn: "finds an assertion wrong"
    case .request: "waits for"
    case .join: "waits for the end of a thread"
    }
  }
}
