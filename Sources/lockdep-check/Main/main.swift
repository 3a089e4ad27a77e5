#if Command
  import LockdepCheck

  runLockdepCheck()
#else
  fatalError("lockdep-check was built without the trait Command of LockGraph")
#endif
