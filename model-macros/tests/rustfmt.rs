//! `model!({ … })` is formatted by rustfmt: every token of such a model parses as Rust.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

/// What rustfmt makes of a file; `None` where it is not installed.
fn rustfmt(source: &str) -> Option<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .current_dir(env::temp_dir())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(source.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Statements without a struct, spaced as nobody would.
const BODIES: [&str; 6] = [
    "inputs   =  Input( 784 ) ;x = Dense(64,relu)( inputs );predictions=Dense(10 , softmax)(x);",
    "let x=Input(28,28,1);let (a , b)=crate :: nets :: Two( )(x);a-b",
    "x=Input(10);h=Lambda(|x|x.slice(s![..,..5]),output_shape=(5,))(x);Dense( 1 )(h)",
    "x=Input(10);for units in [64,32]{x=Dense(units,relu)(x) ;}if 2>1{x=Dense(3)(x);}x",
    "image=Input(_ ,8);left=image[(..14,..)];m=mean(left,axis=(1,2),keepdims=true);Dense(3)(m*2)",
    "x=Input(10);y=[Flatten( ),Dense(10)](x);(digit=Dense(3)(y),style=y*{factor})",
];

#[test]
fn the_form_in_parentheses_is_formatted() {
    for body in BODIES {
        let ugly = format!("fn main() {{ let net = model!({{ {body} }}); }}\n");
        let Some(formatted) = rustfmt(&ugly) else {
            eprintln!("rustfmt is not installed");
            return;
        };
        assert!(formatted.lines().count() > body.matches(';').count(), "{formatted}");
        let statements = formatted.contains(" = Input(") && !formatted.contains(";x");
        assert!(statements, "not formatted:\n{formatted}");
        assert_eq!(rustfmt(&formatted).as_deref(), Some(formatted.as_str()), "not stable");
    }
}

/// The golden models of the second form, as rustfmt writes them.
#[test]
fn golden_models_are_formatted() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/expression.rs");
    let body = fs::read_to_string(path).expect("the model is there");
    let source = format!("fn main() {{ let net = model!({{ {} }}); }}\n", body.replace('\n', " "));
    let Some(formatted) = rustfmt(&source) else { return };
    for line in body.lines() {
        let words = line.replace('{', "{ ").replace('}', " }");
        let found = formatted.contains(line) || formatted.contains(&words);
        assert!(found, "{line} is not in\n{formatted}");
    }
}
