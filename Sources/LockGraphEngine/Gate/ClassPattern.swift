/// A pattern for names of lock classes: `*` stands for any number of characters, `?` for one, and a
/// backslash in front of `*`, `?` or a backslash takes its meaning away.
///
/// A pattern that matches a class matches its nesting levels too: `Account` means `Account/1` as
/// well, and `Account/1` that level alone.
public struct ClassPattern: Sendable, Hashable {
  private enum Element: Hashable {
    case scalar(Unicode.Scalar)
    case anyOne
    case anyNumber
  }

  /// As it was written.
  public let text: String
  private let elements: [Element]

  /// The pattern of a text; every text is one.
  public init(_ text: String) {
    self.text = text
    var elements: [Element] = []
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "*":
        if elements.last != .anyNumber { elements.append(.anyNumber) }
      case "?": elements.append(.anyOne)
      case "\\":
        if let next = scalars.first, Self.special.contains(next) {
          elements.append(.scalar(next))
          scalars.removeFirst()
        } else {
          elements.append(.scalar(scalar))
        }
      default: elements.append(.scalar(scalar))
      }
    }
    self.elements = elements
  }

  /// The pattern that matches a class and its nesting levels, whatever its name is made of.
  public init(literally name: String) {
    var text = ""
    for scalar in name.unicodeScalars {
      if Self.special.contains(scalar) { text.unicodeScalars.append("\\") }
      text.unicodeScalars.append(scalar)
    }
    self.init(text)
  }

  private static let special: Set<Unicode.Scalar> = ["*", "?", "\\"]

  /// The one name that it matches, nesting levels apart; `nil` if it has wildcards.
  package var literal: String? {
    var name = ""
    for element in elements {
      guard case .scalar(let scalar) = element else { return nil }
      name.unicodeScalars.append(scalar)
    }
    return name
  }

  /// How many characters it says; of two patterns that match a class, the one that says more means
  /// it.
  package var specificity: Int {
    elements.reduce(0) { sum, element in
      if case .scalar = element { sum + 1 } else { sum }
    }
  }

  /// Of two patterns that match a class, whether this one means it more: it is the whole name, or
  /// the name of the class of which that is a nesting level, or says more characters.
  package func means(_ name: ClassName, moreThan other: ClassPattern) -> Bool {
    func rank(_ pattern: ClassPattern) -> (Int, Int) {
      guard let literal = pattern.literal else { return (0, pattern.specificity) }
      return (literal.unicodeScalars.elementsEqual(name.scalars) ? 2 : 1, 0)
    }
    return rank(self) > rank(other)
  }

  /// Whether it means a class.
  ///
  /// - Complexity: O(length of the pattern × length of the name).
  public func matches(_ name: String) -> Bool { matches(ClassName(name)) }

  package func matches(_ name: ClassName) -> Bool {
    matches(name.scalars[...]) || name.base.map { matches(name.scalars[..<$0]) } ?? false
  }

  /// Goes through both, and back to the last `*` where they differ: it takes one character more
  /// then.
  private func matches(_ name: ArraySlice<Unicode.Scalar>) -> Bool {
    var (element, position) = (0, name.startIndex)
    var lastRun: (element: Int, position: Int)?
    while position < name.endIndex {
      if element < elements.count {
        switch elements[element] {
        case .anyNumber:
          lastRun = (element, position)
          element += 1
          continue
        case .anyOne:
          (element, position) = (element + 1, position + 1)
          continue
        case .scalar(let scalar) where scalar == name[position]:
          (element, position) = (element + 1, position + 1)
          continue
        case .scalar: break
        }
      }
      guard let run = lastRun else { return false }
      lastRun = (run.element, run.position + 1)
      (element, position) = (run.element + 1, run.position + 1)
    }
    return elements[element...].allSatisfy { $0 == .anyNumber }
  }
}

/// The name of a class, laid out for many patterns.
package struct ClassName: Sendable {
  let scalars: [Unicode.Scalar]
  /// How much of it names the class of which it is a nesting level, if it is one: `Account` of
  /// `Account/1`.
  let base: Int?

  package init(_ name: String) {
    scalars = Array(name.unicodeScalars)
    let digits = scalars.reversed().prefix { ("0"..."9").contains($0) }.count
    let slash = scalars.count - digits - 1
    base = digits > 0 && slash > 0 && scalars[slash] == "/" ? slash : nil
  }

  /// Its characters, of all of it or of the base, as a key that differs wherever the names do.
  package var key: [UInt32] { scalars.map(\.value) }
  package var baseKey: [UInt32]? { base.map { scalars[..<$0].map(\.value) } }
}
