//! Keras's arguments, as the cases have them, as what the builders of layers take.

use std::cell::RefCell;

use model_runtime::prelude::*;
use model_runtime::{Aggregation, Averaging, Curve, SummationMethod};
use serde_json::{Map, Value as Json};

/// The arguments of a case. Remembers which were asked for, so that none is left out in silence.
pub struct Args<'a> {
    map: &'a Map<String, Json>,
    taken: RefCell<Vec<&'static str>>,
}

impl<'a> Args<'a> {
    pub fn new(map: &'a Map<String, Json>) -> Args<'a> {
        Args { map, taken: RefCell::default() }
    }

    pub fn required<T: FromJson>(&self, name: &'static str) -> Result<T, String> {
        self.optional(name)?.ok_or_else(|| format!("{name} is missing"))
    }

    pub fn optional<T: FromJson>(&self, name: &'static str) -> Result<Option<T>, String> {
        self.taken.borrow_mut().push(name);
        match self.map.get(name) {
            Some(json) => match T::from_json(json) {
                Some(value) => Ok(Some(value)),
                None => Err(format!("{name} = {json} is not understood")),
            },
            None => Ok(None),
        }
    }

    /// Refuses arguments that nobody has asked for.
    pub fn finish(&self) -> Result<(), String> {
        let taken = self.taken.borrow();
        match self.map.keys().find(|name| !taken.contains(&name.as_str())) {
            Some(name) => Err(format!("nobody takes the argument {name}")),
            None => Ok(()),
        }
    }
}

/// What an argument can be.
pub trait FromJson: Sized {
    /// `None` where the case has something else.
    fn from_json(json: &Json) -> Option<Self>;
}

impl FromJson for bool {
    fn from_json(json: &Json) -> Option<bool> {
        json.as_bool()
    }
}

impl FromJson for i64 {
    fn from_json(json: &Json) -> Option<i64> {
        json.as_i64()
    }
}

impl FromJson for usize {
    fn from_json(json: &Json) -> Option<usize> {
        json.as_u64().map(|n| n as usize)
    }
}

impl FromJson for Float {
    fn from_json(json: &Json) -> Option<Float> {
        json.as_f64().map(|x| x as Float)
    }
}

/// A number, a list, or a list of lists, flat as the macro emits them. Leaked: a builder takes a
/// slice, and only tests come here.
impl FromJson for &'static [i64] {
    fn from_json(json: &Json) -> Option<&'static [i64]> {
        fn flat(json: &Json, numbers: &mut Vec<i64>) -> Option<()> {
            match json {
                Json::Array(items) => items.iter().try_for_each(|item| flat(item, numbers)),
                number => number.as_i64().map(|n| numbers.push(n)),
            }
        }
        let mut numbers = Vec::new();
        flat(json, &mut numbers)?;
        Some(numbers.leak())
    }
}

/// A number or a list, leaked as those of whole numbers.
impl FromJson for &'static [Float] {
    fn from_json(json: &Json) -> Option<&'static [Float]> {
        let numbers: Option<Vec<Float>> = match json {
            Json::Array(items) => items.iter().map(Float::from_json).collect(),
            number => Some(vec![Float::from_json(number)?]),
        };
        Some(numbers?.leak())
    }
}

impl FromJson for Numbers {
    fn from_json(json: &Json) -> Option<Numbers> {
        match json {
            Json::Array(_) => <&[Float]>::from_json(json).map(Numbers::from),
            number => Float::from_json(number).map(Numbers::from),
        }
    }
}

impl FromJson for &'static [usize] {
    fn from_json(json: &Json) -> Option<&'static [usize]> {
        let numbers = <&[i64]>::from_json(json)?;
        Some(numbers.iter().map(|n| *n as usize).collect::<Vec<_>>().leak())
    }
}

impl FromJson for &'static [isize] {
    fn from_json(json: &Json) -> Option<&'static [isize]> {
        let numbers = <&[i64]>::from_json(json)?;
        Some(numbers.iter().map(|n| *n as isize).collect::<Vec<_>>().leak())
    }
}

impl FromJson for u64 {
    fn from_json(json: &Json) -> Option<u64> {
        json.as_u64()
    }
}

impl FromJson for isize {
    fn from_json(json: &Json) -> Option<isize> {
        json.as_i64().map(|n| n as isize)
    }
}

impl FromJson for String {
    fn from_json(json: &Json) -> Option<String> {
        json.as_str().map(str::to_owned)
    }
}

impl FromJson for Activation {
    fn from_json(json: &Json) -> Option<Activation> {
        Activation::from_name(json.as_str()?)
    }
}

impl FromJson for Padding {
    fn from_json(json: &Json) -> Option<Padding> {
        Some(match json.as_str()? {
            "valid" => Padding::Valid,
            "same" => Padding::Same,
            "causal" => Padding::Causal,
            _ => return None,
        })
    }
}

