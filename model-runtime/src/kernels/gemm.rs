//! Products of matrices: by micro-kernels of our own where the engine has some, else by
//! matrixmultiply, which is also what they are compared with.

use std::ops::Range;

use super::engine::{Engine, engine};
use super::micro::Kernels;
use super::pack::{Room, pack_columns, with_room};
use super::parts::Parts;
use super::product::{Left, Out, Right, multiply};
use super::threads::{Shared, parallel};
use super::unless_miri;
use crate::float::Scalar;

/// A matrix whose rows, or whose columns, are numbers side by side.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a, T> {
    data: &'a [T],
    rows: usize,
    cols: usize,
    /// From a row to the next, and from a column to the next.
    row: usize,
    col: usize,
}

impl<'a, T> Matrix<'a, T> {
    /// `rows × cols` numbers, one row after the other.
    pub fn new(data: &'a [T], rows: usize, cols: usize) -> Matrix<'a, T> {
        assert_eq!(data.len(), rows * cols);
        Matrix::apart(data, rows, cols, cols)
    }

    /// Rows that begin `distance` apart: some columns of a wider matrix; they may overlap.
    pub fn apart(data: &'a [T], rows: usize, cols: usize, distance: usize) -> Matrix<'a, T> {
        if rows > 0 && cols > 0 {
            assert!((rows - 1) * distance + cols <= data.len());
        }
        Matrix { data, rows, cols, row: distance, col: 1 }
    }

    /// The same numbers, rows and columns exchanged.
    pub fn t(self) -> Matrix<'a, T> {
        Matrix { rows: self.cols, cols: self.rows, row: self.col, col: self.row, ..self }
    }
}

/// Where a product is written: rows, which begin `distance` apart.
pub(crate) struct Target<'a, T> {
    data: &'a mut [T],
    distance: usize,
    /// Whether the product is added to what is there.
    add: bool,
}

impl<'a, T> Target<'a, T> {
    /// Some columns of a matrix that has `distance` columns in all.
    pub fn apart(data: &'a mut [T], distance: usize, add: bool) -> Target<'a, T> {
        Target { data, distance, add }
    }
}

/// Something that is done with each number alone.
pub(crate) type Then<'a, T> = dyn Fn(&mut [T]) + Sync + 'a;

/// What is done with a product's numbers while they are at hand, in this order.
pub(crate) struct End<'a, T> {
    /// Added to each row.
    pub bias: Option<&'a [T]>,
    /// Whether what is negative becomes 0.
    pub relu: bool,
    /// Called with each number once, some at a time.
    pub then: Option<&'a Then<'a, T>>,
}

impl<T> Default for End<'_, T> {
    fn default() -> Self {
        End { bias: None, relu: false, then: None }
    }
}

/// Pointers with row and column strides, as matrixmultiply wants them.
pub(crate) struct Raw<T> {
    pub m: usize,
    pub k: usize,
    pub n: usize,
    pub a: (*const T, isize, isize),
    pub b: (*const T, isize, isize),
    pub beta: T,
    pub c: (*mut T, isize, isize),
}

/// `c = a·b`, or `c += a·b` where `add` is set; `c` is row-major.
pub(crate) fn gemm<T: Scalar>(a: Matrix<'_, T>, b: Matrix<'_, T>, c: &mut [T], add: bool) {
    assert_eq!(c.len(), a.rows * b.cols);
    gemm_end(a, b, Target::apart(c, b.cols, add), &End::default());
}

/// [`gemm`], with something to do at the end.
pub(crate) fn gemm_end<T: Scalar>(
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    c: Target<'_, T>,
    end: &End<'_, T>,
) {
    gemm_by(engine(), a, b, c, end);
}

/// [`gemm_end`] by an engine, which the processor must have.
pub(crate) fn gemm_by<T: Scalar>(
    engine: Engine,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    c: Target<'_, T>,
    end: &End<'_, T>,
) {
    assert!(engine <= self::engine(), "the processor has no {engine:?}");
    let Some(product) = Product::new(a, b, c, end) else { return };
    let (_, k, _) = product.sizes;
    match T::kernels(engine) {
        Some(kernels) if k > 0 => product.by_kernels(kernels),
        _ => product.portable(),
    }
}

