/// Which findings that no entry of a baseline knows are those of an entry that is gone, with
/// classes that have other names now.
///
/// Rule and places have to be the same, side by side; the old names must be those of no class any
/// more, and the new ones in no entry.
struct RenameMatching {
  struct Rename {
    var finding: Int
    var entry: Int
    /// In the order of the finding.
    var names: [(old: String, new: String)]
  }

  /// One an entry and one a finding at most.
  private(set) var renames: [Rename] = []

  /// - Parameters:
  ///   - claims: the entry of each finding, as far as one is its.
  ///   - isOpen: whether a finding fails if no entry is its.
  ///   - classes: those that there are.
  /// - Complexity: expected O(findings + entries), and O(sides²) for those that fit.
  init(
    _ findings: [Finding], _ claims: [Int?], isOpen: [Bool], _ baseline: Baseline,
    classes: @autoclosure () -> Set<String>
  ) {
    let claimed = Set(claims.compactMap(\.self))
    var gone: [String: [Int]] = [:]
    for (number, entry) in baseline.entries.enumerated() where !claimed.contains(number) {
      if let places = entry.places {
        gone[Self.key(entry.rule, places), default: []].append(number)
      }
    }
    guard !gone.isEmpty else { return }
    let present = classes()
    let known = Set(baseline.entries.flatMap(\.classes))
    for (number, finding) in findings.enumerated() where isOpen[number] && claims[number] == nil {
      guard let places = finding.sidePlaces else { continue }
      let key = Self.key(finding.rule, places)
      for (index, candidate) in (gone[key] ?? []).enumerated() {
        let names = Self.names(baseline.entries[candidate], finding, places)
        guard let names,
          names.allSatisfy({ !present.contains($0.old) && !known.contains($0.new) })
        else { continue }
        gone[key]!.remove(at: index)
        renames.append(Rename(finding: number, entry: candidate, names: names))
        break
      }
    }
  }

  private static func key(_ rule: Rule, _ places: [String]) -> String {
    ([rule.rawValue] + places.sorted()).joined(separator: "\u{1}")
  }

  /// What became of which name; `nil` where the sides do not fit, or nothing has another name.
  private static func names(
    _ entry: Baseline.Entry, _ finding: Finding, _ places: [String]
  ) -> [(old: String, new: String)]? {
    let (old, new) = (entry.classes, finding.classes)
    guard let known = entry.places, known.count == places.count, old.count == new.count else {
      return nil
    }
    // A circle begins with its least name, which can be another one now.
    let turns = old.count == known.count ? Array(known.indices) : [0]
    for turn in turns {
      let isSame = places.indices.allSatisfy { known[($0 + turn) % known.count] == places[$0] }
      guard isSame else { continue }
      var names: [(old: String, new: String)] = []
      var forward: [String: String] = [:]
      var backward: [String: String] = [:]
      var isOneToOne = true
      for number in new.indices {
        let (before, after) = (old[(number + turn) % old.count], new[number])
        isOneToOne =
          isOneToOne && forward[before, default: after] == after
          && backward[after, default: before] == before
        if forward[before] == nil, before != after { names.append((before, after)) }
        (forward[before], backward[after]) = (after, before)
      }
      if isOneToOne, !names.isEmpty { return names }
    }
    return nil
  }
}
