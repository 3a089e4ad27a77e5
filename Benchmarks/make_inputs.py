#!/usr/bin/env python3
"""Writes the inputs of the benchmarks into a folder; the same every time."""

import os
import random
import re
import sys


def ftrace(capture, target, events):
    """Repeats a capture of the kernel, its times shifted, up to a number of events."""
    with open(capture) as file:
        lines = file.read().split("\n")
    header = [line for line in lines if line.startswith("#")]
    body = [line for line in lines if line and not line.startswith("#")]
    stamp = re.compile(r" (\d+\.\d{6}): ")
    parts = []
    for line in body:
        found = stamp.search(line)
        if found:
            parts.append((line[: found.start(1)], float(found[1]), line[found.end(1):]))
    length = parts[-1][1] - parts[0][1] + 1
    with open(target, "w") as file:
        # The copies make one long capture, so the header must not speak of an overrun.
        file.write("\n".join(line for line in header if "entries-in-buffer" not in line) + "\n")
        file.write(f"# entries-in-buffer/entries-written: {events}/{events}   #P:2\n")
        written = 0
        shift = 0.0
        while written < events:
            for before, time, after in parts[: events - written]:
                file.write(f"{before}{time + shift:.6f}{after}\n")
                written += 1
            shift += length


def text(target, events, blocks):
    """Eight threads, 64 locks, up to three nested in one order; with places."""
    random.seed(7)
    lines = []
    while len(lines) < events - 8:
        thread = random.randrange(8)
        locks = sorted(random.sample(range(64), random.choice([1, 1, 2, 2, 3])))
        for lock in locks:
            lines.append(f"T{thread} acquire lock{lock} at=File{lock % 7}.swift:{100 + lock}\n")
        for lock in reversed(locks):
            lines.append(f"T{thread} release lock{lock}\n")
    while len(lines) < events:
        lines.append("T0 sleep\n")
    block = "".join(lines)
    with open(target, "w") as file:
        file.write("# lockgraph-trace 1\n")
        for _ in range(blocks):
            file.write(block)


def pairs(target, orders):
    with open(target, "w") as file:
        for thread, first, second in orders:
            file.write(
                f"T{thread} acquire L{first}\nT{thread} acquire L{second}\n"
                f"T{thread} release L{second}\nT{thread} release L{first}\n"
            )


def named(number):
    """A class's name, as long as they are in programs."""
    return f"Module{number % 97}.Component{number % 1009}.lock{number}"


def nested(file, thread, first, second, number):
    """One lock inside the other, with classes, places and a stack."""
    stack = ";".join(f"Module{number % 97}.function{(number * 31 + frame) % 5003}" for frame in range(4))
    file.write(
        f"T{thread} acquire a{first} class={named(first)} at=Sources/File{first % 499}.swift:{first}\n"
        f"T{thread} acquire a{second} class={named(second)} at=Sources/File{number % 499}.swift:{number % 9973}"
        f" stack={stack}\n"
        f"T{thread} release a{second}\nT{thread} release a{first}\n"
    )


def runs(folder, count):
    """Many runs of one program: 2,000 classes, of which each run nests some in one order, and a few in the other."""
    os.makedirs(folder, exist_ok=True)
    random.seed(3)
    orders = [sorted(random.sample(range(2_000), 2)) for _ in range(10_000)]
    for run in range(count):
        with open(os.path.join(folder, f"run-{run:04}.trace"), "w") as file:
            for number in random.sample(range(len(orders)), 1_000):
                first, second = orders[number]
                if number % 500 == 0 and run % 10 == 0:
                    first, second = second, first
                nested(file, random.randrange(8), first, second, number)


def large(target):
    """100,000 classes in 600,000 orders, acyclic, with what evidence has in programs."""
    random.seed(5)
    with open(target, "w") as file:
        for number in range(600_000):
            first, second = sorted(random.sample(range(100_000), 2))
            nested(file, random.randrange(16), first, second, number)


def main():
    folder, capture = sys.argv[1], sys.argv[2]
    os.makedirs(folder, exist_ok=True)

    def path(name):
        return os.path.join(folder, name)

    ftrace(capture, path("kernel-1m.ftrace"), 1_000_000)
    text(path("text-1m.trace"), 1_000_000, 1)
    text(path("text-10m.trace"), 1_000_000, 10)
    pairs(path("ring-10000.trace"), ((i, i, (i + 1) % 10_000) for i in range(10_000)))
    pairs(
        path("complete-200.trace"),
        ((i, i, j) for i in range(200) for j in range(200) if i != j),
    )
    random.seed(1)
    orders = [(random.randrange(16), *random.sample(range(100_000), 2)) for _ in range(1_000_000)]
    pairs(path("random-1m-edges.trace"), orders)
    pairs(
        path("acyclic-1m-edges.trace"),
        ((thread, min(one, two), max(one, two)) for thread, one, two in orders),
    )
    runs(path("runs"), 1_000)
    large(path("large.trace"))
    pairs(
        path("findings-10000.trace"),
        (
            (side, f"x{number}", f"y{number}") if side == 0 else (side, f"y{number}", f"x{number}")
            for number in range(10_000)
            for side in range(2)
        ),
    )


main()
