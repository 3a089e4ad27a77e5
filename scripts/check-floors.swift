// No folder of the library uses one that is not below it: the compiler checks each with the files
// of the floors below, and with nothing else.
//
// CONTRIBUTING.md has the floors: in a block that begins with ```floors the modules, the upmost
// first; in one that begins with ```floors MODULE or MODULE/FOLDER the folders inside, where a dot
// is the files in no folder inside it. Those of one floor stand on one line and do not know each
// other. The files of a module that are in no folder say what it hands on, and are not checked: all
// is compiled as one module.
//
//   swift scripts/check-floors.swift [ROOT]
//
// ROOT has CONTRIBUTING.md and Sources; without it, this repository is checked.

import Foundation

let script = URL(fileURLWithPath: CommandLine.arguments[0])
let root =
  CommandLine.arguments.count > 1
  ? CommandLine.arguments[1] : script.deletingLastPathComponent().deletingLastPathComponent().path
let library = "Sources"

func fail(_ lines: [String]) -> Never {
  FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
  exit(1)
}

// MARK: Floors

struct House {
  /// From the ground up, by what they are in: those of modules by an empty name.
  private var floors: [String: [[String]]] = [:]
  /// Paths inside `Sources`.
  let files: [String]

  init() throws {
    let text = try String(contentsOfFile: root + "/CONTRIBUTING.md", encoding: .utf8)
    var block: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        let words = line.dropFirst(3).split(separator: " ").map(String.init)
        block = words.first == "floors" ? words.dropFirst().first ?? "" : nil
      } else if let block {
        floors[block, default: []].insert(line.split { " ,".contains($0) }.map(String.init), at: 0)
      }
    }
    files = floors["", default: []].joined().flatMap { module in
      (FileManager.default.enumerator(atPath: "\(root)/\(library)/\(module)") ?? .init())
        .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") && $0.contains("/") }.sorted()
        .map { "\(module)/\($0)" }
    }
  }

  /// The files that are in a folder or in one inside it.
  private func files(in folder: String) -> [String] {
    folder.isEmpty ? files : files.filter { $0.hasPrefix(folder + "/") }
  }

  /// What is checked by itself, from the ground up: folders that have no floors inside, and the
  /// files beside those that have.
  var rooms: [Room] { rooms(of: "", below: []) }

  private func rooms(of folder: String, below: [String]) -> [Room] {
    let own = files(in: folder)
    guard let inner = floors[folder] else { return [Room(name: folder, files: own, below: below)] }
    var below = below
    var rooms: [Room] = []
    for floor in inner {
      let added = floor.flatMap { name -> [String] in
        name == "."
          ? own.filter { part(of: $0, inside: folder) == nil } : files(in: path(name, in: folder))
      }
      for name in floor {
        if name == "." {
          let files = own.filter { part(of: $0, inside: folder) == nil }
          rooms.append(Room(name: folder, files: files, below: below))
        } else {
          rooms += self.rooms(of: path(name, in: folder), below: below)
        }
      }
      below += added
    }
    return rooms
  }

  /// Folders that have no floor, and floors that have no folder.
  var faults: [String] {
    floors.keys.sorted().flatMap { folder -> [String] in
      let there = Set(files(in: folder).map { part(of: $0, inside: folder) ?? "." })
      let named = Set(floors[folder]!.joined())
      let place = folder.isEmpty ? library : "\(library)/\(folder)"
      return there.subtracting(named).sorted().map {
        "\(place)/\($0): stands on no floor; CONTRIBUTING.md has them"
      }
        + named.subtracting(there).sorted().map {
          "CONTRIBUTING.md: the floors name '\($0)', which is no folder of \(place)"
        }
    }
  }
}

struct Room {
  var name: String
  var files: [String]
  var below: [String]
}

func path(_ name: String, in folder: String) -> String {
  folder.isEmpty ? name : "\(folder)/\(name)"
}

/// The folder inside another one that a file of that is in; `nil` if it is in none.
func part(of file: String, inside folder: String) -> String? {
  let parts = file.split(separator: "/").dropLast()
  let depth = folder.split(separator: "/").count
  return parts.count > depth ? String(parts[parts.startIndex + depth]) : nil
}

// MARK: Compiling

struct Diagnostic: Hashable {
  var file: String
  var line: Int
  var message: String
}

