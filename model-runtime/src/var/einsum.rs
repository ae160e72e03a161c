//! `einsum`: products summed over the letters that the result does not name.

use model_spec::functions::einsum as spec;
use model_spec::{ArgValue, Config, ShapeError, Text, Value};

use super::arrange::permuted;
use super::axes::checked;
use super::shape::bounded;
use crate::ops::matmul::Matmul;
use crate::ops::reduce::Reduction;
use crate::ops::strided::strides;
use crate::ops::view::{Reshape, View};
use crate::{Shape, Var, tape};

impl Var {
    /// Products summed over the letters that the result does not name, one letter for each axis,
    /// the samples' too: `Var::einsum("bij,bjk->bik", &[a, b])`. What does not fit is the step's
    /// error.
    #[track_caller]
    pub fn einsum(subscripts: &'static str, vars: &[Var]) -> Var {
        checked(vars, |shapes| {
            let values: Vec<Value> = shapes.iter().map(|shape| Value::new(*shape)).collect();
            spec::rule(&Config::new(&[ArgValue::Word(subscripts)]), &values)?;
            let read = spec::parse(subscripts)?;
            let letters = (0..vars.len()).map(|i| read.operand(i).to_vec()).collect();
            einsum(vars, letters, read.result())
        })
    }
}

/// A value and the letters of its axes.
type Named = (Var, Vec<u8>);

/// The result for letters that fit the values, by one product of matrices for each value after the
/// first.
#[track_caller]
pub(crate) fn einsum(
    vars: &[Var],
    letters: Vec<Vec<u8>>,
    result: &[u8],
) -> Result<Var, ShapeError> {
    let mut rest: Vec<Named> = vars.iter().copied().zip(letters).map(diagonal).collect();
    let mut all = rest.remove(0);
    while !rest.is_empty() {
        let next = rest.remove(0);
        let needed = |letter: &u8| {
            result.contains(letter) || rest.iter().any(|(_, letters)| letters.contains(letter))
        };
        all = product(all, next, needed)?;
    }
    let (x, letters) = summed(all, |letter| result.contains(letter));
    let order: Vec<usize> =
        result.iter().filter_map(|letter| letters.iter().position(|l| l == letter)).collect();
    Ok(permuted(x, &order))
}

/// Axes with the same letter as one, along which all of them go on.
#[track_caller]
fn diagonal((x, letters): Named) -> Named {
    let (shape, steps) = (x.shape(), strides(&x.shape()));
    let (mut own, mut dims, mut strides) = (Vec::new(), Vec::new(), Vec::new());
    for (axis, &letter) in letters.iter().enumerate() {
        match own.iter().position(|&known| known == letter) {
            Some(known) => strides[known] += steps[axis],
            None => {
                own.push(letter);
                dims.push(shape.dim(axis));
                strides.push(steps[axis]);
            }
        }
    }
    if own.len() == letters.len() {
        return (x, letters);
    }
    (tape::apply(View { shape: Shape::new(&dims), start: 0, strides }, &[x]), own)
}

/// Without the letters that nobody needs, over which the sum is taken.
#[track_caller]
fn summed((x, letters): Named, needed: impl Fn(&u8) -> bool) -> Named {
    let axes = std::array::from_fn(|i| letters.get(i).is_some_and(|letter| !needed(letter)));
    let x = if axes.contains(&true) { Reduction::Sum.call(x, axes, false) } else { x };
    (x, letters.into_iter().filter(needed).collect())
}

/// The product of two, summed over what nobody needs any more: for each combination of the letters
/// that both have and that are needed, a product of matrices.
#[track_caller]
fn product(a: Named, b: Named, needed: impl Fn(&u8) -> bool) -> Result<Named, ShapeError> {
    let (first, second) = (a.1.clone(), b.1.clone());
    let a = summed(a, |letter| needed(letter) || second.contains(letter));
    let b = summed(b, |letter| needed(letter) || first.contains(letter));
    let split = |letters: &[u8], which: &dyn Fn(&u8) -> bool| -> Vec<u8> {
        letters.iter().copied().filter(|letter| which(letter)).collect()
    };
    let both = split(&a.1, &|letter| second.contains(letter) && needed(letter));
    let inner = split(&a.1, &|letter| second.contains(letter) && !needed(letter));
    let left = split(&a.1, &|letter| !second.contains(letter));
    let right = split(&b.1, &|letter| !first.contains(letter));
    let [x, y] = [(&a, [&both, &left, &inner]), (&b, [&both, &inner, &right])]
        .map(|(named, groups)| matrix(named, groups));
    let letters = [both, left, right].concat();
    let dim = |letter: &u8| size(&a, letter).or_else(|| size(&b, letter)).unwrap_or(1);
    let dims: Vec<usize> = letters.iter().map(dim).collect();
    if dims.len() > model_spec::MAX_RANK {
        let text = Text::new("einsum: on the way there are more than 8 axes");
        return Err(ShapeError::of(text).help("take fewer values at once"));
    }
    let shape = bounded("einsum", &dims)?;
    Ok((tape::apply(Reshape(shape), &[tape::apply(Matmul, &[x, y])]), letters))
}

