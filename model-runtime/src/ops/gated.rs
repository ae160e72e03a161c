//! Products of rows with some columns of a kernel, where each gate may drop inputs of its own.

use std::ops::Range;

use crate::float::Scalar;
use crate::kernels::gemm::{End, Matrix, Target, gemm, gemm_end};
use crate::pool::{self, Buffer, Numbers};

/// `(x ⊙ mask) · kernel` in some columns of the kernel. There is no mask, one for all columns, or
/// one for each gate. The methods add to what is there and leave the other columns alone.
pub(crate) struct Product<'a, T: Scalar> {
    kernel: &'a [T],
    /// The rows of the kernel.
    inputs: usize,
    /// The columns of the kernel.
    width: usize,
    columns: Range<usize>,
    masks: Vec<&'a [T]>,
    /// The kernel with rows and columns exchanged; empty unless [`Product::turned`] was asked.
    turned: Buffer<T>,
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
        let width = kernel.len() / inputs;
        Product { kernel, inputs, width, columns, masks, turned: Buffer::default() }
    }

    /// The same, prepared for many calls of [`Product::pull_input`].
    pub fn turned(mut self) -> Product<'a, T> {
        self.turned = pool::empty(self.kernel.len());
        for column in 0..self.width {
            let column = self.kernel[column..].iter().step_by(self.width);
            self.turned.extend(column);
        }
        self
    }

    /// `z += (x ⊙ mask) · kernel`.
    pub fn add(&self, x: &[T], z: &mut [T]) {
        for block in self.blocks() {
            let x = masked(x, block.mask);
            let kernel = self.part(self.kernel, &block.columns);
            let z = self.target(z, &block.columns);
            gemm_end(matrix(&x, self.inputs), kernel, z, &End::default());
        }
    }

    /// `dx += (dz · kernelᵀ) ⊙ mask`.
    pub fn pull_input(&self, dz: &[T], dx: &mut [T]) {
        for block in self.blocks() {
            let dz = self.part(dz, &block.columns);
            let kernel = if self.turned.is_empty() {
                self.part(self.kernel, &block.columns).t()
            } else {
                let rows = block.columns.start * self.inputs..block.columns.end * self.inputs;
                matrix(&self.turned[rows], self.inputs)
            };
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
            let (x, dz) = (masked(x, block.mask), self.part(dz, &block.columns));
            let dkernel = self.target(dkernel, &block.columns);
            gemm_end(matrix(&x, self.inputs).t(), dz, dkernel, &End::default());
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
    fn part<'b>(&self, data: &'b [T], columns: &Range<usize>) -> Matrix<'b, T> {
        let rows = data.len() / self.width;
        let data = &data[columns.start.min(data.len())..];
        Matrix::apart(data, rows, columns.len(), self.width)
    }

    /// [`Product::part`], to add to.
    fn target<'b>(&self, data: &'b mut [T], columns: &Range<usize>) -> Target<'b, T> {
        let start = columns.start.min(data.len());
        Target::apart(&mut data[start..], self.width, true)
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
