import LockGraphEngine

/// Finds the functions, files and lines of a recording's return addresses.
///
/// Of what was found once nothing is asked again, so one can be kept for a recording that grows.
final class RecordedFunctions {
  private let tool: SymbolizerTool?
  private let modules: ModuleFiles
  private var tables: [String: ELFSymbolTable] = [:]
  private(set) var functions: [UInt64: [RecordingTables.Function]] = [:]
  /// By path: whether a place in the source was found in it.
  private var hasLines: [String: Bool] = [:]
  private var asked: [String: RecordingTables.Module] = [:]

  /// - Parameter tool: `nil` does with the files' own tables.
  init(_ tool: SymbolizerTool?, _ modules: ModuleFiles) {
    self.tool = tool
    self.modules = modules
  }

  /// Looks up the addresses of sites that are not known yet.
  func add(_ sites: some Sequence<RecordingTables.Site>, of tables: RecordingTables) {
    var wanted: [String: [UInt64]] = [:]
    for site in sites {
      for address in site.addresses where functions[address] == nil {
        functions[address] = []
        guard let module = tables.module(of: address, in: site) else { continue }
        asked[module.path] = module
        // A return address may be that of the next line, or of the next function.
        functions[address] = [
          .init(
            name: "", file: "", line: 0, column: 0, module: tables.location(of: address, in: site))
        ]
        wanted[module.path, default: []].append(address)
      }
    }
    for (path, addresses) in wanted.sorted(by: { $0.key < $1.key }) {
      guard let module = asked[path], modules.file(of: module) != nil else { continue }
      look(up: addresses, in: module)
    }
  }

  private func look(up addresses: [UInt64], in module: RecordingTables.Module) {
    let inFile = addresses.map { $0 &- 1 &- module.bias }
    let answers = tool?.frames(inFile, in: module.path) ?? addresses.map { _ in [] }
    for (index, address) in addresses.enumerated() {
      let place = "\(module.path)+0x\(String(address &- module.bias, radix: 16))"
      let frames = index < answers.count ? answers[index] : []
      guard !frames.isEmpty else {
        if let symbol = table(of: module)?.function(at: inFile[index]) {
          functions[address] = [
            .init(name: symbol.name, file: "", line: 0, column: 0, module: place)
          ]
        }
        continue
      }
      functions[address] = frames.map {
        .init(
          name: demangledName($0.function), file: $0.file, line: $0.line, column: $0.column,
          module: place)
      }
      if frames.contains(where: { !$0.file.isEmpty }) { hasLines[module.path] = true }
    }
  }

  private func table(of module: RecordingTables.Module) -> ELFSymbolTable? {
    if let known = tables[module.path] { return known }
    guard let file = modules.file(of: module) else { return nil }
    let table = ELFSymbolTable(file)
    tables[module.path] = table
    return table
  }

  /// The variable that an address of a module's own counting lies in.
  func object(at address: UInt64, in module: RecordingTables.Module) -> ELFSymbolTable.Symbol? {
    if let datum = tool?.data([address], in: module.path).first ?? nil, datum.size > 0,
      datum.start <= address, address - datum.start < datum.size
    {
      return .init(start: datum.start, size: datum.size, name: demangledName(datum.name))
    }
    return table(of: module)?.object(at: address)
  }

  /// The modules of which a place of the program's own has no line, by path.
  func missing(
    _ sites: Set<UInt32>, of tables: RecordingTables
  ) -> [RecordingTables.MissingModule] {
    var missing: [String: RecordingTables.Module] = [:]
    for number in sites {
      guard let site = tables.sites[number], let address = site.addresses.first(where: isOwn),
        let module = tables.module(of: address, in: site), hasLines[module.path] != true,
        module.path.hasPrefix("/")
      else { continue }
      missing[module.path] = module
    }
    return missing.values.map { .init(buildIdentifier: $0.buildIdentifier, path: $0.path) }
      .sorted { $0.path < $1.path }
  }

  private func isOwn(_ address: UInt64) -> Bool {
    functions[address]?.contains(where: ProgramFrames.isOwn) ?? false
  }
}
