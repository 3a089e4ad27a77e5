import LockGraphEngine

/// The orders that a policy declares: chains of groups of classes, leaves, and what is never held
/// together.
public struct DeclaredOrder: Sendable {
  /// A pattern, and where it is declared.
  struct Declared: Sendable {
    var pattern: ClassPattern
    var line: Int
    /// In bytes from the beginning of the file.
    var offset: Int
  }

  /// Groups of which an earlier one is taken before a later one. Inside a group there is no order.
  struct Chain: Sendable {
    /// `order` or `levels`.
    var word: String
    var groups: [[Declared]]
  }

  /// The file in which they are declared.
  let document: TextDocument
  var chains: [Chain] = []
  var leaves: [Declared] = []
  /// Of the patterns of a set no two are held at once.
  var neverTogether: [[Declared]] = []

  init(document: TextDocument) { self.document = document }

  /// Whether nothing is declared.
  public var isEmpty: Bool { chains.isEmpty && leaves.isEmpty && neverTogether.isEmpty }

  func source(_ declared: Declared) -> String {
    "\(document.name.withVisibleControls):\(declared.line)"
  }
}
