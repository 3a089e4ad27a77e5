import LockGraph

/// What sealing adds to a recording.
struct RecordedNames {
  var functions: [UInt64: [RecordingTables.Function]] = [:]
  var locks: [RecordingTables.LockKey: RecordingTables.LockName] = [:]
  var missing: [RecordingTables.MissingModule] = []
}

/// Finds names for recordings. One can be used for many, and for one again while it grows.
package final class RecordingNamer {
  private let modules = ModuleFiles()
  private let functions: RecordedFunctions
  private let debugger: LockDebugger?
  private var objects: [UInt64: String] = [:]

  /// - Parameter usesDebugger: locks are named with `gdb` where that is there.
  package init(usesDebugger: Bool = true) {
    let named = Environment.value("LOCKGRAPH_SYMBOLIZER")
    let path = named ?? SymbolizerTool.usualPath
    let tool = path.flatMap { $0 == "none" ? nil : SymbolizerTool($0) }
    functions = RecordedFunctions(tool, modules)
    debugger = usesDebugger ? LockDebugger() : nil
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
    if let debugger { debugger.name(recording, uses, modules, &names) }
    names.missing = functions.missing
    return names
  }

  /// Locks and conditions that are variables of a module, or parts of one.
  private func nameStaticLocks(
    _ recording: Recording, _ uses: LockUses, _ names: inout RecordedNames
  ) {
    for use in uses.uses {
      guard let name = object(at: use.key.address, in: recording) else { continue }
      names.locks[use.key] = .init(name: name, lockClass: "", source: .symbol)
    }
    for address in uses.others {
      guard let name = object(at: address, in: recording) else { continue }
      names.locks[.init(address: address, generation: 0)] = .init(
        name: name, lockClass: "", source: .symbol)
    }
  }

  /// `bank` or `bank+0x48`.
  private func object(at address: UInt64, in recording: Recording) -> String? {
    let module = recording.tables.modules.last { module in
      module.segments.contains { $0.start <= address && address - $0.start < $0.size }
    }
    guard let module, modules.file(of: module) != nil,
      let object = functions.object(at: address &- module.bias, in: module)
    else { return nil }
    let offset = (address &- module.bias) &- object.start
    return offset == 0 ? object.name : "\(object.name)+0x\(String(offset, radix: 16))"
  }
}
