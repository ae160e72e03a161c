//! Matrix products, by matrixmultiply.

use crate::float::Scalar;

/// A row-major matrix, or a transposed one.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a, T> {
    data: &'a [T],
    rows: usize,
    cols: usize,
    transposed: bool,
}

impl<'a, T> Matrix<'a, T> {
    /// `rows × cols` numbers, one row after the other.
    pub fn new(data: &'a [T], rows: usize, cols: usize) -> Matrix<'a, T> {
        assert_eq!(data.len(), rows * cols);
        Matrix { data, rows, cols, transposed: false }
    }

    /// The same numbers, rows and columns exchanged.
    pub fn t(self) -> Matrix<'a, T> {
        Matrix { data: self.data, rows: self.cols, cols: self.rows, transposed: !self.transposed }
    }

    fn strides(&self) -> (isize, isize) {
        if self.transposed { (1, self.rows as isize) } else { (self.cols as isize, 1) }
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
    assert_eq!(a.cols, b.rows);
    assert_eq!(c.len(), a.rows * b.cols);
    let ((a_row, a_col), (b_row, b_col)) = (a.strides(), b.strides());
    let raw = Raw {
        m: a.rows,
        k: a.cols,
        n: b.cols,
        a: (a.data.as_ptr(), a_row, a_col),
        b: (b.data.as_ptr(), b_row, b_col),
        beta: if add { T::one() } else { T::zero() },
        c: (c.as_mut_ptr(), b.cols as isize, 1),
    };
    // SAFETY: `Matrix::new` and the assertion on `c` make every strided element lie inside its
    // slice; `c` is borrowed alone.
    unsafe { T::gemm(raw) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_agree_with_the_definition() {
        for (m, k, n) in [(0, 2, 3), (1, 0, 2), (1, 1, 1), (2, 3, 4), (7, 5, 9)] {
            let a: Vec<f64> = (0..m * k).map(|i| (i as f64 * 0.7).sin()).collect();
            let b: Vec<f64> = (0..k * n).map(|i| (i as f64 * 0.3).cos()).collect();
            for (add, a_t, b_t) in [(false, false, false), (true, true, false), (true, true, true)]
            {
                let mut c = vec![1.0; m * n];
                let left = if a_t { Matrix::new(&a, k, m).t() } else { Matrix::new(&a, m, k) };
                let right = if b_t { Matrix::new(&b, n, k).t() } else { Matrix::new(&b, k, n) };
                gemm(left, right, &mut c, add);
                for i in 0..m {
                    for j in 0..n {
                        let sum: f64 = (0..k)
                            .map(|l| {
                                let x = if a_t { a[l * m + i] } else { a[i * k + l] };
                                let y = if b_t { b[j * k + l] } else { b[l * n + j] };
                                x * y
                            })
                            .sum();
                        let expected = sum + if add { 1.0 } else { 0.0 };
                        assert!((c[i * n + j] - expected).abs() < 1e-12);
                    }
                }
            }
        }
    }
}