/// A factor on the right that stands in many products, in the order in which they read it.
pub(crate) struct Packed<'a, T: 'static> {
    matrix: Matrix<'a, T>,
    /// For these kernels, and where; nothing where it is read as it is.
    panels: Option<(&'static Kernels<T>, Panels<T>)>,
}

/// Where the panels are, and what holds them.
struct Panels<T> {
    data: *const T,
    _room: Room,
}

// SAFETY: the pointer is that of the room, to which nobody writes any more.
unsafe impl<T: Sync> Sync for Panels<T> {}

impl<'a, T: Scalar> Packed<'a, T> {
    pub fn new(matrix: Matrix<'a, T>) -> Packed<'a, T> {
        let Matrix { data, rows, cols, row, col } = matrix;
        let kernels = T::kernels(engine()).filter(|_| rows > 0 && cols > 0);
        let panels = kernels.map(|kernels| {
            let mut room = Room::new::<T>(rows * cols.next_multiple_of(kernels.cols()));
            let from = (data.as_ptr(), row as isize, col as isize);
            // SAFETY: the matrix has these rows and columns, and there is room for them.
            unsafe { pack_columns(kernels, from, (rows, cols), room.get()) };
            (kernels, Panels { data: room.get::<T>().cast_const(), _room: room })
        });
        Packed { matrix, panels }
    }
}

/// [`gemm_end`] with a factor that is packed.
pub(crate) fn gemm_packed<T: Scalar>(
    a: Matrix<'_, T>,
    b: &Packed<'_, T>,
    c: Target<'_, T>,
    end: &End<'_, T>,
) {
    let Some(product) = Product::new(a, b.matrix, c, end) else { return };
    match &b.panels {
        Some((kernels, panels)) => {
            let (_, k, _) = product.sizes;
            let width = kernels.cols();
            let right = Right { data: panels.data, row: width, panel: k * width };
            product.each_part((kernels.rows, width), |rows, cols| {
                product.part(kernels, &right, rows, cols);
            });
        }
        None => product.portable(),
    }
}

/// From so many operations on, a product is divided, into parts of at least a quarter as many.
const DIVIDED: usize = unless_miri(4_000_000, 20_000);

/// What takes no longer than so many rows, numbers of the depth, or columns.
const LEAST: [usize; 3] = [8, 32, 32];

/// How many parts a product has: a power of two, which any even number of threads can share. It
/// depends on nothing but its sizes.
pub(super) fn parts(m: usize, k: usize, n: usize) -> usize {
    let sizes = [m, k, n].into_iter().zip(LEAST);
    let work = sizes.fold(2, |work: usize, (size, least)| work.saturating_mul(size.max(least)));
    if work < DIVIDED { 1 } else { 1 << (4 * (work / DIVIDED)).min(64).ilog2() }
}

/// How many of several products of the same sizes are one part of the work.
pub(crate) fn at_once(products: usize, m: usize, k: usize, n: usize) -> usize {
    products.div_ceil(parts(products.saturating_mul(m), k, n)).max(1)
}

/// A product whose bounds have been checked.
struct Product<'a, T> {
    sizes: (usize, usize, usize),
    /// With the distances of rows and columns.
    a: (*const T, isize, isize),
    b: (*const T, isize, isize),
    c: Shared<T>,
    distance: usize,
    add: bool,
    end: &'a End<'a, T>,
}

// SAFETY: the pointers are those of borrowed slices; parts write to places that do not overlap.
unsafe impl<T: Sync> Sync for Product<'_, T> {}

impl<'a, T: Scalar> Product<'a, T> {
    /// Checks the bounds; `None` where there is nothing to do.
    fn new(
        a: Matrix<'a, T>,
        b: Matrix<'a, T>,
        c: Target<'a, T>,
        end: &'a End<'a, T>,
    ) -> Option<Product<'a, T>> {
        let (m, k, n) = (a.rows, a.cols, b.cols);
        assert_eq!(k, b.rows);
        assert!(end.bias.is_none_or(|bias| bias.len() == n));
        if m == 0 || n == 0 {
            return None;
        }
        assert!(n <= c.distance && (m - 1) * c.distance + n <= c.data.len());
        Some(Product {
            sizes: (m, k, n),
            a: (a.data.as_ptr(), a.row as isize, a.col as isize),
            b: (b.data.as_ptr(), b.row as isize, b.col as isize),
            c: Shared(c.data.as_mut_ptr()),
            distance: c.distance,
            add: c.add,
            end,
        })
    }

    /// Calls `work` with the rows and columns of each part: parts of rows, or of columns where
    /// there are more of these. Sizes of parts are multiples of what is given.
    fn each_part(
        &self,
        multiple: (usize, usize),
        work: impl Fn(Range<usize>, Range<usize>) + Sync,
    ) {
        let (m, k, n) = self.sizes;
        let parts = parts(m, k, n);
        if m >= n {
            let some = m.div_ceil(parts).next_multiple_of(multiple.0);
            parallel(m.div_ceil(some), &|i| work(i * some..m.min((i + 1) * some), 0..n));
        } else {
            let some = n.div_ceil(parts).next_multiple_of(multiple.1);
            parallel(n.div_ceil(some), &|i| work(0..m, i * some..n.min((i + 1) * some)));
        }
    }

