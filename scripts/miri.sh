#!/usr/bin/env bash
# Runs the tests that reach `unsafe` code in Miri, which finds undefined behaviour and data races:
# https://github.com/rust-lang/miri. Needs a nightly toolchain with Miri, and installs none:
#
#   rustup toolchain install nightly --component miri,rust-src
#
# scripts/miri.sh [TOOLCHAIN]: `nightly` by default. Tests are smaller there, and work is divided
# from fewer numbers on: `unless_miri` in model-runtime/src/kernels/mod.rs.
set -euo pipefail
cd "$(dirname "$0")/.."
toolchain=${1:-nightly}

has() {
    cargo "+$toolchain" miri --version > /dev/null 2>&1 &&
        [ -d "$(rustc "+$toolchain" --print sysroot)/lib/rustlib/src/rust/library" ]
}
has || {
    echo "$toolchain has no Miri: rustup toolchain install $toolchain --component miri,rust-src" >&2
    exit 1
}

# The threads of the pool live as long as the program, which Miri takes for a leak.
export MIRIFLAGS="${MIRIFLAGS:-} -Zmiri-ignore-leaks"

# Runs the tests whose paths have one of these words, with features that the compiler takes for
# granted. libm finds roots in assembly, which Miri does not run.
run() { # features words …
    local features=$1
    shift
    printf '\n== %s: %s\n' "${features:-portable}" "$*"
    RUSTFLAGS=${features:+-C target-feature=$features} cargo "+$toolchain" miri test \
        -p model-runtime --lib --features libm/force-soft-floats -- "$@"
}

run "" kernels::engine kernels::sums kernels::threads stretched_values numbers_and_rows \
    kernels::extremes kernels::random what_is_lent inputs_that_are_read_where_they_stand
# Products and convolutions have kernels for AVX2, whose instructions Miri knows; tests run them
# beside the portable ones. It has no maximum of AVX-512.
run +avx2,+fma kernels::engine kernels::gemm_tests kernels::windows_tests::bits \
    kernels::windows_tests::convolutions before_pooling_tests::bits_do
