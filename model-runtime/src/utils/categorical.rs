use ndarray::{Array, ArrayBase, Axis, Dimension};

use crate::{Error, Float, Number};

/// Labels as one-hot rows: 1 at the label, 0 elsewhere.
///
/// `labels` are whole numbers from 0 on, of any shape; a last axis of size 1 is dropped, as in
/// Keras. `num_classes` is the number of classes, or `None` for the largest label and 1 more.
/// Returns the shape of the labels with an axis of classes at its end.
/// [`to_categorical`](https://keras.io/api/utils/python_utils/#to_categorical-function) in Keras.
///
/// ```
/// use model_runtime::utils::to_categorical;
/// let rows = to_categorical(&ndarray::array![0_u8, 2, 1], None)?;
/// assert_eq!(rows, ndarray::array![[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]].into_dyn());
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// [`Error::Label`] for what is no whole number below the number of classes.
pub fn to_categorical<A, S, D>(
    labels: &ArrayBase<S, D>,
    num_classes: Option<usize>,
) -> Result<Array<Float, ndarray::IxDyn>, Error>
where
    A: Number,
    S: ndarray::Data<Elem = A>,
    D: Dimension,
{
    let mut labels = labels.map(|label| label.float()).into_dyn();
    if labels.ndim() > 1 && labels.shape().last() == Some(&1) {
        labels.index_axis_inplace(Axis(labels.ndim() - 1), 0);
    }
    let largest = labels.iter().copied().fold(-1.0, Float::max);
    let row_len = labels.shape().iter().skip(1).product::<usize>().max(1);
    let wrong = |at: usize, value: Float, classes: usize| Error::Label {
        data: "the array of labels".to_owned(),
        row: at / row_len,
        value,
        classes,
    };
    // No machine has memory for a row of more classes.
    let most = u32::MAX as usize;
    let classes = num_classes.unwrap_or((largest as usize).min(most) + usize::from(largest >= 0.0));
    let is_label = |x: Float| x >= 0.0 && x.fract() == 0.0 && (x as usize) < classes;
    if let Some((at, &value)) = labels.iter().enumerate().find(|(_, label)| !is_label(**label)) {
        return Err(wrong(at, value, classes));
    }
    let mut shape = labels.shape().to_vec();
    shape.push(classes);
    let size = shape.iter().try_fold(1_usize, |size, dim| size.checked_mul(*dim));
    let mut values = Vec::new();
    if size.is_none_or(|size| values.try_reserve_exact(size).is_err()) {
        let (name, value) = ("num_classes", classes.to_string());
        return Err(Error::Option { name, value, expected: "so few that memory holds the rows" });
    }
    for label in &labels {
        let start = values.len();
        values.resize(start + classes, 0.0);
        values[start + *label as usize] = 1.0;
    }
    Ok(Array::from_shape_vec(shape, values).expect("a row of classes for each label"))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn labels_of_any_shape_become_rows_as_in_keras() {
        let column = to_categorical(&array![[1_i64], [0]], Some(3)).unwrap();
        assert_eq!(column, array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]].into_dyn());
        let square = to_categorical(&array![[1.0, 0.0], [0.0, 1.0]], None).unwrap();
        assert_eq!(square.shape(), [2, 2, 2]);
        assert_eq!(square[[0, 0, 1]], 1.0);
        assert_eq!(to_categorical(&Array1::<u8>::zeros(0), None).unwrap().shape(), [0, 0]);
        assert_eq!(to_categorical(&ndarray::arr0(1), None).unwrap(), array![0.0, 1.0].into_dyn());
    }

    #[test]
    fn what_is_no_label_is_named() {
        let text = |labels: Array1<f64>, classes| {
            to_categorical(&labels, classes).unwrap_err().to_string()
        };
        assert!(text(array![0.0, 3.0], Some(3)).contains("3"));
        for wrong in [-1.0, 0.5, f64::NAN, f64::INFINITY] {
            let said = text(array![0.0, wrong], None);
            assert!(said.contains("sample 1"), "{said}");
        }
        assert!(text(array![0.0, 1e15], None).contains("1000000"));
        let said = text(array![0.0], Some(usize::MAX));
        assert!(said.starts_with("`num_classes` is 18446744073709551615"), "{said}");
    }
}
