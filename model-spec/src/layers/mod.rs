//! The layers: for each its arguments, its shape rule, and its number of weights.

use crate::Entry;

pub mod activation;
pub mod activity_regularization;
pub mod add;
pub mod additive_attention;
pub mod attention;
pub mod average;
pub mod average_pooling1d;
pub mod average_pooling2d;
pub mod batch_normalization;
pub mod bidirectional;
pub mod concatenate;
pub mod container;
pub mod conv1d;
pub mod conv1d_transpose;
pub mod conv2d;
pub mod conv2d_transpose;
pub mod cropping1d;
pub mod cropping2d;
pub mod dense;
pub mod depthwise_conv2d;
pub mod dot;
pub mod dropout;
pub mod elu;
pub mod embedding;
pub mod flatten;
pub mod gaussian_dropout;
pub mod gaussian_noise;
pub mod global_average_pooling1d;
pub mod global_average_pooling2d;
pub mod global_max_pooling1d;
pub mod global_max_pooling2d;
pub mod group_normalization;
pub mod gru;
pub mod gru_cell;
pub mod identity;
pub mod input;
pub mod lambda;
pub mod layer_normalization;
pub mod leaky_re_lu;
pub mod lstm;
pub mod lstm_cell;
pub mod masking;
pub mod max_pooling1d;
pub mod max_pooling2d;
pub mod maximum;
pub mod minimum;
pub mod multi_head_attention;
pub mod multiply;
pub mod normalization;
pub mod p_re_lu;
pub mod permute;
pub mod position_embedding;
pub mod random_crop;
pub mod random_flip;
pub mod random_translation;
pub mod re_lu;
pub mod repeat_vector;
pub mod rescaling;
pub mod reshape;
pub mod rms_normalization;
pub mod rnn;
pub mod separable_conv2d;
pub mod sequential;
pub mod simple_rnn;
pub mod simple_rnn_cell;
pub mod softmax;
pub mod spatial_dropout1d;
pub mod spatial_dropout2d;
pub mod spectral_normalization;
pub mod subtract;
pub mod time_distributed;
pub mod unit_normalization;
pub mod up_sampling1d;
pub mod up_sampling2d;
pub mod zero_padding1d;
pub mod zero_padding2d;

/// Every layer, in the order of the documentation.
pub const ALL: &[&Entry] = &[
    &input::ENTRY,
    &dense::ENTRY,
    &embedding::ENTRY,
    &masking::ENTRY,
    &activation::ENTRY,
    &lambda::ENTRY,
    &sequential::ENTRY,
    &container::ENTRY,
    &identity::ENTRY,
    &re_lu::ENTRY,
    &leaky_re_lu::ENTRY,
    &elu::ENTRY,
    &p_re_lu::ENTRY,
    &softmax::ENTRY,
    &rescaling::ENTRY,
    &normalization::ENTRY,
    &random_flip::ENTRY,
    &random_crop::ENTRY,
    &random_translation::ENTRY,
    &batch_normalization::ENTRY,
    &layer_normalization::ENTRY,
    &group_normalization::ENTRY,
    &rms_normalization::ENTRY,
    &unit_normalization::ENTRY,
    &spectral_normalization::ENTRY,
    &dropout::ENTRY,
    &spatial_dropout1d::ENTRY,
    &spatial_dropout2d::ENTRY,
    &gaussian_noise::ENTRY,
    &gaussian_dropout::ENTRY,
    &activity_regularization::ENTRY,
    &flatten::ENTRY,
    &reshape::ENTRY,
    &permute::ENTRY,
    &repeat_vector::ENTRY,
    &conv1d::ENTRY,
    &conv2d::ENTRY,
    &conv1d_transpose::ENTRY,
    &conv2d_transpose::ENTRY,
    &depthwise_conv2d::ENTRY,
    &separable_conv2d::ENTRY,
    &max_pooling1d::ENTRY,
    &max_pooling2d::ENTRY,
    &average_pooling1d::ENTRY,
    &average_pooling2d::ENTRY,
    &global_max_pooling1d::ENTRY,
    &global_max_pooling2d::ENTRY,
    &global_average_pooling1d::ENTRY,
    &global_average_pooling2d::ENTRY,
    &up_sampling1d::ENTRY,
    &up_sampling2d::ENTRY,
    &zero_padding1d::ENTRY,
    &zero_padding2d::ENTRY,
    &cropping1d::ENTRY,
    &cropping2d::ENTRY,
    &lstm::ENTRY,
    &gru::ENTRY,
    &simple_rnn::ENTRY,
    &bidirectional::ENTRY,
    &rnn::ENTRY,
    &lstm_cell::ENTRY,
    &gru_cell::ENTRY,
    &simple_rnn_cell::ENTRY,
    &time_distributed::ENTRY,
    &concatenate::ENTRY,
    &add::ENTRY,
    &subtract::ENTRY,
    &multiply::ENTRY,
    &average::ENTRY,
    &maximum::ENTRY,
    &minimum::ENTRY,
    &dot::ENTRY,
    &multi_head_attention::ENTRY,
    &attention::ENTRY,
    &additive_attention::ENTRY,
    &position_embedding::ENTRY,
];
