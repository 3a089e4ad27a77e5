/// Inputs that are read one after the other into one consumer, and how those that are traces can be
/// read once more.
struct ReadInputs {
  private let options: TraceAnalyzer.Options
  private(set) var inputs: [TraceInput] = []
  private(set) var sources: [RereadableSource] = []
  private var ahead: TapedInputs?

  init(_ options: TraceAnalyzer.Options) { self.options = options }

  /// Says which inputs will be read, and in which order, so that several can be read at a time.
  mutating func expect(_ sources: [TraceSource]) { ahead = TapedInputs(sources, options.reading) }

  /// Reads an input to its end.
  ///
  /// - Parameter graphs: takes graph files; they are an error without it.
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ source: TraceSource, into consumer: inout Consumer, graphs: GraphInputs?,
    progress: ((Int) -> Void)?
  ) throws(TraceError) {
    let number = UInt32(inputs.count)
    let again = RereadableSource(source, isWanted: options.prediction.mode != .never)
    let taped = try ahead?.read(source, number: number, into: &consumer, progress: progress)
    let input =
      if let taped { taped } else {
        try readTrace(
          source, number: number, options: options.reading, into: &consumer, graphs: graphs,
          spool: again.spool, progress: progress)
      }
    inputs.append(input)
    sources.append(again)
  }

  /// Reads a recording that is open.
  mutating func read(
    _ recording: Recording, into validator: inout Validator
  ) throws(TraceError) {
    let input = RecordingInput(recording: recording, options: options.reading)
    inputs.append(
      try input.read(number: UInt32(inputs.count), into: &validator, progress: nil))
  }

  /// What asks the events of the inputs; `nil` if nothing is to be predicted.
  ///
  /// - Parameter all: these inputs, and behind them those that graph files are of.
  func prediction(of all: [TraceInput]) -> InputPrediction? {
    InputPrediction(options.prediction, reading: options.reading, sources: sources, inputs: all)
  }
}
