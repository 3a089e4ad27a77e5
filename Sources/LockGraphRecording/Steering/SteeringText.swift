import LockGraphEngine

// The file of a steering, as docs/confirm.md has it. The recorder reads the lines that begin with
// `module`, `side`, `outer` and `inner`; the others are for people, and for when the program was
// built anew.

extension Steering {
  /// What files of this version begin with.
  package static let firstLine = "lockgraph steering 1"
  /// What files of every version begin with.
  private static let mark = "lockgraph steering "
  /// The recorder reads no more.
  private static let largestFile = 256 << 10 - 1

  /// Reads a file, if it is one of a steering.
  ///
  /// - Throws: what is wrong in it.
  package static func saved(at path: String) throws(TraceError) -> Steering? {
    guard let bytes = FileContents.beginning(of: path, upTo: largestFile + 1),
      bytes.starts(with: mark.utf8)
    else { return nil }
    guard bytes.count <= largestFile else {
      throw TraceError(
        input: path, message: "is too long for a steering",
        expected: "at most \(largestFile) bytes")
    }
    return try Steering(String(decoding: bytes, as: UTF8.self), named: path)
  }

  /// The file.
  package var text: String {
    var lines = [Self.firstLine]
    if !fingerprint.isEmpty { lines.append("finding \(fingerprint)") }
    if !title.isEmpty { lines.append("title \(Self.line(title))") }
    for (number, module) in modules.enumerated() {
      let build = module.buildIdentifier.isEmpty ? "-" : module.buildIdentifier
      lines.append("module \(number) \(build) \(Self.line(module.path))")
    }
    for side in sides {
      lines.append("side")
      if let outer = side.outer { Self.add(outer, "outer", &lines) }
      Self.add(side.inner, "inner", &lines)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func add(_ place: Place, _ word: String, _ lines: inout [String]) {
    if let at = place.at { lines.append("\(word)-at \(line(at))") }
    for frame in place.stack { lines.append("\(word)-in \(line(frame))") }
    for chain in place.chains {
      let frames = chain.map { "\($0.module)+\(String($0.offset, radix: 16))" }
      lines.append("\(word) \(frames.joined(separator: " "))")
    }
  }

  private static func line(_ text: String) -> String { text.withVisibleControls }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - text: its contents.
  ///   - name: what messages call it.
  /// - Throws: the line that is wrong, and what was expected in its place.
  /// - Complexity: O(length).
  package init(_ text: String, named name: String) throws(TraceError) {
    var reader = SteeringReader(name: name)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      try reader.take(line)
    }
    self = try reader.finish()
  }
}

/// Takes the lines of a file one by one.
private struct SteeringReader {
  private static let words =
    "finding, title, module, side, outer, outer-at, outer-in, inner, inner-at or inner-in"

  private let name: String
  private var number: UInt64 = 0
  private var line: Substring = ""
  private var steering = Steering(fingerprint: "", title: "", sides: [])
  private var outer: Steering.Place?
  private var inner: Steering.Place?
  private var hasSide = false

  init(name: String) { self.name = name }

  mutating func take(_ line: Substring) throws(TraceError) {
    number += 1
    self.line = line
    guard number > 1 else {
      guard line == Steering.firstLine else {
        throw failure(line, "is no steering that this version reads", "'\(Steering.firstLine)'")
      }
      return
    }
    let (word, rest) = Self.split(line)
    switch word {
    case "finding": steering.fingerprint = String(rest)
    case "title": steering.title = String(rest)
    case "module": try takeModule(rest)
    case "side": try beginSide()
    case "outer", "outer-at", "outer-in": try takePlace(word, rest, \.outer)
    case "inner", "inner-at", "inner-in": try takePlace(word, rest, \.inner)
    default:
      guard word.isEmpty || word.hasPrefix("#") else {
        throw failure(word, "unknown word", Self.words)
      }
    }
  }

  private mutating func takeModule(_ rest: Substring) throws(TraceError) {
    let (index, behind) = Self.split(rest)
    let (build, path) = Self.split(behind)
    guard Int(index) == steering.modules.count else {
      throw failure(index, "module out of order", "number \(steering.modules.count)")
    }
    guard build == "-" || !build.isEmpty && build.allSatisfy({ "0123456789abcdef".contains($0) })
    else {
      throw failure(build, "no build-id", "hexadecimal digits, or -")
    }
    guard !path.isEmpty else { throw failure(path, "module without a path", "a path") }
    steering.modules.append(
      .init(buildIdentifier: build == "-" ? "" : String(build), path: String(path)))
  }

  private mutating func takePlace(
    _ word: Substring, _ rest: Substring, _ side: WritableKeyPath<Self, Steering.Place?>
  ) throws(TraceError) {
    guard hasSide else { throw failure(word, "place outside a side", "'side' before it") }
    var place = self[keyPath: side] ?? Steering.Place(at: nil, stack: [])
    if word.hasSuffix("-at") {
      place.at = String(rest)
    } else if word.hasSuffix("-in") {
      place.stack.append(String(rest))
    } else {
      place.chains.append(try chain(rest))
    }
    self[keyPath: side] = place
  }

  private func chain(_ rest: Substring) throws(TraceError) -> [Steering.Frame] {
    var chain: [Steering.Frame] = []
    for text in rest.split(separator: " ") {
      let parts = text.split(separator: "+", omittingEmptySubsequences: false)
      guard parts.count == 2, let module = Int(parts[0]), steering.modules.indices ~= module,
        let offset = UInt64(parts[1], radix: 16)
      else {
        throw failure(
          text, "no address in a module above",
          "MODULE+OFFSET, the offset in hexadecimal digits")
      }
      chain.append(.init(module: module, offset: offset))
    }
    guard (1...Steering.mostFrames).contains(chain.count) else {
      throw failure(rest, "\(chain.count) addresses", "1 to \(Steering.mostFrames)")
    }
    return chain
  }

  private mutating func beginSide() throws(TraceError) {
    try endSide()
    guard steering.sides.count < Steering.mostSides else {
      throw failure(line, "one side too many", "up to \(Steering.mostSides)")
    }
    hasSide = true
  }

  private mutating func endSide() throws(TraceError) {
    guard hasSide else { return }
    guard let inner else {
      throw failure(line, "the side before has no place where it waits", "'inner' in each side")
    }
    steering.sides.append(.init(outer: outer, inner: inner))
    (outer, self.inner, hasSide) = (nil, nil, false)
  }

  mutating func finish() throws(TraceError) -> Steering {
    try endSide()
    guard steering.sides.count > 1 else {
      throw failure(line, "no circle", "two sides or more")
    }
    return steering
  }

  private func failure(
    _ part: Substring, _ message: String, _ expected: String
  ) -> TraceError {
    let column = line.utf8.distance(from: line.startIndex, to: part.startIndex) + 1
    let (text, mark) = Array(line.utf8).withUnsafeBytes {
      TraceError.excerpt($0, column: column)
    }
    return TraceError(
      input: name, line: number, column: column, message: message, text: text, mark: mark,
      expected: expected)
  }

  private static func split(_ text: Substring) -> (Substring, Substring) {
    guard let space = text.firstIndex(of: " ") else { return (text, text[text.endIndex...]) }
    return (text[..<space], text[text.index(after: space)...])
  }
}
