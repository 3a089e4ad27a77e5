/// Where the lexicographically least rotation of a sequence begins: the same sequence going round
/// gives the same rotation wherever it was entered. Two candidates are moved past each other (K. S.
/// Booth's problem, in the form of Y. Shiloach).
///
/// - Complexity: O(length).
func leastRotation<Element>(
  of count: Int, _ element: (Int) -> Element, precedes: (Element, Element) -> Bool
) -> Int {
  var one = 0
  var other = 1
  var length = 0
  while one < count, other < count, length < count {
    let (left, right) = (element((one + length) % count), element((other + length) % count))
    if precedes(left, right) {
      other += length + 1
      length = 0
    } else if precedes(right, left) {
      one += length + 1
      length = 0
    } else {
      length += 1
      continue
    }
    if one == other { other += 1 }
  }
  return min(one, other)
}
