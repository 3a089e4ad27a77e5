/// A set of locks that follow one order: a node of the order graph.
///
/// Orders are those of classes, so a nesting that one pair of locks shows holds for all pairs of
/// their classes. Without a class or name of its own a lock belongs to the class of the place in
/// the source where it is made, so a million nodes of a tree are one class.
///
/// Thread-safe; making one takes expected O(1) once its name is known.
public struct LockClass: Sendable, Hashable {
  /// What it means that a lock of a class is taken while another one of it is held.
  public enum Nesting: Sendable, Hashable {
    /// A finding, whichever they are: unless ranks or an outer lock say otherwise, the same code
    /// may nest two locks in one order here and in the other there.
    case reported
    /// Nothing but an order of these two locks. A finding is what is nested in a circle: the one in
    /// the other here and the other in the one there, or longer circles, with locks of other
    /// classes or without. For locks that are nested in an order of their own, as a tree's from
    /// parent to child, or two accounts' by their numbers.
    case byInstance
  }

  let number: UInt32

  /// The class of a name; the same for the same name.
  ///
  /// - Parameter nesting: what nestings of two locks of the class mean. A class is judged by
  ///   instance from where that is said of it once, so say it before its locks are used. Each pair
  ///   of locks that a thread nests is judged then, 65,536 nestings at most.
  public init(_ name: String, nesting: Nesting = .reported) {
    number = LockClassRegistry.number(named: name, nestsByInstance: nesting == .byInstance)
  }

  /// Its name, as reports print it.
  public var name: String { LockClassRegistry.name(number) }

  init(number: UInt32) { self.number = number }
}
