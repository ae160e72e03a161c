//! Weights and variables by their paths: found, frozen, copied, and tied to each other.

use std::cell::RefCell;
use std::collections::HashMap;

use model_spec::Shape;
use ndarray::ArrayD;

use crate::optimizer::within;
use crate::tensor::Tensor;
use crate::{Error, Float, Layer, Parameter, Variable, Visitor, names};

/// A weight or variable.
enum Handle {
    Weight(Parameter),
    Variable(Variable),
}

impl Handle {
    fn id(&self) -> u64 {
        match self {
            Handle::Weight(weight) => weight.id(),
            Handle::Variable(variable) => variable.id(),
        }
    }

    fn tensor(&self) -> Tensor {
        match self {
            Handle::Weight(weight) => weight.tensor(),
            Handle::Variable(variable) => variable.tensor(),
        }
    }

    fn replace(&self, numbers: Tensor) {
        match self {
            Handle::Weight(weight) => weight.replace(numbers),
            Handle::Variable(variable) => variable.replace(numbers),
        }
    }

    fn set_trainable(&self, trainable: bool) {
        match self {
            Handle::Weight(weight) => weight.set_trainable(trainable),
            Handle::Variable(variable) => variable.set_trainable(trainable),
        }
    }
}

/// All weights and variables in the order in which layers show them, shared ones under every path.
fn all(layer: &(impl Layer + ?Sized)) -> Vec<(String, Handle)> {
    let all = RefCell::new(Vec::new());
    let see = |path: &str, handle| all.borrow_mut().push((path.to_owned(), handle));
    let weights = &mut |path: &str, w: &Parameter| see(path, Handle::Weight(w.share()));
    let variables = &mut |path: &str, v: &Variable| see(path, Handle::Variable(v.share()));
    layer.visit(&mut Visitor::of_both(weights, variables));
    all.into_inner()
}

/// All weights, shared ones under every path.
fn weights(layer: &(impl Layer + ?Sized)) -> Vec<(String, Parameter)> {
    let mut weights = Vec::new();
    layer.visit(&mut Visitor::new(&mut |path, weight| {
        weights.push((path.to_owned(), weight.share()));
    }));
    weights
}

/// The weights and variables that stand under a path, which is taken off theirs; at least one.
fn part(layer: &(impl Layer + ?Sized), path: &str) -> Result<Vec<(String, Handle)>, Error> {
    let (mut part, others): (Vec<_>, Vec<_>) =
        all(layer).into_iter().partition(|(known, _)| path.is_empty() || within(known, path));
    if part.is_empty() && !path.is_empty() {
        return Err(names::unknown_path(path, others.iter().map(|(known, _)| known.as_str())));
    }
    for (known, _) in &mut part {
        let rest = known.get(path.len()..).unwrap_or_default();
        *known = rest.strip_prefix('.').unwrap_or(rest).to_owned();
    }
    Ok(part)
}

/// The error for a path that is not one of these.
fn not_found(path: &str, all: &[(String, Handle)]) -> Error {
    match all.iter().find(|(known, _)| within(known, path)) {
        Some((inside, _)) => Error::Weights {
            problem: format!("`{path}` is not a weight, but a layer"),
            help: format!("name what is in it, such as `{inside}`"),
        },
        None => names::unknown_path(path, all.iter().map(|(known, _)| known.as_str())),
    }
}

pub(super) fn weight(layer: &(impl Layer + ?Sized), path: &str) -> Result<Parameter, Error> {
    let all = all(layer);
    match all.iter().find(|(known, _)| known == path) {
        Some((_, Handle::Weight(weight))) => Ok(weight.share()),
        Some(_) => Err(Error::Weights {
            problem: format!("`{path}` is a variable and no weight"),
            help: "call `variable` for it".to_owned(),
        }),
        None => Err(not_found(path, &all)),
    }
}

pub(super) fn variable(layer: &(impl Layer + ?Sized), path: &str) -> Result<Variable, Error> {
    let all = all(layer);
    match all.iter().find(|(known, _)| known == path) {
        Some((_, Handle::Variable(variable))) => Ok(variable.share()),
        Some(_) => Err(Error::Weights {
            problem: format!("`{path}` is a weight and no variable"),
            help: "call `weight` for it".to_owned(),
        }),
        None => Err(not_found(path, &all)),
    }
}

pub(super) fn set_trainable(
    layer: &(impl Layer + ?Sized),
    path: &str,
    trainable: bool,
) -> Result<(), Error> {
    part(layer, path)?.iter().for_each(|(_, handle)| handle.set_trainable(trainable));
    Ok(())
}

/// Each once, in the order in which layers show them.
fn unique(layer: &(impl Layer + ?Sized)) -> Vec<(String, Handle)> {
    let mut unique: Vec<(String, Handle)> = Vec::new();
    for (path, handle) in all(layer) {
        if unique.iter().all(|(_, known)| known.id() != handle.id()) {
            unique.push((path, handle));
        }
    }
    unique
}

pub(super) fn get(layer: &(impl Layer + ?Sized)) -> Vec<ArrayD<Float>> {
    unique(layer).iter().map(|(_, handle)| handle.tensor().to_array()).collect()
}

const GIVE: &str = "give what `get_weights` returns";

