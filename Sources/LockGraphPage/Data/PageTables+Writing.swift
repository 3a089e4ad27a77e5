import LockGraphEngine

extension PageTables {
  /// Writes the tables, which are complete only once everything else is written.
  ///
  /// - Parameter showsSources: whether lines of the source were looked for.
  func write(showsSources: Bool, to writer: inout JSONWriter) {
    writer.key("witnesses")
    writer.array { writer in
      for witness in witnesses.values { write(witness, to: &writer) }
    }
    writer.key("uses")
    writer.array { writer in
      for use in uses.values { write(use, to: &writer) }
    }
    writer.key("stacks")
    writer.array { writer in
      for stack in stacks.values {
        writer.array { writer in for frame in stack { writer.value(frame) } }
      }
    }
    writer.key("places")
    writer.array { writer in
      for place in places.values {
        writer.object { writer in
          writer.member("text", place.text)
          guard let file = place.file else { return }
          writer.member("file", file)
          writer.member("line", place.line)
          if let column = place.column { writer.member("column", column) }
        }
      }
    }
    writer.key("showsSources")
    writer.value(showsSources)
    if excerpts.isCut {
      writer.key("sourcesAreCut")
      writer.value(true)
    }
    writer.key("files")
    writer.array { writer in
      for file in excerpts.files { write(file, to: &writer) }
    }
    writer.key("strings")
    writer.array { writer in for text in strings.values { writer.value(text) } }
  }

  private func write(_ witness: WitnessRow, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("thread", witness.thread)
      writer.member("held", witness.held)
      writer.member("wanted", witness.wanted)
      if witness.isStated {
        writer.key("stated")
        writer.value(true)
      } else if witness.kind != .en {
        writer.member("kind", witness.kind.names[0])
      }
      if !witness.options.isEmpty { writer.member("options", witness.options.names) }
      if !witness.alsoHeld.isEmpty {
        writer.key("alsoHeld")
        writer.array { writer in for use in witness.alsoHeld { writer.value(use) } }
      }
      if witness.moreHeld > 0 { writer.member("moreHeld", witness.moreHeld) }
      writer.member("input", witness.input)
      writer.member("line", witness.line)
    }
  }

  private func write(_ use: Use, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("lock", use.lock)
      if use.lockClass != use.lock { writer.member("class", use.lockClass) }
      if use.mode != .write { writer.member("mode", use.mode.name) }
      if let kind = use.kind { writer.member("kind", kind.name) }
      if let place = use.place { writer.member("place", place) }
      if let stack = use.stack { writer.member("stack", stack) }
      writer.member("line", use.line)
    }
  }

  private func write(_ file: SourceExcerpts.File, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("path", file.path.shortened(to: Self.placeLimit))
      if let lack = file.lack {
        writer.member("lack", lack.rawValue)
        return
      }
      guard file.lineCount > 0 else { return }
      writer.member("lineCount", file.lineCount)
      writer.key("lines")
      writer.array { writer in
        for (number, text) in file.lines {
          writer.array { writer in
            writer.value(number)
            writer.value(text)
          }
        }
      }
    }
  }
}
