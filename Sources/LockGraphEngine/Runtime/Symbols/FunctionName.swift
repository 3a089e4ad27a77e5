/// Names of functions as people write them.
package enum FunctionName {
  /// A demangled name without types: `bank.Account.transfer(_:to:)` for
  /// `bank.Account.transfer(_: Swift.Int, to: bank.Account) throws -> ()`.
  package static func text(_ demangled: String) -> String {
    // A closure is in a function, which may be a closure in another one.
    let name = withoutFiles(withoutGenerics(demangled))
    // It has no name of its own, and its types tell nothing.
    if name.hasPrefix("reabstraction thunk ") { return "reabstraction thunk" }
    let parts = name.split(separator: " in ", omittingEmptySubsequences: true)
    let text = parts.map { part(String($0)) }.joined(separator: " in ")
    let forwarder = "partial apply forwarder for "
    return text.hasPrefix(forwarder) ? String(text.dropFirst(forwarder.count)) : text
  }

  /// Without what stands in angle brackets, and without the module that an extension is in.
  private static func withoutGenerics(_ name: String) -> String {
    var text = ""
    var depth = 0
    var last: Character = " "
    for character in name {
      if character == "<" { depth += 1 }
      if depth == 0 { text.append(character) }
      if character == ">", last != "-", depth > 0 { depth -= 1 }
      last = character
    }
    while let start = text.firstRange(of: "(extension in "),
      let end = text[start.upperBound...].firstRange(of: "):")
    {
      text.removeSubrange(start.lowerBound..<end.upperBound)
    }
    return text
  }

  /// Without the file that something private is of: `bank.(Item in _B584)` is `bank.Item`.
  private static func withoutFiles(_ name: String) -> String {
    // What is in parentheses that are not closed yet, the innermost last.
    var levels = [""]
    for character in name {
      if character == "(" {
        levels.append("")
      } else if character == ")", levels.count > 1 {
        let inner = levels.removeLast()
        if let file = inner.firstRange(of: " in _"),
          inner[file.upperBound...].allSatisfy(\.isHexDigit)
        {
          levels[levels.count - 1] += inner[..<file.lowerBound]
        } else {
          levels[levels.count - 1] += "(" + inner + ")"
        }
      } else {
        levels[levels.count - 1].append(character)
      }
    }
    return levels.joined(separator: "(")
  }

  private static func part(_ name: String) -> String {
    guard let open = name.firstIndex(of: "("), open != name.startIndex else { return name }
    var labels: [Substring] = []
    var depth = 0
    var start = name.index(after: open)
    var index = open
    while index < name.endIndex {
      switch name[index] {
      case "(", "[", "<": depth += 1
      case ">" where index > name.startIndex && name[name.index(before: index)] == "-": break
      case ")", "]", ">":
        depth -= 1
        if depth == 0 {
          if start < index { labels.append(name[start..<index]) }
          let head = name[..<open]
          // `closure #1 () -> Int`: its types tell nothing.
          if head.hasSuffix(" ") { return String(head.dropLast()) }
          return head + "(" + labels.map(label).joined() + ")"
        }
      case "," where depth == 1:
        labels.append(name[start..<index])
        start = name.index(after: index)
      default: break
      }
      index = name.index(after: index)
    }
    return name
  }

  private static func label(_ parameter: Substring) -> String {
    let trimmed = parameter.drop { $0 == " " }
    guard let colon = trimmed.firstIndex(of: ":"),
      !trimmed[..<colon].contains(where: { " .<([".contains($0) })
    else { return "_:" }
    return trimmed[...colon] + ""
  }
}
