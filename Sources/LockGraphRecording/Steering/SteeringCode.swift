import LockGraphEngine

/// Finds the code of places in the recordings of a program, each of whose sites has both: the
/// addresses and, by its names, the place as reports have it.
package struct SteeringCode {
  private struct Site {
    var addresses: [UInt64]
    /// By address.
    var frames: [Steering.Frame]
    var at: String?
    var stack: [String]
    /// How many of the addresses lead to the first function that is the program's own.
    var own: Int
  }

  private var sites: [[Site]] = []
  private var modules: [Steering.Module] = []
  /// Places that validated locks know themselves by.
  private var named: Set<String> = []

  package init() {}

  /// Takes the places of findings that validated locks have left in these inputs.
  package mutating func add(_ findings: [Finding], of inputs: [String]) {
    for witness in findings.flatMap(\.edges).flatMap(\.witnesses)
    where inputs.contains(witness.input) {
      named.formUnion([witness.held.at, witness.wanted.at].compactMap(\.self))
    }
  }

  /// Takes the sites of a recording.
  package mutating func add(_ recording: Recording) {
    let tables = recording.tables
    sites.append(
      tables.sites.sorted { $0.key < $1.key }.map { site(of: $0.value, tables) })
  }

  private mutating func site(
    of site: RecordingTables.Site, _ tables: RecordingTables
  ) -> Site {
    let functions = tables.frames(of: site)
    let own = ProgramFrames.own(functions)
    var frames: [Steering.Frame] = []
    for address in site.addresses.prefix(Steering.mostFrames) {
      guard let module = tables.module(of: address &- 1, in: site), !module.path.isEmpty else {
        break
      }
      frames.append(
        .init(module: number(of: module), offset: address &- module.bias))
    }
    let first = own.first
    return Site(
      addresses: site.addresses, frames: frames,
      at: first.flatMap { $0.file.isEmpty || $0.line == 0 ? nil : $0.position },
      stack: own.map(\.frameText), own: depthOfOwn(site, tables))
  }

  private func depthOfOwn(_ site: RecordingTables.Site, _ tables: RecordingTables) -> Int {
    let depth = site.addresses.firstIndex { address in
      (tables.functions[address] ?? []).contains(where: ProgramFrames.isOwn)
    }
    return (depth ?? 0) + 1
  }

  private mutating func number(of module: RecordingTables.Module) -> Int {
    let known = Steering.Module(buildIdentifier: module.buildIdentifier, path: module.path)
    if let number = modules.firstIndex(of: known) { return number }
    modules.append(known)
    return modules.count - 1
  }

  /// The steering with the code of its places.
  ///
  /// - Parameter isChanged: the program may be another one than the places are of.
  /// - Throws: the places of which there is none.
  /// - Complexity: O(places × sites), and O(sites²) where places are told apart by their callers.
  package func steering(
    _ plan: Steering, isChanged: Bool
  ) throws(Steering.Obstacle) -> Steering {
    var steering = plan
    steering.modules = []
    var missing: [String] = []
    func find(_ place: Steering.Place) -> Steering.Place {
      var place = place
      place.chains = chains(of: place, isChanged: isChanged)
      let isNamed = place.at.map(named.contains) ?? false
      if place.chains.isEmpty, !isNamed, !missing.contains(place.text) {
        missing.append(place.text)
      }
      return place
    }
    for index in steering.sides.indices {
      steering.sides[index].outer = steering.sides[index].outer.map(find)
      steering.sides[index].inner = find(steering.sides[index].inner)
    }
    guard missing.isEmpty else {
      throw Steering.Obstacle(
        text: "no lock was taken at \(missing.joined(separator: " nor at ")) in a recorded run")
    }
    return steering.renumbered(modules)
  }

  private func chains(of place: Steering.Place, isChanged: Bool) -> [[Steering.Frame]] {
    var chains: [[Steering.Frame]] = []
    for sites in sites {
      let matching = SteeringMatch(place, isChanged: isChanged).indices(
        of: sites.map { ($0.at, $0.stack) })
      for index in matching where !sites[index].frames.isEmpty {
        let chain = chain(of: sites[index], among: sites, matching)
        if !chains.contains(chain) { chains.append(chain) }
      }
    }
    return chains
  }

  /// As many calls as lead from the program's own function to the lock, and as many more as tell
  /// the place from others.
  private func chain(of site: Site, among sites: [Site], _ matching: [Int]) -> [Steering.Frame] {
    let others = sites.indices.filter { !matching.contains($0) }.map { sites[$0].frames }
    let least = min(max(1, site.own), site.frames.count)
    for count in least...site.frames.count {
      let chain = site.frames.prefix(count)
      if !others.contains(where: { $0.starts(with: chain) }) { return Array(chain) }
    }
    return Array(site.frames.prefix(least))
  }
}

