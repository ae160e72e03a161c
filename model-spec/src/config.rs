use crate::MAX_RANK;

/// The value of a layer's argument, as far as shapes need to know it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum ArgValue {
    /// Not given, and without a default.
    Unset,
    /// A whole number.
    Int(i64),
    /// A division of whole numbers that leaves something over; see [`ArgValue::quotient`].
    Quotient {
        /// What is divided.
        whole: i64,
        /// By what.
        parts: i64,
    },
    /// Any number.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A word of the argument's list, such as `same`.
    Word(&'static str),
    /// Whole numbers in parentheses, such as `(3, 3)`.
    Tuple(Tuple),
    /// Numbers in parentheses, such as `(0.5, 2.0)`, of which is known how many there are, and
    /// between which two all of them lie.
    Floats {
        /// How many there are.
        count: usize,
        /// The least of them.
        least: f64,
        /// The largest of them.
        most: f64,
    },
    /// Something in Rust that shapes do not depend on: a closure, a rate in a local variable.
    Rust,
}

impl ArgValue {
    /// Numbers in parentheses; a NaN among them is the least and the largest.
    pub fn floats(numbers: &[f64]) -> ArgValue {
        if numbers.is_empty() {
            return ArgValue::Floats { count: 0, least: 0.0, most: 0.0 };
        }
        let bound = |start: f64, beyond: fn(&f64, &f64) -> bool| {
            let further = |a: f64, b: &f64| if b.is_nan() || beyond(b, &a) { *b } else { a };
            numbers.iter().fold(start, further)
        };
        let (least, most) = (bound(f64::INFINITY, f64::lt), bound(f64::NEG_INFINITY, f64::gt));
        ArgValue::Floats { count: numbers.len(), least, most }
    }

    /// A whole number written as a division, for an argument where nothing may be left over.
    pub const fn quotient(whole: i64, parts: i64) -> ArgValue {
        if whole <= 0 || parts <= 0 {
            return ArgValue::Int(0);
        }
        if whole % parts == 0 {
            return ArgValue::Int(whole / parts);
        }
        ArgValue::Quotient { whole, parts }
    }

    /// The number that this is; `None` where it is none, or not known before the model runs.
    pub const fn number(&self) -> Option<f64> {
        match *self {
            ArgValue::Int(value) => Some(value as f64),
            ArgValue::Float(value) => Some(value),
            _ => None,
        }
    }
}

/// Whole numbers in parentheses. Nested ones, `((1, 0), (2, 3))`, stand one after the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tuple {
    len: usize,
    items: [i64; MAX_RANK],
}

impl Tuple {
    /// A tuple of these numbers.
    ///
    /// # Panics
    /// If there are more than [`MAX_RANK`].
    #[track_caller]
    pub const fn new(numbers: &[i64]) -> Tuple {
        assert!(numbers.len() <= MAX_RANK, "a tuple has at most 8 numbers");
        let mut items = [0; MAX_RANK];
        let mut i = 0;
        while i < numbers.len() {
            items[i] = numbers[i];
            i += 1;
        }
        Tuple { len: numbers.len(), items }
    }

    /// The numbers.
    pub const fn as_slice(&self) -> &[i64] {
        self.items.split_at(self.len).0
    }

    /// How many numbers there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// All arguments of a layer, in the order of its [`Entry::args`](crate::Entry), defaults filled in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Config<'a> {
    values: &'a [ArgValue],
}

impl<'a> Config<'a> {
    /// A configuration of these values.
    pub const fn new(values: &'a [ArgValue]) -> Config<'a> {
        Config { values }
    }

    /// One argument; [`ArgValue::Unset`] where there is none.
    pub const fn get(&self, index: usize) -> ArgValue {
        if index < self.values.len() { self.values[index] } else { ArgValue::Unset }
    }

    /// A whole number, 0 where the argument is none.
    pub const fn int(&self, index: usize) -> i64 {
        match self.get(index) {
            ArgValue::Int(value) => value,
            _ => 0,
        }
    }

    /// Whether the argument is `true`.
    pub const fn bool(&self, index: usize) -> bool {
        matches!(self.get(index), ArgValue::Bool(true))
    }

    /// A word, empty where the argument is none.
    pub const fn word(&self, index: usize) -> &'static str {
        match self.get(index) {
            ArgValue::Word(word) => word,
            _ => "",
        }
    }

    /// The numbers of a tuple; those of a lone number are that number; none where the argument is
    /// not given.
    pub const fn ints(&self, index: usize) -> Tuple {
        match self.get(index) {
            ArgValue::Tuple(tuple) => tuple,
            ArgValue::Int(value) => Tuple::new(&[value]),
            _ => Tuple::new(&[]),
        }
    }
}

/// Whether two strings are equal; `==` cannot be used in const evaluation.
pub const fn str_eq(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
