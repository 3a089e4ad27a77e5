# What programs in Python do with threads, none of which can deadlock: threads.py [processes]
import asyncio
import concurrent.futures
import logging
import multiprocessing
import os
import queue
import sys
import threading
import time

logging.basicConfig(filename=os.devnull, level=logging.INFO)


def start(work, count=2):
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def join(threads):
    for thread in threads:
        thread.join()


def queues():
    wanted, done = queue.Queue(maxsize=4), queue.PriorityQueue()

    def work():
        while (number := wanted.get()) is not None:
            done.put(2 * number)
            logging.info("%d", number)
            wanted.task_done()

    threads = start(work, 4)
    for number in list(range(100)) + [None] * 4:
        wanted.put(number)
    join(threads)
    assert done.qsize() == 100


def executors():
    with concurrent.futures.ThreadPoolExecutor(4) as executor:
        futures = [executor.submit(pow, number, 3) for number in range(50)]
        assert sum(future.result() for future in concurrent.futures.as_completed(futures)) > 0

    async def main():
        loop, lock = asyncio.get_running_loop(), asyncio.Lock()

        async def count():
            async with lock:
                return await loop.run_in_executor(None, sum, range(100))

        await asyncio.gather(*[count() for _ in range(20)])

    asyncio.run(main())


def conditions():
    changed, opened = threading.Condition(), threading.Event()
    barrier, slots, owner = threading.Barrier(3), threading.Semaphore(2), threading.RLock()

    def work():
        with slots, owner, owner:
            pass
        barrier.wait()
        opened.wait()
        # One is told, others wait in vain.
        with changed:
            changed.wait(0.05)

    threads = start(work, 3)
    opened.set()
    with changed:
        changed.notify()
    join(threads)
    signal = threading.Lock()
    signal.acquire()
    threads = start(signal.release, 1)
    signal.acquire()
    join(threads)


def processes():
    with concurrent.futures.ProcessPoolExecutor(2) as executor:
        assert sum(executor.map(abs, range(20))) == 190
    results = multiprocessing.Queue()
    child = multiprocessing.Process(target=results.put, args=(3,))
    child.start()
    assert results.get() == 3
    child.join()


def wait_for_ever():
    changed = threading.Condition()

    def wait():
        with changed:
            changed.wait()

    for work in [wait, threading.Event().wait, queue.Queue().get, queue.SimpleQueue().get]:
        start(work)
    time.sleep(0.2)


queues()
executors()
conditions()
if sys.argv[1:] == ["processes"]:
    processes()
wait_for_ever()
print("ended", flush=True)
os._exit(0)
