//! Products of rows with some columns of a kernel, where each gate may drop inputs of its own.

use std::ops::Range;

use crate::float::Scalar;
use crate::kernels::gemm::{Matrix, gemm};
use crate::pool::{self, Numbers};

/// `(x ⊙ mask) · kernel` in some columns of the kernel. There is no mask, one for all columns, or
/// one for each gate. The methods add to what is there and leave the other columns alone.
pub(crate) struct Product<'a, T> {
    kernel: &'a [T],
    /// The rows of the kernel.
    inputs: usize,
    /// The columns of the kernel.
    width: usize,
    columns: Range<usize>,
    masks: Vec<&'a [T]>,
}

/// Columns that share a mask, with that mask `(samples, inputs)`, which is empty if nothing drops.
/// Row `r` of the inputs belongs to sample `r % samples`.
struct Block<'a, T> {
    columns: Range<usize>,
    mask: &'a [T],
}

impl<'a, T: Scalar> Product<'a, T> {
    /// The product in these columns of a kernel with so many rows.
    pub fn new(
        kernel: &'a [T],
        inputs: usize,
        columns: Range<usize>,
        masks: Vec<&'a [T]>,
    ) -> Product<'a, T> {
        Product { kernel, inputs, width: kernel.len() / inputs, columns, masks }
    }

    /// `z += (x ⊙ mask) · kernel`.
    pub fn add(&self, x: &[T], z: &mut [T]) {
        for block in self.blocks() {
            let x = masked(x, block.mask);
            let kernel = self.cut(self.kernel, &block.columns);
            let (x, kernel) = (matrix(&x, self.inputs), matrix(&kernel, block.columns.len()));
            self.through(z, &block.columns, |z, add| gemm(x, kernel, z, add));
        }
    }

    /// `dx += (dz · kernelᵀ) ⊙ mask`.
    pub fn pull_input(&self, dz: &[T], dx: &mut [T]) {
        for block in self.blocks() {
            let (dz, kernel) =
                (self.cut(dz, &block.columns), self.cut(self.kernel, &block.columns));
            let width = block.columns.len();
            let (dz, kernel) = (matrix(&dz, width), matrix(&kernel, width).t());
            if block.mask.is_empty() {
                gemm(dz, kernel, dx, true);
            } else {
                let mut through = pool::zeros(dx.len());
                gemm(dz, kernel, &mut through, false);
                let masks = block.mask.iter().cycle();
                dx.iter_mut().zip(&through).zip(masks).for_each(|((dx, &d), &m)| *dx += d * m);
            }
        }
    }

    /// `dkernel += (x ⊙ mask)ᵀ · dz`.
    pub fn pull_kernel(&self, x: &[T], dz: &[T], dkernel: &mut [T]) {
        for block in self.blocks() {
            let (x, dz) = (masked(x, block.mask), self.cut(dz, &block.columns));
            let (x, dz) = (matrix(&x, self.inputs).t(), matrix(&dz, block.columns.len()));
            self.through(dkernel, &block.columns, |dkernel, add| gemm(x, dz, dkernel, add));
        }
    }

    fn blocks(&self) -> Vec<Block<'a, T>> {
        match self.masks.as_slice() {
            [] => vec![Block { columns: self.columns.clone(), mask: &[] }],
            [mask] => vec![Block { columns: self.columns.clone(), mask }],
            masks => {
                let width = self.width / masks.len();
                let block = |(i, &mask): (usize, &&'a [T])| Block {
                    columns: i * width..(i + 1) * width,
                    mask,
                };
                let all = masks.iter().enumerate().map(block);
                all.filter(|block| self.columns.contains(&block.columns.start)).collect()
            }
        }
    }

    /// Some columns of a matrix of the kernel's width.
    fn cut<'b>(&self, data: &'b [T], columns: &Range<usize>) -> Numbers<'b, T> {
        if columns.len() == self.width {
            return Numbers::Lent(data);
        }
        let mut part = pool::empty(data.len() / self.width * columns.len());
        let rows = data.chunks_exact(self.width);
        rows.for_each(|row| part.extend_from_slice(&row[columns.clone()]));
        Numbers::Own(part)
    }

    /// Adds to some columns of a matrix of the kernel's width what `write` makes of them; it is
    /// told whether to add itself.
    fn through(&self, data: &mut [T], columns: &Range<usize>, write: impl FnOnce(&mut [T], bool)) {
        if columns.len() == self.width {
            return write(data, true);
        }
        let mut part = pool::zeros(data.len() / self.width * columns.len());
        write(&mut part, false);
        let rows = data.chunks_exact_mut(self.width).zip(part.chunks_exact(columns.len()));
        for (row, part) in rows {
            row[columns.clone()].iter_mut().zip(part).for_each(|(sum, &more)| *sum += more);
        }
    }
}

fn matrix<T>(data: &[T], columns: usize) -> Matrix<'_, T> {
    Matrix::new(data, data.len() / columns, columns)
}

fn masked<'a, T: Scalar>(x: &'a [T], mask: &[T]) -> Numbers<'a, T> {
    if mask.is_empty() {
        return Numbers::Lent(x);
    }
    let pairs = x.iter().zip(mask.iter().cycle());
    Numbers::Own(pairs.map(|(&x, &mask)| x * mask).collect())
}
