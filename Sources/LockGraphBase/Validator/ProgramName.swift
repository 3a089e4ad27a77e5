/// What reports call the program.
package enum ProgramName {
  package static let text: String = {
    let path = CommandLine.arguments.first ?? "program"
    return path.split(separator: "/").last.map(String.init) ?? path
  }()
}
