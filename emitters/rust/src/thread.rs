//! Threads whose beginnings and ends are in the trace: what is done before and after one cannot
//! meet it. Others are named as they name themselves.

use std::panic::Location;
use std::thread::{self, Thread};

use crate::trace;

/// [`std::thread::JoinHandle`].
pub struct JoinHandle<T> {
    name: String,
    raw: thread::JoinHandle<T>,
}

struct Exit;

impl Drop for Exit {
    fn drop(&mut self) {
        trace::emit("exit", "", None);
    }
}

/// [`std::thread::spawn`].
#[track_caller]
pub fn spawn<F, T>(function: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    spawn_named("thread", function)
}

/// The same, with a name in the trace.
#[track_caller]
pub fn spawn_named<F, T>(name: &str, function: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let name = trace::unique(name);
    trace::emit("spawn", &format!(",\"other\":{name}"), Some(Location::caller()));
    let own = name.clone();
    let raw = thread::spawn(move || {
        trace::name_thread(own);
        let _exit = Exit; // Also where it panics.
        function()
    });
    JoinHandle { name, raw }
}

impl<T> JoinHandle<T> {
    #[track_caller]
    pub fn join(self) -> thread::Result<T> {
        let other = format!(",\"other\":{}", self.name);
        trace::emit("join", &other, Some(Location::caller()));
        self.raw.join()
    }

    pub fn thread(&self) -> &Thread {
        self.raw.thread()
    }

    pub fn is_finished(&self) -> bool {
        self.raw.is_finished()
    }
}
