//! What data needs before it is trained on: functions of Keras's `utils`, and sklearn's
//! `train_test_split`.
//!
//! For numbers of mean 0 and variance 1 there is the layer
//! [`Normalization`](crate::Normalization): `adapt` measures the training data, and the model then
//! takes data as it is, in training and later.

mod categorical;
mod sequences;
mod split;

pub use categorical::to_categorical;
pub use sequences::{PadSequences, Side, pad_sequences};
pub use split::{TrainTestSplit, train_test_split};
