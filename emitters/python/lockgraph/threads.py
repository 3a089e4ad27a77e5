"""The threads of `threading`, whose beginnings and ends are in the trace, and forked processes."""

import os
import threading

from lockgraph import locks, trace

_RawLock, _RawRLock, _RawCondition = threading.Lock, threading.RLock, threading.Condition
_Thread = threading.Thread
_make, _start, _join, _bootstrap = (
    _Thread.__init__, _Thread.start, _Thread.join, _Thread._bootstrap_inner)


def _make_thread(self, *arguments, **options):
    _make(self, *arguments, **options)
    self._started._cond = _RawCondition(_RawLock())  # `start` waits for it, whatever is held.


def _start_thread(self):
    if not self._started.is_set():
        trace.emit("spawn", f',"other":{trace.thread_name(self)}')
    _start(self)


def _join_thread(self, timeout=None):
    other = f',"other":{trace.thread_name(self)}'
    waits = self._started.is_set() and self.ident != threading.get_ident()
    if waits and timeout is None:
        trace.emit("join", other)
    _join(self, timeout)
    if waits and timeout is not None and not self.is_alive():
        trace.emit("join", other)


def _run_thread(self):
    try:
        _bootstrap(self)
    finally:
        trace.emit("exit", "", "")


_traced = []


def _before_fork():
    # What `threading` makes in the child before that has a trace is not for that of the parent.
    _traced.append(threading.RLock)
    threading.RLock = _RawRLock


def _after_fork():
    threading.RLock = _traced.pop()


def _in_child():
    _after_fork()
    locks.after_fork()
    trace.begin()


def install():
    """Has threads tell of themselves from here on."""
    _Thread.__init__, _Thread.start, _Thread.join, _Thread._bootstrap_inner = (
        _make_thread, _start_thread, _join_thread, _run_thread)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_before_fork, after_in_parent=_after_fork, after_in_child=_in_child)
