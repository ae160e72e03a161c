//! The operations on the tape, one file each: formula, forward, backward, gradient check.

pub(crate) mod additive_scores;
pub(crate) mod attention;
pub(crate) mod binary;
pub(crate) mod cell;
pub(crate) mod choose;
pub(crate) mod concat;
pub(crate) mod conv;
#[cfg(test)]
mod conv_tests;
pub(crate) mod conv_transpose;
pub(crate) mod cross_entropy;
pub(crate) mod ctc;
pub(crate) mod cumsum;
pub(crate) mod dense;
pub(crate) mod depthwise;
pub(crate) mod finish;
pub(crate) mod gated;
pub(crate) mod gather;
pub(crate) mod gru;
pub(crate) mod lstm;
pub(crate) mod map;
pub(crate) mod matmul;
pub(crate) mod normalize;
pub(crate) mod pad;
#[cfg(test)]
mod parts_tests;
pub(crate) mod pool;
pub(crate) mod pull;
pub(crate) mod recurrent;
#[cfg(test)]
mod recurrent_tests;
pub(crate) mod reduce;
pub(crate) mod repeat;
pub(crate) mod resample;
pub(crate) mod rows;
pub(crate) mod simple_rnn;
pub(crate) mod slide;
pub(crate) mod slope;
pub(crate) mod softmax;
pub(crate) mod spread;
pub(crate) mod strided;
#[cfg(test)]
mod threads_tests;
pub(crate) mod view;
