"""The command lockgraph-hang for gdb: who waits for what, and who has it.

    (gdb) source PREFIX/share/lockgraph/gdb-lockgraph.py
    (gdb) lockgraph-hang
    (gdb) lockgraph-hang --format json

It asks lockdep-check about the process or core file that is being debugged. A line in ~/.gdbinit
makes it part of every session.
"""

import os
import shutil
import subprocess

import gdb


# Not every gdb sets __file__.
FOLDER = os.path.dirname(os.path.abspath((lambda: None).__code__.co_filename))


def command():
    """The path of lockdep-check: where this file was installed with it, or in PATH."""
    beside = os.path.join(FOLDER, "..", "..", "bin", "lockdep-check")
    return beside if os.access(beside, os.X_OK) else shutil.which("lockdep-check")


def core_file():
    """The core file that is being debugged, if it is one."""
    lines = gdb.execute("info target", to_string=True).splitlines()
    for heading, line in zip(lines, lines[1:]):
        if heading.startswith("Local core dump file"):
            return line.strip().split("'")[0].lstrip("`'")
    return None


class Hang(gdb.Command):
    """Tell who waits for what, and who has it.

    Options are those of lockdep-check hang."""

    def __init__(self):
        super().__init__("lockgraph-hang", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        program = command()
        if program is None:
            raise gdb.GdbError("lockdep-check is not in PATH; make install puts it there")
        target = core_file()
        options = gdb.string_to_argv(argument)
        if target is not None:
            executable = gdb.current_progspace().filename
            if executable:
                options += ["--exe", executable]
        else:
            process = gdb.selected_inferior().pid
            if process == 0:
                raise gdb.GdbError("there is no process and no core file; use run, attach or core-file")
            target = str(process)
        result = subprocess.run(
            [program, "hang", target] + options, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            universal_newlines=True)
        gdb.write(result.stdout)


Hang()
