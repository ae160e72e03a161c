//! What the recurrent ops share: the loop over time, and the way back through it (Werbos, 1990,
//! "Backpropagation through time").
//!
//! The samples are cut into [`Pieces`], each of which goes through all steps on a thread. Inside of
//! a piece the steps come first: what belongs to one step is one block, `(samples, …)`, and steps
//! stand in the order in which they are taken. The projections of all inputs of a piece are one
//! product, and the gradients of the kernels are one of all pieces; only the product with the state
//! is made step by step.

mod back;

use std::ops::Range;

use model_spec::Shape;

use super::cell::{Cell, Forward, row, row_mut};
use super::gated::{Pieces, Product};
use crate::float::Scalar;
use crate::kernels::sums::add_rows;
use crate::kernels::threads::parallel_parts;
use crate::pool::{self, Buffer, Pooled};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// What a recurrent op returns, and over which steps it goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options<T: Pooled> {
    /// The outputs of all steps, not only the last.
    pub return_sequences: bool,
    /// The states after the last step, too.
    pub return_state: bool,
    /// From the last step to the first; outputs come in the order in which steps are taken.
    pub go_backwards: bool,
    /// `(samples, steps)`; a step that is `false` changes no state. Empty: every step counts.
    pub mask: Buffer<bool>,
    /// Whether the output of a step that does not count is 0, not the one before.
    pub zero_output_for_mask: bool,
    pub use_bias: bool,
    /// `(samples, features)` for all gates or for each: what the input is multiplied with. None
    /// where nothing drops.
    pub dropout: Vec<Buffer<T>>,
    /// `(samples, units)` for all gates or for each: what the state is multiplied with.
    pub recurrent_dropout: Vec<Buffer<T>>,
}

/// A cell over a sequence.
///
/// Inputs: x `(samples, steps, features)`, kernel `(features, gates · units)`, recurrent kernel
/// `(units, gates · units)`, a bias where there is one, and the states before the first step
/// `(samples, units)`, none for zeros.
///
/// The output is `(samples, steps, units)` or `(samples, units)`; with states, it and the states
/// one after the other, without axes.
pub(crate) struct Recurrent<T: Scalar> {
    cell: Box<dyn Cell<T>>,
    options: Options<T>,
    saved: Saved<T>,
}

/// What the way back needs, piece after piece.
#[derive(Default)]
struct Saved<T: Scalar> {
    /// The inputs; 0 where a step does not count, so that nothing comes of them.
    x: Buffer<T>,
    gates: Buffer<T>,
    before: Buffer<T>,
    kept: Buffer<T>,
    /// The states before each step.
    states: [Buffer<T>; 2],
    /// The states after the last one.
    ends: [Buffer<T>; 2],
}

#[derive(Clone, Copy)]
struct Sizes {
    samples: usize,
    steps: usize,
    features: usize,
    units: usize,
    /// The columns of the kernels.
    width: usize,
}

impl Sizes {
    fn new<T: Scalar>(inputs: &[&Tensor<T>]) -> Sizes {
        let (x, recurrent_kernel) = (inputs[0].shape(), inputs[2].shape());
        let (samples, steps, features) = (x.dim(0), x.dim(1), x.dim(2));
        let (units, width) = (recurrent_kernel.dim(0), recurrent_kernel.dim(1));
        Sizes { samples, steps, features, units, width }
    }

    /// The numbers of one state.
    fn state(&self) -> usize {
        self.samples * self.units
    }

    fn pieces(&self) -> Pieces {
        Pieces::new(self.samples, self.steps, (self.features + self.units, self.width))
    }
}

/// The state before a step and the one after it, of so many numbers each.
fn around<'a, T>(
    states: &'a mut [T],
    end: &'a mut [T],
    step: usize,
    state: usize,
) -> (&'a [T], &'a mut [T]) {
    let (before, after) = states.split_at_mut(((step + 1) * state).min(states.len()));
    (row(before, step, state), if after.is_empty() { end } else { &mut after[..state] })
}

/// The state after a step.
fn after<'a, T>(states: &'a [T], end: &'a [T], step: usize, state: usize) -> &'a [T] {
    let after = (step + 1) * state;
    if after < states.len() { &states[after..after + state] } else { end }
}

impl<T: Scalar> Recurrent<T> {
    pub fn new(cell: Box<dyn Cell<T>>, options: Options<T>) -> Recurrent<T> {
        Recurrent { cell, options, saved: Saved::default() }
    }

    /// The place of the first state among the inputs.
    fn first_state(&self) -> usize {
        3 + usize::from(self.options.use_bias)
    }

