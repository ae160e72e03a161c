//! Memory that is used again. What a step computes goes into buffers, which return to a pool when
//! they are dropped; so does the next step, which then allocates nothing that is large.
//!
//! Each thread has a pool of its own, which needs no lock: a buffer returns to that of the thread
//! that drops it. A pool keeps at most twice of what its thread has had in use at once, and lets go
//! of the sizes first that have not been asked for longest.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};

/// What buffers are made of.
pub(crate) trait Pooled: Copy + Default + 'static {
    /// What stands in a buffer whose user has said to overwrite it, where debug assertions are on:
    /// something that shows if it is used.
    const UNSET: Self;

    /// Lets `f` use the thread's pool; `None` where the thread ends and has none any more.
    fn with<R>(f: impl FnOnce(&mut Pool<Self>) -> R) -> Option<R>;
}

macro_rules! pooled {
    ($($type:ty: $unset:expr;)*) => {$(
        impl Pooled for $type {
            const UNSET: $type = $unset;

            fn with<R>(f: impl FnOnce(&mut Pool<$type>) -> R) -> Option<R> {
                thread_local! {
                    static POOL: RefCell<Pool<$type>> = const { RefCell::new(Pool::new()) };
                }
                POOL.try_with(|pool| f(&mut pool.borrow_mut())).ok()
            }
        }
    )*};
}

pooled! {
    f32: f32::NAN;
    f64: f64::NAN;
    usize: usize::MAX;
    u32: u32::MAX;
    u64: u64::MAX;
    u128: u128::MAX;
    bool: true;
}

/// Numbers whose memory comes from the pool and returns to it. Reads as a slice, grows as a `Vec`.
///
/// They begin at a line of the cache: a vector of 64 bytes that lies on two lines is fetched twice.
#[derive(Debug, Default)]
pub(crate) struct Buffer<T: Pooled> {
    /// Not dropped, but given to the pool.
    all: ManuallyDrop<Vec<T>>,
    /// How many numbers stand before the first line.
    skipped: usize,
}

/// The bytes of a line of the cache.
const LINE: usize = 64;

/// The most numbers that can stand before the first line.
const fn most_skipped<T>() -> usize {
    LINE / size_of::<T>()
}

/// This many zeros.
pub(crate) fn zeros<T: Pooled>(len: usize) -> Buffer<T> {
    full(len, T::default())
}

/// The same number so many times.
pub(crate) fn full<T: Pooled>(len: usize, value: T) -> Buffer<T> {
    let mut numbers = empty(len);
    numbers.resize(len, value);
    numbers
}

/// So many numbers for somebody who overwrites all of them: what they are is left open.
pub(crate) fn unset<T: Pooled>(len: usize) -> Buffer<T> {
    let mut numbers = Buffer::take(len);
    // Nothing is written but what the buffer has never held.
    numbers.resize(len, T::default());
    if cfg!(debug_assertions) {
        numbers.fill(T::UNSET);
    }
    numbers
}

/// The same numbers again.
pub(crate) fn copy<T: Pooled>(numbers: &[T]) -> Buffer<T> {
    let mut copy = empty(numbers.len());
    copy.extend_from_slice(numbers);
    copy
}

/// Nothing, with room for so many numbers.
pub(crate) fn empty<T: Pooled>(capacity: usize) -> Buffer<T> {
    let mut numbers = Buffer::take(capacity);
    numbers.clear();
    numbers
}

/// The same numbers so many times.
pub(crate) fn repeat<T: Pooled>(numbers: &[T], times: usize) -> Buffer<T> {
    let mut all = empty(numbers.len() * times);
    (0..times).for_each(|_| all.extend_from_slice(numbers));
    all
}

impl<T: Pooled> Buffer<T> {
    /// Room for so many numbers, in which others may stand.
    fn take(len: usize) -> Buffer<T> {
        if len == 0 {
            return Buffer::default();
        }
        let mut all = T::with(|pool| pool.take(len)).unwrap_or_default();
        let skipped = all.as_ptr().align_offset(LINE).min(most_skipped::<T>());
        if all.len() < skipped {
            all.resize(skipped, T::default());
        }
        Buffer { all: ManuallyDrop::new(all), skipped }
    }

    /// Whether the numbers begin at a line of the cache.
    pub fn is_aligned(&self) -> bool {
        self.as_ptr().align_offset(LINE) == 0
    }

    /// The numbers.
    pub fn as_slice(&self) -> &[T] {
        self
    }

    /// Adds numbers at the end.
    pub fn extend_from_slice(&mut self, numbers: &[T]) {
        self.all.extend_from_slice(numbers);
    }

