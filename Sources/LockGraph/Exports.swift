// Who imports this module gets what the locks are told with: and where they are validated, all of
// the engine.
#if Validation
  @_exported public import LockGraphEngine
#else
  @_exported public import LockGraphBase
#endif