    fn bias<'a>(&self, inputs: &[&'a Tensor<T>]) -> &'a [T] {
        if self.options.use_bias { inputs[3].data() } else { &[] }
    }

    /// Where in the input a step stands.
    fn place(&self, step: usize, sizes: &Sizes) -> usize {
        if self.options.go_backwards { sizes.steps - 1 - step } else { step }
    }

    /// Which of the samples a step does not count for.
    fn masked(
        &self,
        step: usize,
        samples: &Range<usize>,
        sizes: &Sizes,
    ) -> impl Iterator<Item = usize> {
        let (mask, place) = (&self.options.mask, self.place(step, sizes));
        let (first, steps) = (samples.start, sizes.steps);
        let count = if mask.is_empty() { 0 } else { samples.len() };
        (0..count).filter(move |sample| !mask[(first + sample) * steps + place])
    }

    /// The inputs of some samples, steps first.
    fn gather(&self, x: &[T], samples: &Range<usize>, sizes: &Sizes, gathered: &mut [T]) {
        let (features, block) = (sizes.features, samples.len() * sizes.features);
        for step in 0..sizes.steps {
            let block = row_mut(gathered, step, block);
            for (sample, to) in samples.clone().zip(block.chunks_exact_mut(features)) {
                to.copy_from_slice(row(
                    x,
                    sample * sizes.steps + self.place(step, sizes),
                    features,
                ));
            }
            for sample in self.masked(step, samples, sizes) {
                row_mut(block, sample, features).fill(T::zero());
            }
        }
    }

    fn input_product<'a>(&'a self, kernel: &'a [T], sizes: &Sizes) -> Product<'a, T> {
        let masks = self.options.dropout.iter().map(Buffer::as_slice).collect();
        Product::new(kernel, sizes.features, 0..sizes.width, masks)
    }

    fn state_products<'a>(&'a self, kernel: &'a [T], sizes: &Sizes) -> Vec<Product<'a, T>> {
        let mut end = 0;
        let product = |gates: usize| {
            let start = end;
            end += gates * sizes.units;
            let masks = self.options.recurrent_dropout.iter().map(Buffer::as_slice).collect();
            Product::new(kernel, sizes.units, start..end, masks)
        };
        self.cell.parts().into_iter().map(product).collect()
    }

    /// How many outputs a sample has.
    fn outputs(&self, sizes: &Sizes) -> usize {
        if self.options.return_sequences { sizes.steps } else { 1 }
    }

    /// The outputs of some samples, from their states.
    fn put_outputs(
        &self,
        [states, ends]: [&[T]; 2],
        samples: &Range<usize>,
        sizes: &Sizes,
        outputs: &mut [T],
    ) {
        let (units, state) = (sizes.units, samples.len() * sizes.units);
        if self.options.return_sequences {
            for step in 0..sizes.steps {
                let block = after(states, ends, step, state).chunks_exact(units);
                for (sample, from) in block.enumerate() {
                    row_mut(outputs, sample * sizes.steps + step, units).copy_from_slice(from);
                }
            }
        } else {
            outputs.copy_from_slice(ends);
        }
        if self.options.zero_output_for_mask {
            self.clear_outputs(samples, sizes, outputs);
        }
    }

    /// Sets outputs to 0 whose step does not count.
    fn clear_outputs(&self, samples: &Range<usize>, sizes: &Sizes, outputs: &mut [T]) {
        let count = self.outputs(sizes);
        for step in sizes.steps.saturating_sub(count)..sizes.steps {
            for sample in self.masked(step, samples, sizes) {
                let at = sample * count + step.min(count - 1);
                row_mut(outputs, at, sizes.units).fill(T::zero());
            }
        }
    }

    /// Takes some samples through all steps.
    fn go(&self, given: &Given<'_, T>, samples: &Range<usize>, sizes: &Sizes, room: Room<'_, T>) {
        let Room { x, gates, before, kept, states: [hs, cs], ends: [h_end, c_end], .. } = room;
        let Sizes { units, width, .. } = *sizes;
        self.gather(given.x, samples, sizes, x);
        let (first, second) = given.bias.split_at(width.min(given.bias.len()));
        given.input.put(x, first, gates, samples);
        let (n, state) = (samples.len(), samples.len() * units);
        let kept_of_step = self.cell.counts().kept * state;
        for now in 0..sizes.steps {
            let (h, next_h) = around(hs, h_end, now, state);
            let (c, next_c) = around(cs, c_end, now, state);
            self.cell.forward(Forward {
                units,
                samples,
                products: &given.products,
                bias: second,
                gates: row_mut(gates, now, n * width),
                before: row_mut(before, now, n * width),
                kept: row_mut(kept, now, kept_of_step),
                from: [h, c],
                to: [&mut *next_h, &mut *next_c],
                scratch: &mut *room.scratch,
            });
            for sample in self.masked(now, samples, sizes) {
                row_mut(next_h, sample, units).copy_from_slice(row(h, sample, units));
                row_mut(next_c, sample, units).copy_from_slice(row(c, sample, units));
            }
        }
        self.put_outputs([hs, h_end], samples, sizes, room.outputs);
    }
}

/// What all pieces read.
struct Given<'a, T: Scalar> {
    x: &'a [T],
    /// Empty where there is none.
    bias: &'a [T],
    input: Product<'a, T>,
    products: Vec<Product<'a, T>>,
}

