/// A text with some damage: bytes that are changed, put in, taken out, repeated or swapped.
public func mutated(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
    let index = bytes.indices.randomElement(using: &generator)!
    switch Int.random(in: 0..<7, using: &generator) {
    case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1:
      bytes[index] = Array("\"\\ \n\t=#[]-:*\u{0}0{}(),|".utf8).randomElement(using: &generator)!
    case 2: bytes.removeSubrange(index...)
    case 3:
      let end = min(bytes.count, index + Int.random(in: 1...40, using: &generator))
      bytes.insert(
        contentsOf: bytes[index..<end], at: bytes.indices.randomElement(using: &generator)!)
    case 4:
      let end = min(bytes.count, index + Int.random(in: 1...40, using: &generator))
      bytes.removeSubrange(index..<end)
    case 5:
      var words = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
      words.swapAt(
        words.indices.randomElement(using: &generator)!,
        words.indices.randomElement(using: &generator)!)
      bytes = Array(words.joined(separator: [0x20]))
    default:
      guard Int.random(in: 0..<20, using: &generator) == 0 else { continue }
      bytes.insert(contentsOf: [UInt8](repeating: bytes[index], count: 10_000), at: index)
    }
  }
  return bytes
}
