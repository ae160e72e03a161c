//! Models in modules where common names mean something else.

use model_runtime::{Functional, Layer, Mode, Model, Var, tape};

/// What a model makes of ones.
fn sizes<M: Model>(model: &M, inputs: usize) -> Vec<usize> {
    let dims = tape::run(Mode::Inference, || {
        let x = Var::from_array(&ndarray::Array2::<model_runtime::Float>::ones((2, 6)));
        Layer::call(model, &vec![x; inputs]).one().shape().dims().to_vec()
    });
    dims.unwrap()
}

mod types {
    #![allow(dead_code, reason = "the names only have to be there")]
    //! Every type and variant that generated code could name.

    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Result;
    pub struct Ok;
    pub struct Err;
    pub struct Vec;
    pub struct Box;
    pub struct String;
    pub struct Shape;
    pub struct ShapeError;
    pub struct Value;
    pub struct Values;
    pub struct Var;
    pub struct Vars;
    pub struct Slice;
    pub struct Seed;
    pub struct Visitor;
    pub struct Graph;
    pub struct Dense;
    pub struct Float;
    pub struct Activation;
    pub struct Parameter;
    pub trait Layer {}
    pub trait Model {}
    pub trait Functional {}
    pub trait Default {}
    pub trait Iterator {}
    pub trait Clone {}
    pub trait Copy {}
    pub trait Debug {}
    pub trait From {}
    pub trait Into {}
    pub trait Send {}
    pub trait Sync {}
    pub mod core {}
    pub mod std {}
    pub mod spec {}
    pub mod private {}
    pub mod functions {}

    ::model_runtime::model! {
        pub struct Net {
            a = Input(6);
            b = Input(6);
            x = Dense(6, relu, kernel_regularizer = l2(0.01))(a + b);
            x = Lambda(|x| x * 2.0, output_shape = |shape| (None, shape[1]))(x);
            y = x[..3];
            Dense(2)(concatenate([y, y], axis = -1))
        }
    }
}

#[test]
fn types_of_the_user() {
    let net = types::Net::new(0);
    assert_eq!(sizes(&net, 2), [2, 2]);
}

mod constants {
    #![allow(dead_code, reason = "the names only have to be there")]
    //! Constants with the names of those that are generated.

    const GRAPH: usize = 1;
    const SHAPE_0: usize = 1;
    const SIZE_0: usize = 1;
    const CHECK_0: usize = 1;
    const POISON: usize = 1;
    const T: usize = 1;
    const INPUTS: usize = 1;
    const N: usize = 6;

    ::model_runtime::model! {
        pub struct Net {
            a = Input(N);
            b = Input(N);
            tower = Dense(N);
            x = tower(a) + tower(b);
            Dense(2)(x)
        }
    }
}

#[test]
fn constants_of_the_user() {
    let net = constants::Net::new(0);
    assert_eq!(sizes(&net, 2), [2, 2]);
}

mod functions {
    #![allow(dead_code, non_snake_case, reason = "the names only have to be there")]
    //! Functions with the names of variants.

    fn Some() {}
    fn None() {}
    fn Ok() {}
    fn Err() {}
    fn drop() {}
    fn one() {}

    ::model_runtime::model! {
        pub struct Net {
            x = Input(6);
            (a = Dense(3)(x), b = Dense(4)(x))
        }
    }
}

#[test]
fn functions_of_the_user() {
    let net = functions::Net::new(0);
    assert_eq!(net.count_params(), 7 * 7);
    let three = functions::Net::outputs_from_iter([1, 2].into_iter()).map(|out| out.a + out.b);
    assert_eq!(three, Some(3));
}

mod two {
    //! Two macro calls, and two models in one, in the same module.

    ::model_runtime::model! {
        const UNITS: usize = 3;
        fn block(x) { Dense(UNITS)(x) }
        pub struct First { x = Input(6); block(x) }
        pub struct Second { x = Input(6); y = First()(x); block(y) }
    }
    ::model_runtime::model! {
        const UNITS: usize = 4;
        fn block(x) { Dense(UNITS)(x) }
        pub struct Third { x = Input(6); block(x) }
    }
}

#[test]
fn several_models_in_one_module() {
    assert_eq!(sizes(&two::First::new(0), 1), [2, 3]);
    assert_eq!(sizes(&two::Second::new(0), 1), [2, 3]);
    assert_eq!(sizes(&two::Third::new(0), 1), [2, 4]);
}

#[no_implicit_prelude]
mod no_prelude {
    ::model_runtime::model! {
        pub struct Net {
            a = Input(6);
            b = Input(6);
            x = Dense(6, relu)(a + b);
            x = Dropout(0.5)(x);
            half = Lambda(|x| x * 2.0, output_shape = |shape| (None, shape[1]))(x);
            Dense(2)(half)
        }
    }
    pub(super) fn value() -> usize {
        let net = ::model_runtime::model! { x = Input(6); Dense(2)(x) };
        ::model_runtime::Model::count_params(&net)
    }
}

#[test]
fn no_prelude_at_all() {
    assert_eq!(sizes(&no_prelude::Net::new(0), 2), [2, 2]);
    assert_eq!(no_prelude::value(), 14);
}
