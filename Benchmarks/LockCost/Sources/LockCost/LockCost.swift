import LockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures what validation adds to a lock, against bare locks in the same run.
@main
struct LockCost {
  static func main() {
    guard let options = Options(CommandLine.arguments) else {
      let usage =
        "usage: LockCost [--rounds N] [--times N] [--tsv] [--brief] [--others] [--scale]\n"
      _ = usage.withCString { write(2, $0, strlen($0)) }
      exit(64)
    }
    if options.isOfScale { return Scale.printAll() }
    if options.isOfOthers { return printOthers(creation(options), OtherLock.measure(options)) }
    let columns = known(options)
    guard LockValidator.findings.isEmpty else { fatalError("the loops have findings") }
    if options.isBrief { return printKnown(columns) }
    let dependencies = NewDependencies.measure(options)
    let makings = creation(options)
    let others = OtherLock.measure(options)
    let off = switchedOff(options)
    if options.isTabSeparated {
      printLines(columns, dependencies)
    } else {
      printTables(columns, dependencies, makings, others, off)
    }
  }

  /// A line for each figure: lock, column, nanoseconds.
  private static func printLines(
    _ columns: [Column], _ dependencies: [NewDependencies]
  ) {
    for column in columns {
      for (name, value) in zip(Locks.names, column.values) {
        print(name, column.key, value, separator: "\t")
      }
    }
    for graph in dependencies {
      let key = (graph.classes == 1000 ? "f1" : "f") + (graph.hasStacks ? "" : "-off")
      print("Mutex", key, graph.bare, separator: "\t")
      print("ValidatedMutex", key, median(graph.added), separator: "\t")
    }
  }

  private static func printKnown(_ columns: [Column]) {
    print("ns of processor time for taking a lock and giving it up, and multiples of Mutex\n")
    printTable(
      [["lock"] + columns.map(\.title)]
        + Locks.names.enumerated().map { row, name in
          [name]
            + columns.map { ns($0.values[row]) + " " + times($0.values[row] / $0.values[0]) }
        })
  }

  private static func printTables(
    _ columns: [Column], _ dependencies: [NewDependencies],
    _ makings: [(name: String, nanoseconds: Double)], _ others: [OtherLock], _ off: [Column]
  ) {
    printKnown(columns)
    func row(_ name: String, _ value: (NewDependencies) -> Double) -> [String] {
      [name] + dependencies.map { ns(value($0)) + " " + times(value($0) / $0.bare) }
    }
    print(
      "\nns for two locks, one within the other, by how many classes there are, and multiples of Mutex\n"
    )
    printTable(
      [["ValidatedMutex"] + dependencies.map { "\($0.classes)\($0.hasStacks ? ", stacks" : "")" }]
        + [row("a chain that grows", \.chain)]
        + NewDependencies.strides.indices.map { index in
          row("new: i > i+\(NewDependencies.strides[index])") { $0.added[index] }
        }
        + [
          row("known, new to a thread", \.again), row("evidence, when wanted", \.analysis),
          row("Mutex", \.bare),
        ])

    print("\nns where LOCKGRAPH is off, and multiples of Mutex\n")
    printTable(
      [["lock"] + off.map(\.title)]
        + ["Mutex", "ValidatedMutex"].enumerated().map { row, name in
          [name] + off.map { ns($0.values[row]) + " " + times($0.values[row] / $0.values[0]) }
        })

    printOthers(makings, others)
    print("\nbytes\n")
    printTable([["lock", "size"]] + sizes().map { [$0.name, String($0.bytes)] })
  }

  private static func printOthers(
    _ makings: [(name: String, nanoseconds: Double)], _ others: [OtherLock]
  ) {
    print("\nns for making a lock and ending it, and multiples of Mutex\n")
    printTable(
      [["lock", "ns"]]
        + makings.map {
          [$0.name, ns($0.nanoseconds) + " " + times($0.nanoseconds / makings[0].nanoseconds)]
        })
    print("\nns for other locks, and multiples of the system's\n")
    printTable(
      [["lock", "ns", "against", "ns"]]
        + others.map {
          [
            $0.name, ns($0.time) + " " + times($0.time / $0.peerTime), $0.peer,
            ns($0.peerTime),
          ]
        })
  }

  /// The first column to the left, the others to the right.
  private static func printTable(_ rows: [[String]]) {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    for row in rows {
      let cells = row.indices.map { column -> String in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }
      print(cells.joined(separator: "  "))
    }
  }

  private static func ns(_ value: Double) -> String { rounded(value, value < 100 ? 1 : 0) }

  private static func times(_ value: Double) -> String {
    let text = rounded(value, value < 100 ? 1 : 0) + "x"
    return String(repeating: " ", count: max(0, 5 - text.count)) + text
  }

  private static func rounded(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "-" }
    guard digits > 0 else { return String(Int(value.rounded())) }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
