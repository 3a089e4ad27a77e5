import TestSupport
import Testing

@testable import LockGraphHang

@Suite("Names of Rust")
struct RustNameTests {
  @Test(
    "Paths without hashes and generic arguments",
    arguments: [
      (
        "_RNvMNtNtNtNtCsjrHSEGnQ3l9_3std3sys4sync5mutex5futexNtB2_5Mutex14lock_contended",
        "std::sys::sync::mutex::futex::Mutex::lock_contended"
      ),
      ("_RNvNtCsjrHSEGnQ3l9_3std2rt19lang_start_internal", "std::rt::lang_start_internal"),
      (
        "_RNvNvMs0_NtNtNtCsjrHSEGnQ3l9_3std3sys6thread4unixNtB7_6Thread3new12thread_start",
        "std::sys::thread::unix::Thread::new::thread_start"
      ),
      ("_RINvNtC3std3mem8align_ofdE", "std::mem::align_of"),
      ("_RNCNvC1a1b0", "a::b::{closure}"),
      ("r::main::h086b0cfd890a8ea9", "r::main"),
      (
        "std::thread::JoinInner$LT$T$GT$::join::hc365895522465c19",
        "std::thread::JoinInner<T>::join"
      ),
    ])
  func paths(name: String, text: String) {
    #expect(RustName.text(name) == text)
  }

  @Test(
    "What is no name of Rust's",
    arguments: ["", "_R", "_RN", "_RNvB_", "main", "_ZN3std", "a::h12"])
  func others(name: String) {
    #expect(RustName.text(name) == nil)
  }

  @Test("Damaged names end, and soon")
  func damaged() {
    let names = [
      "_RNvMNtNtNtNtCsjrHSEGnQ3l9_3std3sys4sync5mutex5futexNtB2_5Mutex14lock_contended",
      "_RINvNtC3std3mem8align_ofdE", "_RNvXs_C1aNtB2_1bNtB2_1c1d",
    ]
    let letters = Array("NvMsXYIBCRQPOSTEtud_0123456789az".utf8)
    withSeeds(0..<3000) { random in
      var bytes = Array(names.randomElement(using: &random)!.utf8)
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        bytes[Int.random(in: 2..<bytes.count, using: &random)] =
          letters.randomElement(using: &random)!
      }
      _ = RustName.text(String(decoding: bytes, as: UTF8.self))
    }
    // Each step back says the one before twice.
    var bomb = "_RTC1a"
    for step in 0..<40 { bomb += "TB\(step)_B\(step)_E" }
    _ = RustName.text(bomb)
  }
}
