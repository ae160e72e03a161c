//! The layers, one file each: what is documented in the catalogue of `model-spec`, computed.

mod add;
mod average;
mod concatenate;
mod dense;
mod dot;
mod dropout;
mod elu;
mod flatten;
mod identity;
mod lambda;
mod leaky_re_lu;
mod maximum;
mod minimum;
mod multiply;
mod permute;
mod re_lu;
mod repeat_vector;
mod reshape;
mod softmax;
mod subtract;
mod support;

pub use add::Add;
pub use average::Average;
pub use concatenate::Concatenate;
pub use dense::Dense;
pub use dot::Dot;
pub use dropout::Dropout;
pub use elu::ELU;
pub use flatten::Flatten;
pub use identity::Identity;
pub use lambda::{Lambda, LambdaFn};
pub use leaky_re_lu::LeakyReLU;
pub use maximum::Maximum;
pub use minimum::Minimum;
pub use multiply::Multiply;
pub use permute::Permute;
pub use re_lu::ReLU;
pub use repeat_vector::RepeatVector;
pub use reshape::Reshape;
pub use softmax::Softmax;
pub use subtract::Subtract;

pub(crate) use support::{accepts, list, samples, tuple, with_samples};
