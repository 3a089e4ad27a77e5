// Whoever uses the engine gets the values that it takes and gives.
@_exported public import LockGraphBase
