// Locks that are members of objects, of the heap and of static storage.
#include <mutex>
#include <thread>

struct Book {
  int pages;
  std::mutex mu;
};

struct Bank {
  long assets;
  Book books[2];
} bank;

class Account {
 public:
  explicit Account(int number) : number_(number) {}

  static void __attribute__((noinline)) transfer(Account &from, Account &to) {
    std::lock_guard<std::mutex> first(from.mu_);
    std::lock_guard<std::mutex> second(to.mu_);
    from.balance_--;
    to.balance_++;
  }

  void __attribute__((noinline)) deposit(long amount) {
    std::lock_guard<std::mutex> guard(mu_);
    balance_ += amount;
  }

 private:
  int number_;
  long balance_ = 0;
  std::mutex mu_;
};

static Account &lazy() {
  static Account account(3);
  return account;
}

int main() {
  auto *one = new Account(1);
  auto *two = new Account(2);
  std::thread thread([&] {
    one->deposit(3);
    two->deposit(4);
    Account::transfer(*one, *two);
    std::lock_guard<std::mutex> guard(bank.books[1].mu);
  });
  thread.join();
  lazy().deposit(1);
  Account::transfer(*one, *two);
  return 0;
}
