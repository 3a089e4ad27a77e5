import LockGraphEngine

/// How much of a program a run has shown: a verdict is about that, and nothing else.
package struct LockCoverage: Equatable, Sendable {
  /// Places in the programs that take locks.
  package var places = 0
  /// Those that were reached.
  package var reached = 0
  /// The names of other files whose code took locks, the libraries of a system.
  package var others: [String] = []

  /// Of the programs of recordings and the libraries of their own, each counted once.
  package init(of content: RecordingSeal.Content) {
    let files = ModuleFiles()
    for module in content.modules {
      guard let file = files.file(of: module) else { continue }
      let calls = LockCalls(file).returnAddresses
      places += calls.count
      reached += calls.intersection(content.reached[module.path] ?? []).count
    }
    let own = Set(content.modules.map(\.path))
    others = Set(
      content.reached.keys.filter { !own.contains($0) && !ProgramFrames.isOfSystem(module: $0) }
        .compactMap { $0.split(separator: "/").last.map(String.init) }
    ).sorted()
  }

  /// What was seen, as a sentence; `nil` where nothing is known.
  package var text: String? {
    let rest = others.count > 3 ? " and \(Counted.plain(others.count - 3, "other file"))" : ""
    let files = others.prefix(3).joined(separator: ", ") + rest
    guard places > 0 else {
      return others.isEmpty ? nil : "places that take locks were reached in \(files)"
    }
    let text = "\(reached) of \(Counted.plain(places, "place")) that take locks were reached"
    return others.isEmpty ? text : "\(text), and such in \(files)"
  }
}

extension Analysis {
  /// How many orders came up in the last tenth of the run alone; `nil` where that is not known.
  package var lateOrders: Int? {
    guard inputs.contains(where: { $0.lastTenth != nil }), let firstEvent = graph.firstEvent else {
      return nil
    }
    return graph.dependencies.count { dependency in
      guard let event = firstEvent(dependency.id), Int(event.input) < inputs.count,
        let start = inputs[Int(event.input)].lastTenth
      else { return false }
      return event.line >= start
    }
  }
}
