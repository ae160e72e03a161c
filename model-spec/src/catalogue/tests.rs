//! What holds for every entry.

use std::collections::HashSet;
use std::panic::catch_unwind;
use std::path::Path;

use super::*;
use crate::{Shape, Tuple, Value, layers};

fn entries() -> impl Iterator<Item = &'static Entry> {
    LAYERS.iter().chain(FUNCTIONS).copied()
}

fn defaults(entry: &Entry) -> Vec<ArgValue> {
    entry.args.iter().map(|arg| arg.default.unwrap_or(ArgValue::Unset)).collect()
}

#[test]
fn names_are_unique() {
    let mut names = HashSet::new();
    let mut fields = HashSet::new();
    for entry in entries() {
        assert!(names.insert(entry.name), "{}", entry.name);
        let mut args = HashSet::new();
        assert!(entry.args.iter().all(|arg| args.insert(arg.name)), "{}", entry.name);
    }
    assert!(LAYERS.iter().all(|entry| fields.insert(entry.snake)));
    assert!(FUNCTIONS.iter().all(|entry| entry.form == Form::Function));
    assert!(LAYERS.iter().all(|entry| entry.form != Form::Function));
}

#[test]
fn required_arguments_come_first_and_defaults_fit_their_kind() {
    for entry in entries() {
        let required = entry.args.iter().take_while(|arg| arg.default.is_none()).count();
        for (at, arg) in entry.args.iter().enumerate() {
            let place = format!("{}({})", entry.name, arg.name);
            assert!(at + 1 == entry.args.len() || arg.at_call <= entry.args[at + 1].at_call);
            assert!(!arg.at_call || arg.default.is_some(), "{place}");
            let is_layer = matches!(arg.kind, ArgKind::Layer);
            assert_eq!(is_layer, at == 0 && entry.wraps.is_some(), "{place}");
            let Some(default) = arg.default else {
                assert!(at < required, "{place} stands after one with a default");
                continue;
            };
            assert!(arg.check.is_none_or(|check| check(default).is_ok()), "{place}");
            if let (ArgKind::Word(words), ArgValue::Word(word)) = (arg.kind, default) {
                assert!(words.words.iter().any(|known| known.name == word), "{place}");
            } else {
                assert!(fits(arg.kind, default), "{place}: {default:?}");
            }
        }
    }
}

fn fits(kind: ArgKind, default: ArgValue) -> bool {
    matches!(
        (kind, default),
        (_, ArgValue::Unset)
            | (ArgKind::Size | ArgKind::Int | ArgKind::Ints, ArgValue::Int(_))
            | (ArgKind::Ints, ArgValue::Tuple(_))
            | (ArgKind::Float, ArgValue::Float(_))
            | (ArgKind::Bool, ArgValue::Bool(_))
    )
}

#[test]
fn modules_are_files_with_a_rule_and_weights() {
    for entry in entries() {
        let file = format!("src/{}.rs", entry.module.replace("::", "/"));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
        let text = std::fs::read_to_string(path).unwrap_or_else(|_| panic!("{file}"));
        assert!(text.contains("pub const fn rule(") || text.contains("{rule, "), "{file}");
        assert!(text.contains("weights"), "{file}");
    }
}

/// Values that no argument should have, and some that it may.
fn odd_values() -> Vec<ArgValue> {
    let tuple = |numbers: &[i64]| ArgValue::Tuple(Tuple::new(numbers));
    vec![
        ArgValue::Unset,
        ArgValue::Rust,
        ArgValue::Int(i64::MIN),
        ArgValue::Int(-1),
        ArgValue::Int(0),
        ArgValue::Int(1),
        ArgValue::Int(2),
        ArgValue::Int(i64::MAX),
        ArgValue::Float(f64::NAN),
        ArgValue::Quotient { whole: 7, parts: 2 },
        ArgValue::Floats { count: 0, least: 0.0, most: 0.0 },
        ArgValue::Floats { count: 3, least: f64::NAN, most: f64::NAN },
        ArgValue::Bool(true),
        ArgValue::Word("same"),
        ArgValue::Word("softmax"),
        tuple(&[]),
        tuple(&[-1]),
        tuple(&[1, 2]),
        tuple(&[2, 1, 3]),
        tuple(&[0, -1, i64::MIN, i64::MAX]),
        tuple(&[i64::MAX; 8]),
        tuple(&[1; 8]),
        tuple(&[-1; 8]),
    ]
}

