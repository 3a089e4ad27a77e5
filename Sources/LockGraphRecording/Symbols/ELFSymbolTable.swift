import LockGraphEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The functions and variables of a file, from its own tables: what there is without a tool and
/// without debug information.
package struct ELFSymbolTable {
  /// A function or variable.
  package struct Symbol {
    package var start: UInt64
    package var size: UInt64
    package var name: String
  }

  private struct Entry {
    var start: UInt64
    var size: UInt64
    var name: UInt64
  }

  private let file: ELFFile
  private var functions: [Entry] = []
  private var objects: [Entry] = []

  package init(_ file: ELFFile) {
    self.file = file
    let bytes = CheckedBytes(file.content)
    let tables = file.sections.filter { $0.kind == ELFFile.Kind.symbols }
    let table =
      tables.first ?? file.sections.first { $0.kind == ELFFile.Kind.dynamicSymbols }
    guard let table, table.link < file.sections.count else { return }
    let names = file.sections[table.link]
    for index in 0..<table.size / 24 {
      let at = table.offset + index * 24
      guard let name = bytes.number(at, UInt32.self), let info = bytes.number(at + 4, UInt8.self),
        let value = bytes.number(at + 8, UInt64.self),
        let size = bytes.number(at + 16, UInt64.self), value > 0, Int(name) < names.size
      else { continue }
      let entry = Entry(start: value, size: size, name: UInt64(names.offset) + UInt64(name))
      if info & 15 == 2 { functions.append(entry) }
      if info & 15 == 1 { objects.append(entry) }
    }
    functions.sort { $0.start < $1.start }
    objects.sort { $0.start < $1.start }
  }

  /// The function that an address of the file's own counting lies in.
  package func function(at address: UInt64) -> Symbol? { symbol(functions, address) }

  /// The variable that an address lies in.
  package func object(at address: UInt64) -> Symbol? { symbol(objects, address) }

  private func symbol(_ entries: [Entry], _ address: UInt64) -> Symbol? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let entry = entries[low - 1]
    guard address - entry.start < max(entry.size, 1), let name = file.text(at: entry.name) else {
      return nil
    }
    return Symbol(start: entry.start, size: entry.size, name: demangledName(name))
  }
}

/// A function's name as people write it, in whatever language it is.
package func demangledName(_ name: String) -> String {
  if ["$s", "$S", "_$s"].contains(where: name.hasPrefix) {
    return name.utf8CString.withUnsafeBufferPointer { bytes in
      guard
        let text = demangleSwift(bytes.baseAddress!, UInt(bytes.count - 1), nil, nil, 0)
      else { return name }
      defer { free(text) }
      return FunctionName.text(String(cString: text))
    }
  }
  guard name.hasPrefix("_Z"), let demangle = DemanglingLibrary.function else { return name }
  var status: Int32 = 0
  guard let text = demangle(name, nil, nil, &status) else { return name }
  defer { free(text) }
  return status == 0 ? String(cString: text) : name
}

/// What the C++ library knows of names, if there is one in this process.
private enum DemanglingLibrary {
  typealias Demangle =
    @convention(c) (
      UnsafePointer<CChar>, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?,
      UnsafeMutablePointer<Int32>
    ) -> UnsafeMutablePointer<CChar>?

  static let function: Demangle? = dlsym(nil, "__cxa_demangle").map {
    unsafeBitCast($0, to: Demangle.self)
  }
}

/// The Swift runtime's.
@_silgen_name("swift_demangle")
private func demangleSwift(
  _ name: UnsafePointer<CChar>, _ length: UInt, _ output: UnsafeMutablePointer<CChar>?,
  _ outputSize: UnsafeMutablePointer<UInt>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?
