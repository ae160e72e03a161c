//! The types of numbers that arrays may have.

use crate::Float;

/// The numbers that [`Data`](crate::Data) is made of. Sealed: integers, `f32`, `f64` and `bool`.
pub trait Number: Copy + sealed::Sealed {
    /// As [`Float`], rounded where it must be.
    fn float(self) -> Float;

    /// Whether [`Number::float`] is this number and not one next to it.
    fn is_exact(self) -> bool;

    /// The same numbers, if they are [`Float`] already.
    fn floats(numbers: &[Self]) -> Option<&[Float]> {
        let _ = numbers;
        None
    }

    /// The same numbers, if they are [`Float`] already, or what was given.
    fn owned(numbers: Vec<Self>) -> Result<Vec<Float>, Vec<Self>> {
        Err(numbers)
    }
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl sealed::Sealed for $type {}

        impl Number for $type {
            fn float(self) -> Float {
                self as Float
            }

            fn is_exact(self) -> bool {
                // Through a type that holds both: `as` would stop at the largest of a type.
                self as Float as i128 == self as i128
            }
        }
    )*};
}

numbers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

impl sealed::Sealed for bool {}

impl Number for bool {
    fn float(self) -> Float {
        Float::from(u8::from(self))
    }

    fn is_exact(self) -> bool {
        true
    }
}

impl sealed::Sealed for Float {}

impl Number for Float {
    fn float(self) -> Float {
        self
    }

    fn is_exact(self) -> bool {
        true
    }

    fn floats(numbers: &[Float]) -> Option<&[Float]> {
        Some(numbers)
    }

    fn owned(numbers: Vec<Float>) -> Result<Vec<Float>, Vec<Float>> {
        Ok(numbers)
    }
}

#[cfg(not(feature = "f64"))]
type OtherFloat = f64;
#[cfg(feature = "f64")]
type OtherFloat = f32;

impl sealed::Sealed for OtherFloat {}

impl Number for OtherFloat {
    #[allow(clippy::unnecessary_cast, reason = "which of the types is wider is a feature")]
    fn float(self) -> Float {
        self as Float
    }

    #[allow(clippy::unnecessary_cast, reason = "which of the types is wider is a feature")]
    fn is_exact(self) -> bool {
        self.is_nan() || self as Float as OtherFloat == self
    }
}
