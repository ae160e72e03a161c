//! The whole state of a training in a file.

use std::collections::HashMap;
use std::path::Path;

use model_spec::{MAX_RANK, Shape};
use ndarray::{ArrayD, IxDyn};

use super::state::{ACCUMULATOR, AVERAGE};
use super::step::Totals;
use super::{SlotState, Trainer, TrainerCore, TrainerState};
use crate::callbacks::CallbackState;
use crate::model::path;
use crate::tensor::Tensor;
use crate::weights::format::{self, Array, Problem};
use crate::weights::header::Contents;
use crate::weights::{self, Entries, Load, TRAINING, file};
use crate::{Error, Functional, Layer, Parameter, Variable};

/// What says that a file is one of these.
const FORMAT: (&str, &str) = ("format", "training state 1");

/// The first parts of names behind [`TRAINING`].
const VARIABLES: &str = "variables/";
const SLOTS: &str = "slots/";
const EPOCH: &str = "epoch/";
const CALLBACKS: &str = "callbacks/";

/// A learning rate that follows a schedule.
const SCHEDULE: &str = "schedule";

impl<M: Functional> Trainer<M> {
    /// Writes all that training needs to go on into a [safetensors](crate::weights) file: weights
    /// and variables of the model, [those beside it](Trainer::variables), what optimizers remember
    /// and their learning rates, numbers of steps (which schedules follow), the seed and where
    /// `fit` stands, also in the middle of an epoch. The file is there as a whole or as it was
    /// before.
    ///
    /// With [moving averages](crate::Optimizer::use_ema), `fit` ends with these in the place of the
    /// weights; what a [callback](crate::callbacks) saves before goes on from the weights.
    ///
    /// What callbacks count is there as well, as of the end of the last epoch or of what
    /// [`Trainer::save_state_later`] waits for. What is in none of these, such as what a closure
    /// has captured, cannot be saved. [`Model::load_weights`](crate::Model) reads the weights
    /// alone from such a file.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::Array2;
    ///
    /// model! {
    ///     struct Net {
    ///         x = Input(3);
    ///         Dense(1)(x)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let path = std::env::temp_dir().join("training.safetensors");
    /// let (x, y) = (Array2::<f32>::ones((8, 3)), Array2::<f32>::ones((8, 1)));
    /// let options = |epochs| Fit::epochs(epochs).batch_size(2).verbose(0);
    /// let mut trainer = Net::new(0).compile("adam", "mse")?;
    /// trainer.fit(&x, &y, options(4))?;
    /// trainer.save_state(&path)?;
    /// trainer.fit(&x, &y, options(10).resume(true))?;
    ///
    /// // In another program, the next day:
    /// let mut resumed = Net::new(0).compile("adam", "mse")?;
    /// resumed.load_state(&path)?;
    /// resumed.fit(&x, &y, options(10).resume(true))?;
    /// assert_eq!(resumed.model().dense.kernel.get(), trainer.model().dense.kernel.get());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::File`]; then a file that was there before is as it was.
    pub fn save_state(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.core.save_state(&self.model, path.as_ref())
    }

    /// Goes on from a file of [`Trainer::save_state`]. The model must have been compiled with the
    /// same optimizers, losses and terms, which have the same variables.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::NotWeights`] for what is no such file, [`Error::OtherWeights`] for
    /// other names or shapes of weights, and [`Error::OtherState`] for the state of another
    /// trainer, or a file of weights alone. Then nothing has changed.
    pub fn load_state(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.core.load_state(&self.model, path.as_ref())
    }
}

// Not of `Trainer`, whose methods are compiled in each program.
impl TrainerCore {
    fn save_state(&self, model: &dyn Layer, path: &Path) -> Result<(), Error> {
        let mut arrays = weights::arrays(&self.entries(model));
        let state = self.state(&parameters(model));
        let notes = self.notes(&state);
        for SlotState { weight, name, values } in state.slots {
            let shape = Shape::new(values.shape());
            let tensor = Tensor::new(shape, values.into_raw_vec_and_offset().0);
            arrays.push((format!("{TRAINING}{SLOTS}{name}/{weight}"), Array::Numbers(tensor)));
        }
        arrays.extend(sums(&self.position.totals));
        for (place, state) in self.callbacks.iter().enumerate() {
            let kind = state.kind();
            for (name, tensor) in state.values() {
                let name = format!("{TRAINING}{CALLBACKS}{place:06}/{kind}/{name}");
                arrays.push((name, Array::Numbers(tensor.clone())));
            }
        }
        let bytes = format::encode(&notes, arrays);
        file::write(path, &bytes.map_err(|why| file::error(path, "write", why))?)
    }

