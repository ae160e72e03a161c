use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

use crate::float::Scalar;
use crate::kernels::parts::Parts;
use crate::kernels::random::{normal_of, normals, uniform_of, uniforms};
use crate::pool::{self, Buffer};

/// Where the random numbers of a layer come from: a number, and the layer's path in its model.
///
/// The seed of a child is a hash of its parent's seed and the child's name, so adding a layer to a
/// model changes no other.
///
/// ```
/// use model_runtime::Seed;
/// let seed = Seed::new(7);
/// assert_eq!(seed.child("encoder").child("dense").path(), "encoder.dense");
/// assert_ne!(seed.child("dense"), seed.child("dense_1"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    state: u64,
    path: String,
}

impl Seed {
    /// The seed of a whole model.
    pub fn new(seed: u64) -> Seed {
        Seed { state: seed, path: String::new() }
    }

    /// The seed of a part of this name.
    pub fn child(&self, name: &str) -> Seed {
        let path = match self.path.as_str() {
            "" => name.to_owned(),
            parent => format!("{parent}.{name}"),
        };
        Seed { state: hash(self.state, name), path }
    }

    /// The names from the model down to here, joined by dots.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Random numbers that are the same on every machine.
    pub(crate) fn generator(&self) -> Generator {
        Generator::new(self.state)
    }
}

