//! What the recurrent ops share: the loop over time, and the way back through it (Werbos, 1990,
//! "Backpropagation through time").
//!
//! Inside, the steps come first: what belongs to one step is one block, `(samples, …)`, and steps
//! stand in the order in which they are taken. The projections of all inputs are one product, as
//! are the gradients of the kernels; only the product with the state is made step by step.

use std::ops::Range;

use model_spec::Shape;

use super::gated::Product;
use super::map::Map;
use crate::float::Scalar;
use crate::kernels::sums::{add_rows, add_to};
use crate::pool::{self, Buffer};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// One step of a recurrent layer.
pub(crate) trait Cell<T: Scalar>: Send {
    /// The layer.
    const NAME: &'static str;
    /// How many times the units the kernels have columns.
    const GATES: usize;
    /// How many states there are: the output, and what the cell carries beside it.
    const STATES: usize;
    /// How many numbers for each unit `forward` keeps beside the gates.
    const KEPT: usize;

    /// How many gates, one after the other, are multiplied with the recurrent kernel at once: the
    /// first part with the state, the second with what is kept.
    fn parts(&self) -> Vec<usize> {
        vec![Self::GATES]
    }

    /// Whether the gates' gradient is another one by the product with the state than by the one
    /// with the input.
    fn splits(&self) -> bool {
        false
    }

    /// Whether the derivative of an activation looks at what it was given.
    fn needs_input(&self) -> bool;

