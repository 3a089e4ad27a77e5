// What threads do in a scenario, side by side where there is room, else one below the other.

/// What one thread does.
struct ThreadSteps {
  struct Step {
    var action: String
    /// In one piece, from `at` on; `nil` where no place is told.
    var place: String?
    /// Blanks before it.
    var indent = 0
  }

  var thread: String
  var steps: [Step]

  /// As a column: the thread, and an action or place a row.
  fileprivate var column: [String] {
    [thread, String(repeating: "-", count: min(max(thread.count, 12), 26))]
      + steps.flatMap { step in
        let indent = String(repeating: " ", count: step.indent)
        return [indent + step.action] + (step.place.map { ["\(indent)  \($0)"] } ?? [])
      }
  }

  /// What it does in a sentence, where it does two things at a place each.
  fileprivate var sentence: String? {
    guard steps.count == 2, let first = steps[0].place, let second = steps[1].place else {
      return nil
    }
    return "\(thread) \(steps[0].action) \(first) and \(steps[1].action) \(second)"
  }
}

extension [ThreadSteps] {
  /// Adds steps of a thread; one that is there already does them at another time.
  ///
  /// - Parameter isKnown: whether the thread has a name; those that have none may be several.
  mutating func add(_ thread: String, isKnown: Bool, _ steps: [ThreadSteps.Step]) {
    guard isKnown, let known = firstIndex(where: { $0.thread == thread }) else {
      append(ThreadSteps(thread: thread, steps: steps))
      return
    }
    self[known].steps += [ThreadSteps.Step(action: "at another time")] + steps
  }
}

extension TextReport {
  mutating func add(_ threads: [ThreadSteps]) {
    if let rows = TextLayout.columns(threads.map(\.column), width: width - 4) {
      for row in rows { line("    " + row) }
      return
    }
    let sentences = threads.compactMap(\.sentence)
    if sentences.count == threads.count, sentences.allSatisfy({ $0.count <= width - 4 }) {
      for sentence in sentences { wrapped(sentence, indent: 4) }
    } else {
      addRows(threads)
    }
  }

  private mutating func addRows(_ threads: [ThreadSteps]) {
    for thread in threads {
      wrapped(thread.thread, indent: 4, hanging: 2)
      for step in thread.steps {
        wrapped(
          step.action + (step.place.map { " \($0)" } ?? ""), indent: 6 + step.indent, hanging: 2)
      }
    }
  }

  /// The first and last threads of many, with what is left out between them.
  mutating func add(
    _ first: [ThreadSteps], omitted: Int, of noun: String, _ last: [ThreadSteps]
  ) {
    add(first)
    guard omitted > 0 else { return }
    line("    … \(Counted.grouped(omitted, "more \(noun)")) in between …")
    add(last)
  }
}
