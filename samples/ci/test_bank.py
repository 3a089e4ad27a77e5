"""lockdep-check run -- python3 -m pytest"""

import multiprocessing
import threading

accounts = threading.Lock()
ledger = threading.Lock()
paid = threading.Event()
booked = []


def pay():
    with accounts:
        with ledger:
            booked.append(10)
    paid.set()


def audit():
    # By luck it comes late.
    paid.wait()
    with ledger:
        with accounts:
            booked.append(0)


def together(*works):
    paid.clear()
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(booked) > 0


def test_pay():
    assert together(pay, pay)


def test_audit():
    assert together(pay, audit)


def test_branch():
    branch = multiprocessing.get_context("fork").Process(target=together, args=(pay, pay))
    branch.start()
    branch.join()
    assert branch.exitcode == 0
