/// How much is recorded.
package enum RecordingLevel: String, CaseIterable, Sendable {
  /// The orders of locks alone, each once.
  case orders
  /// Each shape of nested sections a few times.
  case shapes
  /// Every acquisition.
  case all
}

/// What the library in the program is told, through the environment.
package struct RecorderSettings: Sendable {
  package var level = RecordingLevel.shapes
  /// With the time of each event.
  package var recordsTimes = false
  /// With the library beside the recorder that leads calls back to it which pass it by.
  package var audits = false
  /// With what it takes to name locks of the heap: parts of the stack, which are erased afterwards.
  package var recordsNames = true
  /// Programs that the command starts are recorded as well.
  package var recordsChildren = true
  /// How long the trace of a process gets at most; `nil` is no limit.
  package var largestFile: UInt64?
  /// What the program is steered to, if it is.
  package var steering: SteeredTry?
  /// Where programs with validated locks record what these do; `%p` is the process.
  package var validatedTrace: String?

  package init() {}

  /// The environment of a command that is recorded: this one, with the library before those that
  /// are loaded before others already.
  package func environment(
    _ current: [CommandText], library: RecorderLibrary, place: RecordingPlace, sanitizer: String?
  ) -> [CommandText] {
    var values: [(name: String, value: String)] = [
      ("LOCKGRAPH_RECORD", place.path),
      ("LOCKGRAPH_RECORD_VERSION", "\(RecorderLibrary.version)"),
      ("LOCKGRAPH_RECORD_LEVEL", level.rawValue),
      ("LOCKGRAPH_RECORD_TIMES", recordsTimes ? "1" : "0"),
      ("LOCKGRAPH_RECORD_NAMES", recordsNames ? "1" : "0"),
      ("LOCKGRAPH_RECORD_CHILDREN", recordsChildren ? "1" : "0"),
    ]
    if let largestFile { values.append(("LOCKGRAPH_RECORD_MAX_SIZE", "\(largestFile)")) }
    let others = (current.value(of: "LD_PRELOAD") ?? "").split { $0 == ":" || $0 == " " }
      .filter { $0 != library.path }
    if let steering { values += steering.variables }
    if let validatedTrace { values.append(("LOCKGRAPH_TRACE", validatedTrace)) }
    values.append(("LD_PRELOAD", ([library.path[...]] + others).joined(separator: ":")))
    if audits {
      let auditors = (current.value(of: "LD_AUDIT") ?? "").split(separator: ":")
        .filter { $0 != library.auditPath }
      values.append(
        ("LD_AUDIT", ([library.auditPath[...]] + auditors).joined(separator: ":")))
    }
    if sanitizer == "address" {
      // Its runtime refuses to be loaded behind another library, for which there is no need here.
      let options = [current.value(of: "ASAN_OPTIONS"), "verify_asan_link_order=0"]
      values.append(("ASAN_OPTIONS", options.compactMap(\.self).joined(separator: ":")))
    }
    let kept = current.filter { variable in
      !variable.starts(with: "LOCKGRAPH_RECORD_") && !variable.starts(with: "LOCKGRAPH_STEER")
        && !variable.starts(with: "LOCKGRAPH_CONFIRM=")
        && !values.contains { variable.starts(with: $0.name + "=") }
    }
    return kept + values.map { CommandText("\($0.name)=\($0.value)") }
  }
}