impl FromJson for Interpolation {
    fn from_json(json: &Json) -> Option<Interpolation> {
        Some(match json.as_str()? {
            "nearest" => Interpolation::Nearest,
            "bilinear" => Interpolation::Bilinear,
            _ => return None,
        })
    }
}

impl FromJson for FlipMode {
    fn from_json(json: &Json) -> Option<FlipMode> {
        Some(match json.as_str()? {
            "horizontal" => FlipMode::Horizontal,
            "vertical" => FlipMode::Vertical,
            "horizontal_and_vertical" => FlipMode::HorizontalAndVertical,
            _ => return None,
        })
    }
}

impl FromJson for FillMode {
    fn from_json(json: &Json) -> Option<FillMode> {
        Some(match json.as_str()? {
            "reflect" => FillMode::Reflect,
            "wrap" => FillMode::Wrap,
            "constant" => FillMode::Constant,
            "nearest" => FillMode::Nearest,
            _ => return None,
        })
    }
}

impl FromJson for Reduction {
    fn from_json(json: &Json) -> Option<Reduction> {
        Some(match json.as_str()? {
            "sum_over_batch_size" => Reduction::SumOverBatchSize,
            "sum" => Reduction::Sum,
            "mean_with_sample_weight" => Reduction::MeanWithSampleWeight,
            _ => return None,
        })
    }
}

impl FromJson for MergeMode {
    fn from_json(json: &Json) -> Option<MergeMode> {
        Some(match json.as_str() {
            Some("concat") => MergeMode::Concat,
            Some("sum") => MergeMode::Sum,
            Some("mul") => MergeMode::Mul,
            Some("ave") => MergeMode::Ave,
            Some("none") => MergeMode::None,
            None if json.is_null() => MergeMode::None,
            _ => return None,
        })
    }
}

impl FromJson for ScoreMode {
    fn from_json(json: &Json) -> Option<ScoreMode> {
        Some(match json.as_str()? {
            "dot" => ScoreMode::Dot,
            "concat" => ScoreMode::Concat,
            _ => return None,
        })
    }
}

impl FromJson for Curve {
    fn from_json(json: &Json) -> Option<Curve> {
        Some(match json.as_str()? {
            "ROC" => Curve::ROC,
            "PR" => Curve::PR,
            _ => return None,
        })
    }
}

impl FromJson for SummationMethod {
    fn from_json(json: &Json) -> Option<SummationMethod> {
        Some(match json.as_str()? {
            "interpolation" => SummationMethod::Interpolation,
            "minoring" => SummationMethod::Minoring,
            "majoring" => SummationMethod::Majoring,
            _ => return None,
        })
    }
}

impl FromJson for Averaging {
    fn from_json(json: &Json) -> Option<Averaging> {
        Some(match json.as_str()? {
            "micro" => Averaging::Micro,
            "macro" => Averaging::Macro,
            "weighted" => Averaging::Weighted,
            _ => return None,
        })
    }
}

impl FromJson for Aggregation {
    fn from_json(json: &Json) -> Option<Aggregation> {
        Some(match json.as_str()? {
            "uniform_average" => Aggregation::UniformAverage,
            "variance_weighted_average" => Aggregation::VarianceWeightedAverage,
            _ => return None,
        })
    }
}

/// A layer as an argument.
pub struct Inner {
    pub name: String,
    pub args: Map<String, Json>,
}

impl FromJson for Inner {
    fn from_json(json: &Json) -> Option<Inner> {
        let name = json.get("layer")?.as_str()?.to_owned();
        let args = json.get("args").and_then(Json::as_object).cloned().unwrap_or_default();
        Some(Inner { name, args })
    }
}

/// Keras's `L1L2`; the other two where one number is 0.
impl FromJson for Regularizer {
    fn from_json(json: &Json) -> Option<Regularizer> {
        let number = |name| json.get(name).and_then(Float::from_json);
        Some(match (number("l1")?, number("l2")?) {
            (l1, 0.0) => Regularizer::L1(l1),
            (0.0, l2) => Regularizer::L2(l2),
            (l1, l2) => Regularizer::L1L2(l1, l2),
        })
    }
}

/// Makes a layer, loss or the like: what `new` takes, then a method for each optional argument that
/// is given.
macro_rules! made {
    ($args:ident, $type:ident($($required:ident),*) $(, $option:ident)*) => {{
        let made = $type::new($($args.required(stringify!($required))?),*);
        $crate::parity::args::options!($args, made $(, $option)*)
    }};
}
pub(super) use made;

/// A layer, loss or the like with those of these options that are given.
macro_rules! options {
    ($args:ident, $made:ident $(, $option:ident)*) => {{
        $(
            let $made = match $args.optional(stringify!($option))? {
                Some(value) => $made.$option(value),
                None => $made,
            };
        )*
        Box::new($made)
    }};
}
pub(super) use options;
