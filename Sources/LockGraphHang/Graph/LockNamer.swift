/// Gives locks the names that the program's files have for where they are.
final class LockNamer {
  private let process: any ObservedProcess
  private var names: [UInt64: String] = [:]

  init(_ process: any ObservedProcess) { self.process = process }

  /// A variable's name, with the members that lead to it, or an offset in it; else file and offset;
  /// else the address.
  func name(_ address: UInt64) -> String {
    if let known = names[address] { return known }
    let name = ofFile(address) ?? "0x" + hexadecimalText(address)
    names[address] = name
    return name
  }

  /// Whether an address has a name that is the same in every run.
  func isNamed(_ address: UInt64) -> Bool { !name(address).hasPrefix("0x") }

  private func ofFile(_ address: UInt64) -> String? {
    guard let mapping = mappingOfFile(address), let file = process.file(of: mapping),
      let own = file.ownAddress(address, in: mapping)
    else { return nil }
    if let variable = file.variable(at: own) {
      let offset = own - variable.start
      let name = RustName.text(variable.name) ?? variable.name
      // What is no larger than a lock has no others in it.
      if offset != 0 || variable.size > 56, let member = file.member(at: own, of: variable) {
        return name + member
      }
      return offset == 0 ? name : "\(name)+\(offset)"
    }
    let module = mapping.path.split(separator: "/").last.map(String.init) ?? mapping.path
    return "\(module)+0x\(hexadecimalText(own))"
  }

  /// The mapping of a file that an address belongs to. What begins as zeros lies behind what the
  /// file has, in memory of its own.
  private func mappingOfFile(_ address: UInt64) -> MemoryMapping? {
    guard let mapping = process.mapping(at: address) else { return nil }
    if mapping.isOfFile { return mapping }
    guard mapping.path.isEmpty, mapping.start > 0,
      var before = process.mapping(at: mapping.start - 1), before.isOfFile
    else { return nil }
    before.end = mapping.end
    return before
  }
}