    fn load_state(&mut self, model: &dyn Layer, path: &Path) -> Result<(), Error> {
        let bytes = file::read(path)?;
        let weights = parameters(model);
        let entries = self.entries(model);
        let read = || {
            let contents = format::contents(&bytes).map_err(|problem| problem.at(path))?;
            let state = self.read_state(&weights, &contents).map_err(|why| other(path, why))?;
            let known = |name: &str| entries.iter().any(|(known, _)| known == name);
            let own = format!("{TRAINING}{VARIABLES}");
            let mut names = contents.arrays.keys();
            if let Some(name) = names.find(|name| name.starts_with(&own) && !known(name)) {
                let name = weights::shown(name);
                return Err(other(path, format!("nothing here has the variable {name}")));
            }
            let load = Load::default();
            let tensors = load.decode(&entries, &contents).map_err(|problem| problem.at(path))?.0;
            let callbacks = read_callbacks(&contents).map_err(|why| other(path, why))?;
            Ok((state, tensors, callbacks))
        };
        let ((state, totals), tensors, callbacks) = read()?;
        self.set_state(&weights, &state).map_err(|error| other(path, error.to_string()))?;
        self.position.totals = totals;
        self.callbacks = callbacks;
        tensors.into_iter().for_each(|(place, tensor)| entries[place].1.replace(tensor));
        Ok(())
    }

    /// The weights and variables of the model, and the variables of the trainer.
    fn entries(&self, model: &dyn Layer) -> Entries {
        let mut entries = weights::entries(model);
        let own = |(name, variable): &(String, Variable)| {
            (format!("{TRAINING}{VARIABLES}{name}"), Box::new(variable.share()) as _)
        };
        entries.extend(self.variables.iter().map(own));
        entries
    }

    /// The numbers of the state, as texts.
    fn notes(&self, state: &TrainerState) -> Vec<(&'static str, String)> {
        let rate = |rate: &Option<f64>| {
            rate.map_or_else(|| SCHEDULE.to_owned(), |rate| format!("{rate:?}"))
        };
        vec![
            (FORMAT.0, FORMAT.1.to_owned()),
            ("optimizers", self.optimizer_names().join(" ")),
            ("steps", state.steps.to_string()),
            ("batches", joined(&state.batches, u64::to_string)),
            ("learning_rates", joined(&state.learning_rates, rate)),
            ("seed", state.seed.to_string()),
            ("epoch", state.epoch.to_string()),
            ("batch", state.batch.to_string()),
        ]
    }

    /// The state in a file, or why it is none of this trainer's.
    fn read_state(
        &self,
        weights: &[(String, Parameter)],
        contents: &Contents<'_>,
    ) -> Result<(TrainerState, Totals), String> {
        match contents.notes.get(FORMAT.0) {
            Some(format) if *format == FORMAT.1 => {}
            Some(format) => {
                let format = weights::shown(format);
                return Err(format!("it is a {format}, and only a `{}` is read", FORMAT.1));
            }
            None => {
                return Err("the file has none, but weights alone, which the model's \
                            `load_weights` reads"
                    .to_owned());
            }
        }
        let names = self.optimizer_names().join(" ");
        let theirs = note(contents, "optimizers")?;
        if *theirs != names {
            let theirs = weights::shown(theirs);
            return Err(format!("the optimizer is `{names}` here, but {theirs} in the file"));
        }
        let state = TrainerState {
            steps: number(contents, "steps").and_then(counted)?,
            batches: list(contents, "batches", |text| counted(text.parse().ok()?).ok())?,
            learning_rates: list(contents, "learning_rates", |text| match text {
                SCHEDULE => Some(None),
                number => number.parse().ok().map(Some),
            })?,
            seed: number(contents, "seed")?,
            epoch: number(contents, "epoch")?,
            batch: number(contents, "batch")?,
            slots: self.read_slots(weights, contents)?,
        };
        let optimizers = &self.updater.optimizers;
        for (place, rate) in state.learning_rates.iter().enumerate().take(optimizers.len()) {
            let own = &optimizers.get(place).options().learning_rate;
            if own.is_schedule() != rate.is_none() {
                let why = "a learning rate is a schedule in one and a number in the other";
                return Err(why.to_owned());
            }
        }
        Ok((state, self.read_sums(contents)?))
    }

