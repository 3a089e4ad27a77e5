"""Writes what a program's threads do with their locks, for `lockdep-check`.

    import lockgraph                                          # the first import of the program;
    LOCKGRAPH_TRACE=app.jsonl python3 -m lockgraph app.py     # or of a program that stays as it is
    lockdep-check analyze app.jsonl

Without LOCKGRAPH_TRACE nothing is replaced. In the path `%p` is the number of the process; other
processes that the program starts write to the path with `.` and their numbers behind it.
"""

from lockgraph import trace

if trace.begin():
    from lockgraph import locks, threads

    threads.install()
    locks.install()
