/// A function that makes objects of a type, or takes them apart.
enum LifetimeFunction: Equatable {
  case initializer(String)
  case deinitializer(String)

  /// - Parameter demangled: as the Swift runtime demangles it: `bank.Account.init(owner:
  ///   Swift.String) -> bank.Account`.
  /// - Returns: `nil` for other functions, among them closures in initialisers, which may run at
  ///   any time.
  init?(_ demangled: String) {
    var name = Substring(demangled)
    for prefix in ["generic specialization <", "function signature specialization <"] {
      while name.hasPrefix(prefix), let end = name.firstRange(of: "> of ") {
        name = name[end.upperBound...]
      }
    }
    if name.hasPrefix("merged ") { name = name.dropFirst("merged ".count) }
    if name.hasPrefix("(extension in "), let end = name.firstRange(of: "):") {
      name = name[end.upperBound...]
    }
    let property = "variable initialization expression of "
    if name.hasPrefix(property) {
      name = name.dropFirst(property.count)
      guard let colon = name.firstRange(of: " : "),
        let dot = name[..<colon.lowerBound].lastIndex(of: ".")
      else { return nil }
      self = .initializer(Self.type(name[..<dot]))
      return
    }
    for ending in [".__deallocating_deinit", ".deinit"] where name.hasSuffix(ending) {
      let type = name.dropLast(ending.count)
      guard Self.isType(type) else { return nil }
      self = .deinitializer(Self.type(type))
      return
    }
    for call in [".__allocating_init(", ".init("] {
      guard let start = name.firstRange(of: call) else { continue }
      let type = name[..<start.lowerBound]
      guard Self.isType(type) else { return nil }
      self = .initializer(Self.type(type))
      return
    }
    return nil
  }

  /// What is said before a type is of other functions: of a closure, a thunk, a part of an
  /// asynchronous one.
  private static func isType(_ name: Substring) -> Bool {
    !name.replacing(" in _", with: "").contains(" ")
  }

  /// Without the file that a private type is private to.
  private static func type(_ name: Substring) -> String {
    var text = String(name)
    while let open = text.firstIndex(of: "("), let mark = text[open...].firstRange(of: " in _"),
      let close = text[mark.upperBound...].firstIndex(of: ")")
    {
      text.removeSubrange(mark.lowerBound...close)
      text.remove(at: open)
    }
    return text
  }
}
