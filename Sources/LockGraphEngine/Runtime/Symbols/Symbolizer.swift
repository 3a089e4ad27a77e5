import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names of functions for addresses of the running program.
///
/// Works without a tool and without debug information: the loader tells the file, the file's own
/// table the function. Thread-safe. Nothing of this runs before there is a report to print.
enum Symbolizer {
  private struct Name {
    let symbol: String
    /// The symbol as people write it. Each report shows the stacks of those before it again.
    let function: String
    /// Where that is in the source, if the program's file tells.
    let place: String?

    init(symbol: String, text: String, place: String?) {
      self.symbol = symbol
      isOwn = Symbolizer.own.contains(where: symbol.hasPrefix)
      // That of a program that tests link is called after it.
      isMain = symbol == "main" || !symbol.hasPrefix("$") && symbol.hasSuffix("_main")
      function = isMain ? "main" : text
      self.place = place
    }

    var text: String { place.map { "\(function) (\($0))" } ?? function }

    let isOwn: Bool
    let isMain: Bool
    /// The concurrency runtime runs a part of a task: below that the calls are nobody's.
    var runsTask: Bool {
      symbol == "swift_job_run" || symbol.contains("runJobInEstablishedExecutorContext")
    }
    var isOfStandardLibrary: Bool { symbol.hasPrefix("$ss") || symbol.hasPrefix("$sS") }
    /// A place in a system library, whose exported functions alone have names: where threads
    /// begin.
    var isOfLibraryWithoutNames: Bool { symbol.hasPrefix("lib") && symbol.contains("+0x") }
  }

  private struct State {
    var tables: [String: ELFSymbols?] = [:]
    var names: [UInt: Name] = [:]
  }

  /// What judging asks for is kept apart: that must not wait for who loads a library.
  private struct FunctionState {
    var tables: [String: ELFSymbols?] = [:]
    var functions: [UInt: String] = [:]
  }

  /// How symbols of this package begin.
  private static let own = ["$s9LockGraph", "$s13LockGraphBase", "$s15LockGraphEngine", "lg_"]

  private static let state = InternalLock { State() }
  private static let functionState = InternalLock { FunctionState() }

  /// The functions that return addresses lie in, innermost first, without those of this package and
  /// without what is the same below each thread.
  static func frames(_ addresses: [UInt]) -> [String] {
    let names = state.withLock { state in
      let new = Array(Set(addresses.filter { state.names[$0] == nil })).sorted()
      // A return address may be the first one of the next function.
      let found = new.map { symbol(of: $0 &- 1, &state.tables) }
      let places = places(of: new, found, state.tables)
      for (index, address) in new.enumerated() {
        let symbol = found[index].symbol
        state.names[address] = Name(
          symbol: symbol, text: FunctionName.text(demangled(symbol)), place: places[index])
      }
      return addresses.map { state.names[$0]! }
    }
    guard let names else { return addresses.map { "0x" + String($0, radix: 16) } }
    let shown = shown(names)
    return shown.isEmpty && !names.contains(where: \.runsTask) ? names.map(\.text) : shown
  }

  /// What of the calls tells something.
  private static func shown(_ names: [Name]) -> [String] {
    // What is generic in the standard library is compiled into who calls it: at the innermost end
    // that is this package.
    let innermost =
      names.prefix { $0.isOwn || $0.isOfStandardLibrary }.lastIndex(where: \.isOwn).map { $0 + 1 }
    var outside = names[(innermost ?? 0)...].filter { !$0.isOwn }
    if let main = outside.lastIndex(where: \.isMain) { outside.removeSubrange((main + 1)...) }
    if let task = outside.firstIndex(where: \.runsTask) { outside.removeSubrange(task...) }
    while outside.count > 1, outside[outside.count - 1].isOfLibraryWithoutNames {
      outside.removeLast()
    }
    // What the compiler puts between a closure and its caller has the closure's name.
    var calls: [Name] = []
    for name in outside {
      if calls.last?.function != name.function {
        calls.append(name)
      } else if calls[calls.count - 1].place == nil {
        calls[calls.count - 1] = name
      }
    }
    return calls.map(\.text)
  }

