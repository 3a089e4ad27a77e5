public import CLockGraph

// The file's name is a constant of the program.
extension lg_site: @unchecked @retroactive Sendable {}

extension lg_site {
  /// A place as the compiler tells it.
  @inlinable
  package init(file: StaticString, line: UInt32, column: UInt32) {
    self.init(
      file: UnsafeRawPointer(file.utf8Start).assumingMemoryBound(to: CChar.self), line: line,
      column: column)
  }
}
