/// Identifiers for elements of a picture that depend on names alone, never on order or layout.
///
/// A name of letters, digits, underscores and single hyphens stands for itself; any other becomes a
/// readable remainder of it and a hash of the whole. They can stand in XML, in CSS selectors and in
/// DOT without quotes or escapes.
package enum StableIdentifiers {
  /// The identifier of a class's element.
  package static func lockClass(_ name: String) -> String { "class-" + slug(name) }

  /// The identifier of a dependency's element.
  static func dependency(from: String, to: String) -> String {
    "dep-" + slug(from) + "--" + slug(to)
  }

  /// The identifier of what stands for the part of a finding's cycle that is not drawn.
  static func remainder(ofFinding number: Int) -> String { "more-finding-\(number)" }

  static func slug(_ name: String) -> String {
    let limit = 48
    var slug = ""
    var isFaithful = !name.isEmpty
    var length = 0
    for scalar in name.unicodeScalars {
      guard length < limit else {
        isFaithful = false
        break
      }
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_":
        slug.unicodeScalars.append(scalar)
        length += 1
      default:
        if slug.isEmpty || slug.hasSuffix("-") {
          isFaithful = false
        } else {
          isFaithful = isFaithful && scalar == "-"
          slug += "-"
          length += 1
        }
      }
    }
    if slug.hasSuffix("-") {
      slug.removeLast()
      isFaithful = false
    }
    if isFaithful { return slug }
    return (slug.isEmpty ? "" : slug + "-") + hash(name)
  }

  /// FNV-1a, 64 bits: the same in every process, unlike `Hasher`.
  private static func hash(_ name: String) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
