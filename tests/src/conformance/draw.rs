//! Arguments and inputs drawn by what the catalogue says may be written.

use model_runtime::prelude::*;
use model_spec::{Arg, ArgKind, ArgValue, Entry, Inputs, MAX_RANK, Tuple};
use serde_json::{Map, Value as Json, json};

/// Random numbers that are the same in every run (SplitMix64; Steele et al., 2014).
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `least` to `most`.
    pub fn int(&mut self, least: i64, most: i64) -> i64 {
        least + (self.next() % (most - least + 1) as u64) as i64
    }

    /// A number in (-1, 1), none close to 0, where many functions have a kink.
    pub fn number(&mut self) -> Float {
        let x = (self.next() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
        (if x.abs() < 0.05 { x + 0.1 } else { x }) as Float
    }

    /// Whether something happens that does so often in a hundred times.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.int(1, 100) <= percent
    }

    /// One of some things.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.int(0, items.len() as i64 - 1) as usize]
    }

    /// The arguments of a layer, as JSON and as its rule sees them.
    pub fn arguments(&mut self, entry: &Entry) -> (Map<String, Json>, Vec<ArgValue>) {
        let mut json = Map::new();
        let mut config = Vec::new();
        for arg in entry.args {
            let wanted = arg.default.is_none() || self.chance(35);
            match if wanted { self.argument(arg) } else { None } {
                Some((written, value)) => {
                    json.insert(arg.name.to_owned(), written);
                    config.push(value);
                }
                None => config.push(arg.default.unwrap_or(ArgValue::Unset)),
            }
        }
        (json, config)
    }

    /// A value for an argument; `None` for kinds that do not touch shapes.
    fn argument(&mut self, arg: &Arg) -> Option<(Json, ArgValue)> {
        if arg.at_call {
            return None;
        }
        Some(match arg.kind {
            ArgKind::Size => {
                let n = if self.chance(4) { 0 } else { self.int(1, 4) };
                (json!(n), ArgValue::Int(n))
            }
            ArgKind::Int => {
                let n = self.int(-3, 4);
                (json!(n), ArgValue::Int(n))
            }
            ArgKind::Ints | ArgKind::Cuts => {
                let numbers: Vec<i64> = if self.chance(4) {
                    vec![self.int(-2, 0)]
                } else {
                    (0..self.int(1, 2)).map(|_| self.int(1, 3)).collect()
                };
                (json!(numbers), ArgValue::Tuple(Tuple::new(&numbers)))
            }
            ArgKind::Shape => {
                let numbers: Vec<i64> = (0..self.int(1, 3))
                    .map(|_| if self.chance(20) { -1 } else { self.int(1, 6) })
                    .collect();
                (json!(numbers), ArgValue::Tuple(Tuple::new(&numbers)))
            }
            ArgKind::Float => {
                let number = *self.one_of(&[0.25, 0.5, 0.75, 1.0, 2.0, -1.0]);
                (json!(number), ArgValue::Float(number))
            }
            ArgKind::Floats => {
                let numbers: Vec<f64> =
                    (0..self.int(1, 4)).map(|_| *self.one_of(&[0.25, 1.0, 2.0])).collect();
                (json!(numbers), ArgValue::floats(&numbers))
            }
            ArgKind::Bool => {
                let yes = self.chance(50);
                (json!(yes), ArgValue::Bool(yes))
            }
            ArgKind::Word(words) => {
                let plain: Vec<&'static str> =
                    words.words.iter().filter(|w| w.args.is_empty()).map(|w| w.name).collect();
                // These do not touch shapes.
                let weights = ["initializer", "regularizer", "constraint"];
                if plain.is_empty() || weights.contains(&words.noun) {
                    return None;
                }
                let word = *self.one_of(&plain);
                (json!(word), ArgValue::Word(word))
            }
            ArgKind::Closure
            | ArgKind::OutputShape
            | ArgKind::Seed
            | ArgKind::Text
            | ArgKind::Layer => {
                return None;
            }
        })
    }

    /// What a layer is called on, without the sample axis; often alike, as most layers want it.
    pub fn inputs(&mut self, entry: &Entry) -> Vec<Value> {
        let count = match entry.inputs {
            Inputs::Exactly(count) => count,
            Inputs::AtLeast(least) => least + self.int(0, 1) as usize,
            Inputs::Between { least, most, .. } => self.int(least as i64, most as i64) as usize,
        };
        let first = self.shape();
        let mut values = vec![first];
        for _ in 1..count {
            let other = if self.chance(60) { first } else { self.shape() };
            values.push(other);
        }
        values
    }

    fn shape(&mut self) -> Value {
        let rank = *self.one_of(&[0, 1, 1, 2, 2, 2, 3, 3, 3, 4]);
        let dims: Vec<usize> = (0..rank).map(|_| self.int(1, 7) as usize).collect();
        debug_assert!(dims.len() < MAX_RANK);
        Value::float(&dims)
    }
}
