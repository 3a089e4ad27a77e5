import ArgumentParser
import LockGraphEngine
import LockGraphRecording

/// From what a user names to what a program is steered to.
struct ConfirmationPlan {
  enum Outcome {
    case steering(Steering)
    /// The run that was to be looked at has ended in a deadlock; with its places, if known.
    case happened(Analysis, Steering?)
  }

  let input: InputOptions
  /// A number or fingerprint; `nil` is the surest that can be steered to.
  let finding: String?
  let runs: ConfirmationRuns

  /// A run may come by what another one does: how many are recorded to find something to try.
  private static let recordings = 2

  /// Reads inputs, or records the command; ends with status 2 if there is nothing to steer to.
  func outcome() throws -> Outcome {
    if let saved = try saved() {
      if finding != nil {
        throw ValidationError("--finding goes with traces; '\(input.inputs[0])' has one circle.")
      }
      return saved.isCurrent ? .steering(saved) : try recorded { _ in saved }
    }
    guard !input.inputs.isEmpty else { return try recorded(self.plan(of:)) }
    let analysis = try input.analysis()
    let plan: Steering
    do throws(Steering.Obstacle) {
      plan = try self.plan(of: analysis)
    } catch {
      throw Self.failure("error: \(error.text)")
    }
    if let steering = steering(plan, of: analysis), steering.isCurrent {
      return .steering(steering)
    }
    return try recorded { _ in plan }
  }

  /// What `--save` has written, if that is the input.
  private func saved() throws -> Steering? {
    guard input.inputs.count == 1, let path = input.inputs.first, path != "-" else { return nil }
    do throws(TraceError) {
      return try Steering.saved(at: path)
    } catch {
      throw Self.failure(error.description)
    }
  }

  // MARK: Findings

  private func plan(of analysis: Analysis) throws(Steering.Obstacle) -> Steering {
    guard let finding else { return try surest(of: analysis) }
    let chosen: Finding?
    if let number = Int(finding), analysis.findings.indices ~= number - 1 {
      chosen = analysis.findings[number - 1]
    } else {
      chosen = analysis.findings.first {
        $0.fingerprint == finding || $0.lineFreeFingerprint == finding
      }
    }
    guard let chosen else {
      throw Steering.Obstacle(
        text: "there is no finding '\(finding.withVisibleControls)'; "
          + "there are \(analysis.findings.count), by numbers from 1 on and by fingerprints")
    }
    do throws(Steering.Obstacle) {
      return try Steering(chosen)
    } catch {
      throw Steering.Obstacle(
        text: "finding '\(finding.withVisibleControls)' cannot be tried: "
          + error.text.withVisibleControls)
    }
  }

  private func surest(of analysis: Analysis) throws(Steering.Obstacle) -> Steering {
    // They are sorted by severity first.
    let ranks = Confidence.allCases.filter { $0 != .excluded }
    var obstacle: Steering.Obstacle?
    for rank in ranks {
      for finding in analysis.findings
      where finding.confidence == rank
        && (finding.rule == .lockOrderInversion || finding.rule == .deadlock)
      {
        do throws(Steering.Obstacle) {
          return try Steering(finding)
        } catch {
          obstacle = obstacle ?? error
        }
      }
    }
    if let obstacle {
      throw Steering.Obstacle(
        text: "no potential deadlock can be tried; of the first, "
          + obstacle.text.withVisibleControls)
    }
    let isExcluded = analysis.findings.contains {
      $0.rule == .lockOrderInversion && $0.confidence == .excluded
    }
    throw Steering.Obstacle(
      text: "there is no potential deadlock to try"
        + (isExcluded ? ", but for what is excluded, which --finding names" : ""))
  }

  // MARK: Code

  /// The code of the places, from the recordings that were the inputs.
  private func steering(_ plan: Steering, of analysis: Analysis) -> Steering? {
    var code = SteeringCode()
    for input in analysis.inputs where input.format == TraceFormat.recording.rawValue {
      if let recording = try? Recording(contentsOf: input.name) { code.add(recording) }
    }
    return try? code.steering(plan, isChanged: false)
  }

  /// Records the command to find the code of the places that are chosen from what it does.
  private func recorded(
    _ choose: (Analysis) throws(Steering.Obstacle) -> Steering
  ) throws -> Outcome {
    Terminal.note("the command is recorded, to find the places where its threads are kept")
    var code = SteeringCode()
    var number = 1
    while true {
      let run = try runs.run(nil, pause: .zero)
      defer { run.remove() }
      if let deadlocks = try run.deadlocks() {
        run.addCode(to: &code)
        let plan = deadlocks.findings.first.flatMap { try? Steering($0) }
        return .happened(deadlocks, plan.flatMap { try? steering($0, code) })
      }
      let analysis = try run.analysis(prediction: input.prediction.options)
      run.addCode(to: &code)
      code.add(analysis.findings, of: run.validatedTraces)
      do throws(Steering.Obstacle) {
        return .steering(try steering(choose(analysis), code))
      } catch {
        guard number < Self.recordings else { throw Self.failure("error: \(error.text)") }
        Terminal.note("\(error.text); the command is recorded once more, since runs differ")
        number += 1
      }
    }
  }

  private func steering(
    _ plan: Steering, _ code: SteeringCode
  ) throws(Steering.Obstacle) -> Steering {
    do throws(Steering.Obstacle) {
      return try code.steering(plan, isChanged: plan.hasCode)
    } catch {
      throw Steering.Obstacle(text: "it cannot be tried: \(error.text.withVisibleControls)")
    }
  }

  private static func failure(_ text: String) -> ExitCode {
    Terminal.message(text)
    return ExitCode(2)
  }
}
