//! What a crate makes public.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;

use syn::ext::IdentExt;
use syn::{
    Attribute, FnArg, Ident, ImplItem, Item, Receiver, Signature, TraitItem, Type, UseTree,
    Visibility,
};

use crate::rules::Rules;
use crate::{files, read};

/// A method of a type or trait.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Method {
    pub owner: String,
    pub name: String,
    pub kind: MethodKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MethodKind {
    /// Of a trait, to be called or implemented.
    Trait,
    /// `T::name(…)`
    Associated,
    /// `t.name(…)`
    Method,
    /// `T::new(…).name(…)`, or an argument of a layer in `model!`.
    Builder,
}

/// What users can name.
#[derive(Default)]
pub struct Public {
    pub items: BTreeSet<String>,
    pub methods: BTreeSet<Method>,
}

/// Each module, by its path, with what macros make in it.
type Modules = HashMap<Vec<String>, Vec<Item>>;

/// What is exported: names, and the modules that they are from.
type Exports = BTreeSet<(String, Vec<String>)>;

/// What the crate in this folder makes public.
pub fn public(source: &Path) -> Public {
    let modules = modules(source);
    let (mut exports, mut found) = (Exports::new(), BTreeSet::new());
    exported(&modules, &[], &mut exports);
    for (module, items) in &modules {
        let here: Vec<String> = items.iter().filter_map(declared).map(|(name, _)| name).collect();
        // What a module declares for itself may have the name of something public.
        let is_exported = |name: &str| match here.iter().any(|declared| declared == name) {
            true => exports.contains(&(name.to_owned(), module.clone())),
            false => exports.iter().any(|(exported, _)| exported == name),
        };
        items.iter().for_each(|item| methods(item, &is_exported, &mut found));
    }
    let is_module = |name: &str| modules.contains_key(&vec![name.to_owned()]);
    let items = exports.into_iter().map(|(name, _)| name).filter(|name| !is_module(name));
    Public { items: items.collect(), methods: found }
}

fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

/// Whether it is there for tests only, or for expansions only.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .filter_map(|attribute| attribute.meta.require_list().ok())
        .any(|list| matches!(list.tokens.to_string().as_str(), "hidden" | "test"))
}

fn modules(source: &Path) -> Modules {
    let mut paths = Vec::new();
    files(source, "rs", &mut paths);
    let (mut modules, mut rules, mut all_rules) = (Modules::new(), HashMap::new(), HashMap::new());
    for path in paths {
        let inside = path.strip_prefix(source).expect("a file of the crate").with_extension("");
        let mut name: Vec<String> =
            inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if name.iter().any(|part| part.ends_with("tests")) {
            continue;
        }
        name.pop_if(|last| last == "mod" || last == "lib");
        let items = syn::parse_file(&read(&path)).expect("Rust").items;
        for item in &items {
            if let Item::Macro(item) = item
                && let Some(ident) = &item.ident
            {
                let found = Rc::new(Rules::new(item.mac.tokens.clone()));
                rules.insert((name.clone(), ident.to_string()), found.clone());
                all_rules.insert(ident.to_string(), found);
            }
        }
        modules.insert(name, items);
    }
    let expanded = |(name, items)| {
        let mut made = Vec::new();
        expand(items, &mut made, &|called| {
            rules
                .get(&(Vec::clone(&name), called.to_owned()))
                .or_else(|| all_rules.get(called))
                .cloned()
        });
        (name, made)
    };
    modules.into_iter().map(expanded).collect()
}

/// The items, with those that macros of the crate make in the place of their calls.
fn expand(items: Vec<Item>, made: &mut Vec<Item>, rules: &dyn Fn(&str) -> Option<Rc<Rules>>) {
    for item in items {
        if let Item::Macro(call) = &item
            && call.ident.is_none()
        {
            let name = call.mac.path.segments.last().expect("a name").ident.to_string();
            let Some(rules_of_it) = rules(&name) else { continue };
            let tokens = rules_of_it.expand(call.mac.tokens.clone());
            let tokens = tokens.unwrap_or_else(|| panic!("no rule of `{name}!` matches its call"));
            let file: syn::File =
                syn::parse2(tokens).unwrap_or_else(|why| panic!("{name}!: {why}"));
            expand(file.items, made, rules);
        } else {
            made.push(item);
        }
    }
}

