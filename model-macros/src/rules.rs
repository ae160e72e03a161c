//! Rust for what `model-spec` defines: arguments, values, shapes.

use model_spec::{ArgValue, Kind, Shape, Value};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Rust for an argument's value.
pub(crate) fn quote_arg(value: &ArgValue) -> TokenStream {
    let arg = quote!(::model_runtime::spec::ArgValue);
    match value {
        ArgValue::Unset => quote!(#arg::Unset),
        ArgValue::Rust => quote!(#arg::Rust),
        ArgValue::Int(value) => {
            let value = Literal::i64_unsuffixed(*value);
            quote!(#arg::Int(#value))
        }
        ArgValue::Float(value) => {
            let value = Literal::f64_unsuffixed(*value);
            quote!(#arg::Float(#value))
        }
        ArgValue::Quotient { whole, parts } => {
            let (whole, parts) = (Literal::i64_unsuffixed(*whole), Literal::i64_unsuffixed(*parts));
            quote!(#arg::quotient(#whole, #parts))
        }
        ArgValue::Floats { count, least, most } => {
            let count = Literal::usize_unsuffixed(*count);
            let [least, most] = [least, most].map(|number| Literal::f64_unsuffixed(*number));
            quote!(#arg::Floats { count: #count, least: #least, most: #most })
        }
        ArgValue::Bool(value) => quote!(#arg::Bool(#value)),
        ArgValue::Word(word) => quote!(#arg::Word(#word)),
        ArgValue::Tuple(tuple) => {
            let numbers = tuple.as_slice().iter().map(|number| Literal::i64_unsuffixed(*number));
            quote!(#arg::Tuple(::model_runtime::spec::Tuple::new(&[#(#numbers),*])))
        }
    }
}

/// Rust for a known value, `Value::float(&[28, 28, 1])`, behind a path.
pub(crate) fn quote_value(path: &TokenStream, value: &Value) -> TokenStream {
    if value.is_poison() {
        return quote!(#path Value::POISON);
    }
    let dims = quote_dims(&value.shape);
    let plain = match value.kind {
        Kind::Float => quote!(#path Value::float(#dims)),
        Kind::Index => quote!(#path Value::index(#dims)),
    };
    if value.mask { quote!(#plain.masked()) } else { plain }
}

/// Rust for the sizes of a shape: `&[28, 28, 1]`.
pub(crate) fn quote_dims(shape: &Shape) -> TokenStream {
    let dims = shape.dims().iter().map(|&dim| {
        if dim == Shape::ANY {
            quote!(::model_runtime::Shape::ANY)
        } else {
            let dim = Literal::usize_unsuffixed(dim);
            quote!(#dim)
        }
    });
    quote!(&[#(#dims),*])
}
