import LockGraphEngine

/// The lines around places in the source, a file once.
struct SourceExcerpts {
  /// What is shown of a file.
  struct File {
    /// Relative to the source root, or as the trace has it.
    var path: String
    /// Why there are no lines.
    var lack: SourceFolder.Lack?
    /// How many lines it has.
    var lineCount = 0
    /// Ascending, by their numbers from 1.
    var lines: [(number: Int, text: String)] = []
  }

  /// So many lines before a place and after it.
  static let margin = 2
  /// All lines together, in bytes.
  static let limit = 3 << 20

  private(set) var files: [File] = []
  /// Lines that there was no room for.
  private(set) var isCut = false
  private var numbers: [String: Int] = [:]
  /// The lines that are asked for, by file; those of places before those of their callers.
  private var wanted: [(file: Int, line: Int)] = []
  private var wantedOfCallers: [(file: Int, line: Int)] = []

  /// The number of a file, whose lines around one are asked for.
  mutating func file(_ path: String, line: Int, isCaller: Bool) -> Int {
    let number: Int
    if let known = numbers[path] {
      number = known
    } else {
      number = files.count
      numbers[path] = number
      files.append(File(path: path))
    }
    if isCaller {
      wantedOfCallers.append((number, line))
    } else {
      wanted.append((number, line))
    }
    return number
  }

  /// Reads what was asked for.
  ///
  /// - Complexity: O(bytes of the files + places).
  mutating func read(from folder: SourceFolder) {
    var lines: [Int: Set<Int>] = [:]
    var texts: [Int: [String]] = [:]
    var size = 0
    for (file, line) in wanted + wantedOfCallers {
      guard files[file].lack == nil else { continue }
      if texts[file] == nil {
        do throws(SourceFolder.Lack) {
          texts[file] = try folder.lines(of: files[file].path)
          files[file].lineCount = texts[file]?.count ?? 0
        } catch {
          files[file].lack = error
          continue
        }
      }
      guard let text = texts[file], line <= text.count else { continue }
      for near in max(1, line - Self.margin)...min(text.count, line + Self.margin)
      where lines[file, default: []].insert(near).inserted {
        size += text[near - 1].utf8.count + 16
      }
      guard size <= Self.limit else {
        isCut = true
        break
      }
    }
    for (file, numbers) in lines {
      files[file].lines = numbers.sorted().map { ($0, texts[file]?[$0 - 1] ?? "") }
    }
  }
}
