//! The layers: for each its arguments, its shape rule, and its number of weights.

use crate::Entry;

pub mod activation;
pub mod add;
pub mod average;
pub mod concatenate;
pub mod dense;
pub mod dot;
pub mod dropout;
pub mod elu;
pub mod flatten;
pub mod identity;
pub mod input;
pub mod lambda;
pub mod leaky_re_lu;
pub mod maximum;
pub mod minimum;
pub mod multiply;
pub mod permute;
pub mod re_lu;
pub mod repeat_vector;
pub mod reshape;
pub mod sequential;
pub mod softmax;
pub mod subtract;

/// Every layer, in the order of the documentation.
pub const ALL: &[&Entry] = &[
    &input::ENTRY,
    &dense::ENTRY,
    &activation::ENTRY,
    &lambda::ENTRY,
    &sequential::ENTRY,
    &identity::ENTRY,
    &re_lu::ENTRY,
    &leaky_re_lu::ENTRY,
    &elu::ENTRY,
    &softmax::ENTRY,
    &dropout::ENTRY,
    &flatten::ENTRY,
    &reshape::ENTRY,
    &permute::ENTRY,
    &repeat_vector::ENTRY,
    &concatenate::ENTRY,
    &add::ENTRY,
    &subtract::ENTRY,
    &multiply::ENTRY,
    &average::ENTRY,
    &maximum::ENTRY,
    &minimum::ENTRY,
    &dot::ENTRY,
];
