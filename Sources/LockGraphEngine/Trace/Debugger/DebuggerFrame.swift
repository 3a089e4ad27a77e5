/// A frame as gdb and lldb print it.
struct DebuggerFrame {
  /// `audit_visit (audit.c:133)`
  var text: String
  /// The name alone, without arguments.
  var function: String
  /// What stands in the brackets behind it: `mutex=0x55555555a040 <account_lock>`.
  var arguments: String

  /// `#4  0x00005555555552d2 in audit_visit () at audit.c:133`,
  /// `* frame #1: 0x00007fff libsystem_pthread.dylib`pthread_mutex_lock + 10 at x.c:3`
  ///
  /// - Returns: `nil` if the line is no frame.
  init?(_ line: UnsafeRawBufferPointer) {
    var text = line.trimmed
    if text.hasPrefix("* ") { text = text.from(2).trimmed }
    if text.hasPrefix("frame #") {
      guard let colon = text.offset(of: ": ") else { return nil }
      self.init(lldb: text.from(colon + 2))
      return
    }
    guard text.first == UInt8(ascii: "#") else { return nil }
    let digits = text.from(1).prefix(while: isDigit).count
    let rest = text.from(1 + digits)
    guard digits > 0, rest.first == 0x20 else { return nil }
    self.init(gdb: rest.trimmed)
  }

  private init(gdb line: UnsafeRawBufferPointer) {
    var rest = line
    if rest.hasPrefix("0x"), let blank = rest.offset(of: " ") {
      rest = rest.from(blank).trimmed
      if rest.hasPrefix("in ") { rest = rest.from(3) }
      // eu-stack: `0x00007f name - /lib/x.so`
      if rest.hasPrefix("- ") { rest = rest.from(2) }
    }
    let file = Self.file(of: rest)
    let end = rest.offset(of: " (").map { Self.startOfArguments(rest, $0) }
    function = rest.upTo(end ?? rest.offset(of: " ") ?? rest.count).trimmed.text
    arguments = ""
    if let end, let open = rest.offset(of: "(", from: end) {
      let close = Self.closing(rest, open) ?? rest.count
      arguments = UnsafeRawBufferPointer(rebasing: rest[(open + 1)..<max(open + 1, close)]).text
    }
    text = NativeFrames.text(function, file) ?? "??"
  }

  /// Behind names that hold brackets themselves the arguments are the last ones.
  private static func startOfArguments(_ text: UnsafeRawBufferPointer, _ first: Int) -> Int {
    var start = first
    // `operator() (…)`, `foo(int) const (this=…)`
    while let close = closing(text, start + 1), let next = text.offset(of: " (", from: close),
      next <= close + 7
    { start = next }
    return start
  }

  private static func closing(_ text: UnsafeRawBufferPointer, _ open: Int) -> Int? {
    var depth = 0
    var index = open
    while index < text.count {
      if text[index] == UInt8(ascii: "(") { depth += 1 }
      if text[index] == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return index }
      }
      index += 1
    }
    return nil
  }

  private init(lldb line: UnsafeRawBufferPointer) {
    var rest = line
    if rest.hasPrefix("0x"), let blank = rest.offset(of: " ") { rest = rest.from(blank).trimmed }
    if let tick = rest.firstIndex(of: UInt8(ascii: "`")) { rest = rest.from(tick + 1) }
    let file = Self.file(of: rest)
    let end = rest.offset(of: " at ") ?? rest.offset(of: " + ") ?? rest.count
    let name = rest.upTo(end).trimmed
    if name.last == UInt8(ascii: ")"), let open = name.firstIndex(of: UInt8(ascii: "(")), open > 0 {
      function = name.upTo(open).text
      arguments = UnsafeRawBufferPointer(rebasing: name[(open + 1)..<(name.count - 1)]).text
    } else {
      function = name.text
      arguments = ""
    }
    text = NativeFrames.text(function, file) ?? "??"
  }

  /// `audit.c:133` behind the last ` at `.
  private static func file(of text: UnsafeRawBufferPointer) -> String? {
    var found: Int?
    var start = 0
    while let next = text.offset(of: " at ", from: start) {
      found = next
      start = next + 4
    }
    guard let found else { return nil }
    let place = text.from(found + 4)
    let end = place.offset(of: " [") ?? place.offset(of: " from ") ?? place.count
    let file = place.upTo(end).trimmed.text
    return SourcePosition(file) == nil ? nil : file
  }

  /// The value of an argument: address and the symbol that it lies in.
  func argument(_ names: [String]) -> (address: String, symbol: String?)? {
    // `futex=futex@entry=0x55…` is what it was at the beginning of the function.
    for mark in names.flatMap({ [$0 + "=0x", $0 + "@entry=0x"] }) {
      guard let start = Self.range(of: mark, in: arguments) else { continue }
      let rest = arguments[start...].dropFirst(mark.utf8.count)
      let digits = rest.prefix { $0.isHexDigit }.drop { $0 == "0" }
      guard !digits.isEmpty else { continue }
      let after = rest.drop { $0.isHexDigit }
      var symbol: String?
      if after.hasPrefix(" <"), let end = after.firstIndex(of: ">") {
        symbol = String(after[..<end].dropFirst(2))
      }
      return ("0x\(digits)", symbol)
    }
    return nil
  }

  private static func range(of text: String, in all: String) -> String.Index? {
    for found in all.ranges(of: text) {
      let start = found.lowerBound
      guard start > all.startIndex else { return start }
      // `mutex=` is not the end of another name.
      let before = all[all.index(before: start)]
      if !before.isLetter, before != "_" { return start }
    }
    return nil
  }
}
