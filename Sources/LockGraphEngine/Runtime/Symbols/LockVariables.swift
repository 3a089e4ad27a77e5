#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What locks without a name are called in the source: the variable that is set where one is made.
///
/// The program does not know that; its source does, if it is there. It is looked for as a package
/// has it, in `Sources` and `Tests` of the folder in which the program runs, when there is a report
/// to print, and only so far.
enum LockVariables {
  private static let entryLimit = 4096
  private static let sizeLimit = 4 << 20

  private struct State {
    /// By module: files by their names; nothing where several have one.
    var files: [String: [String: String?]] = [:]
    var lines: [String: [Substring]] = [:]
  }

  private static let state = InternalLock { State() }

  /// The variable of the locks that are made at a place.
  static func name(at text: String) -> String? {
    guard let place = SwiftPlace(text) else { return nil }
    let line = state.withLock { state -> Substring? in
      if state.files[place.module] == nil { state.files[place.module] = files(of: place.module) }
      guard case .some(.some(let path)) = state.files[place.module]?[place.file] else { return nil }
      if state.lines[path] == nil { state.lines[path] = lines(of: path) }
      guard let lines = state.lines[path], place.line <= lines.count else { return nil }
      return lines[place.line - 1]
    }
    guard case .some(.some(let line)) = line else { return nil }
    return variable(in: line, before: place.column)
  }

  /// What a line sets to the value that begins at a column.
  static func variable(in line: Substring, before column: Int) -> String? {
    guard column <= line.utf8.count else { return nil }
    let text = String(decoding: line.utf8.prefix(column - 1), as: UTF8.self)
    // `let name: Type =`, `self.name =`, `name =`
    guard let equals = text.lastIndex(of: "=") else { return nil }
    let between = text[text.index(after: equals)...]
    guard
      between.allSatisfy({
        $0.isWhitespace || $0.isLetter || $0.isNumber || ".<>[]?,:_".contains($0)
      }
      )
    else { return nil }
    var left = text[..<equals]
    if let colon = left.firstIndex(of: ":") { left = left[..<colon] }
    let name = left.reversed().drop(while: \.isWhitespace).prefix {
      $0.isLetter || $0.isNumber || $0 == "_"
    }
    return name.isEmpty || name.last?.isNumber == true ? nil : String(name.reversed())
  }

  private static func lines(of path: String) -> [Substring] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < sizeLimit {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }

  private static func files(of module: String) -> [String: String?] {
    var files: [String: String?] = [:]
    var rest = entryLimit
    for folder in ["Sources/\(module)", "Tests/\(module)"] { add(folder, to: &files, &rest) }
    return files
  }

  private static func add(_ folder: String, to files: inout [String: String?], _ rest: inout Int) {
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while rest > 0, let entry = readdir(entries) {
      rest -= 1
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(".") { continue }
      let path = "\(folder)/\(name)"
      if name.hasSuffix(".swift") {
        files[name] = .some(files[name] == nil ? path : nil)
      } else if !name.contains(".") {
        add(path, to: &files, &rest)
      }
    }
  }
}

extension Finding {
  /// With the names of functions and variables in place of what the program knows of them.
  var forPeople: Finding { withSymbols(Symbolizer.frames).withVariables(LockVariables.name) }

  /// With the variables of locks whose class is the place where they are made. What it is known by
  /// stays.
  func withVariables(_ variable: (String) -> String?) -> Finding {
    var names: [String: String] = [:]
    for name in Set(classes) {
      // A nesting level is behind the name.
      let place = name.last?.isNumber == true ? name.prefixBeforeLevel : name
      names[name] = variable(place)
    }
    guard !names.isEmpty else { return self }
    func named(_ lock: WitnessedLock) -> WitnessedLock {
      var lock = lock
      if let name = names[lock.lockClass] { lock.lock = "\(name), \(lock.lock)" }
      return lock
    }
    var finding = self
    for (place, name) in names.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) {
      finding.title = finding.title.replacing(place, with: "\(name) (\(place))")
    }
    for edge in finding.edges.indices {
      for witness in finding.edges[edge].witnesses.indices {
        let old = finding.edges[edge].witnesses[witness]
        finding.edges[edge].witnesses[witness].held = named(old.held)
        finding.edges[edge].witnesses[witness].wanted = named(old.wanted)
        finding.edges[edge].witnesses[witness].alsoHeld = old.alsoHeld.map(named)
      }
    }
    for event in finding.events.indices {
      finding.events[event].lock = finding.events[event].lock.map(named)
    }
    for waiter in finding.waiters.indices {
      finding.waiters[waiter].wanted = finding.waiters[waiter].wanted.map(named)
      finding.waiters[waiter].held = finding.waiters[waiter].held.map(named)
    }
    return finding
  }
}

extension String {
  /// `F.swift:1:2/1` without `/1`.
  fileprivate var prefixBeforeLevel: String {
    guard let slash = lastIndex(of: "/"), self[index(after: slash)...].allSatisfy(\.isNumber) else {
      return self
    }
    return String(self[..<slash])
  }
}