    fn forward(&self, now: Forward<'_, T>);

    fn backward(&self, now: Backward<'_, T>);
}

/// One step: all blocks have a row for each sample.
pub(crate) struct Forward<'a, T: Scalar> {
    pub units: usize,
    /// The recurrent kernel, for each of the cell's parts.
    pub products: &'a [Product<'a, T>],
    /// What is added to the product with the state; may be empty.
    pub bias: &'a [T],
    /// Holds the projection of the input, shall hold the gates.
    pub gates: &'a mut [T],
    /// Shall hold what the activations were given; empty where nobody asks.
    pub before: &'a mut [T],
    pub kept: &'a mut [T],
    /// The states before the step.
    pub from: [&'a [T]; 2],
    /// Shall hold the states after it.
    pub to: [&'a mut [T]; 2],
}

/// One step on the way back.
pub(crate) struct Backward<'a, T: Scalar> {
    pub units: usize,
    pub products: &'a [Product<'a, T>],
    pub gates: &'a [T],
    pub before: &'a [T],
    pub kept: &'a [T],
    pub from: [&'a [T]; 2],
    pub to: [&'a [T]; 2],
    /// Holds the gradients by the states after the step, shall hold those by the states before.
    pub dstates: [&'a mut [T]; 2],
    /// Shall hold the gradient by the gates before their activation.
    pub dz: &'a mut [T],
    /// The same by the product with the state, where the cell splits; else empty.
    pub dr: &'a mut [T],
}

/// A row of a block; nothing of an empty one.
pub(crate) fn row<T>(block: &[T], row: usize, width: usize) -> &[T] {
    if block.is_empty() { block } else { &block[row * width..(row + 1) * width] }
}

/// [`row`], to write to.
pub(crate) fn row_mut<T>(block: &mut [T], row: usize, width: usize) -> &mut [T] {
    if block.is_empty() { block } else { &mut block[row * width..(row + 1) * width] }
}

/// Some gates of a row; nothing of an empty one.
fn some<T>(row: &[T], gates: Range<usize>) -> &[T] {
    if row.is_empty() { row } else { &row[gates] }
}

/// Applies an activation to some gates of a row, and keeps what it was given.
pub(crate) fn activate<T: Scalar>(map: Map, row: &mut [T], before: &mut [T], gates: Range<usize>) {
    if !before.is_empty() {
        before[gates.clone()].copy_from_slice(&row[gates.clone()]);
    }
    map.apply(&mut row[gates]);
}

/// The gradient by some gates of a row before their activation.
pub(crate) fn deactivate<T: Scalar>(
    map: Map,
    (row, before): (&[T], &[T]),
    dy: &[T],
    dz: &mut [T],
    gates: Range<usize>,
) {
    let y = &row[gates.clone()];
    let x = if before.is_empty() { y } else { some(before, gates.clone()) };
    map.pull(x, y, &dy[gates.clone()], &mut dz[gates], false);
}

/// What a recurrent op returns, and over which steps it goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options<T> {
    /// The outputs of all steps, not only the last.
    pub return_sequences: bool,
    /// The states after the last step, too.
    pub return_state: bool,
    /// From the last step to the first; outputs come in the order in which steps are taken.
    pub go_backwards: bool,
    /// `(samples, steps)`; a step that is `false` changes no state. Empty: every step counts.
    pub mask: Vec<bool>,
    /// Whether the output of a step that does not count is 0, not the one before.
    pub zero_output_for_mask: bool,
    pub use_bias: bool,
    /// `(samples, features)` for all gates or for each: what the input is multiplied with. None
    /// where nothing drops.
    pub dropout: Vec<Vec<T>>,
    /// `(samples, units)` for all gates or for each: what the state is multiplied with.
    pub recurrent_dropout: Vec<Vec<T>>,
}

/// A cell over a sequence.
///
/// Inputs: x `(samples, steps, features)`, kernel `(features, gates · units)`, recurrent kernel
/// `(units, gates · units)`, a bias where there is one, and the states before the first step
/// `(samples, units)`, none for zeros.
///
/// The output is `(samples, steps, units)` or `(samples, units)`; with states, it and the states
/// one after the other, without axes.
pub(crate) struct Recurrent<T: Scalar, C> {
    cell: C,
    options: Options<T>,
    saved: Saved<T>,
}

/// What the way back needs, the steps first.
#[derive(Default)]
struct Saved<T: Scalar> {
    gates: Buffer<T>,
    before: Buffer<T>,
    kept: Buffer<T>,
    /// The states before each step and after the last.
    states: [Buffer<T>; 2],
}

#[derive(Clone, Copy)]
struct Sizes {
    samples: usize,
    steps: usize,
    features: usize,
    units: usize,
}

impl Sizes {
    fn new<T: Scalar>(inputs: &[&Tensor<T>]) -> Sizes {
        let (x, recurrent_kernel) = (inputs[0].shape(), inputs[2].shape());
        let (samples, steps, features) = (x.dim(0), x.dim(1), x.dim(2));
        Sizes { samples, steps, features, units: recurrent_kernel.dim(0) }
    }

    /// The numbers of one state.
    fn state(&self) -> usize {
        self.samples * self.units
    }
}

impl<T: Scalar, C: Cell<T>> Recurrent<T, C> {
    pub fn new(cell: C, options: Options<T>) -> Recurrent<T, C> {
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

    /// The samples for which a step does not count.
    fn masked(&self, step: usize, sizes: &Sizes) -> impl Iterator<Item = usize> {
        let (mask, place) = (&self.options.mask, self.place(step, sizes));
        let samples = if mask.is_empty() { 0 } else { sizes.samples };
        let steps = sizes.steps;
        (0..samples).filter(move |sample| !mask[sample * steps + place])
    }

    /// The inputs, steps first; 0 where a step does not count, so that nothing comes of them.
    fn gather(&self, x: &[T], sizes: &Sizes) -> Buffer<T> {
        let features = sizes.features;
        let mut gathered = pool::empty(x.len());
        for step in 0..sizes.steps {
            let start = gathered.len();
            for sample in 0..sizes.samples {
                let place = sample * sizes.steps + self.place(step, sizes);
                gathered.extend_from_slice(&x[place * features..(place + 1) * features]);
            }
            for sample in self.masked(step, sizes) {
                gathered[start + sample * features..][..features].fill(T::zero());
            }
        }
        gathered
    }

    fn input_product<'a>(&'a self, kernel: &'a [T], sizes: &Sizes) -> Product<'a, T> {
        let masks = self.options.dropout.iter().map(Vec::as_slice).collect();
        Product::new(kernel, sizes.features, 0..C::GATES * sizes.units, masks)
    }

    fn state_products<'a>(&'a self, kernel: &'a [T], sizes: &Sizes) -> Vec<Product<'a, T>> {
        let mut end = 0;
        let product = |gates: usize| {
            let start = end;
            end += gates * sizes.units;
            let masks = self.options.recurrent_dropout.iter().map(Vec::as_slice).collect();
            Product::new(kernel, sizes.units, start..end, masks)
        };
        self.cell.parts().into_iter().map(product).collect()
    }

    /// The numbers that come out, from the states after each step.
    fn pack(&self, sizes: &Sizes) -> Buffer<T> {
        let (state, units) = (sizes.state(), sizes.units);
        let outputs = &self.saved.states[0];
        let outputs_len = if self.options.return_sequences { sizes.steps } else { 1 };
        let mut packed = pool::empty(state * (outputs_len + C::STATES));
        if self.options.return_sequences {
            packed.resize(state * sizes.steps, T::zero());
            for (step, block) in outputs.chunks_exact(state.max(1)).skip(1).enumerate() {
                for (sample, row) in block.chunks_exact(units).enumerate() {
                    packed[(sample * sizes.steps + step) * units..][..units].copy_from_slice(row);
                }
            }
        } else {
            packed.extend_from_slice(&outputs[state * sizes.steps..]);
        }
        if self.options.zero_output_for_mask {
            self.each_zero(sizes, |at| packed[at..at + units].fill(T::zero()));
        }
        if self.options.return_state {
            for states in &self.saved.states[..C::STATES] {
                packed.extend_from_slice(&states[state * sizes.steps..]);
            }
        }
        packed
    }

    /// Visits where outputs start that are 0 because their step does not count.
    fn each_zero(&self, sizes: &Sizes, mut visit: impl FnMut(usize)) {
        let last = sizes.steps.saturating_sub(1);
        let first = if self.options.return_sequences { 0 } else { last };
        for step in first..sizes.steps {
            for sample in self.masked(step, sizes) {
                let row = if self.options.return_sequences {
                    sample * sizes.steps + step
                } else {
                    sample
                };
                visit(row * sizes.units);
            }
        }
    }

    /// Adds the gradient by the output of a step to that by its state.
    fn add_output(&self, gradient: &[T], step: usize, sizes: &Sizes, dh: &mut [T]) {
        let (units, steps) = (sizes.units, sizes.steps);
        for (sample, dh) in dh.chunks_exact_mut(units).enumerate() {
            let row = if self.options.return_sequences { sample * steps + step } else { sample };
            let gradient = &gradient[row * units..(row + 1) * units];
            add_to(gradient, dh);
        }
    }

    /// The gradients by the gates, before their activation, and by the first states: through all
    /// steps, from the last to the first.
    fn walk_back(&self, step: &Step<'_, T>, sizes: &Sizes) -> Gradients<T> {
        let (state, units) = (sizes.state(), sizes.units);
        let (block, kept) = (C::GATES * state, C::KEPT * state);
        let saved = &self.saved;
        let mut gradient = pool::copy(step.gradient);
        if self.options.zero_output_for_mask {
            self.each_zero(sizes, |at| gradient[at..at + units].fill(T::zero()));
        }
        let outputs = if self.options.return_sequences { sizes.steps * state } else { state };
        let mut dstates = [state, (C::STATES - 1) * state].map(pool::zeros);
        if self.options.return_state {
            let ends = gradient[outputs..].chunks_exact(state.max(1));
            dstates.iter_mut().zip(ends).for_each(|(d, end)| d.copy_from_slice(end));
        }
        let mut dz = pool::zeros(sizes.steps * block);
        let mut dr = pool::zeros(if self.cell.splits() { dz.len() } else { 0 });
        let products = self.state_products(step.inputs[2].data(), sizes);
        let products: Vec<_> = products.into_iter().map(Product::turned).collect();
        if !self.options.return_sequences {
            self.add_output(&gradient, 0, sizes, &mut dstates[0]);
        }
        for now in (0..sizes.steps).rev() {
            if self.options.return_sequences {
                self.add_output(&gradient, now, sizes, &mut dstates[0]);
            }
            let held = self.hold(now, sizes, &mut dstates);
            let [dh, dc] = &mut dstates;
            self.cell.backward(Backward {
                units,
                products: &products,
                gates: row(&saved.gates, now, block),
                before: row(&saved.before, now, block),
                kept: row(&saved.kept, now, kept),
                from: [0, 1].map(|i| row(&saved.states[i], now, state)),
                to: [0, 1].map(|i| row(&saved.states[i], now + 1, state)),
                dstates: [dh, dc],
                dz: row_mut(&mut dz, now, block),
                dr: row_mut(&mut dr, now, block),
            });
            self.release(now, sizes, &held, &mut dstates);
        }
        Gradients { dz, dr, dstates }
    }

    /// Takes out what passes by a step that does not count.
    fn hold(&self, step: usize, sizes: &Sizes, dstates: &mut [Buffer<T>; 2]) -> Vec<T> {
        let mut held = Vec::new();
        for sample in self.masked(step, sizes) {
            for dstate in dstates.iter_mut() {
                let row = row_mut(dstate, sample, sizes.units);
                held.extend_from_slice(row);
                row.fill(T::zero());
            }
        }
        held
    }

    /// Puts it back before the step.
    fn release(&self, step: usize, sizes: &Sizes, held: &[T], dstates: &mut [Buffer<T>; 2]) {
        let mut held = held.chunks_exact(sizes.units);
        for sample in self.masked(step, sizes) {
            for dstate in dstates.iter_mut().filter(|dstate| !dstate.is_empty()) {
                let held = held.next().unwrap_or(&[]);
                row_mut(dstate, sample, sizes.units).copy_from_slice(held);
            }
        }
    }
}

struct Gradients<T: Scalar> {
    dz: Buffer<T>,
    dr: Buffer<T>,
    dstates: [Buffer<T>; 2],
}

impl<T: Scalar, C: Cell<T>> Op<T> for Recurrent<T, C> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let sizes = Sizes::new(inputs);
        let (state, units, steps) = (sizes.state(), sizes.units, sizes.steps);
        let (width, block, kept) = (C::GATES * units, C::GATES * state, C::KEPT * state);
        let bias = self.bias(inputs);
        let x = self.gather(inputs[0].data(), &sizes);
        let mut gates = match bias {
            [] => pool::zeros(steps * block),
            _ => pool::repeat(&bias[..width], steps * sizes.samples),
        };
        self.input_product(inputs[1].data(), &sizes).add(&x, &mut gates);
        let starts = &inputs[self.first_state()..];
        let states = [0, 1].map(|i| {
            let mut states = pool::zeros(if i < C::STATES { (steps + 1) * state } else { 0 });
            if let Some(start) = starts.get(i) {
                states[..state].copy_from_slice(start.data());
            }
            states
        });
        let before = pool::zeros(if self.cell.needs_input() { gates.len() } else { 0 });
        let mut saved = Saved { gates, before, kept: pool::zeros(steps * kept), states };
        let products = self.state_products(inputs[2].data(), &sizes);
        for now in 0..steps {
            let [h, c] = &mut saved.states;
            let (h, next_h) = h.split_at_mut((now + 1) * state);
            let (c, next_c) = c.split_at_mut(if C::STATES > 1 { (now + 1) * state } else { 0 });
            let (h, c) = (row(h, now, state), row(c, now, state));
            let (next_h, next_c) = (row_mut(next_h, 0, state), row_mut(next_c, 0, state));
            self.cell.forward(Forward {
                units,
                products: &products,
                bias: if bias.is_empty() { bias } else { &bias[width..] },
                gates: row_mut(&mut saved.gates, now, block),
                before: row_mut(&mut saved.before, now, block),
                kept: row_mut(&mut saved.kept, now, kept),
                from: [h, c],
                to: [next_h, next_c],
            });
            for sample in self.masked(now, &sizes) {
                row_mut(next_h, sample, units).copy_from_slice(row(h, sample, units));
                row_mut(next_c, sample, units).copy_from_slice(row(c, sample, units));
            }
        }
        drop(products);
        self.saved = saved;
        let packed = self.pack(&sizes);
        let shape = match (self.options.return_state, self.options.return_sequences) {
            (true, _) => Shape::new(&[packed.len()]),
            (false, true) => Shape::new(&[sizes.samples, steps, units]),
            (false, false) => Shape::new(&[sizes.samples, units]),
        };
        Tensor::of(shape, packed)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let sizes = Sizes::new(step.inputs);
        let Gradients { dz, dr, dstates } = self.walk_back(step, &sizes);
        let dr = if dr.is_empty() { &dz } else { &dr };
        let inputs = step.inputs;
        let input = self.input_product(inputs[1].data(), &sizes);
        step.write(0, |dx, add| self.scatter(&input, &dz, &sizes, dx, add));
        let x = self.gather(inputs[0].data(), &sizes);
        step.write(1, |dkernel, add| {
            clear(dkernel, add);
            input.pull_kernel(&x, &dz, dkernel);
        });
        let products = self.state_products(inputs[2].data(), &sizes);
        let states = &self.saved.states[0][..sizes.steps * sizes.state()];
        step.write(2, |dkernel, add| {
            clear(dkernel, add);
            for (product, state) in products.iter().zip([states, self.saved.kept.as_slice()]) {
                product.pull_kernel(state, dr, dkernel);
            }
        });
        if self.options.use_bias {
            let width = C::GATES * sizes.units;
            step.write(3, |dbias, add| {
                clear(dbias, add);
                for (dbias, dz) in dbias.chunks_exact_mut(width).zip([&dz, dr]) {
                    add_rows(dz, dbias);
                }
            });
        }
        for (input, dstate) in (self.first_state()..inputs.len()).zip(&dstates) {
            step.add(input, |i| dstate[i]);
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.refuse(C::NAME);
    }
}

impl<T: Scalar, C: Cell<T>> Recurrent<T, C> {
    /// The gradient by the input, from that by the gates.
    fn scatter(&self, product: &Product<'_, T>, dz: &[T], sizes: &Sizes, dx: &mut [T], add: bool) {
        let features = sizes.features;
        let mut gathered = pool::zeros(dx.len());
        product.pull_input(dz, &mut gathered);
        clear(dx, add);
        for (i, row) in gathered.chunks_exact(features).enumerate() {
            let (step, sample) = (i / sizes.samples, i % sizes.samples);
            let place = sample * sizes.steps + self.place(step, sizes);
            let dx = &mut dx[place * features..(place + 1) * features];
            add_to(row, dx);
        }
    }
}

fn clear<T: Scalar>(buffer: &mut [T], add: bool) {
    if !add {
        buffer.fill(T::zero());
    }
}