  /// The demangled names of the functions that return addresses lie in, innermost first; empty for
  /// those of this package and of the standard library, and where there is none. May be asked under
  /// the validator's lock: waits for nobody who loads a library.
  static func functions(_ addresses: [UInt]) -> [String] {
    functionState.withLock { state in
      addresses.map { address in
        if let known = state.functions[address] { return known }
        let name = function(at: address &- 1, &state.tables)
        state.functions[address] = name
        return name
      }
    } ?? addresses.map { _ in "" }
  }

  private static func function(at address: UInt, _ tables: inout [String: ELFSymbols?]) -> String {
    #if canImport(Darwin)
      return ""
    #else
      var base: UInt = 0
      let path = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
        lg_locate_file(address, buffer.baseAddress, buffer.count, &base)
          ? String(cString: buffer.baseAddress!) : nil
      }
      guard let path else { return "" }
      let table: ELFSymbols?
      if let known = tables[path] {
        table = known
      } else {
        table = ELFSymbols(path: path)
        tables[path] = table
      }
      guard let name = table?.name(at: address, loadedAt: base),
        !(own + ["$ss", "$sS"]).contains(where: name.hasPrefix)
      else { return "" }
      return demangled(name)
    #endif
  }

  /// What is known of an address: the symbol, and the file with where it is loaded.
  private struct Found {
    var symbol: String
    var file = ""
    var base: UInt = 0
  }

  private static func symbol(of address: UInt, _ tables: inout [String: ELFSymbols?]) -> Found {
    var location = lg_location()
    guard lg_locate(address, &location), let path = location.path else {
      return Found(symbol: "0x" + String(address, radix: 16))
    }
    let file = String(cString: path)
    var found = Found(symbol: "", file: file, base: location.base)
    #if !canImport(Darwin)
      // Libraries of the system have nothing to tell but what they export.
      let isOfSystem = ["/lib", "/usr/", "/opt/"].contains(where: file.hasPrefix)
      if location.symbol == nil || !isOfSystem, tables[file] == nil {
        // The program's own name may be relative to a folder that it left.
        tables[file] = .some(ELFSymbols(path: file) ?? ELFSymbols(path: "/proc/self/exe"))
      }
    #endif
    if let symbol = location.symbol {
      found.symbol = String(cString: symbol)
      return found
    }
    #if !canImport(Darwin)
      if let table = tables[file], let name = table?.name(at: address, loadedAt: location.base) {
        found.symbol = name
        return found
      }
    #endif
    let offset = String(address &- location.base, radix: 16)
    found.symbol = "\(file.split(separator: "/").last ?? "?")+0x\(offset)"
    return found
  }

  /// Where return addresses are in the source, relative to the folder in which the program runs.
  private static func places(
    of addresses: [UInt], _ found: [Found], _ tables: [String: ELFSymbols?]
  ) -> [String?] {
    var places = [String?](repeating: nil, count: addresses.count)
    #if !canImport(Darwin)
      let folder = getcwd(nil, 0).map { path in
        defer { free(path) }
        return String(cString: path) + "/"
      }
      for (file, indices) in Dictionary(grouping: addresses.indices, by: { found[$0].file }) {
        guard case .some(.some(let table)) = tables[file] else { continue }
        let texts = table.places(
          at: indices.map { addresses[$0] &- 1 }, loadedAt: found[indices[0]].base)
        for (index, text) in zip(indices, texts) {
          guard let text else { continue }
          let isInside = folder.map(text.hasPrefix) ?? false
          places[index] = isInside ? String(text.dropFirst(folder?.count ?? 0)) : text
        }
      }
    #endif
    return places
  }

  private static func demangled(_ name: String) -> String {
    guard name.hasPrefix("$s") || name.hasPrefix("$S") || name.hasPrefix("_$s") else { return name }
    return name.utf8CString.withUnsafeBufferPointer { bytes in
      guard
        let text = demangle(bytes.baseAddress!, UInt(bytes.count - 1), nil, nil, 0)
      else { return name }
      defer { free(text) }
      return String(cString: text)
    }
  }
}

/// The Swift runtime's.
@_silgen_name("swift_demangle")
private func demangle(
  _ name: UnsafePointer<CChar>, _ length: UInt, _ output: UnsafeMutablePointer<CChar>?,
  _ outputSize: UnsafeMutablePointer<UInt>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?
