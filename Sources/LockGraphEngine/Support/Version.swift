/// The version of LockGraph, of `lockdep-check` and of the reports' `tool` entry.
public let lockGraphVersion = "0.1.0"

/// Where the project is: reports that others read lead to its documentation, packages say it, and
/// what the documentation says of it is held against it by a test.
package let lockGraphRepository = "https://github.com/lockgraph/lockgraph"
