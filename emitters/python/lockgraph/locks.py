"""The locks of `threading` as they are, but traced."""

import itertools
import threading

from lockgraph import trace

_RawLock, _RawRLock = threading.Lock, threading.RLock
_RawCondition, _RawSemaphore = threading.Condition, threading.Semaphore
_numbers = itertools.count(1)
_local = threading.local()
_naming = _RawRLock()


class Traced:
    """A lock `_raw` that has a name, and a `_holder`: in which process who has it."""

    def __init__(self, raw, facts=""):
        self._raw, self._facts, self._holder, self._known = raw, facts, None, None
        self._text, self._made_at = f',"lock":"lock-{next(_numbers)}"', trace.origin()

    def _name(self):
        if self._known is not trace.process:  # The trace of a forked child knows of none.
            with _naming:
                if self._known is not trace.process:
                    trace.emit("init", self._text + self._facts, self._made_at)
                    self._known = trace.process
        return self._text

    def acquire(self, blocking=True, timeout=-1):
        limit = -1 if timeout is None else timeout
        if limit != -1 and (limit < 0 or not blocking):
            return self._raw.acquire(blocking, timeout)  # It tells what is wrong with them.
        is_try = not blocking or limit == 0
        way = ',"try":true' if is_try else ',"timeout":true' if limit > 0 else ""
        if not self._raw.acquire(False):
            if is_try:
                return False
            trace.emit("request", self._name() + way)
            try:
                taken = self._raw.acquire(True, timeout)
            except BaseException:
                trace.emit("abandon", self._name() + ',"reason":"interrupted"')
                raise
            if not taken:
                trace.emit("abandon", self._name() + ',"reason":"timeout"')
                return False
        trace.emit("acquire", self._name() + way)
        self._hold()
        return True

    def _hold(self):
        self._holder = trace.process, trace.current_thread()

    def _leave(self):
        holder, self._holder = self._holder, None
        if holder and holder[0] is trace.process:
            # Who releases what another thread took signals: that is no lock.
            mine = holder[1] == trace.current_thread()
            trace.emit("release" if mine else "post", self._name())

    def release(self):
        self._leave()
        self._raw.release()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()

    def __getattr__(self, name):  # `locked`, and what other versions have.
        return getattr(self._raw, name)

    def __reduce_ex__(self, _):
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")

    def _at_fork_reinit(self):
        self._raw._at_fork_reinit()
        self._holder = None


class Lock(Traced):
    def __init__(self):
        super().__init__(_RawLock())

    def _is_owned(self):
        return self._raw.locked()

    def _release_save(self):
        self._holder = None
        self._raw.release()

    def _acquire_restore(self, _):
        self._raw.acquire()


class RLock(Traced):
    """Only the outermost of nested acquisitions can wait, and is shown."""

    def __init__(self):
        super().__init__(_RawRLock(), ',"kind":"recursive"')
        self._depth = 0

    def acquire(self, blocking=True, timeout=-1):
        acquire = self._raw.acquire if self._raw._is_owned() else super().acquire
        taken = acquire(blocking, timeout)
        self._depth += taken
        return taken

    def release(self):
        if self._raw._is_owned():
            self._depth -= 1
            if self._depth == 0:
                self._leave()
        self._raw.release()

    def _release_save(self):
        self._holder, depth, self._depth = None, self._depth, 0
        return depth, self._raw._release_save()

    def _acquire_restore(self, state):
        self._raw._acquire_restore(state[1])
        self._depth = state[0]

    def _at_fork_reinit(self):
        super()._at_fork_reinit()
        self._depth = 0


class Condition(_RawCondition):
    def __init__(self, lock=None):
        super().__init__(RLock() if lock is None else lock)
        self._text = f',"condition":"condition-{next(_numbers)}"'
        if isinstance(self._lock, Traced):
            self._release_save, self._acquire_restore = self._begin_wait, self._end_wait

    def _begin_wait(self):
        way = ',"timeout":true' if getattr(_local, "is_timed", False) else ""
        trace.emit("wait", self._text + self._lock._name() + way)
        return self._lock._release_save()

    def _end_wait(self, state):
        self._lock._acquire_restore(state)
        trace.emit("wake", self._text + self._lock._name())
        self._lock._hold()

    def wait(self, timeout=None):
        _local.is_timed = timeout is not None
        return super().wait(timeout)

    def notify(self, n=1):
        if self._is_owned():
            for _ in range(max(1, min(n, len(self._waiters)))):
                trace.emit("signal", self._text)
        super().notify(n)

    def notify_all(self):
        if self._is_owned():
            trace.emit("broadcast", self._text)
        super().notify(len(self._waiters))


class Semaphore(Traced):
    _limit = float("inf")

    def __init__(self, value=1):
        raw = _RawSemaphore(value)
        raw._cond = _RawCondition(_RawLock())  # What it is made of is not shown.
        super().__init__(raw, f',"kind":"semaphore","permits":{value}')

    def acquire(self, blocking=True, timeout=None):
        return super().acquire(blocking, timeout)

    def release(self, n=1):
        if self._raw._value + n > self._limit:
            raise ValueError("Semaphore released too many times")
        for _ in range(n):
            trace.emit("post", self._name())
        self._raw.release(n)


class BoundedSemaphore(Semaphore):
    def __init__(self, value=1):
        super().__init__(value)
        self._limit = value


def after_fork():
    """Forgets who was about to name a lock: that thread is not in the child."""
    global _naming
    _naming = _RawRLock()


def install():
    """Has `threading` make traced locks from here on."""
    for kind in (Lock, RLock, Condition, Semaphore, BoundedSemaphore):
        setattr(threading, kind.__name__, kind)
