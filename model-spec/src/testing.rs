//! Tables of cases for the tests of rules.

use crate::{ArgValue, Config, Rule, Tuple, Value};

/// Arguments, inputs, and the sizes of what comes out or what the sentence of the error is.
pub type Case<'a> = (&'a [ArgValue], &'a [Value], Result<&'a [usize], &'a str>);

/// Asserts that the rule answers every case as the table says.
#[track_caller]
pub fn check(rule: Rule, cases: &[Case<'_>]) {
    for (args, inputs, expected) in cases {
        let values = rule(&Config::new(args), inputs);
        match (&values, expected) {
            (Ok(values), Ok(dims)) => {
                let shape = values.get(0).shape;
                assert!(!shape.is_poison(), "{args:?} {inputs:?}");
                assert_eq!(shape.dims(), *dims, "{args:?} {inputs:?}");
            }
            (Err(error), Err(sentence)) => {
                assert_eq!(error.sentence(), *sentence);
                assert!(!error.help_text().is_empty(), "no help: {sentence}");
            }
            _ => panic!("{args:?} {inputs:?}: {values:?}, not {expected:?}"),
        }
    }
}

/// A value of numbers.
pub const fn f(dims: &[usize]) -> Value {
    Value::float(dims)
}

/// A tuple argument.
pub const fn tuple(numbers: &[i64]) -> ArgValue {
    ArgValue::Tuple(Tuple::new(numbers))
}
