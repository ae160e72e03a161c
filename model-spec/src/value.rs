use crate::Shape;

/// The most values that a layer can return.
pub const MAX_VALUES: usize = 8;

/// What the numbers of a value are for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Numbers to compute with.
    Float,
    /// Whole numbers that point into something, such as the words of a vocabulary.
    Index,
}

/// What is known of a value in a graph before it runs: its shape without the sample axis, its kind,
/// and whether it carries a mask.
///
/// ```
/// use model_spec::{Kind, Shape, Value};
/// let words = Value::index(&[5]).masked();
/// assert!(words.kind == Kind::Index && words.mask);
/// let vectors = Value::float(&[5]).with_shape(words.shape.push(8));
/// assert_eq!(vectors, Value::float(&[5, 8]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Value {
    /// The shape without the sample axis.
    pub shape: Shape,
    /// Numbers or indices.
    pub kind: Kind,
    /// Whether the value carries a mask over its positions.
    pub mask: bool,
}

impl Value {
    /// A value that stands for one whose shape could not be found; see [`Shape::POISON`].
    pub const POISON: Value = Value::new(Shape::POISON);

    /// A value of numbers without a mask.
    pub const fn new(shape: Shape) -> Value {
        Value { shape, kind: Kind::Float, mask: false }
    }

    /// A value of numbers with these sizes and no mask.
    ///
    /// # Panics
    /// If there are more sizes than a [`Shape`] holds.
    #[track_caller]
    pub const fn float(dims: &[usize]) -> Value {
        Value::new(Shape::new(dims))
    }

    /// A value of indices with these sizes and no mask.
    ///
    /// # Panics
    /// If there are more sizes than a [`Shape`] holds.
    #[track_caller]
    pub const fn index(dims: &[usize]) -> Value {
        Value { shape: Shape::new(dims), kind: Kind::Index, mask: false }
    }

    /// The same value with another shape.
    pub const fn with_shape(mut self, shape: Shape) -> Value {
        self.shape = shape;
        self
    }

    /// The same value with a mask.
    pub const fn masked(mut self) -> Value {
        self.mask = true;
        self
    }

    /// Whether this is [`Value::POISON`].
    pub const fn is_poison(&self) -> bool {
        self.shape.is_poison()
    }
}

/// The values that a layer returns, one to [`MAX_VALUES`].
///
/// ```
/// use model_spec::{Shape, Value, Values};
/// let [output, state] = [Value::float(&[5, 8]), Value::float(&[8])];
/// let both = Values::new(&[output, state]);
/// assert_eq!(both.as_slice(), [output, state]);
/// assert_eq!(Values::one(state), Values::shape(Shape::new(&[8])));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Values {
    len: usize,
    items: [Value; MAX_VALUES],
}

impl Values {
    /// What a layer with an error returns.
    pub const POISON: Values = Values::one(Value::POISON);

    /// One value.
    pub const fn one(value: Value) -> Values {
        let mut items = [Value::POISON; MAX_VALUES];
        items[0] = value;
        Values { len: 1, items }
    }

    /// Several values.
    ///
    /// # Panics
    /// If there are more than [`MAX_VALUES`].
    #[track_caller]
    pub const fn new(values: &[Value]) -> Values {
        assert!(values.len() <= MAX_VALUES, "a layer returns at most 8 values");
        let mut items = [Value::POISON; MAX_VALUES];
        let mut i = 0;
        while i < values.len() {
            items[i] = values[i];
            i += 1;
        }
        Values { len: values.len(), items }
    }

    /// One value of numbers with this shape and no mask.
    pub const fn shape(shape: Shape) -> Values {
        Values::one(Value::new(shape))
    }

    /// How many there are.
    #[allow(clippy::len_without_is_empty, reason = "a layer returns at least one value")]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// One of them; [`Value::POISON`] where there is none.
    pub const fn get(&self, index: usize) -> Value {
        if index < self.len { self.items[index] } else { Value::POISON }
    }

    /// All of them.
    pub const fn as_slice(&self) -> &[Value] {
        self.items.split_at(self.len).0
    }

    /// Whether these stand for the values of a layer with an error.
    pub const fn is_poison(&self) -> bool {
        self.len == 0 || self.items[0].is_poison()
    }
}
