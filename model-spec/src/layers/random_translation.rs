//! `RandomTranslation(height_factor, width_factor)`: while training, images moved up or down and to
//! a side.
//! <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_translation/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::{about, input};
use crate::rules::attempt;
use crate::words::{FILL_MODE, INTERPOLATION};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "RandomTranslation",
    snake: "random_translation",
    module: "layers::random_translation",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("height_factor", ArgKind::Floats).check(check_height),
        Arg::required("width_factor", ArgKind::Floats).check(check_width),
        Arg::new("fill_mode", ArgKind::Word(&FILL_MODE), ArgValue::Word("reflect")),
        Arg::new("interpolation", ArgKind::Word(&INTERPOLATION), ArgValue::Word("bilinear")),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
        Arg::new("fill_value", ArgKind::Float, ArgValue::Float(0.0)),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

fn check_height(value: ArgValue) -> Result<(), ShapeError> {
    share("height_factor", value)
}

fn check_width(value: ArgValue) -> Result<(), ShapeError> {
    share("width_factor", value)
}

/// Refuses what is no share of the image, or no range of shares.
fn share(argument: &str, value: ArgValue) -> Result<(), ShapeError> {
    let help = "0.2 moves by up to a fifth of the image to both sides, (-0.2, 0.3) by a share \
                between the two";
    let (least, most) = match value {
        ArgValue::Floats { count: 2, least, most } => (least, most),
        ArgValue::Floats { count, .. } => {
            let text = about("RandomTranslation", argument)
                .str(" takes a number or two, but got ")
                .int(count as i64);
            return Err(ShapeError::of(text).help(help));
        }
        other => match other.number() {
            Some(number) => (number, number),
            None => return Ok(()),
        },
    };
    match [least, most].iter().find(|number| !(-1.0..=1.0).contains(*number)) {
        Some(number) => {
            let text = about("RandomTranslation", argument);
            let text = text.str(" must lie in [-1, 1], but is ").str(&number.to_string());
            Err(ShapeError::of(text).help(help))
        }
        None => Ok(()),
    }
}

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(input::<2>("RandomTranslation", inputs))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays() {
        check(
            rule,
            &[
                (&[], &[f(&[8, 8, 3])], Ok(&[8, 8, 3])),
                (
                    &[],
                    &[f(&[8, 3])],
                    Err("RandomTranslation takes an image (height, width, channels), but the \
                         input is (8, 3)"),
                ),
            ],
        );
    }

    #[test]
    fn a_factor_is_a_share_or_a_range_of_shares() {
        let sentence = |value| check_width(value).unwrap_err().sentence().to_owned();
        assert_eq!(
            sentence(ArgValue::Float(1.5)),
            "RandomTranslation: width_factor must lie in [-1, 1], but is 1.5"
        );
        assert_eq!(
            sentence(ArgValue::floats(&[-2.0, 0.5])),
            "RandomTranslation: width_factor must lie in [-1, 1], but is -2"
        );
        assert_eq!(
            sentence(ArgValue::floats(&[0.5])),
            "RandomTranslation: width_factor takes a number or two, but got 1"
        );
        assert!(check_height(ArgValue::floats(&[0.5, f64::NAN])).is_err());
        assert!(check_height(ArgValue::floats(&[0.5, -0.5])).is_ok());
        assert!(check_height(ArgValue::Int(1)).is_ok());
        assert!(check_height(ArgValue::Rust).is_ok());
    }
}
