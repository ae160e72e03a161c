use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

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
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of the standard normal distribution (Box and Muller, 1958). `libm` computes the
    /// same everywhere, std need not.
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        radius * libm::cos(2.0 * core::f64::consts::PI * self.uniform())
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
}
