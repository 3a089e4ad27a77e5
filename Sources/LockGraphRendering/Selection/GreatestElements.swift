/// The first elements of a sequence in an order, found without sorting the whole.
struct GreatestElements<Element> {
  private var elements: [Element] = []
  private let limit: Int
  private let precedes: (Element, Element) -> Bool

  /// Keeps the `limit` elements that come first by `precedes`, which has to be a total order for
  /// results that do not depend on the order of insertion.
  init(_ limit: Int, by precedes: @escaping (Element, Element) -> Bool) {
    self.limit = limit
    self.precedes = precedes
  }

  /// - Complexity: O(log limit) on average.
  mutating func insert(_ element: Element) {
    guard limit > 0 else { return }
    if elements.count >= limit, isTrimmed, !precedes(element, elements[limit - 1]) { return }
    elements.append(element)
    if elements.count >= 2 * limit { trim() }
  }

  /// Whether the first `limit` elements are in order, so that the last of them is a bound.
  private var isTrimmed = false

  private mutating func trim() {
    elements.sort(by: precedes)
    elements.removeLast(max(0, elements.count - limit))
    isTrimmed = true
  }

  /// The elements kept, in order.
  var sorted: [Element] { Array(elements.sorted(by: precedes).prefix(limit)) }
}
