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


def recording(target, events, threads, popular, others, depths, stays, endings):
    """What a recording of a program as it is looks like: the statistics are those of real ones, which README.md has.

    threads: how many there are; stays: how often a line is of the thread of the line before. popular: locks of which
    one is most of what is taken; others: further ones, which stand outside of those. depths: how often a lock is taken
    below none, one, two... endings: in how many ways lines end, which is where stacks stand.
    """
    random.seed(11)
    frame = lambda: f"server+0x{random.randrange(0x1000, 0x1F000):x}"
    stacks = [";".join(frame() for _ in range(random.choice([2, 2, 3, 3, 4, 8]))) for _ in range(endings)]
    low = [f"0x55a4268{number:05x}" for number in random.sample(range(0x10, 0xFFFFF), popular)]
    high = [f"0x7fd21e{number:06x}" for number in random.sample(range(0x1000, 0xFFFFFF), others)]
    # Programs have few ways in which they nest.
    shapes = [
        [sorted(random.sample(range(popular), depth)) for _ in range(max(1, popular // depth))]
        for depth in range(1, len(depths) + 1)
    ]
    held = [[] for _ in range(threads)]
    wanted = [[] for _ in range(threads)]
    way = [0] * threads
    owned = set()
    thread = 0
    with open(target, "w") as file:
        file.write("# lockgraph-trace 1\n")
        lines = [f"main init {lock} kind=mutex stack={frame()};server+0x970\n" for lock in low]
        lines += [f"main init {lock} kind=mutex stack=server+0x1a54a;server+0x970\n" for lock in high]
        left = events
        while left > 0:
            if random.random() > stays:
                thread = random.randrange(threads)
            if not held[thread] and not wanted[thread]:
                depth = random.choices(range(1, len(depths) + 1), depths)[0]
                shape = random.choice(shapes[depth - 1])
                way[thread] = sum(shape) * 31 + depth
                locks = [low[number] for number in shape]
                if high and (depth > 1 or random.random() < 0.2):
                    locks = [random.choice(high), *locks[1:]]
                wanted[thread] = locks[::-1]
            if wanted[thread]:
                lock = wanted[thread][-1]
                if lock in owned:
                    thread = random.randrange(threads)
                    continue
                wanted[thread].pop()
                owned.add(lock)
                held[thread].append(lock)
                stack = stacks[(way[thread] + 5 * len(held[thread])) % endings]
                lines.append(f"worker-T{thread} acquire {lock} write kind=mutex stack={stack}\n")
            else:
                lock = held[thread].pop(-2 if len(held[thread]) > 1 and random.random() < 0.14 else -1)
                owned.remove(lock)
                stack = stacks[(way[thread] + len(held[thread])) % endings]
                lines.append(f"worker-T{thread} release {lock} stack={stack}\n" if len(lines) % 2 else
                             f"worker-T{thread} release {lock}\n")
            left -= 1
            if len(lines) > 10_000:
                file.write("".join(lines))
                lines.clear()
        file.write("".join(lines))


def nests(target, events):
    """Four to seven of 200 locks at random, in one order: nearly every chain is new."""
    random.seed(13)
    written = 0
    with open(target, "w") as file:
        while written < events:
            thread = random.randrange(8)
            locks = sorted(random.sample(range(200), random.randint(4, 7)))
            file.write("".join(f"T{thread} acquire lock{lock}\n" for lock in locks))
            file.write("".join(f"T{thread} release lock{lock}\n" for lock in reversed(locks)))
            written += 2 * len(locks)


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
    recording(
        path("recording-workers.trace"), 2_000_000, threads=4, popular=10, others=2_800,
        depths=[57, 32, 11], stays=0.6, endings=172)
    recording(
        path("recording-loop.trace"), 2_000_000, threads=6, popular=45, others=0,
        depths=[94, 2, 1, 2.5, 0.5], stays=0.66, endings=180)
    nests(path("nests-1m.trace"), 1_000_000)
    nests(path("nests-4m.trace"), 4_000_000)
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
    with open(path("complete"), "w"):
        pass


main()
