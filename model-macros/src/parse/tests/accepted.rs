//! What parses, and as what.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{read, read_tokens};
use crate::ast::{Expr, ExprKind, Program, Statement};
use crate::errors::Errors;
use crate::parse::parse;

fn check(table: &[(&str, &str)]) {
    for (source, expected) in table {
        let (text, messages) = read(source);
        assert!(messages.is_empty(), "{source}\n{messages:#?}");
        assert_eq!(&text, expected, "{source}");
    }
}

#[test]
fn statements() {
    check(&[
        ("", ""),
        (";;", ""),
        ("x = Input(3);", "x = Input(3);"),
        ("let x = Input(3);", "x = Input(3);"),
        ("x = Input(3)", "x = Input(3);"),
        ("(a, b) = split(x);", "(a b) = split(x);"),
        ("let (a, _b,) = split(x);", "(a _b) = split(x);"),
        ("/// one\n/// two\nx = y;", "##x = y;"),
        ("x = y; x", "x = y; -> x"),
        ("x = y; (x, y)", "x = y; -> (x y,)"),
        ("x = y; [x, y]", "x = y; -> [x y]"),
        ("add_loss(\"kl\", x); x", "add_loss(\"kl\" x); -> x"),
        ("for i in 0..3 { x = f(i)(x); } x", "for i 0..3 {x = f(i)(x);} -> x"),
        ("for _ in [64, 32] { x = y; };", "for _ [64 32] {x = y;}"),
        ("for _ in 0..{N} { x = y; }", "for _ 0..rust:{N} {x = y;}"),
        ("for (a, _,) in [(1, 2)] { x = y; }", "for (a _) [(1 2,)] {x = y;}"),
        ("if N > 3 { x = a; } x", "if (Gt N 3) {x = a;} -> x"),
        (
            "if A { x = a; } else if B { x = b; } else { x = c; } y = x;",
            "if A {x = a;} else {if B {x = b;} else {x = c;}} y = x;",
        ),
        ("x = if A { a } else { b };", "x = rust:ifA{a}else{b};"),
        ("{ x = y; x }", "x = y; -> x"),
    ]);
}

#[test]
fn expressions() {
    check(&[
        ("x", "-> x"),
        ("a::B()(x)", "-> path:a::B()(x)"),
        ("Self::N + 1", "-> (Add path:Self::N 1)"),
        ("(64, 0.5, 1e-4, true, \"same\", _)", "-> (64 0.5 1e-4 true \"same\" _,)"),
        ("(5)", "-> (5)"),
        ("(5,)", "-> (5,)"),
        ("()", "-> (,)"),
        ("-x * !b", "-> (Mul (-x) (!b))"),
        ("a + b * 2 - c / d % e", "-> (Sub (Add a (Mul b 2)) (Rem (Div c d) e))"),
        ("a == b && c != d || e <= f", "-> (Or (And (Eq a b) (Ne c d)) (Le e f))"),
        ("a < b", "-> (Lt a b)"),
        ("a >= b", "-> (Ge a b)"),
        ("Dense(64, relu, use_bias = false)(x)", "-> Dense(64 relu use_bias=false)(x)"),
        ("[Conv2D(8, 3), Flatten()](x)", "-> [Conv2D(8 3) Flatten()](x)"),
        ("x[..5]", "-> x[..5]"),
        ("x[-1]", "-> x[(-1)]"),
        ("x[(.., ..14, 0..=3, ..-1)]", "-> x[.. ..14 0..=3 ..(-1)]"),
        ("x[1..]", "-> x[1..]"),
        ("x * {factor}", "-> (Mul x rust:{factor})"),
        ("Lambda(|x| x.abs())", "-> Lambda(|x| rust:x.abs())"),
        ("Lambda(|x| x * 2)", "-> Lambda(|x| (Mul x 2))"),
        ("Lambda(|x: Var, _| x)", "-> Lambda(|?| x)"),
        ("Container(|a, b| { c = f(a); (c, b) })", "-> Container(|a b| rust)"),
        ("Lambda(|x| { let mut y = x; y += 1; y })", "-> Lambda(|x| rust)"),
        ("Lambda(|x| { for i in 0..3 { f(i)?; } x })", "-> Lambda(|x| rust)"),
        ("f(|s| (None, s[1] / 2))", "-> f(|s| (None (Div s[1] 2),))"),
        ("x.abs()", "-> rust:x.abs()"),
        ("s![.., 1]", "-> rust:s![..,1]"),
        ("(&x, x as f32, x.y, *x)", "-> (rust:&x rust:xasf32 rust:x.y rust:*x,)"),
    ]);
}

