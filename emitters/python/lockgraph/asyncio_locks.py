"""Locks of asyncio, from `import lockgraph.asyncio_locks` on: tasks stand for threads."""

import asyncio
import sys
import weakref

from lockgraph import locks, trace

_Lock = asyncio.Lock
_tasks = weakref.WeakKeyDictionary()


def _task():
    task = asyncio.current_task()
    if task not in _tasks:
        _tasks[task] = trace.unique(task.get_name())
    return _tasks[task]


class Lock(_Lock):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._traced = locks.Traced(self)
        self._taken_by = None

    def _emit(self, event, more="", task=None):
        trace.emit(event, self._traced._name() + more, thread=task or _task())

    async def acquire(self):
        if self.locked():
            self._emit("request")
            try:
                await super().acquire()
            except BaseException:
                self._emit("abandon", ',"reason":"cancelled"')
                raise
        else:
            await super().acquire()
        self._emit("acquire")
        self._taken_by = _task()
        return True

    def release(self):
        if self.locked() and self._taken_by:
            # Any task, and what is none, may give it back: its holder has it until then.
            self._emit("release", task=self._taken_by)
            self._taken_by = None
        super().release()


if trace.process:
    trace.hide(*[module for name, module in sys.modules.items() if name.startswith("asyncio.")])
    # `Condition` and others take theirs from `locks`.
    asyncio.Lock = asyncio.locks.Lock = Lock
