//! A small transformer that learns to write like the book of Genesis, character by character:
//! `cargo run --release --example transformer`.

use examples::{Text, bits_by_counting, pieces};
use model_runtime::prelude::*;
use ndarray::{Array2, s};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const CHARACTERS: usize = 60;
/// The longest piece of text that the model sees.
const LENGTH: usize = 64;

model! {
    const WIDTH: usize = 64;
    const HEADS: usize = 4;

    /// Looks at what came before, then works on each position; both are added to what was there.
    fn block(x) {
        h = LayerNormalization()(x);
        x = x + MultiHeadAttention(HEADS, WIDTH / HEADS)(h, h, use_causal_mask = true);
        h = Dense(4 * WIDTH, gelu)(LayerNormalization()(x));
        x + Dropout(0.1)(Dense(WIDTH)(h))
    }

    /// For each character of a text, how likely each character is to come next.
    pub struct Writer {
        text = Input(_, dtype = int32);
        x = Embedding(CHARACTERS, WIDTH)(text);
        x = x + PositionEmbedding(LENGTH)(x);
        for _ in 0..3 { x = block(x); }
        next = Dense(CHARACTERS, softmax)(LayerNormalization()(x));
    }
}

fn main() -> Result<(), Error> {
    let text = Text::load();
    let net = Writer::new(0);
    println!("{}", net.summary());

    let mut trainer = net.compile(Adam::new(2e-3), SparseCategoricalCrossentropy::new())?;
    let (x, y) = pieces(&text.train, LENGTH, LENGTH / 4);
    let validation = pieces(&text.validation, LENGTH, LENGTH);
    for (epochs, rate) in [(2, 2e-3), (1, 5e-4)] {
        trainer.set_learning_rate(rate)?;
        let fit = Fit::epochs(epochs).validation_data(&validation.0, &validation.1);
        trainer.fit(&x, &y, fit)?;
    }

    println!("{}", write(&trainer, &text, "And it came to pass", 300)?);
    let bits = bits(&trainer, &text.test)?;
    let counting = |order| bits_by_counting(&text.train, &text.test, order, CHARACTERS);
    println!("test bits per character {bits:.2} (trigram {:.2})", counting(2));
    Ok(())
}

/// The mean number of bits that a character of `text` takes, if the model has seen at least half of
/// a piece before it.
fn bits(trainer: &Trainer<Writer>, text: &[usize]) -> Result<f64, Error> {
    let half = LENGTH / 2;
    let (x, y) = pieces(text, LENGTH, half);
    let next = trainer.predict(&x)?;
    let y = y.slice(s![.., half..]);
    let bits = y
        .indexed_iter()
        .map(|((i, t), &character)| -f64::from(next[[i, half + t, character as usize]]).log2());
    Ok(bits.sum::<f64>() / y.len() as f64)
}

/// Goes on writing after `start`, each character drawn by how likely the model finds it.
fn write(
    trainer: &Trainer<Writer>,
    text: &Text,
    start: &str,
    count: usize,
) -> Result<String, Error> {
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let number = |c| text.alphabet.binary_search(&c).expect("a character of the text") as i32;
    let mut written: Vec<i32> = start.chars().map(number).collect();
    for _ in 0..count {
        let seen = &written[written.len().saturating_sub(LENGTH)..];
        let seen = Array2::from_shape_vec((1, seen.len()), seen.to_vec()).expect("one row");
        let next = trainer.predict(&seen)?;
        let mut rest: Float = random.random();
        let draw = next.slice(s![0, -1, ..]).iter().position(|p| {
            rest -= p;
            rest < 0.0
        });
        written.push(draw.unwrap_or(0) as i32);
    }
    Ok(written.into_iter().map(|c| text.alphabet[c as usize]).collect())
}
