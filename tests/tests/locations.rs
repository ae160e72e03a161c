//! An error of a running model points at the user's statement, not at the macro.

use model_runtime::prelude::*;
use ndarray::ArrayD;

/// Zeros of this shape, for two samples.
fn zeros(shape: &[usize]) -> Var {
    let mut dims = vec![2];
    dims.extend(shape);
    Var::from_array(&ArrayD::<Float>::zeros(dims))
}

/// Where the error of a step points.
#[track_caller]
fn place(step: impl FnOnce() -> Var) -> (u32, u32) {
    let location = match tape::run(Mode::Inference, || step().shape()) {
        Err(Error::Shape { location, .. } | Error::Outputs { location, .. }) => location,
        other => panic!("no error with a place: {other:?}"),
    };
    assert_eq!(location.file(), file!());
    (location.line(), location.column())
}

const LAYERS: u32 = line!();

model! {
    struct Single {
        image = Input(_, _, 1);
        x = Conv2D(2, 3)(image);
        x = Conv2D(2, 3)(x);
        GlobalMaxPooling2D()(x)
    }
    struct Several {
        a = Input(_, 1);
        b = Input(_, 1);
        c = Concatenate(axis = -1)([a, b]);
        Flatten()(
            c
        )
    }
    struct Chain {
        image = Input(_, _, 1);
        x = [
            Conv2D(2, 3),
            Conv2D(2, 3),
        ](image);
        GlobalMaxPooling2D()(x)
    }
    struct Inside {
        image = Input(_, _, 1);
        x = Single(name = "inner")(image);
        x
    }
}

const OTHERS: u32 = line!();

model! {
    struct Operator {
        a = Input(_);
        b = Input(_);
        c = relu(a);
        d = c * 2 + b / 3;
        Identity()(d - 1)
    }
    struct Parentheses {
        a = Input(_);
        b = Input(_);
        c = 3 * (a - b);
        Identity()(c)
    }
    struct Function {
        a = Input(_, 2);
        b = Input(_, 2);
        c = relu(concatenate([a, b], axis = 2));
        Identity()(c)
    }
    struct Part {
        a = Input(_);
        b = -a[5..];
        Identity()(b)
    }
    fn twice(x) {
        x = Conv2D(1, 3)(x);
        Conv2D(1, 3)(x)
    }
    struct Template {
        image = Input(_, _, 1);
        x = twice(image);
        for _ in 0..2 {
            x = MaxPooling2D(2)(x);
        }
        twice(x) * 2
    }
}

#[test]
fn a_layer_points_at_its_call() {
    assert_eq!(place(|| Single::new(0).call(zeros(&[2, 2, 1]))), (LAYERS + 5, 13));
    assert_eq!(place(|| Single::new(0).call(zeros(&[4, 4, 1]))), (LAYERS + 6, 13));
    let several =
        |a: &[usize], b: &[usize]| Several::new(0).call(SeveralInputs { a: zeros(a), b: zeros(b) });
    assert_eq!(place(|| several(&[2, 1], &[3, 1])), (LAYERS + 12, 13));
}

#[test]
fn a_layer_of_a_chain_points_at_itself() {
    assert_eq!(place(|| Chain::new(0).call(zeros(&[2, 2, 1]))), (LAYERS + 20, 13));
    assert_eq!(place(|| Chain::new(0).call(zeros(&[4, 4, 1]))), (LAYERS + 21, 13));
}

#[test]
fn a_model_in_a_model_points_at_the_statement_inside() {
    assert_eq!(place(|| Inside::new(0).call(zeros(&[2, 2, 1]))), (LAYERS + 5, 13));
}

#[test]
fn an_operator_points_at_itself() {
    let operator = |a: usize, b: usize| {
        Operator::new(0).call(OperatorInputs { a: zeros(&[a]), b: zeros(&[b]) })
    };
    assert_eq!(place(|| operator(2, 3)), (OTHERS + 7, 13));
    let parentheses = |a: usize, b: usize| {
        Parentheses::new(0).call(ParenthesesInputs { a: zeros(&[a]), b: zeros(&[b]) })
    };
    assert_eq!(place(|| parentheses(2, 3)), (OTHERS + 13, 18));
}

#[test]
fn a_function_and_a_slice_point_at_themselves() {
    let function = |a: &[usize], b: &[usize]| {
        Function::new(0).call(FunctionInputs { a: zeros(a), b: zeros(b) })
    };
    assert_eq!(place(|| function(&[2, 2], &[3, 2])), (OTHERS + 19, 18));
    assert_eq!(place(|| Part::new(0).call(zeros(&[5]))), (OTHERS + 24, 14));
}

#[test]
fn what_is_written_out_points_at_where_it_was_written() {
    assert_eq!(place(|| Template::new(0).call(zeros(&[4, 4, 1]))), (OTHERS + 29, 9));
    assert_eq!(place(|| Template::new(0).call(zeros(&[6, 6, 1]))), (OTHERS + 35, 17));
}
