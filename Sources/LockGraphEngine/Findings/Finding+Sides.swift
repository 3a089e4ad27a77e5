extension Finding {
  /// Where its locks are taken, one text a side, without names of locks and classes: by it a
  /// finding is known again whose classes got other names. `nil` where a side has no place.
  var sidePlaces: [String]? {
    if !edges.isEmpty {
      let sides = edges.map { edge in
        edge.witnesses.compactMap { witness -> String? in
          guard let held = Self.place(witness.held.at, witness.held.stack),
            let wanted = Self.place(witness.wanted.at, witness.wanted.stack)
          else { return nil }
          return "\(held) -> \(wanted)"
        }.min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      }
      return sides.contains(nil) ? nil : sides.compactMap(\.self)
    }
    let places = events.map { event in
      Self.place(event.at, event.stack).map { "\(event.role.rawValue) \($0)" }
    }
    return places.isEmpty || places.contains(nil) ? nil : places.compactMap(\.self)
  }

  /// A function and its file, or the line where no function is known.
  private static func place(_ at: String?, _ stack: [String]) -> String? {
    PlaceFrames.texts(at: at, stack: stack).first?.replacing("\u{1}", with: " in ")
  }
}
