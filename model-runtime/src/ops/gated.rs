//! Products of rows with some columns of a kernel, where each gate may drop inputs of its own.

use std::ops::Range;

use crate::float::Scalar;
use crate::kernels::gemm::{End, Matrix, Packed, Target, at_once, gemm_end, gemm_packed};
use crate::pool::{self, Buffer, Numbers};

/// How the samples of a sequence are cut into pieces, each of which goes through all steps on its
/// own. What belongs to a piece stands together: a row for each of its samples, for each step.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Pieces {
    samples: usize,
    /// The samples of a piece; the last may have fewer.
    each: usize,
    steps: usize,
}

/// The least samples of a piece, if there are so many: fewer rows would read the kernels too often.
const LEAST: usize = 8;

impl Pieces {
    /// Pieces of enough work, if each row of each step is multiplied with a kernel of these sizes.
    pub fn new(samples: usize, steps: usize, (rows, cols): (usize, usize)) -> Pieces {
        let least = at_once(samples, steps, rows, cols).max(LEAST);
        let each = samples.div_ceil(samples.div_ceil(least).max(1)).max(1);
        Pieces { samples, each, steps }
    }

    pub fn count(&self) -> usize {
        self.samples.div_ceil(self.each)
    }

    /// The most samples of a piece.
    pub fn each(&self) -> usize {
        self.each
    }

    /// The samples of a piece.
    pub fn get(&self, piece: usize) -> Range<usize> {
        piece * self.each..self.samples.min((piece + 1) * self.each)
    }

    pub fn iter(&self) -> impl Iterator<Item = Range<usize>> {
        let all = *self;
        (0..all.count()).map(move |piece| all.get(piece))
    }
}

/// `(x ⊙ mask) · kernel` in some columns of the kernel. There is no mask, one for all columns, or
/// one for each gate. The methods leave the other columns alone.
pub(crate) struct Product<'a, T: Scalar> {
    kernel: &'a [T],
    /// The rows of the kernel.
    inputs: usize,
    /// The columns of the kernel.
    width: usize,
    blocks: Vec<Block<'a, T>>,
}

