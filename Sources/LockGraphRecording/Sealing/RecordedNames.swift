import LockGraphEngine

/// What sealing adds to a recording.
struct RecordedNames {
  var functions: [UInt64: [RecordingTables.Function]] = [:]
  var locks: [RecordingTables.LockKey: RecordingTables.LockName] = [:]
  var missing: [RecordingTables.MissingModule] = []
  /// The variables that locks are, or lie in.
  var objects: [RecordingTables.LockKey: Object] = [:]

  /// A variable, and how far into it.
  struct Object {
    var name: String
    var offset: UInt64
    /// The path of its module.
    var module: String
  }
}

/// Finds names for recordings. One can be used for many, and for one again while it grows.
package final class RecordingNamer {
  private let modules = ModuleFiles()
  private let functions: RecordedFunctions
  private let debugger: LockDebugger?

  /// - Parameter usesDebugger: locks are named with `gdb` where that is there.
  package init(usesDebugger: Bool = true) {
    let named = Environment.value("LOCKGRAPH_SYMBOLIZER")
    let path = named ?? SymbolizerTool.usualPath
    let tool = path.flatMap { $0 == "none" ? nil : SymbolizerTool($0) }
    functions = RecordedFunctions(tool, modules)
    debugger = usesDebugger ? LockDebugger() : nil
  }

  /// Opens a recording with what can be found out of it now, and changes nothing in it.
  package func open(_ path: String) throws(TraceError) -> Recording {
    let recording = try Recording(contentsOf: path)
    guard recording.header.sealed == 0 else { return recording }
    var uses = LockUses()
    try uses.read(recording, includesUnsettled: true)
    let names = names(of: recording, uses)
    recording.tables.functions = names.functions
    recording.tables.lockNames = names.locks
    return recording
  }

  /// Everything that can be found out now.
  func names(of recording: Recording, _ uses: LockUses) -> RecordedNames {
    var names = RecordedNames()
    functions.add(recording.tables.sites.values, of: recording.tables)
    for site in recording.tables.sites.values {
      for address in site.addresses {
        if let known = functions.functions[address], !known.isEmpty {
          names.functions[address] = known
        }
      }
    }
    nameStaticLocks(recording, uses, &names)
    debugger?.name(recording, uses, modules, &names)
    names.missing = functions.missing(uses.acquiringSites, of: recording.tables)
    return names
  }

  /// Locks and conditions that are variables of a module, or parts of one.
  private func nameStaticLocks(
    _ recording: Recording, _ uses: LockUses, _ names: inout RecordedNames
  ) {
    let others = uses.others.map { RecordingTables.LockKey(address: $0, generation: 0) }
    for key in uses.uses.map(\.key) + others {
      guard let object = object(at: key.address, in: recording) else { continue }
      let offset = object.offset == 0 ? "" : "+0x\(String(object.offset, radix: 16))"
      names.locks[key] = .init(name: object.name + offset, lockClass: "", source: .symbol)
      names.objects[key] = object
    }
  }

  /// The variable that an address lies in.
  private func object(at address: UInt64, in recording: Recording) -> RecordedNames.Object? {
    let module = recording.tables.modules.last { module in
      module.segments.contains { $0.start <= address && address - $0.start < $0.size }
    }
    guard let module, modules.file(of: module) != nil,
      let object = functions.object(at: address &- module.bias, in: module)
    else { return nil }
    return .init(
      name: object.name, offset: (address &- module.bias) &- object.start, module: module.path)
  }
}
