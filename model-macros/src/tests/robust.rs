//! The whole macro on half-written input: it never panics, keeps the struct, and says little.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::{check, errors::Errors, expand, parse};

/// Eleven models with the whole language in them.
const MODELS: [&str; 11] = [
    "/// Digits.\n pub struct Mlp { inputs = Input(784); x = Dense(64, relu)(inputs); \
     Dense(10, softmax)(x) }",
    "inputs = Input(784); x = Dense(64, relu)(inputs); x = Dropout(rate)(x); \
     predictions = Dense(10, softmax)(x * {factor});",
    "const CLASSES: usize = 10; use self::Halve; fn block(x, units, act) { \
     y = Dense(units, act)(x); Dense(units)(y) + x } pub struct Net { x = Input(32); \
     x = block(x, 32, act = relu); x = Halve()(x); p = Dense(CLASSES, softmax)(x); }",
    "struct Siamese { left = Input(10); right = Input(10); tower = Dense(64, relu); \
     a = tower(left); b = tower(right); c = Concatenate()([a, b]); (near = c, far = a - b) }",
    "struct Chain { image = Input(28, 28, 1); x = [Flatten(), Dense(6), Dropout(0.2)](image); \
     enc = Sequential([Dense(3, relu), Dense(8)]); y = enc(x); z = enc(x * 2); y - z }",
    "struct Lambdas { x = Input(10); a = Lambda(|x| x.abs())(x); \
     b = Lambda(|x| x.slice(s![.., ..5]), output_shape = (5,))(x); \
     c = Lambda(|x| x, output_shape = |input_shape| (None, input_shape[1] / 2))(a); \
     Dense(1)(Lambda(|a, b| a * b, output_shape = (5))([b, c])) }",
    "inputs = Input(10); image = Input(28, 28, 1); x = relu(inputs * 2 + 1); front = x[..5]; \
     left = image[(.., ..14, ..)]; m = mean(left, axis = (1, 2), keepdims = true); \
     y = concatenate([front, -x[5..]]) / (1 - x[-1]); Dense(3)(y) + sum(m)",
    "pub struct Net<const H: usize = 28, const U: usize = 64> { words = Input(_, H); \
     x = Dense(U, tanh, kernel_regularizer = l2(1e-4))(words); mean(x, axis = 1) }",
    "let x = Input(crate::WIDTH); \
     for n in [64, 32] { let x = Dense(n, activation = \"relu\")(x); } \
     if 2 > 1 { x = Dense(3)(x); } else { x = Dense(4)(x); } \
     let (p, q) = crate::nets::Two()(x); p * q",
    "pub struct Encoder { x = Input(8); h = Dense(4)(x); (h, Dense(2)(h)) } \
     struct Pair { a = Input(8); e = Encoder(name = \"enc\"); (p, q) = e(a); \
     Add()([Dense(2)(p), q]) }",
    "struct Shared { x = Input(8); y = Input(8); both = Container(|a, b| { d = Dense(4, relu); \
     h = d(a) + d(b); for n in 0..2 { h = Dense(4)(h); } inner = Container(|v| Dense(2)(v)); \
     add_loss(\"size\", sum(h)); \
     (h, inner(h)) }); add_metric(\"norm\", mean(x * y)); (p, q) = both(x, y); \
     (r, _) = both(y, x); Dense(1)(p * r) + sum(q) }",
];

/// What the macro says of these tokens. Whatever they are, what it emits must parse.
fn run(tokens: &TokenStream) -> Vec<String> {
    let result = catch_unwind(AssertUnwindSafe(|| {
        let mut errors = Errors::default();
        let program = check::check(parse::parse(tokens.clone(), &mut errors), &mut errors);
        let code = expand::expand(&program);
        let messages = errors.messages();
        (messages, code, program.expression)
    }));
    let Ok((messages, code, expression)) = result else { panic!("a panic for {tokens}") };
    for name in structs(tokens).iter().filter(|_| !expression) {
        let start = format!("struct {name} ");
        assert!(code.to_string().contains(&start), "{start}is lost: {tokens}\n{code}");
    }
    let parsed = if expression {
        syn::parse2::<syn::Expr>(code.clone()).map(|_| ())
    } else {
        syn::parse2::<syn::File>(code.clone()).map(|_| ())
    };
    if let Err(error) = parsed {
        panic!("{error}\n{tokens}\n{code}");
    }
    messages
}

/// The names behind `struct`.
fn structs(tokens: &TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let name = |pair: &[TokenTree]| match pair {
        [TokenTree::Ident(word), TokenTree::Ident(name)] if word == "struct" => {
            Some(name.to_string())
        }
        _ => None,
    };
    tokens.windows(2).filter_map(name).collect()
}

/// Every way to change one token: `change` gives what may stand for it.
fn changed(
    stream: &TokenStream,
    change: &dyn Fn(&TokenTree) -> Vec<Vec<TokenTree>>,
) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    let mut all = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let with = |middle: Vec<TokenTree>| -> TokenStream {
            let before = tokens[..at].iter().cloned();
            before.chain(middle).chain(tokens[at + 1..].to_vec()).collect()
        };
        all.extend(change(token).into_iter().map(with));
        if let TokenTree::Group(group) = token {
            let inner = changed(&group.stream(), change).into_iter();
            all.extend(inner.map(|inner| with(vec![Group::new(group.delimiter(), inner).into()])));
        }
    }
    all
}

