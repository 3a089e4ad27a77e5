/// The C library of a process, which decides how its locks look.
enum CLibrary {
  case glibc, musl
  /// Linked into the program, which does not tell.
  case unknown

  init(of process: any ObservedProcess) {
    for mapping in process.mappings where mapping.isOfFile {
      let file = mapping.path.split(separator: "/").last ?? ""
      if mapping.path.contains("musl") {
        self = .musl
        return
      }
      if file.hasPrefix("libc.so.6") || file.hasPrefix("libc-2.") || file.hasPrefix("ld-linux") {
        self = .glibc
        return
      }
    }
    self = .unknown
  }
}
