//! Models in every place that Rust has for items and expressions.

use model_runtime::prelude::*;

#[test]
fn an_item_in_a_function() {
    const UNITS: usize = 3;
    model! {
        struct Net { x = Input(4); Dense(UNITS)(x) }
    }
    assert_eq!(Net::new(0).count_params(), 15);
    {
        model! {
            struct Net { x = Input(4); Dense(UNITS + 1)(x) }
        }
        assert_eq!(Net::new(0).count_params(), 20);
    }
}

#[test]
fn an_expression_in_a_closure() {
    let nets: Vec<_> = [0.5, 2.0]
        .into_iter()
        .map(|factor: f64| model! { x = Input(4); y = x * {factor}; Dense(3)(y) - y[0] })
        .collect();
    assert!(nets.iter().all(|net| net.count_params() == 15));
}

fn generic<F: Fn(Var) -> Var + Send + Sync + 'static>(f: F) -> Box<dyn Model> {
    Box::new(model! { x = Input(4); y = Lambda(f)(x); Dense(3)(y) })
}

#[test]
fn an_expression_in_a_generic_function() {
    let net = generic(|x| x * 2.0);
    assert_eq!(net.count_params(), 15);
    assert_eq!(net.graph().outputs[0].value, Value::float(&[3]));
}

const PARAMETERS: Option<usize> = {
    model! {
        struct Net { x = Input(4); Dense(3)(x) }
    }
    Net::GRAPH.parameters()
};

#[test]
fn a_model_in_a_constant() {
    assert_eq!(PARAMETERS, Some(15));
}

struct Holder<M> {
    model: M,
}

impl<M: Model> Holder<M> {
    fn count(&self) -> usize {
        self.model.count_params()
    }
}

#[test]
fn an_expression_as_a_field_an_argument_and_an_arm() {
    let holder = Holder { model: model! { x = Input(4); Dense(3)(x) } };
    assert_eq!(holder.count(), 15);
    let count = match holder.count() {
        15 => model! { x = Input(2); Dense(3)(x) }.count_params(),
        _ => 0,
    };
    assert_eq!(count, 9);
    let nested = model! {
        x = Input(4);
        y = Lambda(move |x| x * Float::from(u8::try_from(count).unwrap_or(0)))(x);
        Dense(1)(y)
    };
    assert_eq!(nested.count_params(), 5);
}

#[test]
fn two_expressions_in_one_function() {
    let (a, b) = (model! { x = Input(4); Dense(3)(x) }, model! { x = Input(4); Dense(3)(x) });
    let outputs = [&a as &dyn Model, &b].map(|net| {
        let ones = ndarray::Array2::<Float>::ones((2, 4));
        tape::run(Mode::Inference, || net.call(&[Var::from_array(&ones)]).one().to_array())
    });
    assert_eq!(outputs[0], outputs[1], "both have the seed 0");
}

mod inner {
    use model_runtime::prelude::*;

    model! {
        /// Seen in this module only.
        struct Private { x = Input(4); Dense(3)(x) }
        pub(crate) struct Crate { x = Input(4); Private()(x) }
    }

    pub(super) fn private() -> usize {
        Private::new(0).count_params()
    }
}

#[test]
fn visibility_is_the_users() {
    assert_eq!(inner::private(), inner::Crate::new(0).count_params());
}