/// Runs every change of every model; none may say more than two things, but for a few that look
/// like something else and say three or four.
fn check_all(change: &dyn Fn(&TokenTree) -> Vec<Vec<TokenTree>>, least: usize, noise: usize) {
    let mut count = 0;
    let mut noisy = Vec::new();
    for model in MODELS {
        let tokens: TokenStream = model.parse().expect("a model is made of tokens");
        assert_eq!(run(&tokens), Vec::<String>::new(), "{model}");
        for tokens in changed(&tokens, change) {
            count += 1;
            let messages = run(&tokens);
            assert!(messages.len() <= 4, "{tokens}\n{messages:#?}");
            if messages.len() > 2 {
                noisy.push(format!("{tokens}\n{messages:#?}"));
            }
        }
    }
    assert!(noisy.len() <= noise, "{} of {count}:\n{}", noisy.len(), noisy.join("\n"));
    assert!(count >= least, "only {count}");
}

#[test]
fn every_token_deleted() {
    check_all(&|_| vec![Vec::new()], 600, 0);
}

#[test]
fn every_name_misspelt() {
    let misspelt = |token: &TokenTree| match token {
        TokenTree::Ident(ident) if ident != "pub" => {
            let name = ident.to_string();
            let names = [format!("{name}_"), format!("x_{name}"), name.to_uppercase() + "q"];
            let idents = names.iter().map(|name| vec![Ident::new(name, Span::call_site()).into()]);
            idents.collect()
        }
        _ => Vec::new(),
    };
    check_all(&misspelt, 600, 4);
}

/// A small generator of random numbers: the same ones every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// Pieces of the language in any order.
fn garbage(random: &mut Random, length: usize, depth: usize) -> TokenStream {
    let words = [
        "x",
        "y",
        "Dense",
        "Input",
        "Lambda",
        "Sequential",
        "Concatenate",
        "relu",
        "mean",
        "name",
        "axis",
        "output_shape",
        "units",
        "struct",
        "Net",
        "fn",
        "const",
        "use",
        "pub",
        "let",
        "for",
        "in",
        "if",
        "else",
        "self",
        "crate",
        "_",
        "true",
        "N",
        "usize",
    ];
    let puncts = "==;;,,..::+-*/|<>!&#";
    let mut tokens = Vec::new();
    for _ in 0..random.below(length + 1) {
        tokens.push(match random.below(10) {
            0..4 => Ident::new(words[random.below(words.len())], Span::call_site()).into(),
            4..7 => {
                let at = random.below(puncts.len());
                let spacing = [Spacing::Alone, Spacing::Joint][random.below(2)];
                TokenTree::Punct(Punct::new(puncts.as_bytes()[at] as char, spacing))
            }
            7 => Literal::usize_unsuffixed(random.below(9)).into(),
            _ if depth == 0 => Literal::string("same").into(),
            _ => {
                let delimiters =
                    [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None];
                let inside = garbage(random, length, depth - 1);
                Group::new(delimiters[random.below(4)], inside).into()
            }
        });
    }
    tokens.into_iter().collect()
}

/// Statements that may be right, of names that may be there: gets further than any garbage.
fn likely(random: &mut Random) -> String {
    let values = ["x", "y", "z", "x[..2]", "(x + y)", "mean(x)", "Dense(2)(y)", "x * 2"];
    let layers = [
        "Dense(3)",
        "Dense(N, relu)",
        "Flatten()",
        "Concatenate()",
        "d",
        "Sequential([Dense(2), d])",
        "[Dense(2), Flatten()]",
        "self::Own(1)",
        "Lambda(|x| x, output_shape = (2))",
        "Other()",
        "block",
        "Dropout(0.5)",
        "Reshape(2, 2)",
        "Input(3)",
        "Dens(3)",
    ];
    let names = ["x", "y", "z", "d", "(x, y)", "let z"];
    let mut text = "x = Input(4, 4); ".to_owned();
    for _ in 0..random.below(6) {
        let mut pick = |list: &[&str]| list[random.below(list.len())].to_owned();
        let (name, layer, a, b) = (pick(&names), pick(&layers), pick(&values), pick(&values));
        text.push_str(&match random.below(6) {
            0 => format!("{name} = {layer};"),
            1 => format!("{name} = {layer}([{a}, {b}]);"),
            2 => format!("for n in 0..2 {{ {name} = {layer}({a}); }}"),
            3 => format!("{name} = {a} - {b};"),
            _ => format!("{name} = {layer}({a});"),
        });
    }
    text.push_str(values[random.below(values.len())]);
    match random.below(3) {
        0 => text,
        1 => format!("struct A {{ {text} }} struct Other {{ i = Input(4); Dense(2)(i) }}"),
        _ => format!("const N: usize = 2; fn block(x) {{ Dense(N)(x) }} struct A {{ {text} }}"),
    }
}

#[test]
fn garbage_never_panics() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let tokens = garbage(&mut random, 12, 3);
        let result = catch_unwind(AssertUnwindSafe(|| {
            let mut errors = Errors::default();
            let program = check::check(parse::parse(tokens.clone(), &mut errors), &mut errors);
            expand::expand(&program);
            errors.forget();
        }));
        assert!(result.is_ok(), "a panic for {tokens}");
    }
}

#[test]
fn likely_models_never_panic() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..3_000 {
        let text = likely(&mut random);
        run(&text.parse().expect("a model is made of tokens"));
    }
}
