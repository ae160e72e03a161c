#!/usr/bin/env bash
# What a crate that depends on model-runtime costs: to build, to build again after an edit of its model,
# and to start. Each line has seconds of the clock and of the processors; the second number is the
# steadier one where the machine does other things as well.
#
# scripts/compile_time.sh [FEATURES]: with these features of model-runtime, such as plot,npz or full.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
crate=$(mktemp -d)
trap 'rm -rf "$crate"' EXIT
mkdir "$crate/src"
cat > "$crate/Cargo.toml" <<END
[package]
name = "compile-time"
version = "0.0.0"
edition = "2024"
[dependencies]
model-runtime = { path = "$root/model-runtime", features = [$(sed 's/[^,]\+/"&"/g' <<< "${1:-}")] }
ndarray = "0.17"
[workspace]
END
cp "$root/Cargo.lock" "$root/rust-toolchain.toml" "$crate/"
cd "$crate"
unset CARGO_TARGET_DIR
TIMEFORMAT='%R s, %U s of the processors'

# A command once, quietly; what it says only where it fails.
once() {
    "$@" > log 2>&1 || { cat log >&2; return 1; }
}

network() { # size of the hidden layer
    cat > src/main.rs <<END
use model_runtime::prelude::*;
use ndarray::Array2;

model! {
    pub struct Net {
        x = Input(784);
        x = Dense($1, relu)(x);
        x = Dense(64, relu)(x);
        x = Dense(10, softmax)(x);
    }
}

fn main() -> Result<(), Error> {
    let (x, y) = (Array2::<f32>::ones((32, 784)), ndarray::Array1::<u8>::zeros(32));
    let mut trainer =
        Net::new(0).compile(Adam::new(1e-3), "sparse_categorical_crossentropy")?.with_metrics(["accuracy"])?;
    trainer.fit(&x, &y, Fit::epochs(1).verbose(0))?;
    println!("{}", trainer.evaluate(&x, &y)?["loss"]);
    Ok(())
}
END
}

layers() { # layers, size of the input, size of the edited layer
    {
        echo "#![allow(dead_code)]"
        echo "use model_runtime::prelude::*; const SIZE: usize = 64;"
        echo "model! { pub struct Net { x = Input($2);"
        echo "x = Dense($3, relu)(x);"
        for ((i = 1; i < $1; i++)); do echo "x = Dense(64, relu)(x);"; done
        echo "x } } fn main() {}"
    } > src/main.rs
}

# How long a command takes after an edit: the least of three.
edited() { # command …; `edit` writes the program with a size
    edit 64
    once "$@"
    for size in 65 66 67; do
        edit $size
        { time once "$@"; } 2>&1
    done | sort -n | head -1
}

network 64
printf 'cargo build --release, from nothing: '
{ time once cargo build --release; } 2>&1
size() { stat -c %s "$1" | awk '{ printf "%.1f MB", $1 / 1e6 }'; }
printf 'the program: %s' "$(size target/release/compile-time)"
strip -o stripped target/release/compile-time
printf ', stripped %s\n' "$(size stripped)"
printf 'from its start to the end of the first step, mean of 50: '
TIMEFORMAT='%R'
seconds=$({ time for _ in {1..50}; do target/release/compile-time > /dev/null; done; } 2>&1)
awk "BEGIN { printf \"%.1f ms\\n\", $seconds * 20 }"
TIMEFORMAT='%R s, %U s of the processors'

edit() { network "$1"; }
printf 'cargo build --release, after an edit: '
edited cargo build --release
printf 'cargo build, from nothing: '
{ time once cargo build; } 2>&1
printf 'cargo build, after an edit: '
edited cargo build
printf 'cargo check, after an edit: '
edited cargo check

# Sizes that the macro knows, and one that is left to rustc.
for case in "1 64" "10 64" "100 64" "1000 64" "100 SIZE"; do
    read -r count input <<< "$case"
    edit() { layers "$count" "$input" "$1"; }
    printf 'cargo check, %5s layers, Input(%s): ' "$count" "$input"
    edited cargo check
done
