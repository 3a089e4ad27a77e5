/// The version of LockGraph, of `lockdep-check` and of the reports' `tool` entry.
public let lockGraphVersion = "0.1.0"

/// Where the project is: reports that others read lead to its documentation.
package let lockGraphRepository = "https://github.com/OWNER/LockGraph"
