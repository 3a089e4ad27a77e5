/// Names of Rust's functions as people write them: paths without hashes and generic arguments.
///
/// Rust's own scheme (`_R…`) is read as far as paths go, the older one, which C++'s resembles, is
/// rid of its hash and escapes.
enum RustName {
  /// - Parameter name: as the file has it, or already as C++ would write it.
  /// - Returns: `nil` if it is no name of Rust's, or one that is not understood.
  static func text(_ name: String) -> String? {
    if name.hasPrefix("_R") { return Parser(name)?.text }
    return legacy(name)
  }

  /// `r::main::h086b0cfd890a8ea9` without the hash, which tells builds apart.
  private static func legacy(_ name: String) -> String? {
    guard let hash = name.range(of: "::h", from: name.startIndex), name.count >= 20,
      name[hash.upperBound...].count == 16, name[hash.upperBound...].allSatisfy(\.isHexDigit)
    else { return nil }
    var text = String(name[..<hash.lowerBound])
    for (escape, letter) in [
      ("$LT$", "<"), ("$GT$", ">"), ("$RF$", "&"), ("$BP$", "*"), ("$LP$", "("), ("$RP$", ")"),
      ("$C$", ","), ("$u7b$", "{"), ("$u7d$", "}"), ("$u20$", " "), ("$u5b$", "["),
      ("$u5d$", "]"), ("..", "::"),
    ] {
      text = text.replacingAll(escape, with: letter)
    }
    return text
  }

  /// Reads the paths of Rust's scheme; a name that nests too deeply is not understood.
  private struct Parser {
    private static let depthLimit = 64

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    /// What is written once can be meant many times.
    private var budget = 2000

    init?(_ name: String) {
      // What compilers append after a dot is no part of it.
      bytes = Array(name.utf8.dropFirst(2).prefix { $0 != UInt8(ascii: ".") })
      guard !bytes.isEmpty else { return nil }
    }

    var text: String? {
      var parser = self
      return parser.path()
    }

    private mutating func next() -> UInt8? {
      guard position < bytes.count else { return nil }
      defer { position += 1 }
      return bytes[position]
    }

    private mutating func path() -> String? {
      depth += 1
      defer { depth -= 1 }
      guard depth < Self.depthLimit, budget > 0, let tag = next() else { return nil }
      budget -= 1
      switch tag {
      case UInt8(ascii: "C"): return identifier()
      case UInt8(ascii: "N"):
        guard let space = next(), let outer = path(), let name = identifier() else { return nil }
        if name.isEmpty || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(space) {
          let kind =
            space == UInt8(ascii: "C") ? "closure" : space == UInt8(ascii: "S") ? "shim" : ""
          guard !kind.isEmpty else { return name.isEmpty ? outer : outer + "::" + name }
          return outer + "::{" + kind + (name.isEmpty ? "" : ":" + name) + "}"
        }
        return outer + "::" + name
      case UInt8(ascii: "M"):
        guard implementation() else { return nil }
        return type()
      case UInt8(ascii: "X"):
        guard implementation(), let own = type(), let trait = path() else { return nil }
        return "<" + own + " as " + trait + ">"
      case UInt8(ascii: "Y"):
        guard let own = type(), let trait = path() else { return nil }
        return "<" + own + " as " + trait + ">"
      case UInt8(ascii: "I"):
        guard let generic = path() else { return nil }
        while position < bytes.count, bytes[position] != UInt8(ascii: "E") {
          guard argument() else { return nil }
        }
        position += 1
        return generic
      case UInt8(ascii: "B"): return back { $0.path() }
      default: return nil
      }
    }

    /// The path of an `impl`, which is said by its type.
    private mutating func implementation() -> Bool {
      _ = disambiguator()
      return path() != nil
    }

    private mutating func argument() -> Bool {
      if bytes[position] == UInt8(ascii: "L") {
        position += 1
        return number() != nil
      }
      if bytes[position] == UInt8(ascii: "K") { return false }
      return type() != nil
    }

