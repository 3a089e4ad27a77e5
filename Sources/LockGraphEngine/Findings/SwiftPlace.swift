/// A place as `#fileID`, `#line` and `#column` tell it: `Bank/Bank.swift:10:22`.
struct SwiftPlace: Hashable {
  var module: String
  /// Without folders.
  var file: String
  var line: Int
  var column: Int

  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let line = Int(parts[1]), let column = Int(parts[2]),
      parts[0].hasSuffix(".swift")
    else { return nil }
    let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    guard names.count == 2, !names[0].isEmpty, line > 0, column > 0 else { return nil }
    module = String(names[0])
    file = String(names[1])
    self.line = line
    self.column = column
  }
}
