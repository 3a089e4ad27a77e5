"""Two threads take two locks in both orders, one after the other: nothing hangs here, and could."""
import threading

accounts = threading.Lock()
ledger = threading.Lock()
paid = threading.Event()


def pay():
    with accounts:
        with ledger:
            pass
    paid.set()


def audit():
    paid.wait()
    with ledger:
        with accounts:
            pass


threads = [threading.Thread(target=work) for work in (pay, audit)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
