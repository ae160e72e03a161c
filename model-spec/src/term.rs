//! What a model adds to its loss or measures on the way: `add_loss("kl", x)`,
//! `add_metric("norm", x)`.

use crate::rules::any_poison;
use crate::{ShapeError, Text, Value, Values};

/// Refuses what is not one number for each sample.
pub const fn term(function: &str, inputs: &[Value]) -> Result<Values, ShapeError> {
    if any_poison(inputs) || inputs.len() != 1 || inputs[0].shape.rank() == 0 {
        return Ok(Values::POISON);
    }
    let text = Text::new(function).str(" takes one number for each sample, but got ");
    Err(ShapeError::of(text.shape(&inputs[0].shape)).help("make one of all: mean(x), or sum(x)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_for_each_sample_is_taken() {
        assert!(term("add_loss", &[Value::float(&[])]).is_ok());
        let error = term("add_loss", &[Value::float(&[3, 4])]).unwrap_err();
        assert_eq!(error.sentence(), "add_loss takes one number for each sample, but got (3, 4)");
    }
}
