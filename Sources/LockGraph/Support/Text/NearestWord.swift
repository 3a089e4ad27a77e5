/// The word of a list that somebody most likely meant: the one with the fewest typing errors, if they are few.
///
/// Damerau's distance: a letter too many, missing, wrong, or two swapped count one each.
///
/// - Complexity: O(words × length²).
package func nearestWord(to word: String, among words: some Sequence<String>) -> String? {
  let typed = Array(word.lowercased().utf8.prefix(64))
  guard !typed.isEmpty else { return nil }
  var best: (distance: Int, word: String)?
  for candidate in words {
    let distance = typingDistance(typed, Array(candidate.lowercased().utf8.prefix(64)))
    if distance < best?.distance ?? .max { best = (distance, candidate) }
  }
  guard let best, best.distance <= max(1, min(typed.count, best.word.utf8.count) / 2) else {
    return nil
  }
  return best.word
}

private func typingDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for row in 1...left.count {
    var current = [row] + [Int](repeating: 0, count: right.count)
    for column in 1...right.count {
      let isSame = left[row - 1] == right[column - 1]
      current[column] = min(
        last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
      if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1]
      {
        current[column] = min(current[column], beforeLast[column - 2] + 1)
      }
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
