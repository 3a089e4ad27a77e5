// Two accounts, and transfers in both directions: LOCKGRAPH_TRACE=bank.jsonl ./sample

#include <chrono>
#include <cstdio>

#include "lockgraph.hpp"

struct Account {
  lockgraph::mutex lock;
  int balance = 100;
};

static void transfer(Account& source, Account& target, int amount) {
  lockgraph::lock_guard from(source.lock);
  lockgraph::lock_guard to(target.lock);
  source.balance -= amount;
  target.balance += amount;
}

int main() {
  Account rent, food;
  lockgraph::thread teller([&] { transfer(rent, food, 10); });
  lockgraph::thread auditor([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    transfer(food, rent, 5);
  });
  teller.join();
  auditor.join();
  std::printf("%d %d\n", rent.balance, food.balance);
}
