import ArgumentParser

/// Outputs that would take the place of an input or of each other are refused: as soon as they are
/// named, and again once it is known which files a directory holds.
enum Overwriting {
  /// Refuses the one output of a command; `nil` and `-` are standard output.
  static func refuse(_ output: String?, among inputs: [String]) throws {
    try refuse([output], among: inputs, "as input and output")
  }

  /// Refuses any of several.
  static func refuse(_ outputs: [String?], among inputs: [String]) throws {
    try refuse(outputs, among: inputs, "as input and output or as two outputs")
  }

  private static func refuse(
    _ outputs: [String?], among inputs: [String], _ how: String
  ) throws {
    var taken = inputs.filter { $0 != "-" }
    for case let path? in outputs where !OutputFile.isSpecial(path) {
      if taken.contains(where: { OutputFile.isSame($0, path) }) {
        throw ValidationError("'\(path)' is named twice, \(how).")
      }
      taken.append(path)
    }
  }
}
