"""`python3 -m lockgraph PROGRAM.py ARGUMENTS`, or `-m MODULE ARGUMENTS`."""

import os
import runpy
import sys

arguments = sys.argv[1:]
if not arguments or arguments == ["-m"]:
    sys.exit("usage: python3 -m lockgraph [-m] PROGRAM [ARGUMENT ...]")
if arguments[0] == "-m":
    sys.argv = arguments[1:]
    runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
else:
    sys.argv = arguments
    sys.path[0] = os.path.dirname(os.path.abspath(arguments[0]))
    runpy.run_path(arguments[0], run_name="__main__")
