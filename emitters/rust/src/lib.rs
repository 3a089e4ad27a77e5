//! The locks of `std::sync`, which write what is done with them, for `lockdep-check`: in the file
//! that `LOCKGRAPH_TRACE` names, where `%p` is the number of the process. Without it nothing is
//! written.
//!
//! `use lockgraph::{Mutex, RwLock, Condvar};` instead of those of `std::sync`.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{self, LockResult, TryLockResult};

pub use condition::Condvar;
pub use std::sync::WaitTimeoutResult;

mod condition;
mod taking;
pub mod thread;
mod trace;

use taking::{map, map_try, take};
use trace::Traced;

const READ: &str = ",\"mode\":\"read\"";
const TRY: &str = ",\"try\":true";
const TRY_READ: &str = ",\"mode\":\"read\",\"try\":true";

macro_rules! lock {
    ($(#[$about:meta])* $name:ident, $kind:literal) => {
        $(#[$about])*
        pub struct $name<T: ?Sized> {
            traced: Traced,
            raw: sync::$name<T>,
        }

        impl<T> $name<T> {
            #[track_caller]
            pub const fn new(value: T) -> Self {
                let traced = Traced::new($kind, None, Location::caller());
                Self { traced, raw: sync::$name::new(value) }
            }

            /// With the name of its class: locks of one class are taken in one order.
            #[track_caller]
            pub const fn named(name: &'static str, value: T) -> Self {
                let traced = Traced::new($kind, Some(name), Location::caller());
                Self { traced, raw: sync::$name::new(value) }
            }

            pub fn into_inner(self) -> LockResult<T> {
                self.raw.into_inner()
            }
        }

        impl<T: ?Sized> $name<T> {
            pub fn get_mut(&mut self) -> LockResult<&mut T> {
                self.raw.get_mut()
            }

            pub fn is_poisoned(&self) -> bool {
                self.raw.is_poisoned()
            }

            pub fn clear_poison(&self) {
                self.raw.clear_poison()
            }
        }

        impl<T: Default> Default for $name<T> {
            #[track_caller]
            fn default() -> Self {
                Self::new(T::default())
            }
        }

        impl<T> From<T> for $name<T> {
            #[track_caller]
            fn from(value: T) -> Self {
                Self::new(value)
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $name<T> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.raw.fmt(formatter)
            }
        }
    };
}

lock! {
    /// [`std::sync::Mutex`].
    Mutex, "mutex"
}
lock! {
    /// [`std::sync::RwLock`].
    RwLock, "rwsem"
}

macro_rules! guard {
    ($name:ident, $lock:ident, $method:ident, $attempt:ident, $mode:expr, $try_mode:expr) => {
        /// Has the lock until it is dropped.
        #[must_use = "the lock is given up at once"]
        pub struct $name<'a, T: ?Sized> {
            traced: &'a Traced,
            raw: Option<sync::$name<'a, T>>,
        }

        impl<T: ?Sized> $lock<T> {
            #[track_caller]
            pub fn $method(&self) -> LockResult<$name<'_, T>> {
                let attempt = self.raw.$attempt();
                let at = Location::caller();
                let raw = take(&self.traced, $mode, at, attempt, || self.raw.$method());
                map(raw, |raw| $name { traced: &self.traced, raw: Some(raw) })
            }

            #[track_caller]
            pub fn $attempt(&self) -> TryLockResult<$name<'_, T>> {
                let at = Location::caller();
                map_try(self.raw.$attempt(), |raw| {
                    self.traced.emit("acquire", $try_mode, Some(at));
                    $name { traced: &self.traced, raw: Some(raw) }
                })
            }
        }

        impl<T: ?Sized> Deref for $name<'_, T> {
            type Target = T;
            fn deref(&self) -> &T {
                self.raw.as_ref().expect("a guard has its lock")
            }
        }

        impl<T: ?Sized> Drop for $name<'_, T> {
            fn drop(&mut self) {
                if self.raw.is_some() {
                    self.traced.emit("release", "", None);
                }
            }
        }

        impl<T: ?Sized + fmt::Display> fmt::Display for $name<'_, T> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(formatter)
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $name<'_, T> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(formatter)
            }
        }
    };
}

guard!(MutexGuard, Mutex, lock, try_lock, "", TRY);
guard!(RwLockReadGuard, RwLock, read, try_read, READ, TRY_READ);
guard!(RwLockWriteGuard, RwLock, write, try_write, "", TRY);

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.raw.as_mut().expect("a guard has its lock")
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.raw.as_mut().expect("a guard has its lock")
    }
}