    private mutating func type() -> String? {
      depth += 1
      defer { depth -= 1 }
      guard depth < Self.depthLimit, budget > 0, position < bytes.count else { return nil }
      budget -= 1
      let tag = bytes[position]
      if let name = Self.basicTypes[tag] {
        position += 1
        return name
      }
      switch tag {
      case UInt8(ascii: "R"), UInt8(ascii: "Q"):
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "L") {
          position += 1
          guard number() != nil else { return nil }
        }
        return type().map { (tag == UInt8(ascii: "Q") ? "&mut " : "&") + $0 }
      case UInt8(ascii: "P"), UInt8(ascii: "O"):
        position += 1
        return type().map { "*" + $0 }
      case UInt8(ascii: "S"):
        position += 1
        return type().map { "[" + $0 + "]" }
      case UInt8(ascii: "T"):
        position += 1
        var parts: [String] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "E") {
          guard let part = type() else { return nil }
          parts.append(part)
        }
        position += 1
        return "(" + parts.joined(separator: ", ") + ")"
      case UInt8(ascii: "B"):
        position += 1
        return back { $0.type() }
      default: return path()
      }
    }

    /// What stands at an earlier place.
    private mutating func back(_ read: (inout Parser) -> String?) -> String? {
      let here = position - 1
      guard let target = number(), target < UInt64(here) else { return nil }
      var earlier = self
      earlier.position = Int(target)
      defer { budget = earlier.budget }
      return read(&earlier)
    }

    private mutating func disambiguator() -> UInt64? {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "s") else { return nil }
      position += 1
      return number()
    }

    /// A number in base 62, ended by a line; those of crates fill 64 bits, and their value is of no
    /// use here.
    private mutating func number() -> UInt64? {
      if position < bytes.count, bytes[position] == UInt8(ascii: "_") {
        position += 1
        return 0
      }
      var value: UInt64 = 0
      while let digit = next() {
        let amount: UInt8
        switch digit {
        case UInt8(ascii: "_"): return value &+ 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"): amount = digit - 48
        case UInt8(ascii: "a")...UInt8(ascii: "z"): amount = digit - 87
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): amount = digit - 29
        default: return nil
        }
        value = value &* 62 &+ UInt64(amount)
      }
      return nil
    }

    private mutating func identifier() -> String? {
      _ = disambiguator()
      // Names beyond ASCII are left as they are written.
      if position < bytes.count, bytes[position] == UInt8(ascii: "u") { position += 1 }
      var count = 0
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
        count = count * 10 + Int(bytes[position] - 0x30)
        guard count <= bytes.count else { return nil }
        position += 1
        if count == 0 { break }
      }
      if position < bytes.count, bytes[position] == UInt8(ascii: "_") { position += 1 }
      guard position + count <= bytes.count else { return nil }
      defer { position += count }
      return String(decoding: bytes[position..<position + count], as: UTF8.self)
    }

    private static let basicTypes: [UInt8: String] = Dictionary(
      uniqueKeysWithValues: zip(
        "abcdefhijlmnopstuvxyz".utf8,
        [
          "i8", "bool", "char", "f64", "str", "f32", "u8", "isize", "usize", "i32", "u32", "i128",
          "u128", "_", "i16", "u16", "()", "...", "i64", "u64", "!",
        ]))
  }
}

extension String {
  fileprivate func range(of text: String, from start: Index) -> Range<Index>? {
    // The last one: a path may have parts that begin like a hash.
    var index = endIndex
    while index > start {
      index = self.index(before: index)
      if self[index...].hasPrefix(text) {
        return index..<self.index(index, offsetBy: text.count)
      }
    }
    return nil
  }

  fileprivate func replacingAll(_ text: String, with other: String) -> String {
    split(separator: text, omittingEmptySubsequences: false).joined(separator: other)
  }
}
