//! Walking over values whose axes are broadcast, permuted or cut.

use model_spec::{MAX_RANK, Shape};
use smallvec::SmallVec;

use crate::float::Scalar;
use crate::kernels::parts::{Parts, add_in_parts};
use crate::kernels::sums::{add_rows_wide, add_to, sum_rows};
use crate::pool;

/// How far apart neighbours along each axis stand in row-major order.
pub(crate) fn strides(shape: &Shape) -> Vec<isize> {
    let mut strides = vec![1; shape.rank()];
    for axis in (1..shape.rank()).rev() {
        strides[axis - 1] = strides[axis] * shape.dim(axis) as isize;
    }
    strides
}

/// The strides with which a value is read as if it had the shape `to`: an axis of size 1 is read
/// again and again. Where the ranks differ, the value has one number, or one for each sample.
pub(crate) fn stretched(from: &Shape, to: &Shape) -> Vec<isize> {
    let own = strides(from);
    (0..to.rank()).map(|axis| if from.dim(axis) > 1 { own[axis] } else { 0 }).collect()
}

/// Numbers as a walk sees them: from `start` on, neighbours along an axis stand a stride apart.
#[derive(Clone, Copy)]
pub(crate) struct Strided<'a, T> {
    pub numbers: &'a [T],
    pub start: isize,
    pub strides: &'a [isize],
}

impl<'a, T> Strided<'a, T> {
    /// From the first one on.
    pub fn new(numbers: &'a [T], strides: &'a [isize]) -> Strided<'a, T> {
        Strided { numbers, start: 0, strides }
    }
}

/// How many positions are worked on at once: their numbers stay in the nearest cache.
const PIECE: usize = 512;

/// What numbers are made of those at the same positions. By reference, so that walks are compiled
/// once and not for each operation.
type Make<'a, T, const N: usize> = dyn Fn([&[T]; N], &mut [T]) + Sync + 'a;