fn odd_inputs() -> Vec<Value> {
    const ANY: usize = Shape::ANY;
    let shapes: [&[usize]; 13] = [
        &[],
        &[0],
        &[1],
        &[5],
        &[ANY],
        &[3, 4],
        &[ANY, 4],
        &[8, 8, 3],
        &[ANY, ANY, ANY],
        &[2, 3, 4, 5],
        &[1; 8],
        &[ANY - 1; 8],
        &[1 << 63, 1 << 62],
    ];
    let mut values: Vec<Value> = shapes.iter().map(|dims| Value::float(dims)).collect();
    values.extend([Value::POISON, Value::index(&[5]), Value::index(&[])]);
    values[5].mask = true;
    values
}

#[test]
fn no_rule_panics_whatever_it_is_given() {
    let inputs = odd_inputs();
    for entry in entries() {
        let survives = |args: &[ArgValue], inputs: &[Value]| {
            let config = Config::new(args);
            let result = catch_unwind(|| {
                (entry.weights)(&config, inputs);
                (entry.rule)(&config, inputs)
            });
            match result {
                Ok(Ok(values)) => assert!((1..=crate::MAX_VALUES).contains(&values.len())),
                Ok(Err(error)) => assert!(!error.help_text().is_empty(), "{error}"),
                Err(_) => panic!("{} panics: {args:?} {inputs:?}", entry.name),
            }
        };
        let mut configs = vec![vec![], defaults(entry)];
        for at in 0..entry.args.len() {
            for value in odd_values() {
                let mut args = defaults(entry);
                args[at] = value;
                configs.push(args);
                configs.push(vec![value; entry.args.len()]);
            }
        }
        for args in &configs {
            survives(args, &[]);
            for a in &inputs {
                survives(args, &[*a]);
                for b in &inputs {
                    survives(args, &[*a, *b]);
                    survives(args, &[*b, *a, *a]);
                }
            }
        }
    }
}

#[test]
fn poison_is_silent() {
    for entry in entries().filter(|entry| entry.inputs != Inputs::Exactly(0)) {
        let inputs = vec![Value::POISON; entry.inputs.least()];
        let values = (entry.rule)(&Config::new(&defaults(entry)), &inputs);
        assert!(values.is_ok_and(|values| values.is_poison()), "{}", entry.name);
    }
}

#[test]
fn rules_run_in_const_evaluation() {
    const IMAGE: Value = Value::float(&[28, 28, 1]);
    const NONE: Config<'_> = Config::new(&[]);
    const FLAT: Result<Values, ShapeError> = layers::flatten::rule(&NONE, &[IMAGE]);
    const TARGET: [ArgValue; 1] = [ArgValue::Tuple(Tuple::new(&[7, 7, 5]))];
    const RESHAPED: Result<Values, ShapeError> =
        layers::reshape::rule(&Config::new(&TARGET), &[IMAGE]);
    const LAST: [ArgValue; 1] = [ArgValue::Int(-1)];
    const JOINED: Result<Values, ShapeError> =
        layers::concatenate::rule(&Config::new(&LAST), &[IMAGE, IMAGE]);
    const SUM: Result<Values, ShapeError> = layers::add::rule(&NONE, &[IMAGE, IMAGE]);
    const MEAN: Result<Values, ShapeError> = crate::functions::reduction::rule(&NONE, &[IMAGE]);
    assert_eq!(FLAT, Ok(Values::shape(Shape::new(&[784]))));
    assert_eq!(
        RESHAPED.unwrap_err().sentence(),
        "Reshape((7, 7, 5)) needs 245 values per sample, but the input has 784"
    );
    assert_eq!(JOINED, Ok(Values::shape(Shape::new(&[28, 28, 2]))));
    assert_eq!(SUM, Ok(Values::one(IMAGE)));
    assert_eq!(MEAN, Ok(Values::shape(Shape::SCALAR)));
}
