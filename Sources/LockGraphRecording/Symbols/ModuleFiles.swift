import LockGraphEngine

/// The files of a recording's modules, as far as they are what the process had in its memory.
final class ModuleFiles {
  private var files: [String: ELFFile?] = [:]

  /// The file of a module; `nil` if it is not there, or was built anew since.
  func file(of module: RecordingTables.Module) -> ELFFile? {
    if let known = files[module.path] { return known }
    var file = module.path.hasPrefix("/") ? ELFFile(path: module.path) : nil
    if let identifier = file?.buildIdentifier, !module.buildIdentifier.isEmpty,
      identifier != module.buildIdentifier
    {
      file = nil
    }
    files[module.path] = file
    return file
  }
}
