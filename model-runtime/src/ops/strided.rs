//! Walking over values whose axes are broadcast, permuted or cut.

use model_spec::Shape;

use crate::kernels::parts::Parts;

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

/// A part of a [`walk`].
pub(crate) struct Part<'a, const N: usize> {
    dims: Vec<usize>,
    start: [isize; N],
    strides: [&'a [isize]; N],
}

impl<const N: usize> Part<'_, N> {
    /// Visits its positions, in the order of the whole walk; that of value 0 is one among the
    /// numbers that the part has of it.
    pub fn walk(&self, visit: impl FnMut([usize; N])) {
        walk(&self.dims, self.start, self.strides, visit);
    }
}

/// Cuts a [`walk`] from the start of each value, so that several threads may share it. Calls `work`
/// with the part, and with the numbers of value 0 that it goes to: nobody else does, whether each
/// is visited once or, where strides are 0, several times.
pub(crate) fn walk_parts<T: Send, const N: usize>(
    dims: &[usize],
    strides: [&[isize]; N],
    target: &mut [T],
    work: impl Fn(&Part<'_, N>, &mut [T]) + Sync,
) {
    /// Bytes to which no two threads should write.
    const LINE: usize = 64;
    // Before the first axis along which the target goes on there is nothing of it, so that what it
    // has at some places there stands side by side.
    let axis = (0..dims.len()).find(|&axis| dims[axis] > 1 && strides[0][axis] != 0);
    let cut = axis.and_then(|axis| {
        let width = strides[0][axis].unsigned_abs();
        let parts = Parts::new(dims[axis], dims.iter().product())?;
        let bytes = parts.rows_of_each() * width * size_of::<T>();
        (bytes >= LINE).then_some((axis, width, parts))
    });
    let Some((axis, width, parts)) = cut else {
        return work(&Part { dims: dims.to_vec(), start: [0; N], strides }, target);
    };
    parts.each_of(target, width, |places, target| {
        let mut dims = dims.to_vec();
        dims[axis] = places.len();
        let from = |value: usize| match value {
            0 => 0,
            _ => places.start as isize * strides[value][axis],
        };
        work(&Part { dims, start: std::array::from_fn(from), strides }, target);
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
}