/// Makes each number of `y`, in row-major order of `dims`, from those of the values at its
/// position: `make` gets them side by side, some positions at a time.
pub(crate) fn zip<T: Scalar, const N: usize>(
    dims: &[usize],
    values: [Strided<'_, T>; N],
    y: &mut [T],
    make: &Make<'_, T, N>,
) {
    let work = |cut: &Cut, y: &mut [T]| {
        let mut readers = values.map(|value| Reader::new(dims, value, cut));
        for y in y.chunks_mut(PIECE) {
            make(readers.each_mut().map(|reader| reader.read(y.len())), y);
        }
    };
    let axis = first(dims, |_| true);
    let cut = axis.and_then(|axis| Some((axis, Parts::new(dims[axis], y.len())?)));
    let Some((axis, parts)) = cut else { return work(&None, y) };
    parts.each_of(y, y.len() / dims[axis], |places, y| work(&Some((axis, places)), y));
}

/// [`zip`] where what is made of some positions goes into one of the `results`, whose strides are
/// `own`: `join` gets it in pieces with the places that it goes to, which stand side by side or are
/// one and the same.
pub(crate) fn fold<T: Scalar, R: Send, const N: usize>(
    dims: &[usize],
    own: &[isize],
    values: [Strided<'_, T>; N],
    results: &mut [R],
    make: &Make<'_, T, N>,
    join: &(dyn Fn(&[T], &mut [R]) + Sync),
) {
    let work = |cut: &Cut, results: &mut [R]| {
        fold_part(dims, own, values, results, make, join, cut);
    };
    /// Fewer numbers that stand side by side are not worth a part of a walk over all rows.
    const NARROW: usize = 128;
    let count = dims.iter().product();
    let cut = first(dims, |axis| own[axis] != 0).and_then(|axis| {
        let width = own[axis].unsigned_abs();
        let parts = if first(dims, |_| true) == Some(axis) {
            Parts::new(dims[axis], count)?
        } else {
            Parts::few(dims[axis], count).filter(|parts| parts.rows_of_each() * width >= NARROW)?
        };
        Some((axis, width, parts))
    });
    match cut {
        Some((axis, width, parts)) => {
            parts.each_of(results, width, |places, some| work(&Some((axis, places)), some));
        }
        None => work(&None, results),
    }
}

/// A [`fold`] over the places of a cut. What it has of the results begins at its first one.
fn fold_part<T: Scalar, R, const N: usize>(
    dims: &[usize],
    own: &[isize],
    values: [Strided<'_, T>; N],
    results: &mut [R],
    make: &Make<'_, T, N>,
    join: &(dyn Fn(&[T], &mut [R]) + Sync),
    cut: &Cut,
) {
    let mut readers = values.map(|value| Reader::new(dims, value, cut));
    let before = cut.as_ref().map_or(0, |(axis, places)| places.start as isize * own[*axis]);
    let mut places = Runs::new(dims, -before, own, cut);
    let mut made = [T::zero(); PIECE];
    let mut left = places.count();
    while left > 0 {
        let made = &mut made[..left.min(PIECE)];
        make(readers.each_mut().map(|reader| reader.read(made.len())), made);
        places.each(made, |run, made| match run.step {
            0 => join(made, &mut results[run.start as usize..][..1]),
            step => {
                debug_assert_eq!(step, 1, "results stand side by side");
                join(made, &mut results[run.range()]);
            }
        });
        left -= made.len();
    }
}

/// A [`fold`] of sums.
pub(crate) fn sum_up<T: Scalar, const N: usize>(
    dims: &[usize],
    own: &[isize],
    values: [Strided<'_, T>; N],
    sums: &mut [f64],
    make: &Make<'_, T, N>,
) {
    let join = |made: &[T], sums: &mut [f64]| match sums {
        [all] => {
            let mut sum = [0.0];
            sum_rows(made, &mut sum);
            *all += sum[0];
        }
        _ => add_rows_wide(made, sums),
    };
    // Parts of the outermost axis read what stands side by side.
    let count: usize = dims.iter().product();
    match first(dims, |_| true) {
        Some(axis) if own[axis] == 0 && sums.len() <= count / 8 => {
            add_in_parts(dims[axis], count / dims[axis], sums, |places, sums| {
                fold_part(dims, own, values, sums, make, &join, &Some((axis, places)));
            });
        }
        _ => fold(dims, own, values, sums, make, &join),
    }
}

/// The gradient by an input that was read with the strides `own`: what `make` makes of each
/// position, added up where a number was read again and again. Written to `gradient`, or added to
/// it if `add` is set.
pub(crate) fn pull<T: Scalar, const N: usize>(
    dims: &[usize],
    own: &[isize],
    values: [Strided<'_, T>; N],
    gradient: &mut [T],
    add: bool,
    make: &Make<'_, T, N>,
) {
    if gradient.len() != dims.iter().product() {
        let mut sums = pool::zeros(gradient.len());
        sum_up(dims, own, values, &mut sums, make);
        for (gradient, sum) in gradient.iter_mut().zip(&sums[..]) {
            *gradient = T::of(*sum) + if add { *gradient } else { T::zero() };
        }
    } else if add {
        zip(dims, values, gradient, &|values, gradient| {
            let mut made = [T::zero(); PIECE];
            let made = &mut made[..gradient.len()];
            make(values, made);
            add_to(made, gradient);
        });
    } else {
        zip(dims, values, gradient, make);
    }
}

/// The first axis with more than one place that `holds`.
fn first(dims: &[usize], holds: impl Fn(usize) -> bool) -> Option<usize> {
    (0..dims.len()).find(|&axis| dims[axis] > 1 && holds(axis))
}

/// Some places of an axis, if a walk is not over all of them.
pub(crate) type Cut = Option<(usize, std::ops::Range<usize>)>;

/// The places of a walk in one value, in runs of equal steps.
pub(crate) struct Runs {
    /// The axes but that of a run: their sizes and strides, and where the walk is.
    axes: SmallVec<[(usize, isize, usize); MAX_RANK]>,
    run: Run,
    /// How many places of the run have been taken.
    taken: usize,
}

/// Places that stand `step` apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    pub start: isize,
    pub step: isize,
    pub len: usize,
}

impl Run {
    fn places(self) -> impl Iterator<Item = usize> {
        (0..self.len as isize).map(move |i| (self.start + i * self.step) as usize)
    }

    /// Calls `visit` with each place and what stands for it. Side by side, places are a loop that
    /// the compiler knows.
    pub fn each<U>(self, others: &[U], mut visit: impl FnMut(usize, &U)) {
        if self.step == 1 {
            self.range().zip(others).for_each(|(at, other)| visit(at, other));
        } else {
            self.places().zip(others).for_each(|(at, other)| visit(at, other));
        }
    }

    /// All of them, where they stand side by side.
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len
    }
}

impl Runs {
    /// The places in a value that starts at `start`.
    pub fn new(dims: &[usize], mut start: isize, strides: &[isize], cut: &Cut) -> Runs {
        // Neighbours that are one axis for the value are one.
        let mut axes = SmallVec::<[(usize, isize, usize); MAX_RANK]>::new();
        for (axis, (&size, &stride)) in dims.iter().zip(strides).enumerate() {
            let size = match cut {
                Some((cut, places)) if *cut == axis => {
                    start += places.start as isize * stride;
                    places.len()
                }
                _ => size,
            };
            match axes.last_mut() {
                _ if size == 1 => {}
                Some(outer) if outer.1 == stride * size as isize => {
                    (outer.0, outer.1) = (outer.0 * size, stride);
                }
                _ => axes.push((size, stride, 0)),
            }
        }
        let (len, step, _) = axes.pop().unwrap_or((1, 0, 0));
        Runs { axes, run: Run { start, step, len }, taken: 0 }
    }

    /// How many places there are before any has been taken.
    fn count(&self) -> usize {
        self.axes.iter().map(|axis| axis.0).product::<usize>() * self.run.len
    }

    /// The next places, at most so many; there must be some.
    fn take(&mut self, most: usize) -> Run {
        let Run { start, step, len } = self.run;
        let start = start + self.taken as isize * step;
        let taken = most.min(len - self.taken);
        self.taken += taken;
        if self.taken == len {
            self.taken = 0;
            for (size, stride, at) in self.axes.iter_mut().rev() {
                *at += 1;
                self.run.start += *stride;
                if at < size {
                    break;
                }
                *at = 0;
                self.run.start -= *stride * *size as isize;
            }
        }
        Run { start, step, len: taken }
    }

    /// Calls `visit` with the next runs, as many as there are others, and with the others.
    pub fn each<U>(&mut self, mut others: &[U], mut visit: impl FnMut(Run, &[U])) {
        while !others.is_empty() {
            let run = self.take(others.len());
            let (some, rest) = others.split_at(run.len);
            visit(run, some);
            others = rest;
        }
    }

    /// Copies the numbers at the next places.
    fn copy<T: Copy>(&mut self, numbers: &[T], mut to: &mut [T]) {
        while !to.is_empty() {
            let run = self.take(to.len());
            let (some, rest) = to.split_at_mut(run.len);
            match run.step {
                1 => some.copy_from_slice(&numbers[run.range()]),
                0 => some.fill(numbers[run.start as usize]),
                _ => some.iter_mut().zip(run.places()).for_each(|(to, at)| *to = numbers[at]),
            }
            to = rest;
        }
    }
}

/// Reads the numbers of a value in the order of a walk.
struct Reader<'a, T> {
    numbers: &'a [T],
    places: Runs,
    copied: [T; PIECE],
}

impl<'a, T: Scalar> Reader<'a, T> {
    fn new(dims: &[usize], value: Strided<'a, T>, cut: &Cut) -> Reader<'a, T> {
        let places = Runs::new(dims, value.start, value.strides, cut);
        Reader { numbers: value.numbers, places, copied: [T::zero(); PIECE] }
    }

    /// The next numbers, as many as a piece has at the most.
    fn read(&mut self, count: usize) -> &[T] {
        let Run { start, step, len } = self.places.run;
        if step == 1 && len - self.places.taken >= count {
            let from = start as usize + self.places.taken;
            self.places.take(count);
            return &self.numbers[from..][..count];
        }
        let copied = &mut self.copied[..count];
        self.places.copy(self.numbers, copied);
        copied
    }
}

/// Visits the positions of `N` values at once, in row-major order of `dims`. Value `v` starts at
/// `start[v]`, and its neighbours along an axis stand `strides[v][axis]` apart.
pub(crate) fn walk<const N: usize>(
    dims: &[usize],
    start: [isize; N],
    strides: [&[isize]; N],
    mut visit: impl FnMut([usize; N]),
) {
    // The loops over the outer axes are compiled once for all visitors.
    rows(dims, start, strides, &mut |mut here, steps, len| {
        for _ in 0..len {
            visit(places(here));
            (0..N).for_each(|v| here[v] += steps[v]);
        }
    });
}

/// Visits the rows of `walk`: where each begins, the strides inside of it, and its length.
fn rows<const N: usize>(
    dims: &[usize],
    start: [isize; N],
    strides: [&[isize]; N],
    visit: &mut dyn FnMut([isize; N], [isize; N], usize),
) {
    if dims.contains(&0) {
        return;
    }
    let Some((&last, outer)) = dims.split_last() else {
        return visit(start, [0; N], 1);
    };
    let steps = strides.map(|strides| strides[outer.len()]);
    let mut index = vec![0; outer.len()];
    let mut at = start;
    loop {
        visit(at, steps, last);
        let mut axis = outer.len();
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            index[axis] += 1;
            (0..N).for_each(|v| at[v] += strides[v][axis]);
            if index[axis] < outer[axis] {
                break;
            }
            index[axis] = 0;
            (0..N).for_each(|v| at[v] -= strides[v][axis] * outer[axis] as isize);
        }
    }
}

#[inline]
fn places<const N: usize>(at: [isize; N]) -> [usize; N] {
    at.map(|at| at as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::unless_miri;
    use crate::seed::Generator;

    #[test]
    fn a_walk_goes_row_by_row() {
        let mut seen = Vec::new();
        let shape = Shape::new(&[2, 3]);
        walk(&[2, 3], [0, 5], [&strides(&shape), &[-3, 0]], |at| seen.push(at));
        assert_eq!(seen, [[0, 5], [1, 5], [2, 5], [3, 2], [4, 2], [5, 2]]);
    }

    #[test]
    fn one_number_is_visited_once_and_nothing_never() {
        let mut count = 0;
        walk(&[], [0], [&[]], |_| count += 1);
        walk(&[3, 0], [0], [&[0, 0]], |_| count += 1);
        assert_eq!(count, 1);
    }

    #[test]
    fn pieces_are_read_in_the_order_of_a_walk_whatever_the_strides() {
        let mut random = Generator::new(7);
        for case in 0..60 {
            // Now and then more numbers than stay in one part.
            let most = if case % 10 == 0 { unless_miri(50, 5) } else { 6 };
            let dims: Vec<usize> = (0..3).map(|_| 1 + random.below(most)).collect();
            let (mut size, mut start) = (1, 0);
            let mut apart = vec![0; 3];
            // Along each axis forward, backward or over one and the same, the axes in any order.
            let mut order = [0, 1, 2];
            order.swap(random.below(3), random.below(3));
            for axis in order {
                let step = (1 + random.below(2)) as isize * size;
                apart[axis] = [step, -step, 0][random.below(3)];
                start += if apart[axis] < 0 { step * (dims[axis] as isize - 1) } else { 0 };
                size = step * dims[axis] as isize;
            }
            let x: Vec<f64> = (0..size).map(|i| i as f64).collect();
            let mut expected = Vec::new();
            walk(&dims, [start], [&apart], |[at]| expected.push(x[at]));
            let mut y = vec![0.0; expected.len()];
            let value = Strided { numbers: &x[..], start, strides: &apart };
            zip(&dims, [value], &mut y, &|[x], y| y.copy_from_slice(x));
            assert_eq!(y, expected, "{dims:?} by {apart:?}");
        }
    }
}
