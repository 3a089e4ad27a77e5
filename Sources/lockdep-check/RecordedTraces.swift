import LockGraph
import LockGraphRecording

/// The traces that a recording has left.
enum RecordedTraces {
  /// Names what is in them.
  static func seal(_ names: [String]) {
  }

  /// Tells what a reader of the report should know. Of several processes most have no locks of
  /// their own.
  static func warn(of inputs: [TraceInput]) {
    for input in inputs {
      let name = input.name.withVisibleControls
      Terminal.detail("\(name): \(Counted.plain(input.events, "event"))")
      for warning in input.warnings { Terminal.note("\(name): warning: \(warning)") }
    }
  }
}
