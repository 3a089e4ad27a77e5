import LockGraphEngine

/// Where classes stand in lists of patterns.
///
/// In each list a class stands where the pattern is that means it most: one that is its whole name,
/// then one that is the name of the class of which it is a nesting level, then of those with
/// wildcards the one that says most characters, then the first.
struct PatternTable {
  /// A place in a list.
  struct Place: Equatable {
    var list: Int
    /// From zero; what stands in one group has one position.
    var position: Int
    var declared: Int
  }

  /// All patterns; places refer to them.
  let declared: [DeclaredOrder.Declared]
  private var literals: [[UInt32]: [Place]] = [:]
  private var wildcards: [(pattern: ClassPattern, place: Place)] = []

  init(_ lists: [[[DeclaredOrder.Declared]]]) {
    var all: [DeclaredOrder.Declared] = []
    for (list, groups) in lists.enumerated() {
      for (position, group) in groups.enumerated() {
        for declared in group {
          let place = Place(list: list, position: position, declared: all.count)
          all.append(declared)
          if let literal = declared.pattern.literal {
            literals[ClassName(literal).key, default: []].append(place)
          } else {
            wildcards.append((declared.pattern, place))
          }
        }
      }
    }
    declared = all
    let specificity = wildcards.map(\.pattern.specificity)
    wildcards = wildcards.indices.sorted {
      (-specificity[$0], $0) < (-specificity[$1], $1)
    }.map { wildcards[$0] }
  }

  /// The places of a class, at most one a list, by list.
  ///
  /// - Complexity: O(wildcards × length of the name).
  func places(of name: ClassName) -> [Place] {
    var found: [Int: Place] = [:]
    func add(_ places: [Place]?) {
      for place in places ?? [] where found[place.list] == nil { found[place.list] = place }
    }
    add(literals[name.key])
    if let base = name.baseKey { add(literals[base]) }
    for (pattern, place) in wildcards where found[place.list] == nil && pattern.matches(name) {
      found[place.list] = place
    }
    return found.values.sorted { $0.list < $1.list }
  }

  /// The places of each text with wildcards, under the text: that is one thing wherever it stands.
  var wildcardPlaces: [(text: String, places: [Place])] {
    var byText: [[UInt32]: [Place]] = [:]
    var order: [String] = []
    for (pattern, place) in wildcards.sorted(by: { $0.place.declared < $1.place.declared }) {
      let key = ClassName(pattern.text).key
      if byText[key] == nil { order.append(pattern.text) }
      byText[key, default: []].append(place)
    }
    return order.map { ($0, byText[ClassName($0).key] ?? []) }
  }
}
