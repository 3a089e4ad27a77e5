#!/usr/bin/env python3
"""Merges traces and graph files on a Spark cluster into one graph file.

Every partition of the list of inputs is merged where it is read; what comes out is merged in pairs, as a tree. It
does not matter how the inputs are spread or in which order pairs meet: the file is that of one machine, byte for byte.
"""

import argparse
import base64
import os
import shlex
import subprocess

from pyspark import SparkConf, SparkContext


def merge_inputs(check):
    """The command that reads inputs' paths, one a line, and writes their graph as one line.

    What Spark's pipe carries are lines of text, so graphs travel as base64. A list that is too long for one command
    line becomes several graph files one behind the other, which is a graph file too.
    """
    script = f"tr '\\n' '\\0' | xargs -0 -r {shlex.quote(check)} merge | base64 -w 0"
    return f"bash -o pipefail -c {shlex.quote(script)}"


def merge_pair(check):
    """A function that merges two graphs in base64."""

    def merge(one, other):
        both = base64.b64decode(one) + base64.b64decode(other)
        merged = subprocess.run([check, "merge", "-"], input=both, stdout=subprocess.PIPE, check=True)
        return base64.b64encode(merged.stdout).decode("ascii")

    return merge


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("inputs", nargs="+", help="files or folders that every worker can read under this path")
    parser.add_argument("-o", "--output", required=True, help="the graph file to write")
    parser.add_argument("--check", default="lockdep-check", help="the command, on every worker")
    parser.add_argument("--master", help="for example local-cluster[2,1,1024]; else spark-submit's")
    parser.add_argument("--partitions", type=int, default=8)
    arguments = parser.parse_args()

    inputs = []
    for path in arguments.inputs:
        if os.path.isdir(path):
            inputs += sorted(os.path.join(path, name) for name in os.listdir(path))
        else:
            inputs.append(path)

    conf = SparkConf().setAppName("lockdep-check merge")
    if arguments.master:
        conf.setMaster(arguments.master)
    context = SparkContext(conf=conf)
    try:
        graphs = context.parallelize(inputs, min(arguments.partitions, len(inputs))).pipe(
            merge_inputs(arguments.check), checkCode=True
        )
        merged = graphs.treeReduce(merge_pair(arguments.check))
    finally:
        context.stop()
    temporary = arguments.output + ".partial"
    with open(temporary, "wb") as file:
        file.write(base64.b64decode(merged))
    os.replace(temporary, arguments.output)


main()
