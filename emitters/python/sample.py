"""Two accounts, and transfers in both directions: LOCKGRAPH_TRACE=bank.jsonl python3 sample.py"""

import lockgraph  # noqa: F401  The first import.

import threading
import time


class Account:
    def __init__(self, balance):
        self.lock = threading.Lock()
        self.balance = balance


def transfer(source, target, amount):
    with source.lock:
        with target.lock:
            source.balance -= amount
            target.balance += amount


rent, food = Account(100), Account(100)
teller = threading.Thread(target=transfer, args=(rent, food, 10), name="teller")
auditor = threading.Thread(
    target=lambda: (time.sleep(0.2), transfer(food, rent, 5)), name="auditor")
teller.start()
auditor.start()
teller.join()
auditor.join()
print(rent.balance, food.balance)
