/// The word of a list that somebody most likely meant: the one with the fewest typing errors, if
/// they are few.
///
/// Damerau's distance: a letter too many, missing, wrong, or two swapped count one each. Letters
/// are compared without case, and words by their beginnings: what is longer is no typing error.
///
/// - Parameter isAnyGood: the nearest word is wanted even if there is no likeness at all.
/// - Complexity: O(words), times a constant.
package func nearestWord(
  to word: String, among words: some Sequence<String>, isAnyGood: Bool = false
) -> String? {
  let typed = compared(word)
  guard !typed.isEmpty else { return nil }
  var best: (distance: Int, length: Int, word: String)?
  for candidate in words {
    let letters = compared(candidate)
    let limit = best?.distance ?? .max
    if let distance = typingDistance(typed, letters, below: limit) {
      best = (distance, letters.count, candidate)
    }
  }
  guard let best, isAnyGood || best.distance <= max(1, min(typed.count, best.length) / 2) else {
    return nil
  }
  return best.word
}

private func compared(_ word: String) -> [UInt32] {
  let length = 64
  let lowercased = String(word.unicodeScalars.prefix(length)).lowercased()
  return lowercased.unicodeScalars.prefix(length).map(\.value)
}

/// Nil if it is not below a limit.
private func typingDistance(_ left: [UInt32], _ right: [UInt32], below limit: Int) -> Int? {
  guard abs(left.count - right.count) < limit else { return nil }
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      var distance = min(
        last[column + 1] + 1, current[column] + 1,
        last[column] + (left[row] == right[column] ? 0 : 1))
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, beforeLast[column - 1] + 1)
      }
      current.append(distance)
    }
    beforeLast = last
    last = current
    // A later row is reached from one of these two.
    if limit <= min(beforeLast.min()! + 1, last.min()!) { return nil }
  }
  return last[right.count] < limit ? last[right.count] : nil
}