    fn by_kernels(&self, kernels: &Kernels<T>) {
        let (m, k, n) = self.sizes;
        let width = kernels.cols();
        let (data, row, col) = self.b;
        let in_place = Right { data, row: row as usize, panel: width };
        let far = row.unsigned_abs() * size_of::<T>() >= FAR;
        let packs = col != 1 || (far && m > kernels.in_place);
        if !packs {
            return self.each_part((kernels.rows, width), |rows, cols| {
                self.part(kernels, &in_place, rows, cols);
            });
        }
        if m < n {
            return self.each_part((kernels.rows, width), |rows, cols| {
                with_room(k * cols.len().next_multiple_of(width), |room| {
                    let from = self.b.0.wrapping_offset(cols.start as isize * col);
                    // SAFETY: these columns of B exist, and there is room for them.
                    unsafe { pack_columns(kernels, (from, row, col), (k, cols.len()), room) };
                    let panel = k * width;
                    let data = room.wrapping_sub(cols.start * k).cast_const();
                    self.part(kernels, &Right { data, row: width, panel }, rows, cols);
                });
            });
        }
        with_room(k * n.next_multiple_of(width), |room: *mut T| {
            let place = Shared(room);
            each_panel(k, n, width, |cols| {
                let from = (self.b.0.wrapping_offset(cols.start as isize * col), row, col);
                let to = place.get().wrapping_add(cols.start * k);
                // SAFETY: as above.
                unsafe { pack_columns(kernels, from, (k, cols.len()), to) };
            });
            let packed = Right { data: room.cast_const(), row: width, panel: k * width };
            self.each_part((kernels.rows, width), |rows, cols| {
                self.part(kernels, &packed, rows, cols);
            });
        });
    }

    /// Some rows and columns of the product, and what is done with them.
    fn part(&self, kernels: &Kernels<T>, b: &Right<T>, rows: Range<usize>, cols: Range<usize>) {
        let (m, k, _) = self.sizes;
        let (data, row, col) = self.a;
        let a = Left { data, row, group: 0, rows: m, col, segment: 0, segments: 1, depth: k };
        let bias = self.end.bias.map_or(std::ptr::null(), <[T]>::as_ptr);
        let relu = self.end.relu;
        let (data, row) = (self.c.get(), self.distance);
        let c = Out { data, row, group: 0, add: self.add, bias, relu };
        // SAFETY: the slices hold the matrices; parts do not overlap.
        unsafe { multiply(kernels, &a, b, &c, rows.clone(), cols.clone()) };
        if let Some(then) = self.end.then {
            if cols.len() == self.distance {
                let start = self.c.get().wrapping_add(rows.start * self.distance);
                // SAFETY: whole rows inside of the borrowed slice, whose part is done.
                then(unsafe { std::slice::from_raw_parts_mut(start, rows.len() * cols.len()) });
            } else {
                self.rows(rows, cols, then);
            }
        }
    }

    /// By matrixmultiply.
    fn portable(&self) {
        self.each_part((8, 8), |rows, cols| {
            let (_, k, _) = self.sizes;
            let at = |first: usize, distance: isize| first as isize * distance;
            let raw = Raw {
                m: rows.len(),
                k,
                n: cols.len(),
                a: (self.a.0.wrapping_offset(at(rows.start, self.a.1)), self.a.1, self.a.2),
                b: (self.b.0.wrapping_offset(at(cols.start, self.b.2)), self.b.1, self.b.2),
                beta: if self.add { T::one() } else { T::zero() },
                c: (
                    self.c.get().wrapping_add(rows.start * self.distance + cols.start),
                    self.distance as isize,
                    1,
                ),
            };
            // SAFETY: the slices hold the matrices; parts do not overlap.
            unsafe { T::gemm(raw) };
            let End { bias, relu, then } = *self.end;
            self.rows(rows, cols.clone(), |row| {
                if let Some(bias) = bias {
                    row.iter_mut().zip(&bias[cols.clone()]).for_each(|(y, &bias)| *y += bias);
                }
                if relu {
                    let zero = T::zero();
                    row.iter_mut().for_each(|y| *y = if *y < zero { zero } else { *y });
                }
                if let Some(then) = then {
                    then(row);
                }
            });
        });
    }

    /// Calls `work` with each of these rows.
    fn rows(&self, rows: Range<usize>, cols: Range<usize>, work: impl Fn(&mut [T])) {
        for row in rows {
            let start = self.c.get().wrapping_add(row * self.distance + cols.start);
            // SAFETY: the row lies inside of the borrowed slice, and its part is done.
            work(unsafe { std::slice::from_raw_parts_mut(start, cols.len()) });
        }
    }
}

/// Calls `work` with the columns of some panels at a time.
fn each_panel(k: usize, n: usize, width: usize, work: impl Fn(Range<usize>) + Sync) {
    let whole = |panels: Range<usize>| work(panels.start * width..n.min(panels.end * width));
    let panels = n.div_ceil(width);
    match Parts::new(panels, 2 * k * n) {
        Some(parts) => parts.each(whole),
        None => whole(0..panels),
    }
}

/// Rows of B that stand so many bytes apart fall on the same few places of the first cache.
const FAR: usize = 1024;
