import LockGraphEngine

extension PageTables {
  /// Writes the tables, which are complete only once everything else is written.
  ///
  /// - Parameter showsSources: whether lines of the source were looked for.
  func write(showsSources: Bool, to writer: inout JSONWriter) {
    writer.key("witnesses")
    writer.array { writer in
      for witness in witnesses.values { witness.row.write(to: &writer) }
    }
    writer.key("uses")
    writer.array { writer in
      for use in uses.values { use.row.write(to: &writer) }
    }
    writer.key("stacks")
    writer.array { writer in
      for stack in stacks.values {
        writer.array { writer in for frame in stack { writer.value(frame) } }
      }
    }
    writer.key("places")
    writer.array { writer in
      for place in places.values { place.row.write(to: &writer) }
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

extension PageTables.Place {
  fileprivate var row: PageRow {
    var row = PageRow()
    row.append(text)
    row.append(file)
    row.append(file.map { _ in line })
    row.append(column)
    return row
  }
}

extension PageTables.Use {
  fileprivate var row: PageRow {
    var row = PageRow()
    row.append(lock)
    row.append(lockClass)
    row.append(line)
    row.append(place)
    row.append(stack)
    row.append(mode == .write ? nil : mode.name)
    row.append(kind?.name)
    return row
  }
}

extension PageTables.WitnessRow {
  fileprivate var row: PageRow {
    var row = PageRow()
    row.append(thread)
    row.append(held)
    row.append(wanted)
    row.append(input)
    row.append(line)
    row.append(isStated ? "stated" : kind == .en ? nil : kind.names[0])
    row.append(options.names)
    row.append(alsoHeld)
    row.append(moreHeld == 0 ? nil : moreHeld)
    return row
  }
}
