// Who imports this module means the locks too.
@_exported public import LockGraph
