/// The order graph as a trace: each order once, as it was first seen.
///
/// Analysing such traces of many programs, or of many runs of one, joins their orders. What a thread held is taken
/// by `try`: its own order stands elsewhere in the trace, where that was evidence.

extension OrderRecord {
  /// - Parameter isPrivate: whether nobody else could reach one of the locks of a witness.
  func witnessTrace(isPrivate: (CycleGrading.Candidate) -> Bool = { _ in false }) -> [UInt8] {
    var output = OutputBuffer()
    TextEventEncoder.begin(&output)
    var text = ""
    for index in table.locks.indices where table.locks[index].isCounted {
      let lock = table.locks[index]
      text += "main init \(token(table.name(of: LockID(UInt32(index)))))"
      text += " class=\(token(table.name(of: lock.lockClass)))"
      if let kind = lock.kind { text += " kind=\(kind.name)" }
      if let rank = lock.rank { text += " rank=\(rank)" }
      if table.nestsByInstance(lock.lockClass) { text += " nesting=by-instance" }
      text += "\n"
    }
    for (number, record) in evidence.records.enumerated() {
      let thread = token(threads.name(of: record.thread))
      let held = evidence.heldRecords(record)
      for hold in held {
        text += "\(thread) acquire \(token(table.name(of: hold.lock))) \(hold.mode.name) try"
        text += level(hold.lock, hold.lockClass) + place(hold.place, hold.stack) + "\n"
      }
      text += "\(thread) acquire \(token(table.name(of: record.wanted))) \(record.wantedMode.name)"
      var options = record.waysOut.names
      // All that the acquisition establishes has to be so.
      let isExclusive =
        record.options.contains(.exclusive)
        || held.allSatisfy { isPrivate(candidate(record, UInt32(number), $0)) }
      if isExclusive { options.append("exclusive") }
      if !options.isEmpty { text += " " + options.joined(separator: " ") }
      text += level(record.wanted, record.wantedClass) + place(record.place, record.stack) + "\n"
      text += "\(thread) release \(token(table.name(of: record.wanted)))\n"
      for hold in held.reversed() {
        text += "\(thread) release \(token(table.name(of: hold.lock)))\n"
      }
    }
    output.append(text)
    return Array(output.content(from: 0, to: output.position))
  }

  private func candidate(
    _ record: EvidenceStore.Record, _ number: UInt32, _ source: EvidenceStore.HeldRecord
  ) -> CycleGrading.Candidate {
    CycleGrading.Candidate(
      entry: EvidenceStore.Entry(
        record: number, source: source, next: EvidenceStore.none,
        kind: DependencyKinds(held: source.mode, wanted: record.wantedMode)), record: record)
  }

  private func token(_ text: String) -> String {
    var text = text
    var scratch = OutputBuffer()
    text.withUTF8 { TextEventEncoder.write(name: UnsafeRawBufferPointer($0), to: &scratch) }
    return String(
      decoding: scratch.content(from: 0, to: scratch.position), as: UTF8.self)
  }

  private func level(_ lock: LockID, _ lockClass: LockClassID) -> String {
    let base = table.name(of: table.locks[lock.index].lockClass)
    let name = table.name(of: lockClass)
    guard name.hasPrefix(base + "/"), let level = UInt8(name.dropFirst(base.count + 1)) else {
      return ""
    }
    return " subclass=\(level)"
  }

  private func place(_ place: UInt32, _ stack: UInt32) -> String {
    var text = ""
    if place != 0 { text += " at=\(token(evidence.places.string(place)))" }
    if stack != 0 {
      let addresses = evidence.places.string(stack).split(separator: ";").compactMap {
        UInt($0.dropFirst(2), radix: 16)
      }
      let frames = Symbolizer.frames(addresses).map { $0.replacing(";", with: ",") }
      if !frames.isEmpty { text += " stack=\(token(frames.joined(separator: ";")))" }
    }
    return text
  }
}