/// What is wrong with files if they can use each other and some more.
func check(_ files: [String], using others: [String]) -> [Diagnostic] {
  let compiler = Process()
  compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  compiler.currentDirectoryURL = URL(fileURLWithPath: root)
  var arguments: [String] = [
    "swiftc", "-frontend", "-typecheck", "-diagnostic-style", "llvm", "-swift-version", "6",
    "-parse-as-library", "-module-name", "LockGraph", "-package-name", "lockgraph",
    "-D", "Validation", "-D", "SWIFT_PACKAGE",
    "-enable-experimental-feature", "StaticExclusiveOnly", "-I", "Sources/CLockGraph/include",
  ]
  if let sdk = ProcessInfo.processInfo.environment["SDKROOT"] { arguments += ["-sdk", sdk] }
  for file in files { arguments += ["-primary-file", "\(library)/\(file)"] }
  for file in others { arguments.append("\(library)/\(file)") }
  compiler.arguments = arguments
  let pipe = Pipe()
  compiler.standardError = pipe
  do { try compiler.run() } catch { fail(["the compiler cannot be run: \(error)"]) }
  let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  compiler.waitUntilExit()
  let diagnostics = output.split(separator: "\n").compactMap { line -> Diagnostic? in
    let parts = line.split(separator: ":", maxSplits: 4).map(String.init)
    guard parts.count == 5, parts[3] == " error", let number = Int(parts[1]) else { return nil }
    return Diagnostic(
      file: String(parts[0].dropFirst(library.count + 1)), line: number,
      message: String(parts[4].dropFirst()))
  }
  guard compiler.terminationStatus == 0 || !diagnostics.isEmpty else { fail([output]) }
  return diagnostics
}

// MARK: Telling

/// Where names are declared.
struct Declarations {
  private var lines: [(file: String, line: Int, words: [String])] = []
  private var mentions: [String: Set<String>] = [:]
  private static let keywords: Set<String> = [
    "actor", "associatedtype", "case", "class", "enum", "func", "let", "protocol", "struct",
    "typealias", "var",
  ]

  init(of files: some Sequence<String>) throws {
    for file in files {
      let text = try String(contentsOfFile: "\(root)/\(library)/\(file)", encoding: .utf8)
      let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in rows.enumerated() {
        let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
        guard !line.drop(while: { $0 == " " }).hasPrefix("//") else { continue }
        if let keyword = words.first(where: { $0 == "extension" || Self.keywords.contains($0) }) {
          let names = words.drop { $0 != keyword }.dropFirst()
          if let name = names.first { mentions[file, default: []].insert(name) }
          if keyword != "extension" { lines.append((file, index + 1, Array(names))) }
        }
      }
    }
  }

  /// The file and line of a name, if it may be in a type, rather one that has to do with that.
  func place(of name: String, in type: String?) -> (file: String, line: Int)? {
    let found = lines.filter { $0.words.first == name }
    let inType = found.filter { line in type.map { mentions[line.file]!.contains($0) } ?? true }
    return (inType.first ?? found.first).map { ($0.file, $0.line) }
  }
}

/// The names that a message quotes, without what they are of and what they are given.
func quotedNames(_ message: String) -> [String] {
  message.split(separator: "'", omittingEmptySubsequences: false).enumerated()
    .filter { !$0.offset.isMultiple(of: 2) }
    .compactMap { $0.element.prefix { !"(<".contains($0) }.split(separator: ".").last }
    .map(String.init)
}

/// A line of output: who uses what, or what the compiler said if that is nowhere else.
func told(_ diagnostic: Diagnostic, in folder: String, _ hidden: Declarations) -> String {
  let place = "\(library)/\(diagnostic.file):\(diagnostic.line): \(folder)"
  let names = quotedNames(diagnostic.message)
  for name in names.reversed() {
    guard let declared = hidden.place(of: name, in: names.first == name ? nil : names.first) else {
      continue
    }
    let owner = rooms.first { $0.files.contains(declared.file) }
    return "\(place) must not use \(owner?.name ?? ""): '\(name)' is in "
      + "\(library)/\(declared.file):\(declared.line)"
  }
  return "\(place) does not stand on the floors below it alone: \(diagnostic.message)"
}

// MARK: The check

let house = try House()
if !house.faults.isEmpty { fail(house.faults) }
let rooms = house.rooms
var results: [[Diagnostic]] = Array(repeating: [], count: rooms.count)
let lock = NSLock()
DispatchQueue.concurrentPerform(iterations: rooms.count) { index in
  let result = check(rooms[index].files, using: rooms[index].below)
  lock.withLock { results[index] = result }
}

var lines: [String] = []
for (room, diagnostics) in zip(rooms, results) where !diagnostics.isEmpty {
  let visible = Set(room.files + room.below)
  let hidden = try Declarations(of: house.files.filter { !visible.contains($0) })
  for diagnostic in Set(diagnostics).sorted(by: { ($0.file, $0.line) < ($1.file, $1.line) }) {
    let line = told(diagnostic, in: room.name, hidden)
    if !lines.contains(line) { lines.append(line) }
  }
}
if !lines.isEmpty { fail(lines) }