/// Columns that share a mask, with that mask `(samples, inputs)`, which is empty if nothing drops.
struct Block<'a, T: 'static> {
    columns: Range<usize>,
    mask: &'a [T],
    /// These columns, or the same with rows and columns exchanged, for whom multiplies with them.
    packed: Option<Packed<'a, T>>,
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
        let block = |columns, mask| Block { columns, mask, packed: None };
        let blocks = match masks.as_slice() {
            [] => vec![block(columns, &[][..])],
            [mask] => vec![block(columns, mask)],
            masks => {
                let gate = width / masks.len();
                let all = masks.iter().enumerate();
                let all = all.map(|(i, mask)| block(i * gate..(i + 1) * gate, *mask));
                all.filter(|block| columns.contains(&block.columns.start)).collect()
            }
        };
        Product { kernel, inputs, width, blocks }
    }

    /// The same, prepared for calls of [`Product::add`].
    pub fn forth(self) -> Product<'a, T> {
        self.packed(|columns| columns)
    }

    /// The same, prepared for calls of [`Product::pull_input`].
    pub fn back(self) -> Product<'a, T> {
        self.packed(Matrix::t)
    }

    fn packed(mut self, which: impl Fn(Matrix<'a, T>) -> Matrix<'a, T>) -> Product<'a, T> {
        for block in &mut self.blocks {
            let columns = part(self.kernel, &block.columns, self.width);
            block.packed = Some(Packed::new(which(columns)));
        }
        self
    }

    /// `z = (x ⊙ mask) · kernel + bias`, where the rows belong to these samples again and again;
    /// there is no bias if it is empty. After [`Product::forth`].
    pub fn put(&self, x: &[T], bias: &[T], z: &mut [T], samples: &Range<usize>) {
        self.multiply(x, bias, (z, false), samples);
    }

    /// `z += (x ⊙ mask) · kernel`, else as [`Product::put`].
    pub fn add(&self, x: &[T], z: &mut [T], samples: &Range<usize>) {
        self.multiply(x, &[], (z, true), samples);
    }

    fn multiply(&self, x: &[T], bias: &[T], (z, add): (&mut [T], bool), samples: &Range<usize>) {
        for block in &self.blocks {
            let Some(kernel) = &block.packed else { continue };
            let x = self.masked(x, block.mask, samples);
            let x = Matrix::new(&x, x.len() / self.inputs, self.inputs);
            let bias = (!bias.is_empty()).then(|| &bias[block.columns.clone()]);
            let z = target(z, &block.columns, self.width, add);
            gemm_packed(x, kernel, z, &End { bias, ..End::default() });
        }
    }

    /// `dx += (dz · kernelᵀ) ⊙ mask`, where the rows belong to these samples, and those of dx stand
    /// so far apart. After [`Product::back`].
    pub fn pull_input(&self, dz: &[T], dx: &mut [T], distance: usize, samples: &Range<usize>) {
        let inputs = self.inputs;
        for block in &self.blocks {
            let Some(kernel) = &block.packed else { continue };
            let dz = part(dz, &block.columns, self.width);
            if block.mask.is_empty() {
                gemm_packed(dz, kernel, Target::apart(dx, distance, true), &End::default());
                continue;
            }
            let mut through = pool::zeros(samples.len() * inputs);
            let to = Target::apart(&mut through, inputs, false);
            gemm_packed(dz, kernel, to, &End::default());
            let mask = block.mask[samples.start * inputs..].chunks_exact(inputs);
            let rows = through.chunks_exact(inputs).zip(mask);
            for ((through, mask), dx) in rows.zip(dx.chunks_mut(distance)) {
                let numbers = dx.iter_mut().zip(through).zip(mask);
                numbers.for_each(|((dx, &d), &mask)| *dx += d * mask);
            }
        }
    }

    /// `dkernel += (x ⊙ mask)ᵀ · dz`, of all pieces.
    pub fn pull_kernel(&self, x: &[T], dz: &[T], dkernel: &mut [T], pieces: &Pieces) {
        for block in &self.blocks {
            let x = match block.mask {
                [] => Numbers::Lent(x),
                mask => {
                    let mut all = pool::empty(x.len());
                    for samples in pieces.iter() {
                        let row = pieces.steps * self.inputs;
                        let x = &x[samples.start * row..samples.end * row];
                        all.extend_from_slice(&self.masked(x, mask, &samples));
                    }
                    Numbers::Own(all)
                }
            };
            let x = Matrix::new(&x, x.len() / self.inputs, self.inputs);
            let dz = part(dz, &block.columns, self.width);
            let dkernel = target(dkernel, &block.columns, self.width, true);
            gemm_end(x.t(), dz, dkernel, &End::default());
        }
    }

    fn masked<'b>(&self, x: &'b [T], mask: &[T], samples: &Range<usize>) -> Numbers<'b, T> {
        if mask.is_empty() {
            return Numbers::Lent(x);
        }
        let mask = &mask[samples.start * self.inputs..samples.end * self.inputs];
        let pairs = x.iter().zip(mask.iter().cycle());
        Numbers::Own(pairs.map(|(&x, &mask)| x * mask).collect::<Buffer<T>>())
    }
}

/// Some columns of a matrix of this width.
fn part<'a, T>(data: &'a [T], columns: &Range<usize>, width: usize) -> Matrix<'a, T> {
    let rows = data.len() / width;
    let data = &data[columns.start.min(data.len())..];
    Matrix::apart(data, rows, columns.len(), width)
}

/// [`part`], to write to.
fn target<'a, T>(
    data: &'a mut [T],
    columns: &Range<usize>,
    width: usize,
    add: bool,
) -> Target<'a, T> {
    let start = columns.start.min(data.len());
    Target::apart(&mut data[start..], width, add)
}
