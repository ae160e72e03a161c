//! Constant expressions: what the macro can compute, and what it must leave to rustc.

use proc_macro2::Literal;

use crate::ast::{BinaryOp, Expr, ExprKind};

/// What is known of a constant expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    Int(i64),
    Float(f64),
    Bool(bool),
    Str(String),
    /// A constant of Rust, which const evaluation will see.
    Opaque,
}

/// Why an expression is no constant.
#[derive(Debug, PartialEq)]
pub(crate) enum NotConstant {
    /// It is something else altogether: a value, a layer, a word.
    Other,
    /// It is a constant that cannot be computed; the sentence says why.
    Impossible(String),
}

/// What the names in an expression mean.
pub(crate) trait Names {
    /// The constant of this name: `None` for a name that is bound to something else.
    fn constant(&self, name: &str) -> Option<Constant>;

    /// Element `index` of the name, where it stands for a list of sizes.
    fn element(&self, name: &str, index: i64) -> Option<Result<Constant, String>>;
}

/// Computes a constant expression.
pub(crate) fn eval(expr: &Expr, names: &impl Names) -> Result<Constant, NotConstant> {
    match &expr.kind {
        ExprKind::Number(literal) => number(literal),
        ExprKind::Bool(value) => Ok(Constant::Bool(*value)),
        ExprKind::Str(value) => Ok(Constant::Str(value.clone())),
        ExprKind::Name(name) => names.constant(&name.to_string()).ok_or(NotConstant::Other),
        ExprKind::Path(_) => Ok(Constant::Opaque),
        ExprKind::Paren(inner) => eval(inner, names),
        ExprKind::Neg(inner) => match eval(inner, names)? {
            Constant::Int(value) => value.checked_neg().map(Constant::Int).ok_or_else(overflow),
            Constant::Float(value) => Ok(Constant::Float(-value)),
            Constant::Opaque => Ok(Constant::Opaque),
            _ => Err(NotConstant::Other),
        },
        ExprKind::Not(inner) => match eval(inner, names)? {
            Constant::Bool(value) => Ok(Constant::Bool(!value)),
            Constant::Opaque => Ok(Constant::Opaque),
            _ => Err(NotConstant::Other),
        },
        ExprKind::Binary(op, left, right) => binary(*op, eval(left, names)?, eval(right, names)?),
        ExprKind::Index(base, items) => match (&base.kind, items.as_slice()) {
            (ExprKind::Name(name), [index]) => match eval(index, names)? {
                Constant::Int(index) => match names.element(&name.to_string(), index) {
                    Some(Ok(value)) => Ok(value),
                    Some(Err(sentence)) => Err(NotConstant::Impossible(sentence)),
                    None => Err(NotConstant::Other),
                },
                _ => Err(NotConstant::Other),
            },
            _ => Err(NotConstant::Other),
        },
        // A block or a call of Rust may be constant; rustc will say if it is not.
        ExprKind::Rust => Ok(Constant::Opaque),
        ExprKind::Call(callee, _) if matches!(callee.kind, ExprKind::Path(_)) => {
            Ok(Constant::Opaque)
        }
        _ => Err(NotConstant::Other),
    }
}

/// A literal's value, whatever suffix it has.
fn number(literal: &Literal) -> Result<Constant, NotConstant> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Int(int) => match int.base10_parse::<i64>() {
            Ok(value) => Ok(Constant::Int(value)),
            Err(_) => Err(overflow()),
        },
        syn::Lit::Float(float) => match float.base10_parse::<f64>() {
            Ok(value) => Ok(Constant::Float(value)),
            Err(_) => Err(overflow()),
        },
        _ => Err(NotConstant::Other),
    }
}

fn binary(op: BinaryOp, left: Constant, right: Constant) -> Result<Constant, NotConstant> {
    use Constant::{Bool, Float, Int, Opaque};
    match (left, right) {
        (Opaque, _) | (_, Opaque) => Ok(Opaque),
        (Int(a), Int(b)) => integers(op, a, b),
        (Float(a), Float(b)) => floats(op, a, b),
        (Float(a), Int(b)) => floats(op, a, b as f64),
        (Int(a), Float(b)) => floats(op, a as f64, b),
        (Bool(a), Bool(b)) => match op {
            BinaryOp::And => Ok(Bool(a && b)),
            BinaryOp::Or => Ok(Bool(a || b)),
            BinaryOp::Eq => Ok(Bool(a == b)),
            BinaryOp::Ne => Ok(Bool(a != b)),
            _ => Err(NotConstant::Other),
        },
        _ => Err(NotConstant::Other),
    }
}

fn integers(op: BinaryOp, a: i64, b: i64) -> Result<Constant, NotConstant> {
    let int = |value: Option<i64>| value.map(Constant::Int).ok_or_else(overflow);
    if b == 0 && matches!(op, BinaryOp::Div | BinaryOp::Rem) {
        return Err(NotConstant::Impossible("this divides by zero".to_owned()));
    }
    match op {
        BinaryOp::Add => int(a.checked_add(b)),
        BinaryOp::Sub => int(a.checked_sub(b)),
        BinaryOp::Mul => int(a.checked_mul(b)),
        BinaryOp::Div => int(a.checked_div(b)),
        BinaryOp::Rem => int(a.checked_rem(b)),
        _ => compare(op, a, b),
    }
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Result<Constant, NotConstant> {
    match op {
        BinaryOp::Add => Ok(Constant::Float(a + b)),
        BinaryOp::Sub => Ok(Constant::Float(a - b)),
        BinaryOp::Mul => Ok(Constant::Float(a * b)),
        BinaryOp::Div => Ok(Constant::Float(a / b)),
        BinaryOp::Rem => Ok(Constant::Float(a % b)),
        _ => compare(op, a, b),
    }
}

fn compare<T: PartialOrd>(op: BinaryOp, a: T, b: T) -> Result<Constant, NotConstant> {
    Ok(Constant::Bool(match op {
        BinaryOp::Eq => a == b,
        BinaryOp::Ne => a != b,
        BinaryOp::Lt => a < b,
        BinaryOp::Le => a <= b,
        BinaryOp::Gt => a > b,
        BinaryOp::Ge => a >= b,
        _ => return Err(NotConstant::Other),
    }))
}

fn overflow() -> NotConstant {
    NotConstant::Impossible("this number is too large".to_owned())
}
