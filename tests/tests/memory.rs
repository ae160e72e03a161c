//! Memory: what a step allocates once its shapes have been seen, and how much is held at once.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use model_runtime::prelude::*;
use ndarray::{ArrayD, Axis};
use tests::single::{given, input, output};

/// The system's allocator, which counts what is large and what is held.
struct Counting;

/// What is large, in bytes.
const LARGE: usize = 1024;
/// What `matrixmultiply` packs its factors into lies at such places: memory of its own, which does
/// not count.
const PACKED: usize = 32;

/// How many large blocks have been allocated, and how many bytes are held, now and at most.
static COUNT: AtomicUsize = AtomicUsize::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all is left to the system's allocator, which is given what it asks for.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(held, Relaxed);
        let counts = layout.size() >= LARGE && layout.align() != PACKED;
        COUNT.fetch_add(usize::from(counts), Relaxed);
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many large blocks `run` allocates.
fn large(run: impl FnOnce()) -> usize {
    let before = COUNT.load(Relaxed);
    run();
    COUNT.load(Relaxed) - before
}

/// How many bytes are held at most while `run` runs, beside those that were before.
fn most(run: impl FnOnce()) -> usize {
    let before = HELD.load(Relaxed);
    MOST.store(before, Relaxed);
    run();
    MOST.load(Relaxed) - before
}

model! {
    pub struct Mlp {
        x = Input(784);
        x = Dense(64, relu)(x);
        x = Dropout(0.1)(x);
        Dense(10, softmax)(Dense(64, gelu, kernel_regularizer = l2(1e-4))(x))
    }

    pub struct Convnet {
        image = Input(12, 12, 3);
        x = MaxPooling2D(2)(Conv2D(8, 3, padding = same, activation = relu)(image));
        x = BatchNormalization()(Conv2D(16, 3, activation = elu)(x));
        x = DepthwiseConv2D(1, depth_multiplier = 2)(x);
        x = Conv2D(16, 1, groups = 2)(x);
        x = UpSampling2D(2)(AveragePooling2D(2)(x));
        Dense(10, softmax)(Flatten()(Conv2DTranspose(4, 3, strides = 2)(x)))
    }

    /// Many channels of normalisation, many phases of strides, values that are stretched and cut.
    pub struct Wide {
        image = Input(8, 8, 3);
        x = BatchNormalization()(Conv2D(136, 1)(image));
        x = GroupNormalization(groups = 8)(x) * sum(x, axis = -1, keepdims = true);
        x = Conv2D(8, 4, strides = 4)(logsumexp(x, axis = 1, keepdims = true) + x);
        x = BatchNormalization(axis = 1)(Conv2DTranspose(4, 4, strides = 4)(x));
        Dense(10, softmax)(Flatten()(x[(1.., ..7)]))
    }

    pub struct Recurrent {
        steps = Input(9, 8);
        x = LSTM(16, return_sequences = true)(steps);
        Dense(10, softmax)(GRU(16)(x))
    }

    pub struct Transformer {
        x = Input(9, 32);
        x = LayerNormalization()(x + MultiHeadAttention(4, 8, use_bias = false)(x, x));
        x = LayerNormalization()(x + Dense(32)(Dense(64, relu)(x)));
        Dense(10, softmax)(GlobalAveragePooling1D()(x))
    }
}

// What is masked, looked up, drawn and reduced in other ways.
model! {
    pub struct Masked {
        steps = Input(24, dtype = int32);
        x = Embedding(50, 64, mask_zero = true)(steps);
        x = GaussianNoise(0.1)(BatchNormalization()(x));
        x = LSTM(8, dropout = 0.1, return_sequences = true)(x);
        x = MultiHeadAttention(2, 8)(x, x) + Attention()(x, x, use_causal_mask = true);
        x = LayerNormalization()(AdditiveAttention()(x, x));
        Dense(10, softmax)(GlobalAveragePooling1D()(x))
    }

    pub struct Drawn {
        x = Input(16, 24);
        x = UnitNormalization()(Masking(2.0)(SpatialDropout1D(0.1)(x)));
        x = Conv1D(32, 3, groups = 2)(GaussianDropout(0.1)(drop_mask(x)));
        top = max(x, axis = 1) + min(x, axis = 1);
        x = Concatenate()([top, sort(x, axis = 1)[(3, ..)], GlobalMaxPooling1D()(x)]);
        x = where(greater(x, 0), x, stop_gradient(x) * 0.1) + one_hot(argmax(x), 96);
        Dense(10, softmax)(take(cumsum(x, axis = 1), arange(40), axis = 1))
    }
}

model! {
    pub struct Deep {
        x = Input(256);
        for _ in 0..24 { x = Dense(256, relu)(x); }
        x
    }
}

/// Numbers in the shape of so many samples of the model's input.
fn inputs(net: &impl Model, samples: usize) -> ArrayD<Float> {
    let input = net.graph().inputs[0].value;
    let mut i = 0.0;
    ArrayD::from_shape_simple_fn(input.shape.with_first(samples).dims(), || {
        i += 1.0;
        if input.kind == Kind::Index { i as Float % 50.0 } else { (i * 0.7f64).sin() as Float }
    })
}

