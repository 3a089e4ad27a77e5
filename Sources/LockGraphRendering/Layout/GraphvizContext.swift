#if Graphviz
  import CGraphviz
  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Musl)
    import Musl
  #else
    import Glibc
  #endif

  /// Graphviz contexts whose text widths come from built-in tables.
  ///
  /// The context that Graphviz makes by default asks the system's fonts, so layouts would differ
  /// from machine to machine and need fonts to be installed.
  enum GraphvizContext {
    /// A context with the plugins for layouts alone, or with all plugins if those are not found.
    static func withoutFonts() throws(GraphvizFailure) -> OpaquePointer {
      guard !libraries.isEmpty, let context = lockgraph_context_without_plugins() else {
        guard let context = gvContext() else { throw GraphvizFailure(message: "no context") }
        return context
      }
      for library in libraries {
        lockgraph_add_library(context, UnsafeMutableRawPointer(bitPattern: library))
      }
      return context
    }

    /// The addresses of the plugins' records, which live as long as the process; empty if one is
    /// missing.
    private static let libraries: [UInt] = {
      let symbols = ["core", "dot_layout", "neato_layout"].map { record(of: $0) }
      return symbols.allSatisfy { $0 != nil } ? symbols.compactMap { $0 } : []
    }()

    private static func record(of plugin: String) -> UInt? {
      guard let folder else { return nil }
      for suffix in [".so.6", ".so.7", ".so.8", ".so", ".6.dylib", ".8.dylib", ".dylib"] {
        guard let handle = dlopen("\(folder)/libgvplugin_\(plugin)\(suffix)", RTLD_NOW) else {
          continue
        }
        // The handle stays open: the record is used until the process ends.
        if let symbol = dlsym(handle, "gvplugin_\(plugin)_LTX_library") {
          return UInt(bitPattern: symbol)
        }
      }
      return nil
    }

    /// The folder of the plugins: beside the library that is in use, so that versions fit.
    private static let folder: String? = {
      guard let own = dlopen(nil, RTLD_LAZY), let symbol = dlsym(own, "gvContext"),
        let path = lockgraph_file_of_symbol(symbol)
      else { return nil }
      let components = String(cString: path).split(
        separator: "/", omittingEmptySubsequences: false)
      return (components.dropLast() + ["graphviz"]).joined(separator: "/")
    }()
  }
#endif