/// FNV-1a over the parent's seed and the name, then the finaliser of SplitMix64 (Steele et al.,
/// 2014), which spreads neighbouring hashes.
fn hash(parent: u64, name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parent.to_le_bytes().into_iter().chain(name.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// A stream of random numbers: ChaCha with 8 rounds, whose output is fixed by its specification,
/// so that the same seed gives the same numbers on every machine.
///
/// ```
/// use model_runtime::Generator;
/// let (mut a, mut b) = (Generator::new(7), Generator::new(7));
/// assert_eq!(a.normal(), b.normal());
/// assert!((0.0..1.0).contains(&a.uniform()) && a.below(10) < 10);
/// ```
#[derive(Debug)]
pub struct Generator(ChaCha8Rng);

/// What makes numbers of drawn ones. By reference, so that drawing is compiled once.
type Make<'a, T> = dyn Fn(&[f64], &mut [T]) + Sync + 'a;

impl Clone for Generator {
    fn clone(&self) -> Generator {
        Generator(ChaCha8Rng::deserialize_state(&self.0.serialize_state()))
    }
}

impl Generator {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Generator {
        Generator(ChaCha8Rng::seed_from_u64(seed))
    }

    /// One of 2⁶⁴ independent streams of the same seed.
    ///
    /// ```
    /// use model_runtime::Generator;
    /// let draw = |stream| Generator::stream(7, stream).uniform();
    /// assert_eq!(draw(1), draw(1));
    /// assert_ne!(draw(1), draw(2));
    /// ```
    pub fn stream(seed: u64, stream: u64) -> Generator {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Generator(generator)
    }

    /// A number in [0, 1), of 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        uniform_of(self.0.next_u64())
    }

    /// A number of the standard normal distribution (Box and Muller, 1958), from two of 64 random
    /// bits.
    pub fn normal(&mut self) -> f64 {
        normal_of([self.0.next_u64(), self.0.next_u64()])
    }

    /// What `make` makes of so many [`Generator::uniform`] numbers, some at a time.
    pub(crate) fn uniforms<T: Scalar>(&mut self, count: usize, make: &Make<'_, T>) -> Buffer<T> {
        self.many(count, 1, uniforms, make)
    }

    /// What `make` makes of so many [`Generator::normal`] numbers, some at a time.
    pub(crate) fn normals<T: Scalar>(&mut self, count: usize, make: &Make<'_, T>) -> Buffer<T> {
        self.many(count, 2, normals, make)
    }

    /// So many normal numbers of this mean and standard deviation.
    pub(crate) fn normals_of<T: Scalar>(
        &mut self,
        count: usize,
        mean: f64,
        stddev: f64,
    ) -> Buffer<T> {
        self.normals(count, &|drawn, numbers| {
            for (number, drawn) in numbers.iter_mut().zip(drawn) {
                *number = T::of(mean + stddev * drawn);
            }
        })
    }

    /// So many numbers from the first on to the second, which is left out.
    pub(crate) fn uniforms_of<T: Scalar>(
        &mut self,
        count: usize,
        least: f64,
        most: f64,
    ) -> Buffer<T> {
        self.uniforms(count, &|drawn, numbers| {
            for (number, drawn) in numbers.iter_mut().zip(drawn) {
                *number = T::of(least + (most - least) * drawn);
            }
        })
    }

    /// So many times the first with this probability, else the second.
    pub(crate) fn either<T: Scalar>(&mut self, count: usize, p: f64, [a, b]: [T; 2]) -> Buffer<T> {
        self.uniforms(count, &|drawn, numbers| {
            for (number, drawn) in numbers.iter_mut().zip(drawn) {
                *number = if *drawn < p { a } else { b };
            }
        })
    }

    /// Factors that drop a share of so many numbers and let the rest grow.
    pub(crate) fn drops<T: Scalar>(&mut self, count: usize, rate: f64) -> Buffer<T> {
        self.either(count, rate, [T::zero(), T::of(1.0 / (1.0 - rate))])
    }

    /// Numbers made some at a time, each from `words` of 64 bits. Each part of them begins where
    /// its numbers stand in the stream, so that the cut changes none.
    fn many<T: Scalar>(
        &mut self,
        count: usize,
        words: usize,
        draw: fn(&[u64], &mut [f64]),
        make: &Make<'_, T>,
    ) -> Buffer<T> {
        /// As many are drawn at once.
        const SOME: usize = 256;
        /// As many numbers that are only read take the time of one that is drawn.
        const WORTH: usize = 4;
        let mut numbers = pool::unset(count);
        let work = |from: usize, numbers: &mut [T]| {
            let mut random = self.clone();
            random.skip(from * words);
            let (mut bits, mut drawn) = ([0; 2 * SOME], [0.0; SOME]);
            for numbers in numbers.chunks_mut(SOME) {
                let (bits, drawn) =
                    (&mut bits[..numbers.len() * words], &mut drawn[..numbers.len()]);
                random.fill(bits);
                draw(bits, drawn);
                make(drawn, numbers);
            }
        };
        match Parts::new(count, count * WORTH) {
            Some(parts) => parts.each_of(&mut numbers, 1, |some, part| work(some.start, part)),
            None => work(0, &mut numbers),
        }
        self.skip(count * words);
        numbers
    }

    /// The next 64 bits, as many times.
    fn fill(&mut self, bits: &mut [u64]) {
        const SOME: usize = 64;
        let mut bytes = [0; 8 * SOME];
        for bits in bits.chunks_mut(SOME) {
            let bytes = &mut bytes[..8 * bits.len()];
            self.0.fill_bytes(bytes);
            for (bits, bytes) in bits.iter_mut().zip(bytes.as_chunks::<8>().0) {
                *bits = u64::from_le_bytes(*bytes);
            }
        }
    }

    /// Goes on behind the next so many times 64 bits.
    fn skip(&mut self, count: usize) {
        self.0.set_word_pos(self.0.get_word_pos() + 2 * count as u128);
    }

    /// A number below `bound`, each equally likely (Lemire, 2019, without the rejection: the bias
    /// is below 2⁻³²).
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.0.next_u64()) * bound as u128) >> 64) as usize
    }

    /// Puts the items in a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_specification_and_a_clone_goes_on_with_them() {
        // From rand_chacha 0.9.
        let expected = [0xb07b_7523_87cf_e4d6, 0xca69_68a8_50d0_c6b1, 0xb383_701c_5611_01fe];
        let mut generator = Generator::stream(7, 5);
        assert_eq!(generator.0.next_u64(), expected[0]);
        let mut clone = generator.clone();
        for number in &expected[1..] {
            assert_eq!([generator.0.next_u64(), clone.0.next_u64()], [*number; 2]);
        }
    }

    #[test]
    fn many_numbers_are_those_that_are_drawn_one_by_one() {
        use crate::kernels::unless_miri;
        for count in unless_miri([0, 1, 255, 257, 100_000], [0, 1, 3, 257, 300]) {
            let (mut one, mut many) = (Generator::stream(7, 5), Generator::stream(7, 5));
            // As of what layers draw that mix a seed of their own.
            assert_eq!(one.below(10), many.below(10));
            let drawn: Vec<f64> = (0..count).map(|_| one.normal()).collect();
            assert_eq!(many.normals_of::<f64>(count, 0.0, 1.0)[..], drawn);
            let drawn: Vec<f64> = (0..count).map(|_| one.uniform()).collect();
            assert_eq!(many.uniforms_of::<f64>(count, 0.0, 1.0)[..], drawn);
            let drawn: Vec<f32> =
                (0..count).map(|_| if one.uniform() < 0.75 { 0.0 } else { 4.0 }).collect();
            assert_eq!(many.drops::<f32>(count, 0.75)[..], drawn);
            assert_eq!(one.uniform(), many.uniform());
        }
    }
}
