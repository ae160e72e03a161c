#!/usr/bin/env bash
# How long `cargo check` takes after an edit of one layer: models of 1, 10, 100 and 1,000 layers, whose
# sizes the macro knows, and of 100 layers, whose sizes are left to rustc.
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
model-runtime = { path = "$root/model-runtime" }
[workspace]
END
cp "$root/Cargo.lock" "$crate/"

model() { # layers, size of the input, size of the edited layer
    echo "#![allow(dead_code)]"
    echo "use model_runtime::prelude::*; const SIZE: usize = 64;"
    echo "model! { pub struct Net { x = Input($2);"
    echo "x = Dense($3, relu)(x);"
    for ((i = 1; i < $1; i++)); do echo "x = Dense(64, relu)(x);"; done
    echo "x } } fn main() {}"
}

for case in "1 64" "10 64" "100 64" "1000 64" "100 SIZE"; do
    read -r layers size <<< "$case"
    model "$layers" "$size" 64 > "$crate/src/main.rs"
    cargo check --quiet --manifest-path "$crate/Cargo.toml" 2> /dev/null
    model "$layers" "$size" 65 > "$crate/src/main.rs"
    start=$(date +%s%N)
    cargo check --quiet --manifest-path "$crate/Cargo.toml" 2> /dev/null
    printf '%5s layers, Input(%s): %5s ms\n' "$layers" "$size" $((($(date +%s%N) - start) / 1000000))
done
