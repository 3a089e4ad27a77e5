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
    /// Where the events of an input can be put in another order, for some seconds at most.
    case auto
    /// As `auto`, for five times as long, and where they cannot, findings say so.
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
  private let sources: [RereadableSource]
  private let inputs: [TraceInput]

  /// `nil` if nothing is to be predicted.
  init?(
    _ options: PredictionOptions, reading: ReadingOptions, sources: [RereadableSource],
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
      if options.mode == .always {
        limits.work *= 5
        limits.looksAtEach *= 5
      }
      var prediction = CyclePrediction(
        questions, of: record, inputNames: inputs.map(\.name), limits: limits)
      for input in prediction.inputs {
        if Int(input) < sources.count {
          read(input, for: &prediction)
        } else {
          prediction.recall(
            input, record.cycleVerdicts, because: told("a graph file has no events"))
        }
      }
      return prediction.answers
    }
  }

  private func read(_ input: UInt32, for prediction: inout CyclePrediction) {
    let traits = TraceFormat(rawValue: inputs[Int(input)].format)?.traits
    if traits?.isKernel == true {
      return prediction.leave(
        input, because: told("the capture of a kernel is not put in another order"))
    }
    if traits?.isExcerpt == true {
      return prediction.leave(
        input, because: told("what a report or a dump tells is not all events of a run"))
    }
    let again: TraceSource
    switch sources[Int(input)].again {
    case .success(let source): again = source
    case .failure(let reason):
      return prediction.leave(
        input, because: "\(inputs[Int(input)].name) can be read once only: \(reason.text)")
    }
    var reader = prediction.reader(ofInput: input, events: Int(clamping: inputs[Int(input)].events))
    do throws(TraceError) {
      var reading = reading
      reading.format = TraceFormat(rawValue: inputs[Int(input)].format)
      let read = try readTrace(
        again, number: input, options: reading, into: &reader, progress: nil)
      guard read.events == inputs[Int(input)].events else {
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
