//! [`std::sync::Condvar`].

use std::panic::Location;
use std::sync::{self, LockResult, WaitTimeoutResult};
use std::time::Duration;

use crate::taking::map;
use crate::trace::Traced;
use crate::MutexGuard;

const TIMED: &str = ",\"timeout\":true";

/// [`std::sync::Condvar`].
pub struct Condvar {
    traced: Traced,
    raw: sync::Condvar,
}

impl Condvar {
    #[track_caller]
    pub const fn new() -> Self {
        let traced = Traced::new("condition", None, Location::caller());
        Self { traced, raw: sync::Condvar::new() }
    }

    #[track_caller]
    pub fn notify_one(&self) {
        self.traced.emit("signal", "", Some(Location::caller()));
        self.raw.notify_one();
    }

    #[track_caller]
    pub fn notify_all(&self) {
        self.traced.emit("broadcast", "", Some(Location::caller()));
        self.raw.notify_all();
    }

    #[track_caller]
    pub fn wait<'a, T>(&self, mut guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let lock = guard.traced;
        let raw = guard.raw.take().expect("a guard has its lock");
        self.traced.emit("wait", &lock.operand(), Some(Location::caller()));
        let result = self.raw.wait(raw);
        self.traced.emit("wake", &lock.operand(), Some(Location::caller()));
        map(result, |raw| MutexGuard { traced: lock, raw: Some(raw) })
    }

    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        time: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let lock = guard.traced;
        let raw = guard.raw.take().expect("a guard has its lock");
        self.traced.emit("wait", &(lock.operand() + TIMED), Some(Location::caller()));
        let result = self.raw.wait_timeout(raw, time);
        self.traced.emit("wake", &lock.operand(), Some(Location::caller()));
        map(result, |(raw, end)| (MutexGuard { traced: lock, raw: Some(raw) }, end))
    }

    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut *guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    #[track_caller]
    pub fn wait_timeout_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        time: Duration,
        condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let lock = guard.traced;
        let raw = guard.raw.take().expect("a guard has its lock");
        self.traced.emit("wait", &(lock.operand() + TIMED), Some(Location::caller()));
        let result = self.raw.wait_timeout_while(raw, time, condition);
        self.traced.emit("wake", &lock.operand(), Some(Location::caller()));
        map(result, |(raw, end)| (MutexGuard { traced: lock, raw: Some(raw) }, end))
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}