fn size((x, letters): &Named, letter: &u8) -> Option<usize> {
    let axis = letters.iter().position(|l| l == letter)?;
    Some(x.shape().dim(axis))
}

/// The value with three axes, one for each group of letters.
#[track_caller]
fn matrix(named: &Named, groups: [&Vec<u8>; 3]) -> Var {
    let (x, letters) = named;
    let order: Vec<usize> = groups
        .iter()
        .flat_map(|group| group.iter())
        .filter_map(|letter| letters.iter().position(|l| l == letter))
        .collect();
    let sizes = groups
        .map(|group| group.iter().filter_map(|letter| size(named, letter)).product::<usize>());
    tape::apply(Reshape(Shape::new(&sizes)), &[permuted(*x, &order)])
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3, ArrayD, array};

    use super::*;
    use crate::{Float, Mode};

    fn run(subscripts: &'static str, arrays: &[&ArrayD<Float>]) -> Result<ArrayD<Float>, String> {
        let result = tape::run(Mode::Inference, || {
            let vars: Vec<Var> = arrays.iter().map(|array| Var::from_array(*array)).collect();
            Var::einsum(subscripts, &vars).to_array()
        });
        result.map_err(|error| error.to_string())
    }

    #[test]
    fn sums_are_those_of_the_definition() {
        let a = Array2::from_shape_fn((2, 3), |(i, j)| (i * 3 + j) as Float);
        let b = Array2::from_shape_fn((3, 4), |(i, j)| (i + 2 * j) as Float);
        let c = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (i + j * k) as Float);
        let (da, db, dc) = (a.clone().into_dyn(), b.clone().into_dyn(), c.clone().into_dyn());
        assert_eq!(run("ij,jk->ik", &[&da, &db]), Ok(a.dot(&b).into_dyn()));
        assert_eq!(run("ij->ji", &[&da]), Ok(a.t().to_owned().into_dyn()));
        assert_eq!(run("ij->", &[&da]), Ok(ndarray::arr0(a.sum()).into_dyn()));
        let square = array![[1.0, 2.0], [3.0, 4.0]].into_dyn();
        assert_eq!(run("ii->i", &[&square]), Ok(array![1.0, 4.0].into_dyn()));
        assert_eq!(run("ii->", &[&square]), Ok(ndarray::arr0(5.0).into_dyn()));
        // By loops, over batches and with letters of one value alone.
        let mut expected = Array2::<Float>::zeros((4, 2));
        for (i, j, k) in ndarray::indices((2, 3, 4)) {
            expected[[k, i]] += a[[i, j]] * c[[i, j, k]];
        }
        assert_eq!(run("ij,ijk->ki", &[&da, &dc]), Ok(expected.into_dyn()));
        let mut expected = Array2::<Float>::zeros((2, 2));
        for (i, j, k) in ndarray::indices((2, 3, 4)) {
            for l in 0..2 {
                expected[[i, l]] += a[[i, j]] * b[[j, k]] * c[[l, j, k]];
            }
        }
        assert_eq!(run("ij,jk,ljk->il", &[&da, &db, &dc]), Ok(expected.into_dyn()));
    }

    #[test]
    fn gradients_are_those_of_the_product() {
        tape::run(Mode::Training, || {
            let [a, b] = [[2, 3], [3, 4]].map(|dims| {
                tape::variable(crate::gradcheck::random::<Float>(&dims, dims[0] as u64))
            });
            let by_letters = tape::backward(Var::einsum("ij,jk->ki", &[a, b]).square().sum());
            let by_product = tape::backward(a.matmul(b).square().sum());
            for x in [a, b] {
                let (one, two) = (by_letters.of(x).unwrap(), by_product.of(x).unwrap());
                assert!(one.iter().zip(two).all(|(a, b)| (a - b).abs() < 1e-5));
            }
        })
        .unwrap();
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let x = array![[1.0, 2.0]].into_dyn();
        let text = run("ij,jk->ik", &[&x, &x]).unwrap_err();
        assert!(text.starts_with("einsum: j is 2 and 1 in (1, 2)"), "{text}");
        let ones = ArrayD::<Float>::ones(vec![1; 5]);
        let text = run("abcde,fghij->a", &[&ones, &ones]);
        assert!(text.is_ok(), "letters of one value alone are summed first");
    }
}
