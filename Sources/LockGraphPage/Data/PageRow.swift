import LockGraphEngine

/// A row of a table: its members by position, as their names would take more room than they do.
/// What is not there is null, and at the end of a row left out.
struct PageRow {
  enum Cell {
    case missing
    case number(UInt64)
    case text(String)
    case numbers([Int])
    case texts([String])
  }

  private var cells: [Cell] = []

  mutating func append(_ number: Int?) {
    cells.append(number.map { .number(UInt64($0)) } ?? .missing)
  }

  mutating func append(_ number: UInt64) { cells.append(.number(number)) }

  mutating func append(_ text: String?) { cells.append(text.map { .text($0) } ?? .missing) }

  mutating func append(_ numbers: [Int]) {
    cells.append(numbers.isEmpty ? .missing : .numbers(numbers))
  }

  mutating func append(_ texts: [String]) { cells.append(texts.isEmpty ? .missing : .texts(texts)) }

  func write(to writer: inout JSONWriter) {
    let end = cells.lastIndex { if case .missing = $0 { false } else { true } } ?? -1
    writer.array { writer in
      for cell in cells[...end] {
        switch cell {
        case .missing: writer.null()
        case .number(let number): writer.value(number)
        case .text(let text): writer.value(text)
        case .numbers(let numbers):
          writer.array { writer in for number in numbers { writer.value(number) } }
        case .texts(let texts): writer.array { writer in for text in texts { writer.value(text) } }
        }
      }
    }
  }
}
