//! All that training remembers besides the weights, as plain data.

use ndarray::{ArrayD, IxDyn};

use super::memory::Memory;
use super::step::Totals;
use super::{Position, Trainer, TrainerCore};
use crate::error::At;
use crate::optimizer::{Slot, unknown_path};
use crate::pool::{self, Buffer};
use crate::tape::ById;
use crate::{Error, Float, Functional, Parameter, names};

/// What a trainer remembers besides the weights and variables of its model and its losses. A
/// trainer that is given it, and whose model and losses are given these, goes on as the one it was
/// taken from. [`Trainer::save_state`] writes all of it into a file.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainerState {
    /// How many steps have been made.
    pub steps: u64,
    /// How many batches each optimizer has been given: that of the rest first, then those of parts.
    pub batches: Vec<u64>,
    /// The learning rate of each optimizer; none for those with a schedule.
    pub learning_rates: Vec<Option<f64>>,
    /// The seed of the orders of samples and of what layers draw.
    pub seed: u64,
    /// The epoch in which `fit` stands, counted from 0.
    pub epoch: usize,
    /// How many batches of that epoch have been trained on.
    pub batch: usize,
    /// What is remembered of weights.
    pub slots: Vec<SlotState>,
}

/// What is remembered of a weight under one name.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotState {
    /// The path of the weight, such as `encoder.dense.kernel`.
    pub weight: String,
    /// Keras's name of what is remembered: a slot of the optimizer, such as `momentum`; `average`,
    /// the moving average; or `gradient_accumulator`.
    pub name: String,
    /// The numbers, in the shape of the weight.
    pub values: ArrayD<Float>,
}

pub(super) const AVERAGE: &str = "average";
pub(super) const ACCUMULATOR: &str = "gradient_accumulator";

impl<M: Functional> Trainer<M> {
    /// What has been learned besides the weights: numbers of steps, and what optimizers remember.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let net = model! { x = Input(1); Dense(1)(x) };
    /// let mut trainer = net.compile("adam", "mse")?;
    /// let (x, y) = (array![[1.0]], array![[2.0]]);
    /// trainer.train_on_batch(&x, &y)?;
    /// let (weights, state) = (trainer.model().get_weights(), trainer.state());
    /// assert_eq!((state.steps, state.slots[0].name.as_str()), (1, "momentum"));
    ///
    /// // A step from the same weights and the same state is the same.
    /// trainer.train_on_batch(&x, &y)?;
    /// let once = trainer.model().get_weights();
    /// trainer.model().set_weights(&weights)?;
    /// trainer.set_state(&state)?;
    /// trainer.train_on_batch(&x, &y)?;
    /// assert_eq!(trainer.model().get_weights(), once);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn state(&self) -> TrainerState {
        self.core.state(&self.model.parameters())
    }

    /// Goes on from a state, which was taken from a trainer with the same optimizers and paths of
    /// weights.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a weight that the model does not have, or a name that its
    /// optimizer does not remember anything under; [`Error::WeightShape`] for numbers in another
    /// shape than the weight's; [`Error::Option`] for another number of optimizers, and for a
    /// learning rate that makes no sense. Then nothing has changed.
    pub fn set_state(&mut self, state: &TrainerState) -> Result<(), Error> {
        self.core.set_state(&self.model.parameters(), state)
    }
}

