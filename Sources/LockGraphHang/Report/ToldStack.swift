/// The functions of a stack that a reader is told of, in words.
///
/// Between a program's functions and the one that waits, templates of the libraries of C++ and Rust
/// stand by the dozen, with names of several lines. Of those the program calls only the one is told
/// that it called itself, and names are without what they are instances of.
struct ToldStack {
  private(set) var frames: [StackFrame] = []

  /// - Parameter frames: without what is below `main` and the beginning of threads.
  init(_ all: [StackFrame]) {
    // What the C library calls inside has no name.
    let all = all.indices.filter { $0 == 0 || !all[$0].isOfSystem || all[$0].function != nil }
      .map { all[$0] }
    let isLibrary = all.map(Self.isOfLanguage)
    guard let first = all.indices.first(where: { !isLibrary[$0] && !all[$0].isOfSystem }) else {
      frames = all
      return
    }
    for (index, frame) in all.enumerated() {
      if index == 0 && !Self.isOfRuntime(frame) || index >= first && !isLibrary[index] {
        frames.append(frame)
      } else if index < first, !isLibrary[index] || index + 1 == first {
        frames.append(frame)
      }
    }
  }

  /// Whether a function is of a language's own library, and so the same in all programs.
  static func isOfLanguage(_ frame: StackFrame) -> Bool {
    if isOfRuntime(frame) { return true }
    let module = frame.module.split(separator: "/").last ?? ""
    if module.hasPrefix("libstdc++.") || module.hasPrefix("libc++.") { return true }
    guard let name = frame.function else { return false }
    let short = shortName(name)
    return libraries.contains { short.hasPrefix($0) }
  }

  /// Whether a function is of Java's own classes, made up to call a lambda expression, or what
  /// Python's threads begin with.
  private static func isOfRuntime(_ frame: StackFrame) -> Bool {
    guard frame.module.isEmpty, let name = frame.function else { return false }
    return ["(java.base@", "$$Lambda", "(threading.py:"].contains(where: name.contains)
  }

  private static let libraries = [
    "std::", "__gnu_cxx::", "__gthread_", "__cxxabiv1::", "core::", "alloc::",
  ]

  /// A function's name; of C++ without template arguments, parameters and what it returns.
  static func shortName(_ name: String) -> String {
    if let start = name.firstRange(of: "(java.base@")?.lowerBound,
      let slash = name[start...].firstIndex(of: "/")
    {
      return name[..<start] + "(" + name[name.index(after: slash)...]
    }
    let isInstance = ["std::", "__gnu_cxx::", "{lambda("].contains(where: name.contains)
    guard isInstance || name.hasPrefix("__gthread_"), !name.hasPrefix("<") else { return name }
    var short = ""
    var (angles, parentheses, braces) = (0, 0, 0)
    var rest = Substring(name)
    while let character = rest.first {
      if angles == 0, parentheses == 0, braces == 0 {
        if let kept = ["(anonymous namespace)", "operator()"].first(where: rest.hasPrefix) {
          short += kept.replacing(" ", with: "_")
          rest = rest.dropFirst(kept.count)
          continue
        }
        if rest.hasPrefix("operator"), let last = short.last, !last.isLetter, last != "_" {
          let signs = rest.dropFirst(8).prefix { "<>=!+-*/%&|^~,[]".contains($0) }
          short += "operator" + signs
          rest = rest.dropFirst(8 + signs.count)
          continue
        }
      }
      rest = rest.dropFirst()
      switch character {
      case "{": braces += 1
      case "<" where braces == 0: angles += 1
      case "(" where braces == 0 && angles == 0: parentheses += 1
      default: break
      }
      if angles == 0, parentheses == 0 { short.append(character) }
      switch character {
      case "}": braces -= 1
      case ">" where braces == 0 && angles > 0: angles -= 1
      case ")" where braces == 0 && angles == 0 && parentheses > 0: parentheses -= 1
      default: break
      }
    }
    if short.hasSuffix(" const") { short.removeLast(6) }
    if short.hasSuffix("}::operator()") { short.removeLast(12) }
    // What a function that is an instance of a template returns stands before its name.
    if let blank = short.lastIndex(of: " "), !short[..<blank].contains("{") {
      short = String(short[short.index(after: blank)...])
    }
    short = short.replacing("(anonymous_namespace)", with: "(anonymous namespace)")
    return short.isEmpty ? name : short.replacing(" const::", with: "::")
  }
}
