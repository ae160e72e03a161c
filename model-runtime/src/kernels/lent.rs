//! Numbers of a caller's, which values of a step read where they stand.

use std::ops::Deref;
use std::process::abort;
use std::sync::Arc;

use smallvec::SmallVec;

/// Numbers that somebody lends for the time of a call. Reads as a slice.
#[derive(Debug)]
pub(crate) struct Lent<T> {
    start: *const T,
    len: usize,
}

// SAFETY: it is read only, as a shared slice is.
unsafe impl<T: Sync> Send for Lent<T> {}
// SAFETY: the same.
unsafe impl<T: Sync> Sync for Lent<T> {}

impl<T> Deref for Lent<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: it was made of a slice, whose borrow `lend` does not let end before this.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

/// What `lend` has lent. All of it is given back at the end, also when the call panics.
struct All<T>(SmallVec<[Arc<Lent<T>>; 2]>);

impl<T> Drop for All<T> {
    fn drop(&mut self) {
        for lent in self.0.drain(..) {
            // Somebody holds it still, and might read what is not there any more.
            if Arc::into_inner(lent).is_none() {
                eprintln!("an input of a prediction is held after the call");
                abort();
            }
        }
    }
}

/// Lends numbers to `run`. What it is given must not be held longer than it runs: the program ends
/// if it is.
pub(crate) fn lend<'a, T: 'a, R>(
    numbers: impl Iterator<Item = &'a [T]>,
    run: impl FnOnce(&[Arc<Lent<T>>]) -> R,
) -> R {
    let lent = |numbers: &[T]| Arc::new(Lent { start: numbers.as_ptr(), len: numbers.len() });
    let all = All(numbers.map(lent).collect());
    run(&all.0)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn what_is_lent_is_read_where_it_stands_and_given_back() {
        let numbers = [vec![1.0, 2.0], vec![], vec![3.0]];
        let slices = || numbers.iter().map(Vec::as_slice);
        let places = lend(slices(), |lent| {
            let others: Vec<_> = lent.to_vec();
            let sum = std::thread::scope(|scope| {
                scope.spawn(|| others.iter().flat_map(|some| some.iter()).sum::<f64>()).join()
            });
            assert_eq!(sum.expect("it does not panic"), 6.0);
            lent.iter().map(|some| some.as_ptr()).collect::<Vec<_>>()
        });
        assert!(places.into_iter().eq(slices().map(<[f64]>::as_ptr)));
        let panics = || lend(slices(), |lent| assert!(lent[0].is_empty(), "it is not"));
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    }
}
