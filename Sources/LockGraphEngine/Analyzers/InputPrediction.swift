#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether and how potential deadlocks are looked for in other orders of a trace's events.
public struct PredictionOptions: Sendable, Equatable {
  /// When it is done.
  public enum Mode: String, Sendable, CaseIterable {
    /// For inputs that can be read twice.
    case auto
    /// As `auto`, and where an input cannot be read twice, findings say so.
    case always
    /// Not at all.
    case never
  }

  /// When it is done.
  public var mode: Mode
  /// How many bytes the events of an input may take; what takes more is not decided.
  public var memoryLimit: Int

  /// - Parameter memoryLimit: in bytes.
  public init(mode: Mode = .auto, memoryLimit: Int = 1 << 30) {
    self.mode = mode
    self.memoryLimit = memoryLimit
  }
}

/// Reads inputs once more, for what their events say of the cycles that were found.
struct InputPrediction {
  private let options: PredictionOptions
  private let reading: ReadingOptions
  private let sources: [TraceSource]
  private let inputs: [TraceInput]

  /// `nil` if nothing is to be predicted.
  init?(
    _ options: PredictionOptions, reading: ReadingOptions, sources: [TraceSource],
    inputs: [TraceInput]
  ) {
    guard options.mode != .never else { return nil }
    self.options = options
    self.reading = reading
    self.sources = sources
    self.inputs = inputs
  }

  func predictor(_ record: OrderRecord) -> CyclePredictor {
    { questions in
      var limits = CyclePrediction.Limits()
      limits.size = options.memoryLimit
      var prediction = CyclePrediction(
        questions, of: record, inputNames: inputs.map(\.name), limits: limits)
      for input in prediction.inputs { read(input, for: &prediction) }
      return prediction.answers
    }
  }

  private func read(_ input: UInt32, for prediction: inout CyclePrediction) {
    guard Int(input) < sources.count else {
      return prediction.leave(input, because: told("a graph file has no events"))
    }
    guard sources[Int(input)].canBeReadAgain else {
      return prediction.leave(
        input, because: told("\(inputs[Int(input)].name) can be read once only"))
    }
    var reader = prediction.reader(ofInput: input)
    do throws(TraceError) {
      let again = try readTrace(
        sources[Int(input)], number: input, options: reading, into: &reader, progress: nil)
      guard again.events == inputs[Int(input)].events else {
        return prediction.leave(
          input, because: "\(inputs[Int(input)].name) changed after it was read first")
      }
    } catch {
      let limit = Counted.grouped(options.memoryLimit >> 20, "MiB", "MiB")
      return prediction.leave(
        input,
        because: reader.isOverLimit
          ? "the events of \(inputs[Int(input)].name) take more than \(limit)"
          : "\(inputs[Int(input)].name) could not be read again")
    }
    prediction.answer(input, reader.finish())
  }

  /// A reason that is told if it was asked for whatever the input is.
  private func told(_ reason: String) -> String? { options.mode == .always ? reason : nil }
}

extension TraceSource {
  /// Whether what was read is still there to be read.
  var canBeReadAgain: Bool {
    switch self {
    case .bytes: return true
    case .standardInput: return false
    case .file(let path):
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
  }
}
