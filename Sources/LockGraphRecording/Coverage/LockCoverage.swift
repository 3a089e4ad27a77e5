import LockGraphEngine

/// How much of a program a run has shown: a verdict is about that, and nothing else.
package struct LockCoverage: Equatable, Sendable {
  /// Places in the programs that take locks.
  package var places = 0
  /// Those that were reached.
  package var reached = 0

  /// Of the programs of recordings and the libraries of their own, each counted once.
  package init(of paths: [String]) {
    let modules = ModuleFiles()
    var calls: [String: Set<UInt64>] = [:]
    var found: [String: Set<UInt64>] = [:]
    for path in paths {
      guard let recording = try? Recording(contentsOf: path) else { continue }
      var uses = LockUses()
      _ = try? uses.read(recording)
      guard !uses.uses.isEmpty else { continue }
      for module in recording.tables.modules where !ProgramFrames.isOfSystem(module: module.path) {
        if calls[module.path] == nil {
          calls[module.path] = modules.file(of: module).map { LockCalls($0).returnAddresses } ?? []
        }
      }
      for number in uses.acquiringSites {
        guard let site = recording.tables.sites[number] else { continue }
        for address in site.addresses.prefix(1) {
          guard let module = recording.tables.module(of: address, in: site) else { continue }
          found[module.path, default: []].insert(address &- module.bias)
        }
      }
    }
    for (path, all) in calls {
      places += all.count
      reached += all.intersection(found[path] ?? []).count
    }
  }

  /// What was seen, as a sentence; `nil` where nothing is known.
  package var text: String? {
    guard places > 0 else { return nil }
    return "\(reached) of \(Counted.plain(places, "place")) that take locks were reached"
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
