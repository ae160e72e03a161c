//! What people who know Keras write where it does not belong: a word of another argument, `None`.

use model_spec::{Arg, ArgKind, Entry, Form};

use super::model::Checker;
use crate::ast::{Expr, ExprKind};
use crate::source;

impl Checker<'_, '_> {
    /// Records an error for a word that only another argument of the layer takes, as in
    /// `Conv2D(16, 3, elu)`. `named` tells whether the argument's name was written.
    pub fn is_misplaced(&mut self, entry: &Entry, arg: &Arg, value: &Expr, named: bool) -> bool {
        let (word, lacks) = match (word(value), lacks(arg)) {
            (Some(word), Some(lacks)) if !takes(arg, &word) => (word, lacks),
            _ => return false,
        };
        if self.find(&word).is_some() || self.context.constants.contains_key(&word) {
            return false;
        }
        let written = source::short(&value.tokens);
        let others = entry.args.iter().filter(|other| takes(other, &word));
        let others: Vec<String> =
            others.map(|other| format!("{} = {written}", other.name)).collect();
        if others.is_empty() {
            return false;
        }
        let sentence = match entry.args.iter().position(|other| other.name == arg.name) {
            Some(index) if !named && entry.form != Form::Function => format!(
                "`{written}` is {lacks}; the {} argument of {} is `{}`",
                ordinal(index),
                entry.name,
                arg.name
            ),
            _ => format!("`{written}` is {lacks}, but stands for `{}`", arg.name),
        };
        let message = format!("{}: {sentence}\n  help: write {}", entry.name, others.join(", or "));
        self.error(value, message);
        true
    }

    /// Records an error for Python's `None`, which is no size here and no number.
    pub fn is_none_of_python(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> bool {
        let is_none = |item: &Expr| matches!(&item.kind, ExprKind::Name(name) if name == "None");
        let Some(lacks) = lacks(arg) else { return false };
        if matches!(arg.kind, ArgKind::Word(_)) || self.find("None").is_some() {
            return false;
        }
        let items = self.items(value);
        let Some(none) = items.iter().find(|item| is_none(item)) else { return false };
        let help = if !matches!(arg.kind, ArgKind::Shape | ArgKind::OutputShape) {
            match arg.default {
                Some(_) => "leave the argument out".to_owned(),
                None => super::args::example(arg),
            }
        } else {
            let sizes: Vec<String> = items
                .iter()
                .map(|item| if is_none(item) { "_".into() } else { source::short(&item.tokens) })
                .collect();
            let write = |sizes: &[String]| match entry.form {
                Form::Input => format!("{}({})", entry.name, sizes.join(", ")),
                _ => format!("{} = ({})", arg.name, sizes.join(", ")),
            };
            let any = format!("`_` is a size that may be anything: {}", write(&sizes));
            if is_none(items[0]) && sizes.len() > 1 {
                format!("the sample axis is left out: {}; {any}", write(&sizes[1..]))
            } else {
                any
            }
        };
        let message = format!(
            "{}: `None` is {lacks}, which `{}` takes\n  help: {help}",
            entry.name, arg.name
        );
        self.error(none, message);
        true
    }
}

/// The word that is written, if it is one.
fn word(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::Name(name) => Some(name.to_string()),
        ExprKind::Str(text) => Some(text.clone()),
        ExprKind::Call(callee, _) => match &callee.kind {
            ExprKind::Name(name) => Some(name.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an argument takes the word.
fn takes(arg: &Arg, word: &str) -> bool {
    matches!(arg.kind, ArgKind::Word(words) if words.words.iter().any(|known| known.name == word))
}

/// What something that an argument does not take is not; `None` where nearly anything goes.
fn lacks(arg: &Arg) -> Option<String> {
    Some(match arg.kind {
        ArgKind::Size | ArgKind::Shape | ArgKind::OutputShape => "no size".to_owned(),
        ArgKind::Int
        | ArgKind::Ints
        | ArgKind::Cuts
        | ArgKind::Float
        | ArgKind::Floats
        | ArgKind::Seed => "no number".to_owned(),
        ArgKind::Bool => "neither true nor false".to_owned(),
        ArgKind::Text => "no text".to_owned(),
        ArgKind::Word(words) => format!("no {}", words.noun),
        ArgKind::Closure | ArgKind::Layer => return None,
    })
}

/// The place of an argument in words.
fn ordinal(index: usize) -> String {
    const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
    ORDINALS.get(index).map_or_else(|| format!("{}th", index + 1), |&word| word.to_owned())
}
