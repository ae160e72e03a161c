use std::collections::HashMap;

use crate::{Layer, Parameter, Variable};

/// What can be had again: with the same weights, or with a copy of them. Every layer of the
/// catalogue is so, every model that `model!` makes, every layer that is `Clone`, and so can be one
/// of your own with weights, in one line for each field:
///
/// ```
/// use model_runtime::prelude::*;
///
/// /// Multiplies by a weight.
/// struct Scale {
///     dense: Dense,
///     power: i32,
/// }
///
/// impl Layer for Scale {
///     fn init(&mut self, seed: Seed, inputs: &[Value]) {
///         self.dense.init(seed.child("dense"), inputs);
///     }
///
///     fn call(&self, inputs: &[Var]) -> Vars {
///         self.dense.call(inputs[0] * self.power).into()
///     }
///
///     fn visit(&self, visitor: &mut Visitor<'_>) {
///         visitor.child("dense", &self.dense);
///     }
/// }
///
/// impl Share for Scale {
///     fn copy_with(&self, copier: &mut Copier) -> Scale {
///         Scale { dense: self.dense.copy_with(copier), power: self.power }
///     }
/// }
///
/// let scale = Scale { dense: Dense::new(1), power: 2 };
/// assert_eq!(scale.share().dense.kernel.id(), scale.dense.kernel.id());
/// assert_ne!(scale.duplicate().dense.kernel.id(), scale.dense.kernel.id());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can be neither shared nor duplicated",
    label = "does not implement `Share`",
    note = "derive `Clone` for a layer without weights, or write `impl Share` with a line for each \
            field"
)]
pub trait Share: Sized {
    /// The same again, its weights and variables as the copier makes them.
    fn copy_with(&self, copier: &mut Copier) -> Self;

    /// A second handle: the same weights and variables. What changes them here changes them there.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); Dense(1)(x) };
    /// let same = net.share();
    /// net.dense.bias.as_ref().expect("a bias").set(&ndarray::array![7.0])?;
    /// assert_eq!(same.predict(&ndarray::array![[0.0, 0.0]])?.sum(), 7.0);
    /// # Ok::<(), Error>(())
    /// ```
    fn share(&self) -> Self {
        self.copy_with(&mut Copier { copies: None })
    }

    /// A deep copy: weights and variables of its own, which start with the same numbers, frozen
    /// and constrained as these. What stands in several places here is one in the copy as well.
    /// What closures have captured is shared still.
    fn duplicate(&self) -> Self {
        self.copy_with(&mut Copier { copies: Some(Copies::default()) })
    }
}

/// Makes the weights and variables of a [`Share::share`] or a [`Share::duplicate`].
pub struct Copier {
    /// By the identity of what they were made from; `None` where handles are shared.
    copies: Option<Copies>,
}

#[derive(Default)]
struct Copies {
    parameters: HashMap<u64, Parameter>,
    variables: HashMap<u64, Variable>,
}

impl Share for Parameter {
    fn copy_with(&self, copier: &mut Copier) -> Parameter {
        match &mut copier.copies {
            None => self.share(),
            Some(copies) => {
                copies.parameters.entry(self.id()).or_insert_with(|| self.copied()).share()
            }
        }
    }
}

impl Share for Variable {
    fn copy_with(&self, copier: &mut Copier) -> Variable {
        match &mut copier.copies {
            None => self.share(),
            Some(copies) => {
                copies.variables.entry(self.id()).or_insert_with(|| self.copied()).share()
            }
        }
    }
}

impl<T: Share> Share for Option<T> {
    fn copy_with(&self, copier: &mut Copier) -> Option<T> {
        self.as_ref().map(|inside| inside.copy_with(copier))
    }
}

impl<T: Share> Share for Vec<T> {
    fn copy_with(&self, copier: &mut Copier) -> Vec<T> {
        self.iter().map(|inside| inside.copy_with(copier)).collect()
    }
}

/// Handles are not `Clone`, so a layer that is has no weights.
impl<T: Layer + Clone> Share for T {
    fn copy_with(&self, _copier: &mut Copier) -> T {
        self.clone()
    }
}

/// `impl Share` for a layer: the fields with weights, then all others.
macro_rules! share {
    ($layer:ident $(<$inside:ident>)?: $($weight:ident),+; $($other:ident),*) => {
        impl $(<$inside: crate::Share>)? crate::Share for $layer $(<$inside>)? {
            fn copy_with(&self, copier: &mut crate::Copier) -> Self {
                $layer {
                    $($weight: crate::Share::copy_with(&self.$weight, copier),)+
                    $($other: Clone::clone(&self.$other),)*
                }
            }
        }
    };
}
pub(crate) use share;
