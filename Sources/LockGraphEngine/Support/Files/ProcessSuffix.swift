/// What the name of a file ends in that a second process of a run writes.
enum ProcessSuffix {
  /// A name without `.PROCESS` or `.PROCESS.NUMBER` at its end.
  static func removed(from name: String) -> String {
    var name = name[...]
    for _ in 0..<2 {
      guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { break }
      let digits = name[dot...].dropFirst()
      guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { break }
      name = name[..<dot]
    }
    return String(name)
  }
}