// Not of `Trainer`, whose methods are compiled in each program.
impl TrainerCore {
    pub fn state(&self, weights: &[(String, Parameter)]) -> TrainerState {
        let updater = &self.updater;
        let mut slots = Vec::new();
        for (path, weight) in weights {
            let memory = updater.memories.get(&weight.id()).filter(|memory| memory.begun);
            let Some(memory) = memory else { continue };
            let own = memory.slots.iter().map(|(slot, numbers)| (slot.name, numbers));
            let average = memory.average.iter().map(|numbers| (AVERAGE, numbers));
            let accumulator = memory.accumulator.iter().map(|numbers| (ACCUMULATOR, numbers));
            for (name, numbers) in own.chain(average).chain(accumulator) {
                let shape = IxDyn(weight.shape().dims());
                let values = ArrayD::from_shape_vec(shape, numbers.to_vec());
                let values = values.expect("what is remembered has the shape of the weight");
                slots.push(SlotState { weight: path.clone(), name: name.to_owned(), values });
            }
        }
        let rate = |place| updater.optimizers.get(place).options().learning_rate.number();
        let At { epoch, batch } = self.position.at;
        TrainerState {
            steps: self.step,
            batches: updater.batches.clone(),
            learning_rates: (0..updater.parts()).map(rate).collect(),
            seed: self.seed,
            epoch,
            batch,
            slots,
        }
    }

    pub fn set_state(
        &mut self,
        weights: &[(String, Parameter)],
        state: &TrainerState,
    ) -> Result<(), Error> {
        let updater = &mut self.updater;
        let parts = updater.parts();
        for (name, len) in
            [("batches", state.batches.len()), ("learning_rates", state.learning_rates.len())]
        {
            if len != parts {
                let value = format!("a list of {len}");
                return Err(Error::Option { name, value, expected: "one for each optimizer" });
            }
        }
        let counts = state.batches.iter().chain([&state.steps]);
        if let Some(count) = counts.max().filter(|count| **count > i64::MAX as u64) {
            let (name, value) = ("steps", count.to_string());
            return Err(Error::Option { name, value, expected: "a number to which can be added" });
        }
        let mut rates = Vec::new();
        for (place, rate) in state.learning_rates.iter().enumerate() {
            let mut learning_rate = updater.optimizers.get(place).options().learning_rate.clone();
            if let Some(rate) = rate {
                learning_rate.set(*rate)?;
            }
            rates.push(learning_rate);
        }
        let mut memories = ById::<Memory>::default();
        for slot in &state.slots {
            let Some((path, weight)) = weights.iter().find(|(path, _)| *path == slot.weight) else {
                return Err(unknown_path(&slot.weight, weights));
            };
            let place = updater.optimizers.place(path, weight);
            let own = updater.optimizers.get(place).slots();
            let memory = memories.entry(weight.id()).or_default();
            memory.place = place;
            memory.restore(slot, own, weight)?;
        }
        for (place, rate) in rates.into_iter().enumerate() {
            updater.optimizers.get_mut(place).options_mut().learning_rate = rate;
        }
        updater.memories = memories;
        updater.batches.clone_from(&state.batches);
        self.step = state.steps;
        self.seed = state.seed;
        let at = At { epoch: state.epoch, batch: state.batch };
        self.position = Position { at, totals: Totals::default() };
        self.callbacks = Vec::new();
        Ok(())
    }
}

impl Memory {
    /// Remembers these numbers of the weight.
    fn restore(
        &mut self,
        state: &SlotState,
        own: Vec<Slot>,
        weight: &Parameter,
    ) -> Result<(), Error> {
        let expected = weight.shape();
        if state.values.shape() != expected.dims() {
            return Err(Error::WeightShape { expected, got: state.values.shape().to_vec() });
        }
        self.begun = true;
        let numbers: Buffer<Float> = state.values.iter().copied().collect();
        if self.slots.is_empty() {
            let fill = |slot: Slot| (slot, pool::full(numbers.len(), slot.initial));
            self.slots = own.into_iter().map(fill).collect();
        }
        match state.name.as_str() {
            AVERAGE => self.average = Some(numbers),
            ACCUMULATOR => self.accumulator = Some(numbers),
            name => match self.slots.iter_mut().find(|(slot, _)| slot.name == name) {
                Some((_, slot)) => *slot = numbers,
                None => {
                    let own = self.slots.iter().map(|(slot, _)| slot.name);
                    let known = own.chain([AVERAGE, ACCUMULATOR]);
                    return Err(names::unknown("slot of the optimizer", name, known));
                }
            },
        }
        Ok(())
    }
}
