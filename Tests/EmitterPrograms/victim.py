"""What tests of Python's emitter run: `python3 -m lockgraph victim.py MODE`."""

import asyncio
import copy
import os
import queue
import random
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor


def correct(times):
    """Eight threads that use every lock as it may be used; the only circle is behind a gate."""
    row = [threading.Lock() for _ in range(4)]
    gate, left, right = threading.Lock(), threading.RLock(), threading.RLock()
    first, second = threading.Lock(), threading.Lock()
    condition, permits, bounded = (
        threading.Condition(), threading.Semaphore(3), threading.BoundedSemaphore(2))
    jobs, flag, start = queue.Queue(5), threading.Event(), threading.Barrier(8)

    def in_order(numbers):
        low, high = sorted(numbers.sample(range(4), 2))
        with row[low], row[high]:
            pass

    def behind_gate(numbers):
        a, b = numbers.sample([left, right], 2)
        with gate, a, b, a:
            pass

    def by_trying(numbers):
        a, b = numbers.sample([first, second], 2)
        with a:
            if b.acquire(blocking=False):
                b.release()

    def with_a_limit(_):
        if row[0].acquire(timeout=0.0002):
            row[0].release()

    def waiting(_):
        with condition:
            condition.notify()
            condition.wait(0.0005)

    def counting(_):
        with permits:
            pass
        with bounded:
            pass

    def queueing(_):
        try:
            jobs.put_nowait(1)
            jobs.get_nowait()
        except (queue.Full, queue.Empty):
            pass
        flag.set()

    steps = [in_order, behind_gate, by_trying, with_a_limit, waiting, counting, queueing]

    def work(seed):
        numbers = random.Random(seed)
        start.wait()
        for _ in range(times):
            numbers.choice(steps)(numbers)

    threads = [threading.Thread(target=work, args=(seed,), name="worker") for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(str, range(50)))
    given = threading.Lock()
    given.acquire()
    other = threading.Thread(target=given.release)
    other.start()
    given.acquire()
    other.join(10)


def hang():
    a, b, held = threading.Lock(), threading.Lock(), []

    def take(one, other):
        with one:
            held.append(one)
            while len(held) < 2:
                time.sleep(0.001)
            with other:
                pass

    threading.Thread(target=take, args=(a, b)).start()
    threading.Thread(target=take, args=(b, a)).start()


def fork():
    a, b = threading.Lock(), threading.RLock()
    with a:
        child = os.fork()
        if child == 0:
            with b:
                pass
    if child == 0:
        thread = threading.Thread(target=lambda: b.acquire() and b.release(), name="grandchild")
        thread.start()
        thread.join()
        os._exit(0)
    os.waitpid(child, 0)


def tasks():
    import lockgraph.asyncio_locks

    async def take(one, other, delay):
        await asyncio.sleep(delay)
        async with one:
            async with other:
                pass

    async def main():
        a, b = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(take(a, b, 0), take(b, a, 0.05))
        await a.acquire()
        late = asyncio.create_task(a.acquire())
        await asyncio.sleep(0)
        late.cancel()
        await asyncio.gather(late, return_exceptions=True)
        a.release()

    asyncio.run(main())


def errors():
    """Says what goes wrong where locks are misused: the same whether they are traced or not."""
    lock, bounded = threading.Lock(), threading.BoundedSemaphore(1)
    lock.acquire()

    class Interrupted(Exception):
        pass

    def interrupt(*_):
        raise Interrupted("interrupted")

    signal.signal(signal.SIGALRM, interrupt)

    def wait_for_a_signal():
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        lock.acquire()

    for misuse in (
        lambda: lock.acquire(False, 1), lambda: lock.acquire(True, -3), wait_for_a_signal,
        threading.RLock().release, threading.Lock().release, threading.Condition().wait,
        threading.Condition().notify, bounded.release, lambda: bounded.acquire(False, 1),
        lambda: threading.Semaphore(-1), lambda: threading.Thread(target=print).join(),
        lambda: threading.current_thread().join(),
    ):
        try:
            print(misuse())
        except Exception as error:
            print(type(error).__name__, error)
    for object in (lock, threading.RLock()):
        try:
            copy.copy(object)
        except TypeError:
            print("not to be copied")
    print(lock.locked(), lock.acquire(timeout=0), lock.acquire(timeout=0.01))
    print(threading.Event().wait(0.01), threading.Condition().acquire())
    print(threading.Semaphore(0).acquire(False), threading.Barrier(1).wait())


modes = {"errors": errors, "hang": hang, "fork": fork, "asyncio": tasks}
modes[sys.argv[1]]() if sys.argv[1] in modes else correct(int(sys.argv[2]))