/// What a piece writes to.
struct Room<'a, T> {
    x: &'a mut [T],
    gates: &'a mut [T],
    before: &'a mut [T],
    kept: &'a mut [T],
    states: [&'a mut [T]; 2],
    ends: [&'a mut [T]; 2],
    outputs: &'a mut [T],
    scratch: &'a mut [T],
}

/// What belongs to some samples, of so many numbers for each; nothing of nothing.
fn piece<'a, T>(all: &'a [T], samples: &Range<usize>, numbers: usize) -> &'a [T] {
    if all.is_empty() { all } else { &all[samples.start * numbers..samples.end * numbers] }
}

impl<T: Scalar> Op<T> for Recurrent<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let sizes = Sizes::new(inputs);
        let Sizes { samples, steps, features, units, width } = sizes;
        let counts = self.cell.counts();
        let (state, pieces, starts) = (sizes.state(), sizes.pieces(), self.first_state());
        let gates = steps * samples * width;
        let states = [0, 1].map(|i| if i < counts.states { state } else { 0 });
        let mut saved = Saved {
            x: pool::unset(inputs[0].len()),
            gates: pool::unset(gates),
            before: pool::unset(if self.cell.needs_input() { gates } else { 0 }),
            kept: pool::unset(steps * counts.kept * state),
            states: states.map(|state| pool::unset(steps * state)),
            ends: states.map(pool::zeros),
        };
        let outputs = self.outputs(&sizes) * state;
        let more = if self.options.return_state { counts.states * state } else { 0 };
        let mut packed = pool::unset(outputs + more);
        let each = pieces.each();
        let mut scratch = pool::unset(pieces.count() * each * counts.scratch * units);
        let products = self.state_products(inputs[2].data(), &sizes);
        let given = Given {
            x: inputs[0].data(),
            bias: self.bias(inputs),
            input: self.input_product(inputs[1].data(), &sizes).forth(),
            products: products.into_iter().map(Product::forth).collect(),
        };
        let [hs, cs] = &mut saved.states;
        let [h_end, c_end] = &mut saved.ends;
        let slices = [
            (&mut saved.x[..], each * steps * features),
            (&mut saved.gates[..], each * steps * width),
            (&mut saved.before[..], each * steps * width),
            (&mut saved.kept[..], each * steps * counts.kept * units),
            (&mut hs[..], each * steps * units),
            (&mut cs[..], each * steps * units),
            (&mut h_end[..], each * units),
            (&mut c_end[..], each * units),
            (&mut packed[..outputs], each * self.outputs(&sizes) * units),
            (&mut scratch[..], each * counts.scratch * units),
        ];
        parallel_parts(pieces.count(), slices, |i, slices| {
            let [x, gates, before, kept, hs, cs, h_end, c_end, outputs, scratch] = slices;
            let samples = &pieces.get(i);
            let (states, ends) = ([hs, cs], [h_end, c_end]);
            for i in 0..counts.states {
                let first = if steps > 0 { &mut *states[i] } else { &mut *ends[i] };
                let first = row_mut(first, 0, samples.len() * units);
                match inputs.get(starts + i) {
                    Some(start) => first.copy_from_slice(piece(start.data(), samples, units)),
                    None => first.fill(T::zero()),
                }
            }
            let room = Room { x, gates, before, kept, states, ends, outputs, scratch };
            self.go(&given, samples, &sizes, room);
        });
        drop(given);
        if self.options.return_state {
            let ends = packed[outputs..].chunks_exact_mut(state.max(1));
            ends.zip(&saved.ends).for_each(|(to, end)| to.copy_from_slice(end));
        }
        self.saved = saved;
        let shape = match (self.options.return_state, self.options.return_sequences) {
            (true, _) => Shape::new(&[packed.len()]),
            (false, true) => Shape::new(&[samples, steps, units]),
            (false, false) => Shape::new(&[samples, units]),
        };
        Tensor::of(shape, packed)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let sizes = Sizes::new(step.inputs);
        let back::Gradients { dz, dr, dstates } = self.walk_back(step, &sizes);
        let dr = if dr.is_empty() { &dz } else { &dr };
        let (inputs, pieces) = (step.inputs, sizes.pieces());
        step.write(0, |dx, add| {
            clear(dx, add);
            self.pull_input(inputs[1].data(), &dz, &sizes, dx);
        });
        step.write(1, |dkernel, add| {
            clear(dkernel, add);
            let input = self.input_product(inputs[1].data(), &sizes);
            input.pull_kernel(&self.saved.x, &dz, dkernel, &pieces);
        });
        let products = self.state_products(inputs[2].data(), &sizes);
        step.write(2, |dkernel, add| {
            clear(dkernel, add);
            for (product, state) in products.iter().zip([&self.saved.states[0], &self.saved.kept]) {
                product.pull_kernel(state, dr, dkernel, &pieces);
            }
        });
        if self.options.use_bias {
            step.write(3, |dbias, add| {
                clear(dbias, add);
                for (dbias, dz) in dbias.chunks_exact_mut(sizes.width).zip([&dz, dr]) {
                    add_rows(dz, dbias);
                }
            });
        }
        for (input, dstate) in (self.first_state()..inputs.len()).zip(dstates) {
            step.give(input, dstate);
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.refuse(self.cell.name());
    }
}

fn clear<T: Scalar>(buffer: &mut [T], add: bool) {
    if !add {
        buffer.fill(T::zero());
    }
}