#[test]
fn items() {
    check(&[
        ("struct A { x = y; }", "struct A {x = y;}"),
        ("/// Doc.\n#[derive(Debug)] pub(crate) struct A { x }", "##pub struct A {-> x}"),
        ("struct A<const H: usize = 28, const W: usize> { x }", "struct A<H 28><W> {-> x}"),
        ("struct A<const H: usize = { 2 + 3 }> { x }", "struct A<H {2+3}> {-> x}"),
        (
            "use a::{B, C}; pub const N: usize = 2 * 5; fn f(x, n,) { g(n)(x) } struct A { x }",
            "use usea::{B,C}; const N (Mul 2 5) fn f(x n) {-> g(n)(x)} struct A {-> x}",
        ),
        ("const N: [usize; 2] = [1, 2]; struct A {}", "const N [1 2] struct A {}"),
        ("struct A { x } struct B { y }", "struct A {-> x} struct B {-> y}"),
        ("const N: usize = 3; x = Input(N); x", "const N 3 | x = Input(N); -> x"),
        ("use a::B; fn f(x) { x } x", "use usea::B; fn f(x) {-> x} | -> x"),
        ("{ struct A { x } }", "struct A {-> x}"),
        ("fn f(x) { x }", "fn f(x) {-> x}"),
    ]);
}

/// An invisible group, as `macro_rules!` makes of `$x:expr`.
fn invisible(source: &str) -> TokenTree {
    Group::new(Delimiter::None, source.parse().unwrap()).into()
}

fn stream(parts: &[TokenTree]) -> TokenStream {
    parts.iter().cloned().collect()
}

#[test]
fn invisible_groups() {
    let mut parts: Vec<TokenTree> = "x = ".parse::<TokenStream>().unwrap().into_iter().collect();
    parts.push(invisible("a + b"));
    parts.extend(" * 2; x".parse::<TokenStream>().unwrap());
    let (text, messages) = read_tokens(stream(&parts));
    assert_eq!((text.as_str(), messages.len()), ("x = (Mul (Add a b) 2); -> x", 0));

    let parts = [invisible("x = f(y)"), invisible("let z = x;"), invisible("z")];
    let mut tokens = stream(&parts[..1]);
    tokens.extend(";".parse::<TokenStream>().unwrap());
    tokens.extend(stream(&parts[1..]));
    let (text, messages) = read_tokens(tokens);
    assert_eq!((text.as_str(), messages.len()), ("x = f(y); z = x; -> z", 0));

    let parts = [invisible("pub"), invisible("struct A { x }"), invisible("")];
    let (text, messages) = read_tokens(stream(&parts));
    assert_eq!((text.as_str(), messages.len()), ("pub struct A {-> x}", 0));
}

#[test]
fn expressions_keep_their_tokens() {
    let source = "x = Dense(64)(a + b);";
    let mut errors = Errors::default();
    let Program::Body { body, .. } = parse(source.parse().unwrap(), &mut errors) else {
        panic!("bare statements")
    };
    let [Statement::Assign(assign)] = body.statements.as_slice() else { panic!("one assignment") };
    let ExprKind::Call(callee, arguments) = &assign.value.kind else { panic!("a call") };
    let start = |value: &Expr| (value.tokens.to_string(), value.first().start().column);
    assert_eq!(start(&assign.value), ("Dense (64) (a + b)".into(), 4));
    assert_eq!(start(callee), ("Dense (64)".into(), 4));
    assert_eq!(start(&arguments[0].value), ("a + b".into(), 14));
    assert!(errors.messages().is_empty());
}