    fn read_slots(
        &self,
        weights: &[(String, Parameter)],
        contents: &Contents<'_>,
    ) -> Result<Vec<SlotState>, String> {
        let shapes: HashMap<&str, Shape> =
            weights.iter().map(|(path, weight)| (path.as_str(), weight.shape())).collect();
        let mut slots = Vec::new();
        for (name, info) in &contents.arrays {
            let slot = name.strip_prefix(TRAINING).and_then(|name| name.strip_prefix(SLOTS));
            let Some((slot, weight)) = slot.and_then(|slot| slot.split_once('/')) else { continue };
            let Some(shape) = shapes.get(weight) else {
                let weight = weights::shown(weight);
                return Err(format!("its optimizer knows the weight {weight}, which is not here"));
            };
            if info.shape.as_slice() != shape.dims() || format::number_size(&info.dtype).is_none() {
                let name = weights::shown(name);
                return Err(format!("{name} does not have the shape {shape} of its weight"));
            }
            let tensor = contents.tensor(name, *shape).map_err(why)?;
            let values = ArrayD::from_shape_vec(IxDyn(shape.dims()), tensor.data().to_vec());
            let values = values.map_err(|error| error.to_string())?;
            let (weight, name) = (weight.to_owned(), slot.to_owned());
            slots.push(SlotState { weight, name, values });
        }
        self.check_slots(weights, &slots)?;
        Ok(slots)
    }

    /// Refuses slots of a weight some of which are missing.
    fn check_slots(
        &self,
        weights: &[(String, Parameter)],
        slots: &[SlotState],
    ) -> Result<(), String> {
        let mut known: HashMap<&str, Vec<&str>> = HashMap::new();
        slots.iter().for_each(|slot| known.entry(&slot.weight).or_default().push(&slot.name));
        let optimizers = &self.updater.optimizers;
        for (path, weight) in weights {
            let Some(known) = known.get(path.as_str()) else { continue };
            let optimizer = optimizers.get(optimizers.place(path, weight));
            let options = optimizer.options();
            let mut wanted: Vec<&str> = optimizer.slots().iter().map(|slot| slot.name).collect();
            wanted.extend(options.use_ema.then_some(AVERAGE));
            wanted.extend((options.batches() > 1).then_some(ACCUMULATOR));
            if let Some(missing) = wanted.iter().find(|name| !known.contains(name)) {
                return Err(format!("it has no `{missing}` of `{path}`"));
            }
        }
        Ok(())
    }

    /// The sums of the epoch in which the file was written.
    fn read_sums(&self, contents: &Contents<'_>) -> Result<Totals, String> {
        let mut totals = Totals::default();
        for name in contents.arrays.keys() {
            let Some(part) = name.strip_prefix(TRAINING) else { continue };
            let Some(part) = part.strip_prefix(EPOCH) else {
                // The others are read elsewhere.
                if [SLOTS, VARIABLES, CALLBACKS].iter().any(|known| part.starts_with(known)) {
                    continue;
                }
                return Err(format!("it has {}, which is unknown", weights::shown(name)));
            };
            let sums = contents.sums(name).ok_or_else(|| {
                format!("{} is not made of numbers of the type F64", weights::shown(name))
            })?;
            self.take_sums(&mut totals, part, sums).ok_or_else(|| {
                format!("{} is not what this trainer adds up", weights::shown(name))
            })?;
        }
        let metrics = self.outputs.iter().map(|output| output.metrics.len());
        let known = totals.statistics.iter().map(Vec::len);
        if !totals.statistics.is_empty() && !known.eq(metrics) {
            return Err("its metrics are others".to_owned());
        }
        Ok(totals)
    }

    /// Puts sums where they belong. Names come in their order.
    fn take_sums(&self, totals: &mut Totals, part: &str, sums: Vec<f64>) -> Option<()> {
        let parts: Vec<&str> = part.splitn(3, '/').collect();
        match parts[..] {
            ["losses"] => {
                let (head, losses) = sums.split_first_chunk()?;
                [totals.samples, totals.loss] = *head;
                totals.losses = losses.to_vec();
                let outputs = self.outputs.len();
                totals.statistics = self
                    .outputs
                    .iter()
                    .map(|output| Vec::with_capacity(output.metrics.len()))
                    .collect();
                (losses.len() == outputs).then_some(())
            }
            ["metrics", output, metric] => {
                let of_output = totals.statistics.get_mut(output.parse::<usize>().ok()?)?;
                (of_output.len() == metric.parse().ok()?).then(|| of_output.push(sums))
            }
            ["terms", _, name] => {
                let [sum] = sums[..] else { return None };
                totals.terms.push((name.to_owned(), sum));
                Some(())
            }
            _ => None,
        }
    }

