/// The names of many inputs, which the parser is given as one: it copies all that it has for each
/// further one.
///
/// An option takes one value, so what follows neither an option nor a value's option is an input's
/// name for certain.
enum GatheredNames {
  /// No argument of a process begins with it.
  private static let mark: Character = "\0"
  /// Fewer are no trouble.
  private static let least = 64
  private static let commands: Set<String> = [
    "analyze", "gate", "render", "stats", "convert", "merge", "what-if",
  ]

  private static let parts: (arguments: [String], names: [[String]]) = {
    let given = TerminatedCommand.ownArguments
    guard given.count > least, let command = given.first, commands.contains(command) else {
      return (given, [])
    }
    var arguments = [command]
    var names: [[String]] = []
    var follows = false
    for (index, argument) in given.enumerated().dropFirst() {
      guard !argument.hasPrefix("-"), !given[index - 1].hasPrefix("-") else {
        arguments.append(argument)
        follows = false
        continue
      }
      if !follows {
        arguments.append("\(mark)\(names.count)")
        names.append([])
        follows = true
      }
      names[names.count - 1].append(argument)
    }
    return (arguments, names)
  }()

  /// What the parser is given.
  static var arguments: [String] { parts.arguments }

  /// What the parser's names of inputs stand for.
  static func spread(_ names: [String]) -> [String] {
    names.flatMap { name in
      guard name.first == mark, let number = Int(name.dropFirst()),
        parts.names.indices.contains(number)
      else { return [name] }
      return parts.names[number]
    }
  }
}