/// Which of many sites a place is: the one that has all of its functions and lines; else what is on
/// the same line of its first function, or anywhere in that; else what is on its line. Lines of a
/// program that was changed since say nothing while there is a function.
private struct SteeringMatch {
  private let place: Steering.Place
  private let isChanged: Bool

  init(_ place: Steering.Place, isChanged: Bool) {
    self.place = place
    self.isChanged = isChanged
  }

  func indices(of sites: [(at: String?, stack: [String])]) -> [Int] {
    let tests =
      isChanged ? [isSameFunction, isSameLine] : [isSame, isSameFrame, isSameFunction, isSameLine]
    for test in tests {
      let found = sites.indices.filter { test(sites[$0].at, sites[$0].stack) }
      if !found.isEmpty { return found }
    }
    return []
  }

  private func isSame(_ at: String?, _ stack: [String]) -> Bool {
    !place.stack.isEmpty && at == place.at && stack == place.stack
  }

  private func isSameFrame(_ at: String?, _ stack: [String]) -> Bool {
    !place.stack.isEmpty && stack.first == place.stack.first
  }

  private func isSameFunction(_ at: String?, _ stack: [String]) -> Bool {
    guard let function = place.stack.first.map(Self.function), !function.isEmpty else {
      return false
    }
    return stack.first.map(Self.function) == function && isSameFile(at)
  }

  /// `take` of `take (bank.c:12)`.
  private static func function(_ frame: String) -> String {
    guard let end = frame.lastIndex(of: "("), end > frame.startIndex else { return frame }
    return String(frame[..<frame.index(before: end)])
  }

  private func isSameFile(_ at: String?) -> Bool {
    guard let own = place.at, let at else { return true }
    return Self.base(Self.parts(own).file) == Self.base(Self.parts(at).file)
  }

  /// A trace may have a part of the path only, and no column.
  private func isSameLine(_ at: String?, _ stack: [String]) -> Bool {
    guard let own = place.at.map(Self.parts), let other = at.map(Self.parts) else { return false }
    guard own.line != nil, own.line == other.line,
      own.column == nil || other.column == nil || own.column == other.column
    else { return false }
    let (short, long) =
      own.file.utf8.count < other.file.utf8.count ? (own.file, other.file) : (other.file, own.file)
    return short == long || long.hasSuffix("/" + short)
  }

  private static func base(_ path: String) -> Substring {
    path.split(separator: "/").last ?? ""
  }

  private static func parts(_ at: String) -> (file: String, line: Int?, column: Int?) {
    var parts = at.split(separator: ":", omittingEmptySubsequences: false)
    var numbers: [Int] = []
    while parts.count > 1, numbers.count < 2, let number = Int(parts[parts.count - 1]) {
      numbers.insert(number, at: 0)
      parts.removeLast()
    }
    return (parts.joined(separator: ":"), numbers.first, numbers.count > 1 ? numbers[1] : nil)
  }
}

extension Steering {
  /// With the modules that its places are in, and no others.
  fileprivate func renumbered(_ all: [Module]) -> Steering {
    var steering = self
    var numbers: [Int: Int] = [:]
    func renumber(_ place: inout Place) {
      for chain in place.chains.indices {
        for frame in place.chains[chain].indices {
          let old = place.chains[chain][frame].module
          if numbers[old] == nil {
            numbers[old] = steering.modules.count
            steering.modules.append(all[old])
          }
          place.chains[chain][frame].module = numbers[old]!
        }
      }
    }
    for index in steering.sides.indices {
      if var outer = steering.sides[index].outer {
        renumber(&outer)
        steering.sides[index].outer = outer
      }
      var inner = steering.sides[index].inner
      renumber(&inner)
      steering.sides[index].inner = inner
    }
    return steering
  }
}