    fn optimizer_names(&self) -> Vec<&'static str> {
        let updater = &self.updater;
        (0..updater.parts()).map(|place| updater.optimizers.get(place).name()).collect()
    }
}

fn parameters(model: &dyn Layer) -> Vec<(String, Parameter)> {
    path::parameters(&|visitor| model.visit(visitor))
}

/// What callbacks have counted, in their order.
fn read_callbacks(contents: &Contents<'_>) -> Result<Vec<CallbackState>, String> {
    let mut states: Vec<(&str, CallbackState)> = Vec::new();
    for (name, info) in &contents.arrays {
        let part = name.strip_prefix(TRAINING).and_then(|name| name.strip_prefix(CALLBACKS));
        let Some(part) = part else { continue };
        let parts: Vec<&str> = part.splitn(3, '/').collect();
        let [place, kind, value] = parts[..] else {
            return Err(format!("it has {}, which is unknown", weights::shown(name)));
        };
        if info.shape.len() > MAX_RANK || format::number_size(&info.dtype).is_none() {
            return Err(format!("{} is not made of numbers", weights::shown(name)));
        }
        let tensor = contents.tensor(name, Shape::new(&info.shape)).map_err(why)?;
        // Names come in their order.
        let state = match states.pop_if(|(last, state)| *last == place && state.kind() == kind) {
            Some((_, state)) => state,
            None => CallbackState::new(kind),
        };
        states.push((place, state.with_tensor(value.to_owned(), tensor)));
    }
    Ok(states.into_iter().map(|(_, state)| state).collect())
}

/// The sums of an epoch as arrays; numbers in names are as long as all others, so that names in
/// alphabetical order are in theirs.
fn sums(totals: &Totals) -> Vec<(String, Array)> {
    if totals.samples == 0.0 {
        return Vec::new();
    }
    let array = |name: String, sums| (format!("{TRAINING}{EPOCH}{name}"), Array::Sums(sums));
    let losses = [&[totals.samples, totals.loss], &totals.losses[..]].concat();
    let mut arrays = vec![array("losses".to_owned(), losses)];
    for (i, (name, sum)) in totals.terms.iter().enumerate() {
        arrays.push(array(format!("terms/{i:06}/{name}"), vec![*sum]));
    }
    for (output, of_output) in totals.statistics.iter().enumerate() {
        for (metric, sums) in of_output.iter().enumerate() {
            arrays.push(array(format!("metrics/{output:06}/{metric:06}"), sums.clone()));
        }
    }
    arrays
}

/// A number of steps to which others can be added.
fn counted(number: u64) -> Result<u64, String> {
    if number <= i64::MAX as u64 { Ok(number) } else { Err(format!("{number} steps are too many")) }
}

fn joined<T>(list: &[T], text: impl Fn(&T) -> String) -> String {
    list.iter().map(text).collect::<Vec<_>>().join(" ")
}

fn note<'a>(contents: &'a Contents<'_>, name: &str) -> Result<&'a String, String> {
    contents.notes.get(name).ok_or_else(|| format!("it has no `{name}`"))
}

fn number<T: std::str::FromStr>(contents: &Contents<'_>, name: &str) -> Result<T, String> {
    let text = note(contents, name)?;
    text.parse().map_err(|_| format!("`{name}` is {}", weights::shown(text)))
}

fn list<T>(
    contents: &Contents<'_>,
    name: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, String> {
    let text = note(contents, name)?;
    let items: Option<Vec<T>> = text.split(' ').map(read).collect();
    items.ok_or_else(|| format!("`{name}` is {}", weights::shown(text)))
}

fn why(problem: Problem) -> String {
    match problem {
        Problem::Bytes(why) => why,
        problem => problem.at(Path::new("")).to_string(),
    }
}

fn other(path: &Path, why: String) -> Error {
    Error::OtherState { path: path.to_owned(), why }
}
