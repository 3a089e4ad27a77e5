#if Graphviz
  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Musl)
    import Musl
  #else
    import Glibc
  #endif

  /// A library of the system that is looked for when it is needed, and not linked.
  struct DynamicLibrary {
    /// It is not there, or lacks what is used of it.
    struct Missing: Error, Equatable {
      var name: String
    }

    private let name: String
    private let handle: UnsafeMutableRawPointer

    private static let folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"]

    /// - Parameter names: of one library on several systems; errors have the first.
    init(_ names: [String]) throws(Missing) {
      name = names.first ?? ""
      for name in names {
        for folder in Self.folders {
          // Never closed: what a library registers with others outlives its last use.
          if let handle = dlopen(folder + name, RTLD_NOW) {
            self.handle = handle
            return
          }
        }
      }
      throw Missing(name: name)
    }

    /// A function, whose type has to be that of the library's header.
    func function<Function>(_ symbol: String) throws(Missing) -> Function {
      guard let address = dlsym(handle, symbol) else {
        throw Missing(name: "\(symbol) of \(name)")
      }
      return unsafeBitCast(address, to: Function.self)
    }
  }
#endif
