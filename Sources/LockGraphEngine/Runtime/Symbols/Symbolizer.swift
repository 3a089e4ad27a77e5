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
    let text: String

    init(symbol: String, text: String) {
      self.symbol = symbol
      isOwn = Symbolizer.own.contains(where: symbol.hasPrefix)
      // That of a program that tests link is called after it.
      isMain = symbol == "main" || !symbol.hasPrefix("$") && symbol.hasSuffix("_main")
      self.text = isMain ? "main" : text
    }

    let isOwn: Bool
    let isMain: Bool
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
      addresses.map { address -> Name in
        if let known = state.names[address] { return known }
        // A return address may be the first one of the next function.
        let symbol = symbol(of: address &- 1, &state.tables)
        let name = Name(symbol: symbol, text: FunctionName.text(demangled(symbol)))
        state.names[address] = name
        return name
      }
    }
    guard let names else { return addresses.map { "0x" + String($0, radix: 16) } }
    let shown = shown(names)
    return shown.isEmpty ? names.map(\.text) : shown
  }

  /// What of the calls tells something.
  private static func shown(_ names: [Name]) -> [String] {
    // What is generic in the standard library is compiled into who calls it: at the innermost end
    // that is this package.
    let innermost =
      names.prefix { $0.isOwn || $0.isOfStandardLibrary }.lastIndex(where: \.isOwn).map { $0 + 1 }
    var outside = names[(innermost ?? 0)...].filter { !$0.isOwn }
    if let main = outside.lastIndex(where: \.isMain) { outside.removeSubrange((main + 1)...) }
    while outside.count > 1, outside[outside.count - 1].isOfLibraryWithoutNames {
      outside.removeLast()
    }
    // What the compiler puts between a closure and its caller has the closure's name.
    var texts: [String] = []
    for name in outside where texts.last != name.text { texts.append(name.text) }
    return texts
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

  private static func symbol(of address: UInt, _ tables: inout [String: ELFSymbols?]) -> String {
    var location = lg_location()
    guard lg_locate(address, &location), let path = location.path else {
      return "0x" + String(address, radix: 16)
    }
    if let symbol = location.symbol { return String(cString: symbol) }
    let file = String(cString: path)
    #if !canImport(Darwin)
      let table: ELFSymbols?
      if let known = tables[file] {
        table = known
      } else {
        // The program's own name may be relative to a folder that it left.
        table = ELFSymbols(path: file) ?? ELFSymbols(path: "/proc/self/exe")
        tables[file] = table
      }
      if let name = table?.name(at: address, loadedAt: location.base) { return name }
    #endif
    let offset = String(address &- location.base, radix: 16)
    return "\(file.split(separator: "/").last ?? "?")+0x\(offset)"
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
