//! Nothing panics, and one mistake stays one.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use super::{read, read_tokens};

const MODELS: [&str; 10] = [
    "pub struct Mlp { inputs = Input(784); x = Dense(64, relu)(inputs); Dense(10, softmax)(x) }",
    "inputs = Input(784); x = Dense(64, relu)(inputs); predictions = Dense(10, softmax)(x);",
    "const CLASSES: usize = 10; fn block(x, filters) { Conv2D(filters, 3, padding = same)(x) } \
     /// Digits.\n pub struct Net { image = Input(28, 28, 1); x = block(image, 16); \
     for _ in 0..2 { x = block(x, 32); } x = Flatten()(x); p = Dense(CLASSES, softmax)(x); }",
    "left = Input(3); right = Input(3); tower = Dense(64, relu); a = tower(left); \
     b = tower(right); y = Concatenate()([a, b]); (y, a)",
    "x = Input(6); shared = Container(|a, b| { c = Add()([a, b]); c }); \
     y = shared(x, x); y",
    "struct Encoder { x = Input(8); (a, b) = LSTM(8, return_state = true)(x); (a, b) } \
     struct Decoder { z = Input(8); e = Encoder(); (a, b) = e(z); a + b }",
    "inputs = Input(10); x = relu(inputs * 2 + 1); front = x[..5]; last = x[(.., 3)]; \
     y = Lambda(|x| x.slice(s![.., ..5]), output_shape = (5,))(x); y",
    "use crate::nets::Encoder; pub struct Net<const H: usize = 28, const W: usize = 28> { \
     image = Input(H, W, 1); x = crate::nets::Other()(image); y = Encoder()(x); y }",
    "x = Input(5); if N > 3 { x = Dense(3)(x); } else { x = Dense(4)(x); } \
     add_loss(\"kl\", mean(x * x)); x",
    "/// Doc.\n let x = Input(_, 128); for n in [64, 32] { let x = LSTM(n, name = \"a\")(x); } \
     let y = [Flatten(), Dense(-1)](x); y",
];

/// All streams that have one token (or one whole group) less.
fn without_one(stream: &TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    let mut all = Vec::new();
    for at in 0..tokens.len() {
        let with = |middle: Option<TokenTree>| -> TokenStream {
            tokens[..at].iter().cloned().chain(middle).chain(tokens[at + 1..].to_vec()).collect()
        };
        all.push(with(None));
        if let TokenTree::Group(group) = &tokens[at] {
            for inner in without_one(&group.stream()) {
                all.push(with(Some(Group::new(group.delimiter(), inner).into())));
            }
        }
    }
    all
}

#[test]
fn every_token_deleted() {
    for model in MODELS {
        assert_eq!(read(model).1, Vec::<String>::new(), "{model}");
        for tokens in without_one(&model.parse().unwrap()) {
            let (text, messages) = read_tokens(tokens.clone());
            assert!(messages.len() <= 2, "{tokens}\n{text}\n{messages:#?}");
        }
    }
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

fn garbage(random: &mut Random, length: usize, depth: usize) -> TokenStream {
    let words = [
        "x", "y", "Dense", "let", "for", "in", "if", "else", "struct", "fn", "const", "use", "pub",
        "while", "match", "mut", "as", "return", "_", "lambda", "and", "true", "self", "move",
    ];
    let puncts = "=;,.:+-*/|<>!&#'?@";
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

#[test]
fn garbage_never_panics() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        read_tokens(garbage(&mut random, 12, 3));
    }
}

#[test]
fn depth_is_refused() {
    let deep = |open: &str, close: &str, n: usize| {
        format!("x = {}1{}; y = x;", open.repeat(n), close.repeat(n))
    };
    let sources = [
        deep("(", ")", 5000),
        deep("f(", ")", 5000),
        deep("[", "]", 5000),
        deep("{", "}", 5000),
        deep("-", "", 10_000),
        deep("1 + ", "", 10_000),
        deep("|a| ", "", 10_000),
        deep("|a, b| ", "", 10_000),
        deep("f(|a| { x = ", "; })", 5000),
        deep("|a| { ", " }", 5000),
        deep("return ", "", 10_000),
        deep("a = ", "", 10_000),
        deep("if a { 1 } else ", "", 5000),
        deep("", "(1)", 10_000),
        deep("f::<", ">", 10_000),
        deep("Vec::<A, B, ", ">", 10_000),
    ];
    for source in sources {
        let (text, messages) = read(&source);
        let start = &source[..40];
        assert_eq!(messages.len(), 1, "{start}: {messages:?}");
        assert!(messages[0].contains("deeply nested"), "{start}: {messages:?}");
        assert!(text.ends_with("y = x;"), "{start}: {text}");
    }
    let chain = "if a { x = y; } else ".repeat(5000) + "{ x = y; } y = x;";
    assert_eq!(read(&chain).1.len(), 1);
    let attribute = format!("#[a = {}1{}] x = y;", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(read(&attribute).1.len(), 1);
    let nested = "for i in a { ".repeat(5000) + &"}".repeat(5000);
    assert_eq!(read(&nested).1.len(), 1);
}

#[test]
fn depth_that_is_accepted() {
    let deep =
        |open: &str, close: &str, n: usize| format!("x = {}1{};", open.repeat(n), close.repeat(n));
    let sources = [
        deep("(", ")", 95),
        deep("f(", ")", 95),
        deep("[", "]", 95),
        deep("{", "}", 43),
        deep("-", "", 470),
        deep("1 + ", "", 470),
        deep("|a| ", "", 115),
        deep("return ", "", 155),
        deep("", "(1)", 470),
        deep("|a| { ", " }", 31),
        deep("f(|a| { x = ", "; })", 21),
        deep("f(-(", "))", 42),
        deep("f(x = [", "])", 38),
        deep("Vec::<", ">", 30).replace('1', "A"),
        format!("x = [{}];", "-1.5, ".repeat(5000)),
        "x = f(x); ".repeat(5000),
        "for i in 0..3 { x = f(-x + i); } ".repeat(2000),
    ];
    for source in sources {
        assert_eq!(read(&source).1, Vec::<String>::new(), "{}", &source[..10]);
    }
}