pub(super) fn set(layer: &(impl Layer + ?Sized), arrays: &[ArrayD<Float>]) -> Result<(), Error> {
    let own = unique(layer);
    if own.len() != arrays.len() {
        let problem =
            format!("set_weights got {} arrays, but there are {} weights", arrays.len(), own.len());
        return Err(Error::Weights { problem, help: GIVE.to_owned() });
    }
    let mut numbers = Vec::with_capacity(own.len());
    for ((path, handle), array) in own.iter().zip(arrays) {
        let expected = *handle.tensor().shape();
        if array.shape() != expected.dims() {
            let got = crate::error::tuple(array.shape());
            let problem = format!("the weight `{path}` has the shape {expected}, but got {got}");
            return Err(Error::Weights { problem, help: GIVE.to_owned() });
        }
        numbers.push(Tensor::new(expected, array.iter().copied().collect()));
    }
    own.iter().zip(numbers).for_each(|((_, handle), numbers)| handle.replace(numbers));
    Ok(())
}

/// Copies what stands under a path of one layer to what stands under a path of another.
pub(super) fn copy(
    layer: &(impl Layer + ?Sized),
    path: &str,
    from: &dyn Layer,
    from_path: &str,
) -> Result<(), Error> {
    let (own, other) = (part(layer, path)?, part(from, from_path)?);
    let refuse = |problem: String| {
        let help = "copy from a part with the same layers, whose names are the ends of the paths";
        Err(Error::Weights { problem, help: help.to_owned() })
    };
    let same = |a: &Handle, b: &Handle| {
        matches!(
            (a, b),
            (Handle::Weight(_), Handle::Weight(_)) | (Handle::Variable(_), Handle::Variable(_))
        )
    };
    let mut copies: Vec<(&Handle, &str, Tensor)> = Vec::with_capacity(own.len());
    for (name, handle) in &own {
        let found = other.iter().find(|(known, other)| known == name && same(handle, other));
        let Some((_, found)) = found else {
            let path = joined(path, name);
            return refuse(format!("there is nothing to copy to `{path}`"));
        };
        let (expected, numbers) = (*handle.tensor().shape(), found.tensor());
        if *numbers.shape() != expected {
            let (path, from) = (joined(path, name), joined(from_path, name));
            return refuse(format!(
                "`{path}` has the shape {expected}, but `{from}` has {}",
                numbers.shape()
            ));
        }
        let twice = copies.iter().find(|(known, ..)| known.id() == handle.id());
        if let Some((_, first, _)) = twice.filter(|(.., known)| *known != numbers) {
            return refuse(format!(
                "`{}` and `{}` are one weight, but get different numbers",
                joined(path, first),
                joined(path, name)
            ));
        }
        copies.push((handle, name, numbers));
    }
    let extra = other.iter().find(|(name, _)| own.iter().all(|(known, _)| known != name));
    if let Some((name, _)) = extra {
        return refuse(format!("there is no place for `{}`", joined(from_path, name)));
    }
    copies.into_iter().for_each(|(handle, _, numbers)| handle.replace(numbers));
    Ok(())
}

fn joined(path: &str, name: &str) -> String {
    match (path, name) {
        ("", name) => name.to_owned(),
        (path, "") => path.to_owned(),
        (path, name) => format!("{path}.{name}"),
    }
}

/// Makes the weight of a path, with all that is tied to it, the same as that of another.
pub(super) fn tie(layer: &(impl Layer + ?Sized), path: &str, to: &str) -> Result<(), Error> {
    let (tied, kept) = (weight(layer, path)?, weight(layer, to)?);
    let (shape, other): (Shape, Shape) = (tied.shape(), kept.shape());
    if shape != other {
        let problem = format!(
            "`{path}` has the shape {shape} and `{to}` {other}, which cannot be one weight"
        );
        let help = "tie weights of the same shape".to_owned();
        return Err(Error::Weights { problem, help });
    }
    bind(layer, tied.id(), &kept);
    if weight(layer, path)?.id() == kept.id() {
        return Ok(());
    }
    let problem = format!("the layer of `{path}` shows a copy of its handle");
    let help = "show the field itself in its `visit`".to_owned();
    Err(Error::Weights { problem, help })
}

/// Makes all handles of one weight handles of another.
fn bind(layer: &(impl Layer + ?Sized), id: u64, to: &Parameter) {
    layer.visit(&mut Visitor::new(&mut |_, weight| {
        if weight.id() == id {
            weight.become_same(to);
        }
    }));
}

/// Each path whose weight stands under another before it, with that one.
pub(crate) fn ties(layer: &(impl Layer + ?Sized)) -> Vec<(String, String)> {
    let mut first: HashMap<u64, String> = HashMap::new();
    let mut ties = Vec::new();
    for (path, weight) in weights(layer) {
        match first.get(&weight.id()) {
            Some(first) => ties.push((path, first.clone())),
            None => {
                first.insert(weight.id(), path);
            }
        }
    }
    ties
}

/// Ties weights that have been drawn anew as they were before.
pub(super) fn tie_again(layer: &(impl Layer + ?Sized), ties: &[(String, String)]) {
    let weights = weights(layer);
    let find = |path: &str| weights.iter().find(|(known, _)| known == path);
    for (path, first) in ties {
        if let (Some((_, tied)), Some((_, kept))) = (find(path), find(first))
            && tied.shape() == kept.shape()
        {
            bind(layer, tied.id(), kept);
        }
    }
}
