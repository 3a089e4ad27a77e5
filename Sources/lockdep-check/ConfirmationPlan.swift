import ArgumentParser
import LockGraphEngine
import LockGraphRecording

/// From what a user names to what a program is steered to.
struct ConfirmationPlan {
  enum Outcome {
    case steering(Steering)
    /// The run that was to be looked at has ended in a deadlock.
    case happened(Analysis)
  }

  let input: InputOptions
  /// A number or fingerprint; `nil` is the surest that can be steered to.
  let finding: String?
  let runs: ConfirmationRuns

  /// Reads inputs, or records the command; ends with status 2 if there is nothing to steer to.
  func outcome() throws -> Outcome {
    if let saved = try saved() {
      if finding != nil {
        throw ValidationError("--finding goes with traces; '\(input.inputs[0])' has one circle.")
      }
      return saved.isCurrent ? .steering(saved) : try recorded { _ in saved }
    }
    guard !input.inputs.isEmpty else { return try recorded { try self.plan(of: $0) } }
    let analysis = try input.analysis()
    let plan = try plan(of: analysis)
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

  private func plan(of analysis: Analysis) throws -> Steering {
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
      throw Self.failure(
        "error: there is no finding '\(finding.withVisibleControls)'; "
          + "there are \(analysis.findings.count), by numbers from 1 on and by fingerprints")
    }
    do throws(Steering.Obstacle) {
      return try Steering(chosen)
    } catch {
      throw Self.failure(
        "error: finding '\(finding.withVisibleControls)' cannot be tried: "
          + error.text.withVisibleControls)
    }
  }

  private func surest(of analysis: Analysis) throws -> Steering {
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
      throw Self.failure(
        "error: no potential deadlock can be tried; of the first, "
          + obstacle.text.withVisibleControls)
    }
    let isExcluded = analysis.findings.contains {
      $0.rule == .lockOrderInversion && $0.confidence == .excluded
    }
    throw Self.failure(
      "error: there is no potential deadlock to try"
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
  private func recorded(_ choose: (Analysis) throws -> Steering) throws -> Outcome {
    Terminal.note("the command is recorded, to find the places where its threads are kept")
    let run = try runs.run(nil, pause: .zero)
    defer { run.remove() }
    if let deadlocks = try run.deadlocks() { return .happened(deadlocks) }
    let analysis = try run.analysis(prediction: input.prediction.options)
    let plan = try choose(analysis)
    var code = SteeringCode()
    for name in run.traces {
      if let recording = try? Recording(contentsOf: name) { code.add(recording) }
    }
    code.add(analysis.findings, of: run.validatedTraces)
    do throws(Steering.Obstacle) {
      return .steering(try code.steering(plan, isChanged: plan.hasCode))
    } catch {
      throw Self.failure("error: it cannot be tried: \(error.text.withVisibleControls)")
    }
  }

  private static func failure(_ text: String) -> ExitCode {
    Terminal.message(text)
    return ExitCode(2)
  }
}
