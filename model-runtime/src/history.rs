use std::fmt;
use std::ops::Index;

use crate::Float;

/// Losses and metrics by name, in Keras's order: the total loss first.
///
/// ```
/// # use model_runtime::Logs;
/// # fn of(logs: Logs) {
/// let loss = logs["loss"];
/// let accuracy = logs.get("accuracy");
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logs(Vec<(String, Float)>);

impl Logs {
    pub(crate) fn push(&mut self, name: String, value: Float) {
        self.0.push((name, value));
    }

    /// Appends others, `prefix` before their names.
    pub(crate) fn append(&mut self, prefix: &str, others: Logs) {
        self.0.extend(others.0.into_iter().map(|(name, value)| (format!("{prefix}{name}"), value)));
    }

    /// Gives a name a value, in the place of the one it has; a new name comes last. So a callback
    /// adds to what `fit` shows and remembers of an epoch.
    pub fn set(&mut self, name: &str, value: Float) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.push(name.to_owned(), value),
        }
    }

    /// The value of this name, if there is one.
    pub fn get(&self, name: &str) -> Option<Float> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// Names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Float)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }
}

/// Of a training loop of one's own.
///
/// ```
/// use model_runtime::Logs;
/// let logs = Logs::from_iter([("loss", 0.5), ("k", 0.25)]);
/// assert_eq!(logs["k"], 0.25);
/// ```
impl<S: Into<String>> FromIterator<(S, Float)> for Logs {
    fn from_iter<I: IntoIterator<Item = (S, Float)>>(values: I) -> Logs {
        Logs(values.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl Index<&str> for Logs {
    type Output = Float;

    /// # Panics
    /// If there is no value of this name; [`Logs::get`] does not.
    fn index(&self, name: &str) -> &Float {
        match self.0.iter().find(|(known, _)| known == name) {
            Some((_, value)) => value,
            None => panic!("there is no `{name}`, but: {self}"),
        }
    }
}

impl fmt::Display for Logs {
    /// `loss: 0.6931 - accuracy: 0.5000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.0.iter().enumerate() {
            let dash = if i > 0 { " - " } else { "" };
            // Four digits after the point hide what is small.
            if *value == 0.0 || value.abs() >= 1e-3 {
                write!(f, "{dash}{name}: {value:.4}")?;
            } else {
                write!(f, "{dash}{name}: {value:.4e}")?;
            }
        }
        Ok(())
    }
}

/// What `fit` returns: losses and metrics of every epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The epochs that have run, counted from 0.
    pub epochs: Vec<usize>,
    curves: Vec<Curve>,
}

/// What became of a loss or metric.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    name: String,
    /// The epochs that have a value.
    epochs: Vec<usize>,
    values: Vec<Float>,
}

impl History {
    /// Adds what an epoch has measured, as `fit` does: for training loops of one's own.
    ///
    /// ```
    /// use model_runtime::{History, Logs};
    /// let mut history = History::default();
    /// for (epoch, loss) in [0.5, 0.25].into_iter().enumerate() {
    ///     history.push(epoch, &Logs::from_iter([("loss", loss)]));
    /// }
    /// assert_eq!(history["loss"], [0.5, 0.25]);
    /// ```
    pub fn push(&mut self, epoch: usize, logs: &Logs) {
        self.epochs.push(epoch);
        for (name, value) in logs.iter() {
            let known = self.curves.iter().position(|curve| curve.name == name);
            let known = known.unwrap_or_else(|| {
                let name = name.to_owned();
                self.curves.push(Curve { name, epochs: Vec::new(), values: Vec::new() });
                self.curves.len() - 1
            });
            self.curves[known].epochs.push(epoch);
            self.curves[known].values.push(value);
        }
    }

    /// The values of this name, one for each epoch that has one; none of an unknown name.
    pub fn get(&self, name: &str) -> &[Float] {
        self.curve(name).map_or(&[], |curve| &curve.values)
    }

    /// The epochs that have a value of this name, counted from 0: with `validation_freq` not all.
    pub fn epochs_of(&self, name: &str) -> &[usize] {
        self.curve(name).map_or(&[], |curve| &curve.epochs)
    }

    /// The names, in the order in which they came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.curves.iter().map(|curve| curve.name.as_str())
    }

    fn curve(&self, name: &str) -> Option<&Curve> {
        self.curves.iter().find(|curve| curve.name == name)
    }
}

impl Index<&str> for History {
    // Not a slice, which could not be printed without a `&`.
    type Output = Vec<Float>;

    /// # Panics
    /// If there are no values of this name; [`History::get`] does not.
    fn index(&self, name: &str) -> &Vec<Float> {
        match self.curve(name) {
            Some(curve) => &curve.values,
            None => {
                panic!("there is no `{name}`, but: {}", self.names().collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Without the feature, the method is there to say so.
#[cfg(not(feature = "plot"))]
impl History {
    /// Takes the [feature](crate#features) `plot`.
    ///
    /// ```compile_fail,E0277
    /// # fn draw(history: model_runtime::History) {
    /// history.plot("run.svg");
    /// # }
    /// ```
    #[doc(hidden)]
    pub fn plot<P: crate::private::Plotted>(&self, path: P) -> Result<(), crate::Error> {
        path.plotted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_name_and_printed_in_order() {
        let mut logs = Logs::default();
        logs.push("loss".to_owned(), 0.5);
        let mut validation = Logs::default();
        validation.push("loss".to_owned(), 0.00025);
        logs.append("val_", validation);
        assert_eq!(logs["val_loss"], 0.00025);
        assert_eq!(logs.to_string(), "loss: 0.5000 - val_loss: 2.5000e-4");
        let mut history = History::default();
        history.push(3, &logs);
        assert_eq!(history["loss"], [0.5]);
        assert_eq!(format!("{:?}", history["loss"]), "[0.5]");
        assert_eq!(history.get("accuracy"), []);
        assert_eq!(history.epochs, [3]);
        history.push(4, &Logs::from_iter([("lr", 1.0)]));
        assert_eq!((history.epochs_of("lr"), history.epochs_of("loss")), (&[4][..], &[3][..]));
    }
}
