#!/usr/bin/env swift
// No folder of the library uses one that is not below it: the compiler checks each with the files of the floors below,
// and with nothing else. CONTRIBUTING.md has the floors, in a block that begins with ```floors, the upmost first;
// folders of one floor stand on one line and do not know each other.
//
//   scripts/check-floors.swift [ROOT]     ROOT has CONTRIBUTING.md and Sources/LockGraph; without it, this repository

import Foundation

/// What is still to be moved: these files are checked as though they stood just above a floor higher up.
let exceptions = [
  "Trace/KernelLog/KernelReport+Findings.swift": "Analysis",
]

let script = URL(fileURLWithPath: CommandLine.arguments[0])
let root =
  CommandLine.arguments.count > 1
  ? CommandLine.arguments[1] : script.deletingLastPathComponent().deletingLastPathComponent().path
let library = "Sources/LockGraph"

func fail(_ lines: [String]) -> Never {
  FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
  exit(1)
}

// MARK: Floors

struct House {
  /// From the ground up.
  var floors: [[String]] = []
  /// Paths inside the library, by folder.
  var files: [String: [String]] = [:]

  init() throws {
    let text = try String(contentsOfFile: root + "/CONTRIBUTING.md", encoding: .utf8)
    var isInside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```floors"
      } else if isInside {
        floors.insert(line.split { " ,".contains($0) }.map(String.init), at: 0)
      }
    }
    let paths = FileManager.default.enumerator(atPath: "\(root)/\(library)")!
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
    for path in paths.sorted() {
      files[path.contains("/") ? String(path.prefix { $0 != "/" }) : path, default: []].append(path)
    }
  }

  /// The files of the floors below a folder.
  func below(_ folder: String) -> [String] {
    floors.prefix { !$0.contains(folder) }.joined().flatMap { files[$0] ?? [] }
  }

  /// Folders that have no floor, and floors that have no folder.
  var faults: [String] {
    let named = floors.flatMap(\.self)
    return files.keys.sorted().filter { !named.contains($0) }
      .map { "\(library)/\($0): stands on no floor; CONTRIBUTING.md has them" }
      + named.filter { files[$0] == nil }
      .map { "CONTRIBUTING.md: the floors name '\($0)', which is no folder of \(library)" }
  }
}

// MARK: Compiling

struct Diagnostic: Hashable {
  var file: String
  var line: Int
  var message: String
}

/// What is wrong with files if they can use each other and some more.
///
/// - Parameter isBrief: something is wrong, and what it is does not matter.
func check(_ files: [String], using others: [String], isBrief: Bool = false) -> [Diagnostic] {
  let compiler = Process()
  compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  compiler.currentDirectoryURL = URL(fileURLWithPath: root)
  var arguments: [String] = [
    "swiftc", "-frontend", "-typecheck", "-diagnostic-style", "llvm", "-swift-version", "6",
    "-parse-as-library", "-module-name", "LockGraph", "-package-name", "lockgraph",
    "-D", "Validation", "-D", "SWIFT_PACKAGE", "-I", "Sources/CLockGraph/include",
  ]
  if let sdk = ProcessInfo.processInfo.environment["SDKROOT"] { arguments += ["-sdk", sdk] }
  if isBrief { arguments.append("-solver-expression-time-threshold=1") }
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
    return "\(place) must not use \(declared.file.prefix { $0 != "/" }): '\(name)' is in "
      + "\(library)/\(declared.file):\(declared.line)"
  }
  return "\(place) does not stand on the floors below it alone: \(diagnostic.message)"
}

// MARK: The check

struct Job {
  var folder: String
  var files: [String]
  var others: [String]
  /// It must fail.
  var isException = false
}

let house = try House()
if !house.faults.isEmpty { fail(house.faults) }
var jobs: [Job] = []
for folder in house.floors.reversed().joined() {
  let all = house.files[folder]!
  let (excepted, files) = (
    all.filter { exceptions[$0] != nil }, all.filter { exceptions[$0] == nil }
  )
  jobs.append(Job(folder: folder, files: files, others: excepted + house.below(folder)))
  for file in excepted {
    let others = all.filter { $0 != file }
    let limit = exceptions[file]!
    jobs += [
      Job(
        folder: folder, files: [file],
        others: Array(Set(others + house.below(limit) + house.files[limit]!).subtracting([file]))),
      Job(folder: folder, files: [file], others: others + house.below(folder), isException: true),
    ]
  }
}

var results: [[Diagnostic]] = Array(repeating: [], count: jobs.count)
let lock = NSLock()
DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
  let job = jobs[index]
  let result = check(job.files, using: job.others, isBrief: job.isException)
  lock.withLock { results[index] = result }
}

var lines: [String] = []
for (job, diagnostics) in zip(jobs, results) {
  guard !job.isException else {
    if diagnostics.isEmpty {
      lines.append("\(library)/\(job.files[0]): is no exception to the floors any more")
    }
    continue
  }
  let visible = Set(job.files + job.others)
  let hidden = try Declarations(
    of: house.files.values.joined().filter { !visible.contains($0) }.sorted())
  for diagnostic in Set(diagnostics).sorted(by: { ($0.file, $0.line) < ($1.file, $1.line) }) {
    let line = told(diagnostic, in: job.folder, hidden)
    if !lines.contains(line) { lines.append(line) }
  }
}
if !lines.isEmpty { fail(lines) }
