/// The comments in the source that let findings through, in the files that an analysis names.
package struct SourceComments: Sendable {
  /// Longer ways to a lock are not looked through.
  private static let callLimit = 4
  /// A program has fewer files that take locks.
  private static let fileLimit = 20_000

  /// Sorted by file and line.
  let all: [SourceComment]
  /// The numbers of those that are about a line of a file.
  private var byLine: [String: [Int: [Int]]] = [:]
  private let path: @Sendable (String) -> String

  /// - Parameters:
  ///   - folder: below which the files are.
  ///   - path: what a file that a trace names is called there.
  /// - Throws: what is wrong with a comment, with line and column.
  /// - Complexity: O(dependencies + bytes of the files).
  package init(
    of analysis: Analysis, below folder: String, path: @escaping @Sendable (String) -> String
  ) throws(TraceError) {
    self.path = path
    guard let folder = SourceFolder(folder) else {
      all = []
      return
    }
    var all: [SourceComment] = []
    for file in Self.files(of: analysis, path).sorted().prefix(Self.fileLimit) {
      guard let bytes = try? folder.content(of: file) else { continue }
      let own = try SourceComment.all(in: TextDocument(name: file, bytes: bytes))
      for comment in own {
        for line in comment.lines {
          byLine[file, default: [:]][line, default: []].append(all.count)
        }
        all.append(comment)
      }
    }
    self.all = all
  }

  private static func files(_ at: String?, _ stack: [String]) -> [SourcePosition] {
    [at.flatMap { SourcePosition($0) }].compactMap(\.self)
      + stack.prefix(callLimit).compactMap { SourcePosition(frame: $0) }
  }

  private static func files(of analysis: Analysis, _ path: (String) -> String) -> Set<String> {
    var named: Set<String> = []
    func add(_ at: String?, _ stack: [String]) {
      for position in files(at, stack) { named.insert(position.file) }
    }
    for dependency in analysis.graph.dependencies {
      guard let witness = analysis.graph.firstWitness(of: dependency) else { continue }
      for lock in [witness.held, witness.wanted] { add(lock.at, lock.stack) }
    }
    for finding in analysis.findings {
      for event in finding.events { add(event.at, event.stack) }
      for waiter in finding.waiters { add(waiter.at, waiter.stack) }
      for witness in finding.edges.flatMap(\.witnesses) {
        for lock in [witness.held, witness.wanted] { add(lock.at, lock.stack) }
      }
    }
    return Set(named.map(path))
  }

  /// The numbers of the comments that let a finding through.
  ///
  /// An order is let through if each acquisition that established it is, where the one lock was
  /// taken or the other asked for, and a circle if one of its orders is. What single events are is
  /// let through at any of them.
  func excuses(for finding: Finding) -> [Int] {
    guard !all.isEmpty else { return [] }
    func comments(_ at: String?, _ stack: [String]) -> [Int] {
      Self.files(at, stack).flatMap { byLine[path($0.file)]?[$0.line] ?? [] }
        .filter { all[$0].rules.contains(finding.rule) }
    }
    var found: [Int] = []
    for edge in finding.edges {
      let own = edge.witnesses.map { witness in
        comments(witness.wanted.at, witness.wanted.stack)
          + comments(witness.held.at, witness.held.stack)
      }
      if own.allSatisfy({ !$0.isEmpty }) { found += own.joined() }
    }
    for waiter in finding.waiters { found += comments(waiter.at, waiter.stack) }
    for event in finding.events { found += comments(event.at, event.stack) }
    var seen: Set<Int> = []
    return found.filter { seen.insert($0).inserted }
  }
}
