//! Values and layers with the names that generated code could use itself.

use model_runtime::prelude::*;

model! {
    pub struct Values {
        inputs = Input(4);
        outputs = Dense(4)(inputs);
        model = Dense(4)(outputs);
        seed = Dense(4)(model);
        visitor = Dense(4)(seed);
        call = Dense(4)(visitor);
        new = Dense(4)(call);
        graph = Dense(4)(new);
        unset = Dense(4)(graph);
        child = Dense(4)(unset);
        shape = Dense(4)(child);
        this = Dense(4)(shape);
        x = Dense(4)(this);
        (x, outputs)
    }
}

#[test]
fn values_with_the_names_of_methods() {
    let net = Values::new(0);
    assert_eq!(net.count_params(), 12 * 20);
    let (paths, _): (Vec<_>, Vec<_>) = net.parameters().into_iter().unzip();
    assert!(paths.iter().any(|path| path.starts_with("visitor")), "{paths:?}");
    run(|x| {
        let outputs = net.call(x);
        assert_eq!(outputs.x.shape(), Shape::new(&[2, 4]));
        assert_eq!(outputs.outputs.shape(), Shape::new(&[2, 4]));
    });
}

model! {
    pub struct Layers {
        inputs = Input(4);
        call = Dense(4);
        init = Dense(4);
        visit = Dense(4);
        model = Dense(4);
        seed = Dense(4);
        x = call(init(visit(model(seed(inputs)))));
        call(x)
    }
}

#[test]
fn layers_with_the_names_of_methods() {
    let net = Layers::new(0);
    assert_eq!(net.count_params(), 5 * 20);
    run(|x| assert_eq!(net.call(x).shape(), Shape::new(&[2, 4])));
}

model! {
    pub struct Raw {
        r#type = Input(4);
        r#match = Input(4);
        r#fn = Dense(3);
        r#loop = r#fn(r#type);
        r#while = r#fn(r#match);
        r#struct = Dense(2)(r#loop + r#while);
        (r#struct, r#loop)
    }
}

#[test]
fn raw_identifiers() {
    let net = Raw::new(0);
    assert_eq!(net.count_params(), 15 + 8);
    run(|x| {
        let outputs = net.call(RawInputs { r#type: x, r#match: x });
        assert_eq!(outputs.r#struct.shape(), Shape::new(&[2, 2]));
        assert_eq!(outputs.r#loop.shape(), Shape::new(&[2, 3]));
    });
    assert_eq!(Raw::GRAPH.inputs[0].name, "type");
    let paths: Vec<String> = net.parameters().into_iter().map(|(path, _)| path).collect();
    assert!(paths.iter().all(|path| !path.contains('#')), "{paths:?}");
}

model! {
    pub struct Rebound {
        x = Input(4);
        x = Dense(4)(x);
        x = x + 1;
        x = Dense(3)(x);
    }
}

#[test]
fn one_name_for_everything() {
    let net = Rebound::new(0);
    assert_eq!(Rebound::GRAPH.inputs[0].name, "x");
    run(|x| assert_eq!(net.call(x).shape(), Shape::new(&[2, 3])));
}

/// Runs with two samples of four ones.
fn run(test: impl FnOnce(Var)) {
    let result = tape::run(Mode::Inference, || {
        test(Var::from_array(&ndarray::Array2::<Float>::ones((2, 4))));
    });
    result.unwrap();
}
