// Where something was done: the place, the calls that led there, the code there.

extension TextReport {
  /// So many calls are told.
  private static var callLimit: Int { 8 }

  /// A place in the source and the line of the input that tells of it, each in one piece.
  static func place(_ place: String?, _ input: String, _ line: UInt64) -> String {
    let position = "\(input):\(line)"
    return place.map { "\(TextLayout.whole("at \($0)")) \(TextLayout.whole("(\(position))"))" }
      ?? TextLayout.whole("at \(position)")
  }

  /// The place of a lock with what belongs to it, after a blank.
  func at(_ lock: WitnessedLock, _ input: String) -> String {
    " " + Self.place(lock.place, input, lock.line)
  }

  /// The place alone, as columns have it.
  static func place(_ lock: WitnessedLock, _ input: String) -> String {
    TextLayout.whole("at " + InversionScenario.place(lock, input))
  }

  /// The calls that led to a place, and the code there.
  mutating func addContext(of lock: WitnessedLock, indent: Int) {
    addContext(at: lock.at, stack: lock.stack, indent: indent)
  }

  /// The calls that led to a place, and the code there, each line once a finding.
  mutating func addContext(at: String?, stack: [String], indent: Int) {
    // The innermost frame has been told as the place where there is no other.
    addCalls(
      at == nil ? stack.dropFirst() : stack[...], lead: at == nil ? "from" : "in", indent: indent)
    guard let excerpt = sources?.excerpt(at: at, stack: stack, shown: &shownCode) else { return }
    everShownCode.insert(excerpt.place)
    let told =
      at.flatMap { SourcePosition($0) } ?? stack.first.flatMap { SourcePosition(frame: $0) }
    if told.map({ "\($0.file):\($0.line)" }) != excerpt.place {
      wrapped(TextLayout.whole("\(excerpt.place):"), indent: indent)
    }
    let blanks = String(repeating: " ", count: indent)
    for text in excerpt.text(width: width - indent) { line(style.paint(blanks + text, .faint)) }
  }

  private mutating func addCalls(_ calls: ArraySlice<String>, lead: String, indent: Int) {
    guard !calls.isEmpty else { return }
    let shown = calls.prefix(Self.callLimit).map { TextLayout.whole($0) }
    let rest = calls.count - shown.count
    let more = rest > 0 ? "… \(Counted.grouped(rest, "more call"))" : nil
    guard calls.prefix(Self.callLimit).contains(where: { SourcePosition(frame: $0) != nil }) else {
      let text = (shown + [more].compactMap(\.self)).joined(separator: " < ")
      wrapped("\(lead) \(text)", indent: indent, hanging: 2)
      return
    }
    // With places they are too long to stand beside each other.
    let blanks = String(repeating: " ", count: lead.count)
    for (number, call) in (shown + [more].compactMap(\.self)).enumerated() {
      wrapped(
        "\(number == 0 ? lead : blanks) \(call)", indent: indent, hanging: lead.count + 1)
    }
  }

  /// The files of which no code could be shown, once.
  mutating func addMissingCode() {
    guard let lacks = sources?.lacks, !lacks.isEmpty else { return }
    let named = lacks.prefix(4).map { TextLayout.whole("\($0.path) (\($0.lack.rawValue))") }
    let more = lacks.count > 4 ? " and \(Counted.grouped(lacks.count - 4, "more file"))" : ""
    wrapped("No code is shown of \(named.joined(separator: ", "))\(more).", indent: 0, hanging: 2)
  }
}
