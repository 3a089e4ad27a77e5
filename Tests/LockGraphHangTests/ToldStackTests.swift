import Testing

@testable import LockGraphHang

@Suite("What is told of stacks")
struct ToldStackTests {
  @Test(
    "Names of C++ are told without what they are instances of",
    arguments: [
      ("std::lock_guard<std::mutex>::lock_guard(std::mutex&)", "std::lock_guard::lock_guard"),
      ("main::{lambda()#6}::operator()() const", "main::{lambda()#6}"),
      (
        "void std::__invoke_impl<void, main::{lambda()#6}>(std::__invoke_other, main::{lambda()#6}&&)",
        "std::__invoke_impl"
      ),
      (
        "std::__invoke_result<main::{lambda()#5}>::type std::__invoke<main::{lambda()#5}>()",
        "std::__invoke"
      ),
      (
        "std::__shared_ptr<std::__future_base::_State_baseV2, (__gnu_cxx::_Lock_policy)2>::~__shared_ptr()",
        "std::__shared_ptr::~__shared_ptr"
      ),
      ("std::function<void (int)>::operator()(int) const", "std::function::operator()"),
      ("bank::process(std::vector<int>&)", "bank::process"),
      ("(anonymous namespace)::work(std::string const&)", "(anonymous namespace)::work"),
      ("Foo::operator->(std::string)", "Foo::operator->"),
      ("std::sys::sync::mutex::futex::Mutex::lock", "std::sys::sync::mutex::futex::Mutex::lock"),
      // What is no C++, or has nothing of its library, is left as it is.
      ("closure #1 in take(_:)", "closure #1 in take(_:)"),
      ("bank::Account::take(long)", "bank::Account::take(long)"),
      ("<F as core::ops::FnOnce>::call_once", "<F as core::ops::FnOnce>::call_once"),
      ("std::", "std::"), ("std::<<<", "std::"), ("std::(((", "std::"),
      ("std::}}>>))", "std::}}>>))"),
    ])
  func shortNames(name: String, short: String) { #expect(ToldStack.shortName(name) == short) }

  private static func stack(_ names: [String]) -> [StackFrame] {
    names.map { name in
      StackFrame(
        programCounter: 0, stackPointer: 0, registers: Registers(), isCaller: true,
        isGuessed: false, function: name, module: "/app",
        origin: name.hasPrefix("pthread") ? .system : .program)
    }
  }

  @Test("Of a library's functions those are told that the program called")
  func libraries() {
    func told(_ names: String...) -> [String?] {
      ToldStack(Self.stack(names)).frames.map(\.function)
    }
    #expect(
      told(
        "pthread_mutex_lock", "__gthread_mutex_lock(m)", "std::mutex::lock()", "take",
        "std::invoke", "main")
        == ["pthread_mutex_lock", "std::mutex::lock()", "take", "main"])
    #expect(
      told("pthread_mutex_lock", "take", "std::thread::run()") == ["pthread_mutex_lock", "take"])
    #expect(told("std::thread::join()", "main") == ["std::thread::join()", "main"])
    #expect(told("std::a()", "std::b()") == ["std::a()", "std::b()"])
    #expect(told() == [])
  }
}
