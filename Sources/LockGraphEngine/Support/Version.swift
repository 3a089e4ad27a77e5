/// The version of LockGraph, of `lockdep-check` and of the reports' `tool` entry.
public let lockGraphVersion = "0.1.0"
