//! The whole macro on proc-macro2, without a compiler: what each mistake says, and what is emitted.

mod expand;
mod robust;
mod speed;

use proc_macro2::TokenStream;

use crate::{check, errors::Errors, parse};

/// The messages for a macro call, and the code it becomes.
fn run(source: &str) -> (Vec<String>, String) {
    let tokens: TokenStream = source.parse().unwrap_or_else(|_| panic!("no tokens: {source}"));
    let mut errors = Errors::default();
    let program = check::check(parse::parse(tokens, &mut errors), &mut errors);
    let code = crate::expand::expand(&program);
    (errors.messages(), code.to_string())
}

/// The one message that a body must give.
#[track_caller]
fn mistake(body: &str) -> String {
    let (messages, _) = run(&format!("struct M {{ {body} }}"));
    assert_eq!(messages.len(), 1, "{body}\n{messages:#?}");
    messages.into_iter().next().unwrap_or_default()
}

#[track_caller]
fn fine(source: &str) {
    let (messages, _) = run(source);
    assert!(messages.is_empty(), "{source}\n{messages:#?}");
}

#[test]
fn models_without_mistakes() {
    for body in [
        "inputs = Input(784); Dense(10)(inputs)",
        "let inputs = Input((28, 28, 1)); let x = Flatten()(inputs); x = Dense(10, softmax)(x);",
        "a = Input(5); b = Input(5); tower = Dense(3, name = \"shared\"); x = \
         Concatenate()([tower(a), tower(b)]); (x, y = Dense(2)(x))",
        "x = Input(10); front = x[..5]; last = x[-1]; y = Dense(3)(relu(front * 2 + 1)); y",
        "image = Input(28, 28, 1); left = image[(.., ..14, ..)]; Dense(3)(Flatten()(left))",
        "x = Input(10); h = Lambda(|x| x.slice(s![.., ..5]), output_shape = (5,))(x); Dense(1)(h)",
        "x = Input(10); h = Lambda(|x| x.slice(s![.., 5..]), output_shape = |input_shape| (None, \
         input_shape[1] / 2))(x); Dense(1)(h)",
        "x = Input(10); h = Lambda(|x| x.abs())(x); Dense(1)(h)",
        "x = Input(10); x = [Dense(8, relu), Dense(4), Flatten()](x);",
        "x = Input(10); enc = Sequential([Dense(8, relu), Dense(4)]); a = enc(x); b = enc(x * 2); \
         a - b",
        "x = Input(10); for units in [64, 32] { x = Dense(units, relu)(x); } x",
        "x = Input(10); for (units, act, _) in [(64, \"relu\", 0.5), (N + 1, tanh, 0)] { x = \
         Dense(units, act)(x); } x",
        "x = Input(_, 8); Dense(3)(x)",
        "x = Input(10); Dense(3, kernel_regularizer = l2(1e-4), kernel_initializer = he_normal)(x)",
        "x = Input(10); Dense(3, kernel_constraint = max_norm(2, axis = (0, 1)), bias_constraint = \
         clip(-1, 1))(x)",
        "x = Input(10); Dense(3, kernel_constraint = |w| w.clip(0.0, 1.0))(x)",
        "x = Input(8); Dense(HIDDEN)(x)",
        "x = Input(HEIGHT, 8); y = Dense(4)(x); Flatten()(y)",
        "x = Input(8); y = Dense(4, activation = crate::f)(x); y + clip(y, 0, 1)",
        "x = Input(8); y = Dense(4)(x); mean(y, axis = -1) * maximum(sum(y), 0)",
        "x = Input(8); e = crate::nets::Encoder()(x); (a, b) = crate::nets::Two(3)(e); Dense(1)(a \
         - b)",
        "x = Input(8, dtype = int32); y = Input(3); Lambda(|i, y| y, output_shape = (3))([x, y])",
        "x = Input(4); y = Input(4); shared = Container(|a, b| { h = Dense(3)(a); (h, b * 2) }); \
         (p, q) = shared(x, y); (_, r) = shared(q, x); Dense(1)(p) + mean(r)",
        "x = Input(8, 4); y = Input(5, 4); s = Container(|a| mean(Dense(3)(a), axis = 1)); s(x) + \
         s(y)",
        "x = Input(4); for n in [3, 4] { x = Container(|a| { if n > 3 { a = Dense(n)(a); } \
         Dense(n)(a) })(x); } x",
        "x = Input(4); y = [Container(|a| Dense(3)(a)), Dense(2)](x);",
        "x = Input(4); add_loss(\"a\", sum(x)); y = Dense(3)(x); add_metric(\"b\", mean(y));",
        "x = Input(4); s = Container(|a| { add_loss(\"a\", sum(a)); Dense(4)(a) }); s(s(x))",
        "x = Input(crate::W); add_loss(\"a\", x); Dense(3)(x)",
        "x = Input(crate::W); s = Container(|a| { t = Container(|b| Dense(3)(b)); t(a) }); s(x) + \
         s(x * 2)",
        "_unused = Input(8); x = Input(8); Dense(1)(x)",
        "x = Input(8, 8, 1); y = ZeroPadding2D(((1, 0), (2, 3)))(x); \
         Conv2D(4, (2, 3), padding = same)(y)",
    ] {
        fine(&format!("struct M {{ {body} }}"));
        fine(body);
    }
    fine(
        "struct A { x = Input(5); Dense(3)(x) } struct B { y = Input(5); e = A(); z = e(y); w = \
         A()(y); Add()([z, w]) }",
    );
    fine("const N: usize = 2 * K; const K: usize = 4; struct A { x = Input(N, K); Flatten()(x) }");
    fine(
        "fn block(x, units, act) { x = Dense(units, act)(x); Dense(units)(x) } struct A { x = \
         Input(5); y = block(x, 3, relu); z = block(y, units = 3, act = tanh); y + z }",
    );
    fine("struct Net<const H: usize = 28> { x = Input(H, H); Dense(3)(Flatten()(x)) }");
    fine("use self::Halve; struct A { x = Input(5); Halve()(x) }");
}

