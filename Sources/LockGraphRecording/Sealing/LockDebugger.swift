import LockGraph

/// Names locks by the members that they are, with what `gdb` knows of types and variables.
final class LockDebugger {
  init?() { nil }

  func name(
    _ recording: Recording, _ uses: LockUses, _ modules: ModuleFiles, _ names: inout RecordedNames
  ) {}
}
