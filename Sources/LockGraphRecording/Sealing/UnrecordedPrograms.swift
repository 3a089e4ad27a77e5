import LockGraphEngine

/// The programs that recorded processes started and that left no recording.
package enum UnrecordedPrograms {
  /// Their paths, each once, with what is the matter where that can be seen.
  ///
  /// - Parameter contents: of all recordings of a run.
  package static func texts(_ contents: [RecordingSeal.Content]) -> [String] {
    // Of each process, how many programs it was that were recorded, and how many it became.
    var recorded: [UInt32: Int] = [:]
    var executions: [UInt32: Int] = [:]
    for content in contents {
      recorded[content.process, default: 0] += 1
      if content.isExecuted { executions[content.process, default: 0] += 1 }
    }
    var paths: [String] = []
    for content in contents {
      // Where a name is looked for in many folders, only the last was there.
      let last = content.programs.lastIndex { $0.process == 0 }
      for (index, program) in content.programs.enumerated() {
        let (process, path) = program
        if process == 0 && index != last || paths.contains(path) { continue }
        let isRecorded =
          process == 0
          ? !content.isExecuted
            || recorded[content.process, default: 0] > executions[content.process, default: 0]
          : recorded[process] != nil
        if !isRecorded { paths.append(path) }
      }
    }
    return paths.sorted().map(text)
  }

  private static func text(_ path: String) -> String {
    guard let file = try? CommandFile(named: path, path: Environment.value("PATH")) else {
      return path
    }
    let recordability = Recordability(of: file, path: Environment.value("PATH"))
    return recordability.obstacle.map { "\(path) (\($0.name))" } ?? path
  }
}