    /// Adds a number at the end.
    pub fn push(&mut self, number: T) {
        self.all.push(number);
    }

    /// Makes it so long: by `number` so often, or by leaving out what stands behind.
    pub fn resize(&mut self, len: usize, number: T) {
        self.all.resize(self.skipped + len, number);
    }

    /// Leaves out all numbers.
    pub fn clear(&mut self) {
        self.all.truncate(self.skipped);
    }
}

impl<T: Pooled> From<Vec<T>> for Buffer<T> {
    fn from(all: Vec<T>) -> Buffer<T> {
        Buffer { all: ManuallyDrop::new(all), skipped: 0 }
    }
}

impl<T: Pooled> FromIterator<T> for Buffer<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Buffer<T> {
        let numbers = numbers.into_iter();
        let mut all = empty(numbers.size_hint().0);
        all.extend(numbers);
        all
    }
}

impl<T: Pooled> Extend<T> for Buffer<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, numbers: I) {
        self.all.extend(numbers);
    }
}

impl<'a, T: Pooled> Extend<&'a T> for Buffer<T> {
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, numbers: I) {
        self.all.extend(numbers);
    }
}

impl<T: Pooled> Clone for Buffer<T> {
    fn clone(&self) -> Buffer<T> {
        copy(self)
    }
}

impl<T: Pooled + PartialEq> PartialEq for Buffer<T> {
    fn eq(&self, other: &Buffer<T>) -> bool {
        self[..] == other[..]
    }
}

impl<T: Pooled> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.all[self.skipped..]
    }
}

impl<T: Pooled> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.all[self.skipped..]
    }
}

impl<'a, T: Pooled> IntoIterator for &'a Buffer<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.iter()
    }
}

impl<T: Pooled> Drop for Buffer<T> {
    // Each place where a buffer ends would have a copy of it.
    #[inline(never)]
    fn drop(&mut self) {
        let all = std::mem::take(&mut *self.all);
        if all.capacity() > 0 {
            T::with(|pool| pool.give(all));
        }
    }
}

/// Numbers that somebody else has, or some of them put together. Reads as a slice.
pub(crate) enum Numbers<'a, T: Pooled> {
    Lent(&'a [T]),
    Own(Buffer<T>),
}

impl<T: Pooled> Deref for Numbers<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Numbers::Lent(numbers) => numbers,
            Numbers::Own(numbers) => numbers,
        }
    }
}

/// The free memory of a thread. Sizes are in numbers, not in bytes.
pub(crate) struct Pool<T> {
    classes: Vec<Class<T>>,
    /// How much is free, how much is in use, and the most that ever was.
    free: usize,
    used: usize,
    most: usize,
    /// How often something has been taken.
    taken: u64,
}

/// What is free of about one size.
struct Class<T> {
    free: Vec<Vec<T>>,
    /// When something was taken last.
    taken: u64,
}

/// The least size.
const LEAST: usize = 64;
/// How many sizes there are from one power of two to the next.
const STEPS: usize = 8;
/// What may be free in any case.
const FEW: usize = 1 << 20;

/// The class of the sizes up to which `len` is rounded.
fn class_above(len: usize) -> usize {
    let len = len.max(LEAST);
    let shift = len.ilog2() as usize - STEPS.ilog2() as usize;
    (shift - 3) * STEPS + len.div_ceil(1 << shift) - STEPS
}

/// The class whose buffers have at most `capacity`, if there is one.
fn class_below(capacity: usize) -> Option<usize> {
    let class = class_above(capacity);
    if size(class) == capacity { Some(class) } else { class.checked_sub(1) }
}

/// How many numbers the buffers of a class have room for.
fn size(class: usize) -> usize {
    (STEPS + class % STEPS) << (class / STEPS + 3)
}

impl<T: Copy> Pool<T> {
    const fn new() -> Pool<T> {
        Pool { classes: Vec::new(), free: 0, used: 0, most: 0, taken: 0 }
    }

    /// A buffer with room for `len` numbers behind the first line, in which others may stand.
    fn take(&mut self, len: usize) -> Vec<T> {
        let class = class_above(len);
        self.taken += 1;
        self.class(class).taken = self.taken;
        // A larger one will do, if it is not much larger.
        let classes = self.classes.iter_mut().skip(class).take(STEPS);
        let found = classes.filter(|class| !class.free.is_empty()).find_map(|class| {
            class.taken = self.taken;
            class.free.pop()
        });
        let numbers = match found {
            Some(numbers) => {
                self.free -= numbers.capacity();
                numbers
            }
            None => Vec::with_capacity(size(class) + most_skipped::<T>()),
        };
        self.used += numbers.capacity();
        self.most = self.most.max(self.used);
        numbers
    }

