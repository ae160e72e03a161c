#![doc = include_str!("../docs/guide/guide.md")]

#[doc = include_str!("../docs/guide/first_model.md")]
pub mod first_model {}

#[doc = include_str!("../docs/guide/from_keras.md")]
pub mod from_keras {}

#[doc = include_str!("../docs/guide/shapes_and_messages.md")]
pub mod shapes_and_messages {}

/// What was hard in Keras: the tips of the article that this project comes from, each with what it
/// takes here.
pub mod tips {
    #[doc = include_str!("../docs/guide/tips/functional_api.md")]
    pub mod functional_api {}

    #[doc = include_str!("../docs/guide/tips/shared_layers.md")]
    pub mod shared_layers {}

    #[doc = include_str!("../docs/guide/tips/containers.md")]
    pub mod containers {}

    #[doc = include_str!("../docs/guide/tips/raw_tensors.md")]
    pub mod raw_tensors {}

    #[doc = include_str!("../docs/guide/tips/lambda.md")]
    pub mod lambda {}

    #[doc = include_str!("../docs/guide/tips/losses_per_sample.md")]
    pub mod losses_per_sample {}

    #[doc = include_str!("../docs/guide/tips/loss_terms.md")]
    pub mod loss_terms {}

    #[doc = include_str!("../docs/guide/tips/updates.md")]
    pub mod updates {}
}

#[doc = include_str!("../docs/guide/custom_layers.md")]
pub mod custom_layers {}

#[doc = include_str!("../docs/guide/custom_losses.md")]
pub mod custom_losses {}

#[doc = include_str!("../docs/guide/training_loops.md")]
pub mod training_loops {}

#[doc = include_str!("../docs/guide/data.md")]
pub mod data {}

#[doc = include_str!("../docs/guide/saving.md")]
pub mod saving {}

#[doc = include_str!("../docs/guide/expansion.md")]
pub mod expansion {}

#[doc = include_str!("../docs/guide/performance.md")]
pub mod performance {}
