// Locks through the wrappers of the C++ library. Each marked line is a place of its own, however
// the program is compiled.
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <thread>

struct Account {
  std::mutex lock;
  long balance = 0;
};

struct Bank {
  std::shared_mutex rules;
  Account accounts[2];
};

static Bank bank;

__attribute__((noinline)) static void deposit(Account &account) {
  std::lock_guard<std::mutex> guard(account.lock);  // place: deposit
  account.balance++;
}

__attribute__((noinline)) static void withdraw(Account &account) {
  std::unique_lock<std::mutex> guard(account.lock);  // place: withdraw
  account.balance--;
}

__attribute__((noinline)) static void transfer(Account &from, Account &to) {
  std::lock_guard<std::mutex> first(from.lock);  // place: from
  std::lock_guard<std::mutex> second(to.lock);   // place: to
  from.balance--;
  to.balance++;
}

__attribute__((noinline)) static long total() {
  std::shared_lock<std::shared_mutex> guard(bank.rules);  // place: total
  long sum = 0;
  for (Account &account : bank.accounts) {
    account.lock.lock();  // place: sum
    sum += account.balance;
    account.lock.unlock();
  }
  return sum;
}


struct Spare {
  Account account;
  Spare() {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    deposit(bank.accounts[0]);
  }
};

static Spare &guarded() {
  static Spare made;  // place: guard
  return made;
}

int main() {
  for (int round = 0; round < 2; round++) {
    deposit(bank.accounts[0]);
    withdraw(bank.accounts[1]);
    transfer(bank.accounts[0], bank.accounts[1]);
  }
  std::thread one([] { guarded(); }), two([] { guarded(); });
  one.join();
  two.join();
  std::printf("%ld\n", total());
}