    /// Takes a buffer back.
    fn give(&mut self, numbers: Vec<T>) {
        self.used = self.used.saturating_sub(numbers.capacity());
        let room = numbers.capacity().saturating_sub(most_skipped::<T>());
        let Some(class) = class_below(room) else { return };
        self.free += numbers.capacity();
        self.class(class).free.push(numbers);
        while self.free > FEW.max(2 * self.most) {
            let some = self.classes.iter_mut().filter(|class| !class.free.is_empty());
            let Some(oldest) = some.min_by_key(|class| class.taken) else { break };
            self.free -= oldest.free.pop().map_or(0, |numbers| numbers.capacity());
        }
    }

    fn class(&mut self, class: usize) -> &mut Class<T> {
        if self.classes.len() <= class {
            self.classes.resize_with(class + 1, || Class { free: Vec::new(), taken: 0 });
        }
        &mut self.classes[class]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_what_they_say() {
        let lens = (1..5000).chain((0..40).flat_map(|shift| [1 << shift, (1 << shift) + 1]));
        for len in lens {
            let class = class_above(len);
            assert!(size(class) >= len, "{len}");
            assert!(class == 0 || size(class - 1) < len, "{len}");
            assert!(len < LEAST || size(class) <= len + len / STEPS + 1, "{len}");
            match class_below(len) {
                Some(class) => assert!(size(class) <= len && size(class + 1) > len, "{len}"),
                None => assert!(len < LEAST),
            }
        }
    }

    #[test]
    fn what_is_dropped_is_taken_again() {
        let mut first = zeros::<f64>(1000);
        first.fill(7.0);
        let place = first.as_ptr();
        drop(first);
        let again = zeros::<f64>(1010);
        assert_eq!(again.as_ptr(), place);
        assert_eq!(again.len(), 1010);
        assert!(again.iter().all(|&x| x == 0.0));
        drop(again);
        assert!(unset::<f64>(990).iter().all(|x| x.is_nan()), "debug assertions are on in tests");
        assert_eq!(copy(&[1.0, 2.0])[..], [1.0, 2.0]);
        assert_eq!((0..3).map(f64::from).collect::<Buffer<_>>()[..], [0.0, 1.0, 2.0]);
    }

    #[test]
    fn buffers_begin_at_a_line_and_hold_what_was_put_in() {
        for len in [1, 15, 64, 1000, 12_345] {
            let mut numbers = full(len, 2.0_f32);
            assert!(numbers.is_aligned(), "{len}");
            numbers.resize(len + 1, 3.0);
            numbers.extend_from_slice(&[4.0]);
            assert_eq!(numbers[len - 1..], [2.0, 3.0, 4.0]);
            // More than there is room for.
            numbers.extend((0..3 * len).map(|i| i as f32));
            assert_eq!((numbers.len(), numbers[len + 1]), (4 * len + 2, 4.0));
            assert_eq!(numbers.clone(), numbers);
            numbers.clear();
            assert!(numbers.is_empty());
        }
        let foreign = Buffer::from(vec![1.0_f64, 2.0]);
        assert_eq!(foreign, copy(&[1.0, 2.0]));
    }

    #[test]
    fn a_pool_is_bounded_and_keeps_what_is_asked_for() {
        let mut pool = Pool::<f32>::new();
        for round in 1..50 {
            let sizes = [FEW, round * 10_000];
            let taken: Vec<_> = sizes.map(|size| pool.take(size)).into();
            taken.into_iter().for_each(|numbers| pool.give(numbers));
            assert!(pool.free <= FEW.max(2 * pool.most));
            assert_eq!(pool.used, 0);
        }
        let kept: usize = pool
            .classes
            .iter()
            .flat_map(|class| &class.free)
            .map(|numbers| numbers.capacity())
            .sum();
        assert_eq!(kept, pool.free);
        // Both sizes of the last round are there.
        let before = pool.free;
        pool.take(FEW);
        pool.take(49 * 10_000);
        assert!(before - pool.free >= FEW + 490_000);
    }

    #[test]
    fn buffers_may_be_dropped_by_another_thread() {
        let buffers: Vec<_> = (0..100).map(|_| zeros::<f32>(1 << 16)).collect();
        std::thread::spawn(move || {
            drop(buffers);
            f32::with(|pool| assert!(pool.free <= FEW && pool.used == 0)).unwrap();
        })
        .join()
        .unwrap();
    }
}