/// The name of an item, and whether users see it.
fn declared(item: &Item) -> Option<(String, bool)> {
    let (vis, attributes, name) = match item {
        Item::Fn(item) => (&item.vis, &item.attrs, &item.sig.ident),
        Item::Struct(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Enum(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Trait(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Type(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Const(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Static(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Macro(item) => {
            let is_exported = item.attrs.iter().any(|it| it.path().is_ident("macro_export"));
            let name = item.ident.as_ref()?.to_string();
            return Some((name, is_exported && !is_hidden(&item.attrs)));
        }
        _ => return None,
    };
    Some((plain(name), is_public(vis) && !is_hidden(attributes)))
}

/// A name without `r#`.
fn plain(name: &Ident) -> String {
    name.unraw().to_string()
}

/// The names that a module exports, those of modules in it included.
fn exported(modules: &Modules, module: &[String], exports: &mut Exports) {
    for item in modules.get(module).into_iter().flatten() {
        match item {
            Item::Mod(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => {
                let inside = [module, &[item.ident.to_string()]].concat();
                exported(modules, &inside, exports);
            }
            Item::Use(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => {
                for (name, from) in used(&item.tree, module) {
                    match name {
                        Some(name) => {
                            let home = home(modules, from, &name);
                            exports.insert((name, home));
                        }
                        None => exported(modules, &from, exports),
                    }
                }
            }
            item => {
                if let Some((name, true)) = declared(item) {
                    exports.insert((name, module.to_vec()));
                }
            }
        }
    }
}

/// The names that a `use` brings, and the modules that it says they are from; no name for all.
fn used(tree: &UseTree, from: &[String]) -> Vec<(Option<String>, Vec<String>)> {
    match tree {
        UseTree::Path(path) => {
            let next = match path.ident.to_string().as_str() {
                "crate" => Vec::new(),
                "self" => from.to_vec(),
                "super" => from[..from.len() - 1].to_vec(),
                name => [from, &[name.to_owned()]].concat(),
            };
            used(&path.tree, &next)
        }
        UseTree::Name(name) => vec![(Some(plain(&name.ident)), from.to_vec())],
        UseTree::Group(group) => group.items.iter().flat_map(|tree| used(tree, from)).collect(),
        UseTree::Glob(_) => vec![(None, from.to_vec())],
        UseTree::Rename(_) => Vec::new(),
    }
}

/// The module that declares what another one has under this name.
fn home(modules: &Modules, from: Vec<String>, name: &str) -> Vec<String> {
    let items = modules.get(&from).map_or(&[][..], Vec::as_slice);
    let uses = items.iter().filter_map(|item| match item {
        Item::Use(item) => Some(used(&item.tree, &from)),
        _ => None,
    });
    let is_it = |(used, _): &(Option<String>, _)| used.as_deref() == Some(name);
    match uses.flatten().find(is_it) {
        Some((_, next)) if next != from => home(modules, next, name),
        _ => from,
    }
}

/// The public methods of a public type or trait.
fn methods(item: &Item, is_exported: &dyn Fn(&str) -> bool, found: &mut BTreeSet<Method>) {
    let mut add = |owner: &str, signature: &Signature, is_of_trait| {
        let kind = match signature.inputs.first() {
            _ if is_of_trait => MethodKind::Trait,
            Some(FnArg::Receiver(Receiver { reference: None, mutability: Some(_), .. })) => {
                MethodKind::Builder
            }
            Some(FnArg::Receiver(_)) => MethodKind::Method,
            _ => MethodKind::Associated,
        };
        let (owner, name) = (owner.to_owned(), plain(&signature.ident));
        found.insert(Method { owner, name, kind });
    };
    match item {
        Item::Impl(item) if item.trait_.is_none() && !is_hidden(&item.attrs) => {
            let Type::Path(path) = &*item.self_ty else { return };
            let owner = path.path.segments.last().expect("a name").ident.to_string();
            for inside in item.items.iter().filter(|_| is_exported(&owner)) {
                if let ImplItem::Fn(method) = inside
                    && is_public(&method.vis)
                    && !is_hidden(&method.attrs)
                {
                    add(&owner, &method.sig, false);
                }
            }
        }
        Item::Trait(item) => {
            let owner = item.ident.to_string();
            for inside in item.items.iter().filter(|_| is_exported(&owner)) {
                if let TraitItem::Fn(method) = inside
                    && !is_hidden(&method.attrs)
                {
                    add(&owner, &method.sig, true);
                }
            }
        }
        _ => {}
    }
}
