//! What `fit`, `compile` and their kin are given for the inputs and outputs of a model.

use crate::{Data, Error, IntoLoss, Loss};

/// What can be given for the inputs or outputs of a model: arrays, and in
/// [`compile`](crate::Functional::compile) losses.
///
/// `G` is [`M::Inputs<T>`](crate::Functional::Inputs) or
/// [`M::Outputs<T>`](crate::Functional::Outputs), where `T` is [`Data`] or [`PortLoss`]: for a
/// single one `T` itself, and anything can be given that becomes it, such as `&array`. For several
/// it is the struct of their names, whose fields may each have a type of their own:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::{Array1, Array2};
///
/// model! {
///     pub struct Ticket {
///         words = Input(5, dtype = int32);
///         tags = Input(3);
///         x = concatenate([Flatten()(Embedding(20, 4)(words)), tags]);
///         (urgent = Dense(1, sigmoid)(x), office = Dense(4, softmax)(x), code = x)
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// let losses = TicketOutputs {
///     urgent: |t: Var, p: Var| (t - p).square().mean_per_sample(),
///     office: "sparse_categorical_crossentropy",
///     code: NoLoss,
/// };
/// let mut trainer = Ticket::new(0).compile("adam", losses)?;
/// let (words, tags) = (Array2::<i64>::ones((8, 5)), Array2::<f32>::zeros((8, 3)));
/// let (urgent, office) = (Array2::<f32>::ones((8, 1)), Array1::<u8>::zeros(8));
/// let x = TicketInputs { words: &words, tags: &tags };
/// let y = TicketOutputs { urgent: &urgent, office: &office, code: NoTarget };
/// let history = trainer.fit(x, y, Fit::epochs(2).verbose(0))?;
/// assert_eq!(history["office_loss"].len(), 2);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for the inputs or outputs of this model, which are `{G}`",
    label = "this is not what the model takes",
    note = "for a single one, data is an array of ndarray, such as `&array`, and a loss a name, a \
            loss or a closure, `|t: Var, p: Var| (t - p).abs().mean_per_sample()`",
    note = "a closure or function that is a loss returns a `PerSample`, one number for each \
            sample, which `.mean_per_sample()` makes of a `Var`; no mean over all, and no \
            `Result`, since what fails inside of it is the step's error",
    note = "several stand in the struct of their names: `NetInputs {{ a: &a, b: &b }}`, \
            `NetOutputs {{ … }}`"
)]
pub trait IntoPorts<G> {
    /// The conversion.
    fn into_ports(self) -> G;
}

#[diagnostic::do_not_recommend]
impl<'a, T: Into<Data<'a>>> IntoPorts<Data<'a>> for T {
    fn into_ports(self) -> Data<'a> {
        self.into()
    }
}

/// The inputs or outputs themselves: in code that is generic over models, which makes them with
/// [`Functional::inputs_from_iter`](crate::Functional::inputs_from_iter).
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::Ports;
/// use ndarray::{Array2, ArrayD};
///
/// /// What a model makes of the same array for each of its inputs.
/// fn of_all<M: Functional>(net: &M, x: &Array2<f32>) -> Result<Vec<ArrayD<Float>>, Error> {
///     let inputs = M::inputs_from_iter(std::iter::repeat(Data::from(x)));
///     let inputs = inputs.expect("there are enough");
///     Ok(M::outputs_to_vec(net.predict(Ports(inputs))?))
/// }
///
/// let net = model! { a = Input(2); b = Input(2); y = Dense(1)(a + b); };
/// assert_eq!(of_all(&net, &Array2::ones((3, 2)))?[0].shape(), [3, 1]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ports<G>(pub G);

#[diagnostic::do_not_recommend]
impl<G> IntoPorts<G> for Ports<G> {
    fn into_ports(self) -> G {
        self.0
    }
}

/// Of models whose inputs or outputs are a list.
#[diagnostic::do_not_recommend]
impl<G, T: IntoPorts<G>> IntoPorts<Vec<G>> for Vec<T> {
    fn into_ports(self) -> Vec<G> {
        self.into_iter().map(T::into_ports).collect()
    }
}

/// The loss of an output, or why there is none: what each [`IntoLoss`] becomes. A function that is
/// generic over models names it:
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::{IntoPorts, PortLoss};
/// use ndarray::array;
///
/// /// Trains for one epoch.
/// fn trained<'a, M: Functional>(
///     net: M,
///     loss: impl IntoPorts<M::Outputs<PortLoss>>,
///     x: impl IntoPorts<M::Inputs<Data<'a>>>,
///     y: impl IntoPorts<M::Outputs<Data<'a>>>,
/// ) -> Result<M, Error> {
///     let mut trainer = net.compile("adam", loss)?;
///     trainer.fit(x, y, Fit::epochs(1).verbose(0))?;
///     Ok(trainer.into_model())
/// }
///
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let net = trained(net, "mse", &array![[1.0, 2.0]], &array![[1.0]])?;
/// # drop(net);
/// # Ok::<(), Error>(())
/// ```
pub struct PortLoss(pub(crate) Result<Option<Box<dyn Loss>>, Error>);

impl<L: IntoLoss> IntoPorts<PortLoss> for L {
    fn into_ports(self) -> PortLoss {
        PortLoss(self.into_loss())
    }
}
