import Foundation
import TestSupport
import Testing

/// `make lint` finds whatever uses a folder that does not lie below it.
@Suite("The floors of the library", .serialized)
struct FloorTests {
  private let folder: TemporaryFolder
  private static let sound = [
    "Below/Exports.swift": "@_exported import Nowhere\n",
    "Below/Ground/Lock.swift": "struct Lock {\n  var name: String\n}\n",
    "Above/Left/Rule.swift": "struct Rule {\n  var chain: Chain\n}\n",
    "Above/Left/Deep/Chain.swift": "struct Chain {\n  var lock: Lock\n}\n",
    "Above/Right/Format.swift": "struct Format {\n  var lock: Lock\n}\n",
    "Above/Roof/Report.swift":
      "struct Report {\n  var rule: Rule\n  var format: Format\n}\n"
      + "extension Lock {\n  func draw() {}\n}\n",
  ]

  init() throws {
    folder = try TemporaryFolder()
    try write(
      """
      Text

      ```floors
      Above
      Below
      ```

      ```floors Above
      Roof
      Left, Right
      ```

      ```floors Below
      Ground
      ```

      ```floors Above/Left
      .
      Deep
      ```

      """, to: "CONTRIBUTING.md")
    for (file, text) in Self.sound { try write(text, to: "Sources/" + file) }
  }

  private func write(_ text: String, to file: String) throws {
    let place = URL(fileURLWithPath: folder.path).appendingPathComponent(file)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: place, atomically: true, encoding: .utf8)
  }

  private func check() throws -> ProcessResult {
    try ProcessRunner(
      "swift", ["\(BuiltProducts.packageRoot)/scripts/check-floors.swift", folder.path]
    ).run()
  }

  @Test("Folders that use those below them pass")
  func sound() throws {
    let result = try check()
    #expect(result.status == .exited(0))
    #expect(result.messages == "")
  }

  @Test(
    "A use of another folder is told with file, line and both folders",
    arguments: [
      ("Below/Ground", "struct Use {\n  var rule: Rule\n}\n", 2, "Left", "Rule", "Rule.swift:1"),
      ("Above/Left", "func f(_ format: Format) {}\n", 1, "Right", "Format", "Format.swift:1"),
      ("Above/Right", "\n\nlet use = Rule.self\n", 3, "Left", "Rule", "Rule.swift:1"),
      ("Above/Left/Deep", "let use = Rule.self\n", 1, "Left", "Rule", "Rule.swift:1"),
      // Only the compiler knows that this one is of the roof.
      ("Above/Left", "func f(_ lock: Lock) { lock.draw() }\n", 1, "Roof", "draw", "Report.swift:6"),
    ])
  func use(
    _ user: String, _ text: String, line: Int, used: String, name: String, place: String
  ) throws {
    try write(text, to: "Sources/\(user)/Use.swift")
    let result = try check()
    #expect(result.status == .exited(1))
    #expect(
      result.messages == "Sources/\(user)/Use.swift:\(line): \(user) must not use Above/\(used):"
        + " '\(name)' is in Sources/Above/\(used)/\(place)\n")
  }

  @Test("What does not compile for another reason is told as the compiler tells it")
  func other() throws {
    try write("let use: Lock = 1\n", to: "Sources/Above/Left/Use.swift")
    let result = try check()
    #expect(result.status == .exited(1))
    #expect(
      result.messages.hasPrefix(
        "Sources/Above/Left/Use.swift:1: Above/Left does not stand on the floors below it alone: "))
  }

  @Test("A folder without a floor and a floor without a folder are told")
  func folders() throws {
    try write("struct Other {}\n", to: "Sources/Below/Cellar/Other.swift")
    try write(
      "```floors\nAbove\nBelow\n```\n```floors Below\nAttic\nGround\n```\n",
      to: "CONTRIBUTING.md")
    let result = try check()
    #expect(result.status == .exited(1))
    #expect(
      result.messages == """
        Sources/Below/Cellar: stands on no floor; CONTRIBUTING.md has them
        CONTRIBUTING.md: the floors name 'Attic', which is no folder of Sources/Below

        """)
  }
}