fn labels(samples: usize) -> ArrayD<Float> {
    ArrayD::from_shape_fn(vec![samples], |i| (i[0] % 10) as Float)
}

/// With batches so many times larger than what is small enough to stay on one thread.
fn nothing_large_is_allocated<M: Functional>(net: M, times: usize) -> Result<(), Error> {
    // A step lists its weights, in a block that grows, and its gradients.
    let weights = net.parameters().len();
    let lists = 3 * [12, 16, 32].iter().filter(|&&few| weights > few).count();
    let name = net.graph().name;
    let (x, y) = (inputs(&net, 40 * times), labels(40 * times));
    let mut found = ArrayD::default(vec![0]);
    let mut trainer =
        net.compile(Adam::new(1e-3), given::<M, _>("sparse_categorical_crossentropy"))?;
    let parts = || [(0, 16), (16, 24), (24, 40)].into_iter();
    let mut steps = || -> Result<(), Error> {
        for (from, to) in parts().map(|(from, to)| (from * times, to * times)) {
            let [x, y] = [&x, &y].map(|all| all.slice_axis(Axis(0), (from..to).into()));
            trainer.train_on_batch(input::<M>(&x), given::<M, _>(&y))?;
            trainer.predict_on_batch_into(input::<M>(&x), output::<M, _>(&mut found))?;
        }
        Ok(())
    };
    // An array is replaced where its shape is another one.
    let replaced = 3 * usize::from(16 * times * 10 * size_of::<Float>() >= LARGE);
    // The pool has seen all shapes after some rounds; that of a thread which seldom finds the time
    // to help, after some more.
    let mut counts = Vec::new();
    for _ in 0..50 {
        counts.push(large(|| steps().expect("as before")));
        if counts.len() > 5 && counts[counts.len() - 2..].iter().all(|&n| n <= replaced + lists) {
            return Ok(());
        }
    }
    panic!("{name}: {counts:?} large blocks in one round after the other");
}

fn memory_is_flat(steps: usize) -> Result<(), Error> {
    let net = Mlp::new(0);
    let (x, y) = (inputs(&net, 8), labels(8));
    let mut trainer = net.compile(Adam::new(1e-3), "sparse_categorical_crossentropy")?;
    for _ in 0..10 {
        trainer.train_on_batch(&x, &y)?;
    }
    let before = HELD.load(Relaxed);
    for _ in 0..steps {
        trainer.train_on_batch(&x, &y)?;
    }
    let after = HELD.load(Relaxed);
    assert!(after < before + LARGE, "{before} bytes before, {after} after");
    Ok(())
}

/// A prediction of many layers holds few of their values at once.
fn depth_needs_no_memory() -> Result<(), Error> {
    const SAMPLES: usize = 256;
    let net = Deep::new(0);
    let x = inputs(&net, SAMPLES);
    let mut y = net.predict_on_batch(&x)?;
    let value = SAMPLES * 256 * size_of::<Float>();
    // A thread of its own has a pool of its own, which is empty.
    let held = std::thread::scope(|scope| {
        let predict = || most(|| net.predict_on_batch_into(&x, &mut y).expect("a prediction"));
        scope.spawn(predict).join().expect("no panic")
    });
    assert!(held > value && held < 8 * value, "{held} bytes, where a value has {value}");
    Ok(())
}

/// Inputs are read where they stand, and outputs written where the caller has them.
fn predictions_allocate_what_is_handed_out() -> Result<(), Error> {
    const SAMPLES: usize = 512;
    let net = model! { x = Input(256); Rescaling(2)(x) };
    let x = inputs(&net, SAMPLES);
    let mut y = ArrayD::zeros(x.shape());
    let mut count = || large(|| net.predict_on_batch_into(&x, &mut y).expect("a prediction"));
    let counts = [(); 6].map(|()| count());
    assert_eq!(counts[2..], [0; 4], "{counts:?}");
    assert_eq!(y, &x * 2.0);
    let count = || large(|| assert_eq!(net.predict_on_batch(&x).expect("a prediction"), y));
    assert_eq!([(); 4].map(|()| count())[2..], [1; 2]);
    Ok(())
}

// What is measured is that of the whole program, so that nothing may run beside it.
#[test]
fn memory_is_used_again() -> Result<(), Error> {
    for (threads, times, few) in [(1, 1, 1), (4, 8, 2)] {
        model_runtime::set_threads(threads);
        nothing_large_is_allocated(Mlp::new(0), times)?;
        nothing_large_is_allocated(Convnet::new(0), times)?;
        nothing_large_is_allocated(Wide::new(0), few)?;
        nothing_large_is_allocated(Recurrent::new(0), times)?;
        nothing_large_is_allocated(Transformer::new(0), times)?;
        nothing_large_is_allocated(Masked::new(0), few)?;
        nothing_large_is_allocated(Drawn::new(0), few)?;
    }
    depth_needs_no_memory()?;
    predictions_allocate_what_is_handed_out()?;
    // `MEMORY_STEPS=100000`, in release, takes a minute and a half.
    let steps = std::env::var("MEMORY_STEPS").map(|steps| steps.parse().expect("a number"));
    memory_is_flat(steps.unwrap_or(300))
}