#[test]
fn each_mistake_has_one_message() {
    let mut wrong = Vec::new();
    for (body, start) in [
        ("x = Input(784); y = Dense(10)(z);", "there is no value `z` here"),
        (
            "x = Input(784); y = Dens(10)(x);",
            "there is no layer `Dens`\n  help: did you mean `Dense`?",
        ),
        (
            "x = Input(784); y = Dense(10, activation = rellu)(x);",
            "Dense: `activation` knows no activation `rellu`\n  help: did you mean `relu`?",
        ),
        (
            "x = Input(3); y = Dense(1)(take(x, (0, 2), axis = 1))",
            "numbers in parentheses are no value\n  help: in brackets they are one: [0, 2]",
        ),
        (
            "x = Input(3); y = Dense(1)(take(x, [K, 0], axis = 1))",
            "`K` stands in a list of numbers, but is none\n  help: a number of Rust is written in \
             braces, `{K}`",
        ),
        (
            "x = Input(3); y = Dense(1)(x * [x, 1])",
            "`x` stands in a list of numbers, but is none\n  help: values are put together by \
             concatenate([a, b])",
        ),
        (
            "x = Input(3); y = Dense(1)(take(x, [[0, 1], [1, 0]], axis = 1))",
            "a list of numbers has one axis, but here are lists in a list",
        ),
        (
            "x = Input(784); y = Dense(10, unit = 3)(x);",
            "Dense has no argument `unit`\n  help: did you mean `units`?",
        ),
        ("x = Input(784); y = Dense()(x);", "Dense needs `units`\n  help: for example Dense(64)"),
        (
            "x = Input(6, 6, 1); y = Conv2D(8, 9)(x);",
            "Conv2D: the kernel (9, 9) is larger than the image (6, 6)",
        ),
        (
            "x = Input(6, 6, 1); y = Conv2D(8, 3, padding = causal)(x);",
            "Conv2D: causal padding is for sequences, but this takes an image",
        ),
        (
            "x = Input(784); y = Dense(0)(x);",
            "Dense: units must be a positive whole number, but is 0",
        ),
        (
            "x = Input(784); y = Dense(-3)(x);",
            "Dense: units must be a positive whole number, but is -3",
        ),
        ("x = Input(0); y = Dense(3)(x);", "Input: a size must be positive, but there is 0 in (0)"),
        ("x = Input(-1); y = Dense(3)(x);", "Input: a size must be positive, but is -1"),
        ("x = Input(784); y = Dense(2.5)(x);", "Dense: `units` takes a size, but got `2.5`"),
        ("x = Input(784); y = Dense(\"a\")(x);", "Dense: `units` takes a size, but got `\"a\"`"),
        (
            "x = Input(784); y = Dense(x)(x);",
            "Dense: `units` takes a size, but `x` is part of the graph",
        ),
        (
            "x = Input(784); y = Dense(3, use_bias = False)(x);",
            "Dense: `use_bias` takes true or false, but got `False`\n  help: did you mean `false`?",
        ),
        ("x = Input(784); y = Reshape(7, 7, 5)(x);", "Reshape((7, 7, 5)) needs 245 values"),
        (
            "a = Input(26, 26, 8); b = Input(28, 28, 16); y = Concatenate()([a, b]);",
            "the inputs of Concatenate differ in axes 1 and 2",
        ),
        (
            "a = Input(32, 32, 32); b = Input(32, 32, 16); y = Add()([a, b]);",
            "these values cannot be combined element by element: axis 3 is 32",
        ),
        (
            "a = Input(32, 32, 32); b = Input(32, 32, 16); Flatten()(a + b)",
            "these values cannot be combined element by element: axis 3 is 32",
        ),
        (
            "a = Input(784); b = Input(100); d = Dense(64); x = d(a); y = d(b); x + y",
            "one Dense(64) has one set of weights: its kernel is (784, 64), but this input needs \
             (100, 64)",
        ),
        ("x = Input(5); d = Dense(3); y = d + x; Dense(3)(y)", "`d` is a layer, not a value"),
        ("x = Input(5); d = Dense(3); Dense(4)(x)", "the layer Dense(3) is made and never called"),
        ("x = Input(5); y = Input(5); Dense(4)(x)", "the input `y` is never used"),
        ("x = Input(5); y = Dense(4)(x); y * 0; y", "the value of `y * 0` goes nowhere"),
        ("x = Input(5); y = 3; Dense(4)(x)", "`y` would be a number"),
        ("x = Input(5); Dense(4)(x); x", "the value of `Dense(4)(x)` goes nowhere"),
        ("x = Input(5); y = Dense(4)(x); (y, y)", "the output `y` is there twice"),
        ("", "this model is empty"),
        ("x = Input(5);", "this model has no layer"),
        ("x = Input(5); for _ in 0..3 { x = Dense(3)(x); }", "a body that ends with a loop"),
        (
            "x = Input(5); for _ in 0..N { x = Dense(3)(x); } x",
            "`N` is no constant that the macro can see",
        ),
        ("x = Input(10); y = x[..20]; Dense(3)(y)", "the slice reaches 20 on axis 1"),
        ("x = Input(10); y = x[(.., ..)]; Dense(3)(y)", "the slice names 2 axes"),
        (
            "x = Input(10); y = Dense(3)(x, 4);",
            "this is a number, but a value of the graph is meant",
        ),
        ("x = Input(10); y = x(3);", "`x` is a value, not a layer"),
        (
            "x = Input(10); (a, b) = Dense(3)(x); Dense(3)(a)",
            "2 names stand on the left, but this returns 1 value",
        ),
        (
            "x = Input(10); d = Dense(3); d = d(x);",
            "`d` is the name of a layer and cannot be bound again",
        ),
        (
            "x = Input(10); y = Lambda(|t| t * x)(x); Dense(3)(y)",
            "`x` is a value of the graph, which a closure cannot see",
        ),
        (
            "x = Input(10); y = Lambda(|t| t, output_shape = (5, 2))(x); Dense(3)(y) + x",
            "these values cannot be combined",
        ),
        (
            "x = Input(10); y = Lambda(|t| t, output_shape = |s| (None, s[2]))(x); Dense(3)(y)",
            "`s[2]` does not exist",
        ),
        (
            "x = Input(10); y = Lambda(|t| t, output_shape = |s| (s[1], 2))(x); Dense(3)(y)",
            "the first element of output_shape is the sample axis",
        ),
        ("x = Input(10); y = x.abs(); Dense(3)(y)", "`x.abs()` cannot be read as part of a model"),
        ("x = Input(10); y = abs; Dense(3)(x)", "`abs` is a function"),
        ("x = Input(10); y = Dense; Dense(3)(x)", "`Dense` is a layer, not a value"),
        ("x = Input(10); y = Dropout(1.5)(x);", "Dropout: the rate must lie in [0, 1), but is 1.5"),
        (
            "x = Input(10, dtype = int32); y = Dense(3)(x);",
            "Dense computes with numbers, but the input is an index",
        ),
        ("x = Input(_); y = Dense(3)(x);", "Dense needs to know the size of the last axis"),
        ("x = Input(10); y = x == x; Dense(3)(x)", "values can be added"),
        (
            "x = Input(10); Dense(99999999999999999999)(x)",
            "Dense: `units` has no value: this number is too large",
        ),
        (
            "x = Input(4); y = Dense(3, name = \"a\")(x); z = Dense(3, name = \"a\")(y);",
            "two layers are called `a`",
        ),
        ("x = Input(4); x = Input(4); Dense(2)(x)", "the input `x` is there twice"),
        (
            "x = Input(4); Dense(3, relu, true, zeros, zeros, l2, l2, l2, non_neg, non_neg, 9)(x)",
            "Dense has too many arguments",
        ),
        (
            "x = Input(4); Dense(3, kernel_constraint = max_nrm(2))(x)",
            "Dense: `kernel_constraint` knows no constraint `max_nrm`\n  help: did you mean \
             `max_norm`?",
        ),
        (
            "x = Input(4); Dense(3, kernel_constraint = unit_norm(axis = 0.5))(x)",
            "the constraint `unit_norm` takes axes, which are whole numbers\n  help: for example \
             axis = 0, or axis = (0, 1, 2)",
        ),
        (
            "x = Input(4); Dense(3, kernel_constraint = clip(-0.01))(x)",
            "the constraint `clip` needs its numbers\n  help: for example clip(min = 0, max = 1)",
        ),
        (
            "x = Input(4); Dense(activation = relu, 3)(x)",
            "Dense: an argument without a name stands after one with a name",
        ),
        ("x = Input(4); Dense(3, units = 4)(x)", "Dense: the argument `units` is given twice"),
        ("y = Dense(3)(Input(4));", "an Input needs a name and a line of its own"),
        (
            "x = Input(4); y = Input(4); s = Container(|a| Dense(3)(a + y)); s(x) + s(y)",
            "`y` is a value from outside of this container\n    in s(x), line 1\n  help: make it a \
             parameter: Container(|a, y| …)",
        ),
        (
            "x = Input(4); d = Dense(3); y = d(x); s = Container(|a| d(a)); s(x) + y",
            "`d` is a layer from outside of this container",
        ),
        (
            "x = Input(4); y = Input(5); s = Container(|a| Dense(3)(a)); s(x) + s(y)",
            "one Dense(3) has one set of weights: its kernel is (4, 3), but this input needs",
        ),
        (
            "x = Input(4, 4); y = Input(5, 4); s = Container(|a| Reshape(16)(a)); Dense(1)(s(x) + \
             s(y))",
            "Reshape((16)) needs 16 values",
        ),
        (
            "x = Input(4); s = Container(|a, b| Dense(3)(a + b)); s(x)",
            "Container(|a, b| …) takes 2 inputs, but got 1",
        ),
        (
            "x = Input(4); s = Container(|a, b| Dense(3)(a)); s(x, x)",
            "the parameter `b` of this container is never used",
        ),
        (
            "x = Input(4); s = Container(|a| { b = Input(3); Dense(3)(a) + b }); s(x)",
            "a container has no Input: its values are given where it is called",
        ),
        (
            "x = Input(4); s = Container(|a, a| Dense(3)(a)); s(x, x)",
            "the parameter `a` is there twice",
        ),
        ("x = Input(4); s = Container(|| 3); s(x)", "this container has no parameter"),
        ("x = Input(4); s = Container(); s(x)", "a Container needs its parameters"),
        ("x = Input(4); s = Container(Dense(3)); s(x)", "a Container takes one closure"),
        (
            "x = Input(4); s = Container(|a: Var| Dense(3)(a)); s(x)",
            "the parameters of a container are names, without types",
        ),
        ("x = Input(4); s = Container(|a| { }); s(x)", "this container is empty"),
        (
            "x = Input(4); s = Container(|a| { b = Dense(3)(a) c = b; c }); s(x)",
            "a `;` is missing before `c`",
        ),
        (
            "x = Input(4); s = Container(|a| Dense(3)(a)); Dense(3)(x)",
            "the layer Container(|a| …) is made and never called",
        ),
        (
            "x = Input(4); y = Input(4); inputs = Container(|a| Dense(3)(a)); inputs(x) + \
             inputs(y)",
            "the container `inputs` of `M` would be the type `MInputs`, which is there already",
        ),
        (
            "x = Input(4); y = Input(4); s = Container(|a| Lambda(|t| t * y)(Dense(4)(a))); s(x) + \
             s(y)",
            "`y` is a value of the graph, which a closure cannot see",
        ),
        (
            "x = Input(8, 4); TimeDistributed(Container(|a, b| Dense(3)(a + b)))(x)",
            "Container(|a, b| …) takes 2 inputs, but got 1",
        ),
        (
            "x = Input(8, 4); TimeDistributed(Container(|a| (a, Dense(3)(a))))(x)",
            "TimeDistributed takes a layer that returns one value, but this returns 2",
        ),
        (
            "x = Input(8, 4); d = Dense(3); TimeDistributed([d, Dense(2)])(d(x))",
            "TimeDistributed: the layer inside is written there, but `d` is one that stands",
        ),
        ("x = Input(8, 4); Bidirectional([LSTM(3), LSTM(3)])(x)", "Bidirectional takes "),
        (
            "x = Input(4); add_loss(\"a\", x); Dense(3)(x)",
            "add_loss takes one number for each sample, but got (4)",
        ),
        (
            "x = Input(4); add_loss(\"a\", sum(x)); add_metric(\"a\", mean(x)); Dense(3)(x)",
            "`a` is there twice: each add_metric has a name of its own",
        ),
        ("x = Input(4); add_loss(sum(x)); Dense(3)(x)", "add_loss takes a name and a value"),
        (
            "x = Input(4); add_loss(a, sum(x)); Dense(3)(x)",
            "the name that add_loss takes is a text",
        ),
        ("x = Input(4); add_loss(\"loss\", sum(x)); Dense(3)(x)", "the total is called `loss`"),
        ("x = Input(4); y = add_loss(\"a\", sum(x)); Dense(3)(x)", "`add_loss` has no value"),
        ("x = Input(4); add_loss(\"a\", 3); Dense(3)(x)", "this is a number, but a value of the"),
        ("x = Input(4); y = Dense(3); y", "`y` is a layer, not a value"),
        (
            "x = Input(4); y = Dense(3)(x, training = true);",
            "Dense has no `training`\n  help: whether a step trains follows from fit and predict",
        ),
    ] {
        let (messages, _) = run(&format!("struct M {{ {body} }}"));
        if messages.len() != 1 || !messages[0].starts_with(start) {
            wrong.push(format!("{body}\n  wanted: {start}\n  got: {messages:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn several_mistakes_are_reported_in_one_go_and_poison_is_silent() {
    let (messages, code) = run("struct M { a = Input(784); x = Dense(10, rellu)(a); y = \
                                Dense(4)(x) + x; z = Dens(3)(a); w = Reshape(3)(a); w + z }");
    assert_eq!(messages.len(), 3, "{messages:#?}");
    assert!(code.contains("struct M"));
}

#[test]
fn items_have_their_mistakes() {
    for (source, start) in [
        (
            "struct A { x = Input(3); B()(x) } struct B { x = Input(3); A()(x) }",
            "the model `A` contains itself",
        ),
        (
            "struct A { x = Input(3); Dense(1)(x) } struct A { x = Input(3); Dense(1)(x) }",
            "the name `A` is used twice",
        ),
        (
            "const K: usize = K + 1; struct A { x = Input(3); Dense(1)(x) }",
            "the constant `K` is defined by itself",
        ),
        (
            "const K: usize = 1 / 0; struct A { x = Input(3); Dense(1)(x) }",
            "the constant `K` has no value: this divides by zero",
        ),
        ("struct Dense { x = Input(3); Flatten()(x) }", "`Dense` is the name of a layer"),
        (
            "struct A { x = Input(3); Dense(1)(x) } struct B { y = Input(3); A(y) }",
            "the model `A` is called as if it were a value",
        ),
        (
            "struct A { x = Input(3); Dense(1)(x) } struct B { y = Input(4); A()(y) }",
            "A takes (3) as its input `x`, but got (4)",
        ),
        ("fn f(x) { f(x) } struct A { x = Input(3); f(x) }", "the template `f` calls itself"),
        (
            "fn f(x, n) { Dense(n)(x) } struct A { x = Input(3); f(x) }",
            "the template `f` needs `n`",
        ),
        ("x = Input(3); const K: usize = 3; Halve()(x)", "there is no layer `Halve`"),
    ] {
        let (messages, _) = run(source);
        assert!(
            messages.first().is_some_and(|message| message.starts_with(start)),
            "{source}\n{messages:#?}"
        );
    }
    let _ = mistake;
}

/// What a body without mistakes is warned of.
#[track_caller]
fn warnings(body: &str) -> Vec<String> {
    let tokens: TokenStream = format!("struct M {{ {body} }}").parse().unwrap();
    let mut errors = Errors::default();
    let program = check::check(parse::parse(tokens, &mut errors), &mut errors);
    assert_eq!(errors.messages(), Vec::<String>::new(), "{body}");
    let (warnings, code) = (errors.warnings(), crate::expand::expand(&program));
    let code = errors.around(code, false).to_string();
    assert_eq!(code.matches("deprecated").count(), warnings.len());
    warnings
}

#[test]
fn a_layer_that_is_called_again_on_the_same_values_looks_unintended() {
    for body in [
        "x = Input(4); t = Dense(4); y = t(x); z = t(x); y - z",
        "x = Input(4); t = Dense(4); same = x; t(x) + t(same)",
        "x = Input(4); t = Dense(4); y = x; for i in 0..3 { y = y + t(x); } y",
        "x = Input(4); t = BatchNormalization(); [Dense(4), Dense(2)](t(x) + t(x))",
        "x = Input(4); c = Container(|a| { t = Dense(4); t(a) + t(a) }); c(x) + c(x * 2)",
    ] {
        let found = warnings(body);
        assert_eq!(found.len(), 1, "{body}: {found:?}");
        assert!(found[0].contains("was computed in line 1 already"), "{}", found[0]);
    }
    let text = warnings("x = Input(4); t = Dense(4, relu); y = t(x); y * t(x)");
    assert_eq!(
        text,
        ["`t(x)` was computed in line 1 already: a layer that is called again has the same \
          weights\n  help: use that value; for weights of its own, write Dense(4, relu)(x)"]
    );
}

#[test]
fn layers_that_are_shared_as_they_are_meant_to_be_are_not_warned_of() {
    for body in [
        "a = Input(4); b = Input(4); t = Dense(4); t(a) - t(b)",
        "x = Input(4); t = Dense(4); t(t(t(x)))",
        "x = Input(4); t = Dense(4); for i in 0..3 { x = t(x); } x",
        "x = Input(4); t = Dense(4); t(x) - t(x * 2)",
        // Random numbers are drawn anew, and the others cost nothing to call.
        "x = Input(4); t = Dropout(0.5); Dense(1)(t(x) - t(x))",
        "x = Input(4); t = ReLU(); Dense(1)(t(x) - t(x))",
        "x = Input(4); f = Flatten(); Dense(1)(f(x) - f(x))",
        "x = Input(5, 4); r = LSTM(3, dropout = 0.5); r(x) - r(x)",
        "x = Input(4); c = Container(|a| Dropout(0.5)(a)); Dense(1)(c(x) - c(x))",
        "x = Input(4); l = Lambda(|x| x.dropout(0.5)); Dense(1)(l(x) - l(x))",
        "x = Input(4); c = Container(|a| Dense(4)(a)); c(x) - c(x * 2)",
    ] {
        assert_eq!(warnings(body), Vec::<String>::new(), "{body}");
    }
}
