"""The file of a trace, and what its lines say of threads and places."""

import itertools
import json
import os
import runpy
import sys
import threading
import time

#: The process whose trace it is: another object after a `fork`, None where nothing is written.
process = None

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_file = None
_path = None
_folder = os.getcwd() + os.sep
_library = os.path.dirname(threading.__file__) + os.sep
_here = os.path.dirname(__file__)
_hidden = {threading.__file__, runpy.__file__, "<frozen runpy>"}
_hidden.update(os.path.join(_here, name) for name in os.listdir(_here))
_local = threading.local()
_names = {}
_places = {}


def begin():
    """Begins the trace of this process, if one is asked for; returns whether it is written."""
    global _file, _path, process
    template = os.environ.get("LOCKGRAPH_TRACE")
    if not template:
        return False
    _path = template.replace("%p", str(os.getpid()))
    if "%p" not in template:
        # What this process starts, or becomes, does not write over its trace.
        os.environ["LOCKGRAPH_TRACE"] = template + ".%p"
    try:
        if _file is not None:
            os.close(_file)  # That of the parent.
        _file = os.open(_path, _FLAGS, 0o666)
    except OSError as error:
        return _fail(error)
    _move_away()
    process = object()
    _write('{"lockgraph-trace":1}\n')
    return _file is not None


def _move_away():
    """Out of the way of programs that close numbers which they do not know, and have them again."""
    global _file
    try:
        import fcntl
        number = fcntl.fcntl(_file, fcntl.F_DUPFD_CLOEXEC, 500)
    except (ImportError, OSError):
        return
    os.close(_file)
    _file = number


def _fail(error):
    global _file, process
    _file = process = None
    sys.stderr.write(f"LockGraph: {_path}: cannot be written: {error.strerror}\n")
    return False


def _write(line):
    """One call of the system: whole among others' lines, and there however the program ends."""
    if _file is None:
        return
    try:
        os.write(_file, line.encode())
    except OSError as error:
        _fail(error)


def emit(event, rest, at=None, thread=None):
    """Writes an event, of the current thread if no other is named; `rest` is JSON that begins with
    a comma, `at` a place."""
    now = time.monotonic_ns()
    at = place() if at is None else at
    _write(f'{{"time":{now // 10**9}.{now % 10**9:09},"thread":{thread or current_thread()},'
           f'"event":"{event}"{rest}{at}}}\n')


def quoted(text):
    """JSON of a text, of a long one the beginning and the end."""
    text = text if len(text) <= 400 else f"{text[:200]}...{text[-200:]}"
    return json.dumps(text.encode(errors="replace").decode())


def _line(frame):
    file = os.path.abspath(frame.f_code.co_filename).removeprefix(_folder)
    return f"{file}:{frame.f_lineno}"


def place():
    """The innermost frame that is not of this package or `threading`, and the two behind it."""
    first = sys._getframe(1)
    while first and first.f_code.co_filename in _hidden:
        first = first.f_back
    second = first and first.f_back
    third = second and second.f_back
    key = (id(first and first.f_code), first and first.f_lasti,
           id(second and second.f_code), second and second.f_lasti,
           id(third and third.f_code), third and third.f_lasti)
    known = _places.get(key)
    return known[0] if known else _new_place(key, first, second, third)


def _new_place(key, *frames):
    shown = [frame for frame in frames if frame and frame.f_code.co_filename not in _hidden]
    stack = ",".join(
        quoted(f"{getattr(frame.f_code, 'co_qualname', frame.f_code.co_name)} ({_line(frame)})")
        for frame in shown)
    text = f',"at":{quoted(_line(shown[0]))},"stack":[{stack}]' if shown else ""
    if len(_places) > 65536:
        _places.clear()
    # The codes are kept, so that no others get their numbers.
    _places[key] = text, [frame and frame.f_code for frame in frames]
    return text


def hide(*modules):
    """What these modules do is shown at the places that called them."""
    _hidden.update(module.__file__ for module in modules)


def origin():
    """Where a lock is made: in the program, also if it is part of a queue of the library."""
    frame = innermost = sys._getframe(1)
    while frame:
        name = frame.f_code.co_filename
        if name not in _hidden:
            if not name.startswith((_library, "<frozen ")) or f"-packages{os.sep}" in name:
                return f',"at":{quoted(_line(frame))}'
            if innermost.f_code.co_filename in _hidden:
                innermost = frame
        frame = frame.f_back
    return f',"at":{quoted(_line(innermost))}'


def unique(name):
    """A name as JSON that no other thread has, or had."""
    token = object()
    for number in itertools.count(1):
        text = name if number == 1 else f"{name}#{number}"
        if _names.setdefault(text, token) is token:
            return quoted(text)


def thread_name(thread):
    """The name of a thread in the trace, which it keeps."""
    if not hasattr(thread, "_lockgraph_name"):
        thread._lockgraph_name = unique(thread.name)
    return thread._lockgraph_name


def current_thread():
    """The name of the thread that asks."""
    if not hasattr(_local, "name"):
        # `threading.current_thread` would make one where there is none, with locks of its own.
        number = threading.get_ident()
        thread = threading._active.get(number)
        _local.name = thread_name(thread) if thread else unique(f"thread-{number}")
    return _local.name
