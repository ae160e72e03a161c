//! Weights and variables by their paths: found, frozen, copied, and tied to each other.
//!
//! A layer is here what shows its weights to a visitor, and not its type, so that all of this is
//! compiled once, and not in each program for its model.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use model_spec::Shape;
use ndarray::ArrayD;

use crate::optimizer::within;
use crate::tape::ById;
use crate::tensor::Tensor;
use crate::{Error, Float, Parameter, Variable, Visitor, names};

/// Shows a layer's weights and variables: its [`Layer::visit`].
pub(crate) type Visit<'a> = &'a dyn Fn(&mut Visitor<'_>);

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
fn all(visit: Visit<'_>) -> Vec<(String, Handle)> {
    let all = RefCell::new(Vec::new());
    let see = |path: &str, handle| all.borrow_mut().push((path.to_owned(), handle));
    let weights = &mut |path: &str, w: &Parameter| see(path, Handle::Weight(w.share()));
    let variables = &mut |path: &str, v: &Variable| see(path, Handle::Variable(v.share()));
    visit(&mut Visitor::of_both(weights, variables));
    all.into_inner()
}

/// All weights, shared ones under every path.
fn weights(visit: Visit<'_>) -> Vec<(String, Parameter)> {
    let mut weights = Vec::new();
    visit(&mut Visitor::new(&mut |path, weight| {
        weights.push((path.to_owned(), weight.share()));
    }));
    weights
}

/// All weights, each once.
pub(crate) fn parameters(visit: Visit<'_>) -> Vec<(String, Parameter)> {
    let mut parameters = Vec::new();
    let mut seen = ById::default();
    visit(&mut Visitor::new(&mut |path, parameter| {
        if seen.insert(parameter.id(), ()).is_none() {
            parameters.push((path.to_owned(), parameter.share()));
        }
    }));
    parameters
}

/// The weights that training changes, each once.
pub(crate) fn trainable(visit: Visit<'_>) -> Vec<(String, Parameter)> {
    let mut parameters = parameters(visit);
    parameters.retain(|(_, parameter)| parameter.is_trainable());
    parameters
}

/// All variables, each once.
pub(crate) fn variables(visit: Visit<'_>) -> Vec<(String, Variable)> {
    let mut variables = Vec::new();
    let mut seen = ById::default();
    visit(&mut Visitor::of_variables(&mut |path, variable| {
        if seen.insert(variable.id(), ()).is_none() {
            variables.push((path.to_owned(), variable.share()));
        }
    }));
    variables
}

/// The weights and variables that stand under a path, which is taken off theirs; at least one.
fn part(visit: Visit<'_>, path: &str) -> Result<Vec<(String, Handle)>, Error> {
    let (mut part, others): (Vec<_>, Vec<_>) =
        all(visit).into_iter().partition(|(known, _)| path.is_empty() || within(known, path));
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

pub(super) fn weight(visit: Visit<'_>, path: &str) -> Result<Parameter, Error> {
    let all = all(visit);
    match all.iter().find(|(known, _)| known == path) {
        Some((_, Handle::Weight(weight))) => Ok(weight.share()),
        Some(_) => Err(Error::Weights {
            problem: format!("`{path}` is a variable and no weight"),
            help: "call `variable` for it".to_owned(),
        }),
        None => Err(not_found(path, &all)),
    }
}

pub(super) fn variable(visit: Visit<'_>, path: &str) -> Result<Variable, Error> {
    let all = all(visit);
    match all.iter().find(|(known, _)| known == path) {
        Some((_, Handle::Variable(variable))) => Ok(variable.share()),
        Some(_) => Err(Error::Weights {
            problem: format!("`{path}` is a weight and no variable"),
            help: "call `weight` for it".to_owned(),
        }),
        None => Err(not_found(path, &all)),
    }
}

pub(super) fn set_trainable(visit: Visit<'_>, path: &str, trainable: bool) -> Result<(), Error> {
    part(visit, path)?.iter().for_each(|(_, handle)| handle.set_trainable(trainable));
    Ok(())
}

/// Each once, in the order in which layers show them.
fn unique(visit: Visit<'_>) -> Vec<(String, Handle)> {
    let mut unique: Vec<(String, Handle)> = Vec::new();
    for (path, handle) in all(visit) {
        if unique.iter().all(|(_, known)| known.id() != handle.id()) {
            unique.push((path, handle));
        }
    }
    unique
}

pub(super) fn get(visit: Visit<'_>) -> Vec<ArrayD<Float>> {
    unique(visit).iter().map(|(_, handle)| handle.tensor().to_array()).collect()
}

const GIVE: &str = "give what `get_weights` returns";

pub(super) fn set(visit: Visit<'_>, arrays: &[ArrayD<Float>]) -> Result<(), Error> {
    let own = unique(visit);
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
    visit: Visit<'_>,
    path: &str,
    from: Visit<'_>,
    from_path: &str,
) -> Result<(), Error> {
    let (own, other) = (part(visit, path)?, part(from, from_path)?);
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
pub(super) fn tie(visit: Visit<'_>, path: &str, to: &str) -> Result<(), Error> {
    let (tied, kept) = (weight(visit, path)?, weight(visit, to)?);
    let (shape, other): (Shape, Shape) = (tied.shape(), kept.shape());
    if shape != other {
        let problem = format!(
            "`{path}` has the shape {shape} and `{to}` {other}, which cannot be one weight"
        );
        let help = "tie weights of the same shape".to_owned();
        return Err(Error::Weights { problem, help });
    }
    bind(visit, tied.id(), &kept);
    if weight(visit, path)?.id() == kept.id() {
        return Ok(());
    }
    let problem = format!("the layer of `{path}` shows a copy of its handle");
    let help = "show the field itself in its `visit`".to_owned();
    Err(Error::Weights { problem, help })
}

/// Makes all handles of one weight handles of another.
fn bind(visit: Visit<'_>, id: u64, to: &Parameter) {
    visit(&mut Visitor::new(&mut |_, weight| {
        if weight.id() == id {
            weight.become_same(to);
        }
    }));
}

/// Each path whose weight stands under another before it, with that one.
pub(crate) fn ties(visit: Visit<'_>) -> Vec<(String, String)> {
    let mut first: HashMap<u64, String> = HashMap::new();
    let mut ties = Vec::new();
    for (path, weight) in weights(visit) {
        match first.get(&weight.id()) {
            Some(first) => ties.push((path, first.clone())),
            None => {
                first.insert(weight.id(), path);
            }
        }
    }
    ties
}

/// What of the weights and variables stays when they are drawn anew: what is frozen, by its path,
/// and what is tied.
pub(super) struct Kept {
    frozen: HashSet<String>,
    ties: Vec<(String, String)>,
}

impl Kept {
    pub fn of(visit: Visit<'_>) -> Kept {
        let frozen = RefCell::new(HashSet::new());
        let see = |path: &str, trainable: bool| {
            if !trainable {
                frozen.borrow_mut().insert(path.to_owned());
            }
        };
        let parameters = &mut |path: &str, p: &Parameter| see(path, p.is_trainable());
        let variables = &mut |path: &str, v: &Variable| see(path, v.is_trainable());
        visit(&mut Visitor::of_both(parameters, variables));
        Kept { frozen: frozen.into_inner(), ties: ties(visit) }
    }

    /// Makes it so again.
    pub fn restore(&self, visit: Visit<'_>) {
        let weights = weights(visit);
        let find = |path: &str| weights.iter().find(|(known, _)| known == path);
        for (path, first) in &self.ties {
            if let (Some((_, tied)), Some((_, kept))) = (find(path), find(first))
                && tied.shape() == kept.shape()
            {
                bind(visit, tied.id(), kept);
            }
        }
        for (path, parameter) in parameters(visit) {
            parameter.set_trainable(parameter.is_trainable() && !self.frozen.contains(&path));
        }
        for (path, variable) in variables(visit) {
            variable.set_trainable(variable.is_trainable() && !self.frozen.contains(&path));
            variable.set_in_model();
        }
    }
}
