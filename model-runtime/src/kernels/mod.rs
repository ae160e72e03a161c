//! What is called with raw slices and must be fast. The only room in which `unsafe` may stand.

pub(crate) mod ctc;
pub(crate) mod depthwise;
pub(crate) mod engine;
pub(crate) mod extremes;
pub(crate) mod functions;
pub(crate) mod gemm;
#[cfg(test)]
mod gemm_tests;
pub(crate) mod lent;
pub(crate) mod micro;
pub(crate) mod normalize;
mod pack;
pub(crate) mod parts;
mod phases;
pub(crate) mod pooling;
mod product;
pub(crate) mod random;
mod seen;
pub(crate) mod softmax;
pub(crate) mod sums;
pub(crate) mod threads;
pub(crate) mod windows;
#[cfg(test)]
mod windows_tests;

/// `all`, or `few` under Miri, which takes thousands of times as long: from where on work is
/// divided, and the sizes of tests and how many cases they draw, so that theirs is divided, too.
pub(crate) const fn unless_miri<T: Copy>(all: T, few: T) -> T {
    if cfg!(miri) { few } else { all }
}

/// Defines functions that are compiled once for each [engine](engine::Engine); a call takes the one
/// of [`engine::engine`].
///
/// Only what is inlined into them uses the engine's instructions: what a loop calls must be
/// `#[inline(always)]` or tiny, and no closure. The compiler fuses no multiplication with an
/// addition, and sums are written as several sums side by side, in an order that the source fixes:
/// such loops have the same bits on all engines. The constant `FUSED` is whether the engine has the
/// instruction for both, for [functions] that gain by it and differ in last digits.
///
/// `in (rows)` after the arguments says that each of so many rows is worked on alone, so that
/// several threads may share them. Which arguments are cut, and how, says
/// [`Argument`](parts::Argument).
macro_rules! kernel {
    (@cut [] $whole:ident ($($arg:ident),*)) => {};
    (@cut [$rows:expr] $whole:ident ($($arg:ident),*)) => {
        let rows: usize = $rows;
        let numbers = 0 $(+ $crate::kernels::parts::Argument::numbers(&$arg))*;
        if let Some(parts) = $crate::kernels::parts::Parts::new(rows, numbers) {
            $(let $arg = $crate::kernels::parts::Argument::share($arg);)*
            return parts.each(|some| {
                // SAFETY: what is shared stays borrowed, and no two parts have the same rows.
                $whole($(unsafe {
                    $crate::kernels::parts::Argument::part($arg, &some, rows)
                }),*);
            });
        }
    };
    ($(
        $(#[$meta:meta])*
        $vis:vis fn $name:ident<$t:ident: $bound:path>(
            $($arg:ident: $ty:ty),* $(,)?
        ) $(in ($rows:expr))? $(-> $out:ty)? $body:block
    )*) => {$(
        $(#[$meta])*
        $vis fn $name<$t: $bound>($($arg: $ty),*) $(-> $out)? {
            $(#[$meta])*
            fn whole<$t: $bound>($($arg: $ty),*) $(-> $out)? {
                #[inline(always)]
                $(#[$meta])*
                fn body<$t: $bound, const FUSED: bool>($($arg: $ty),*) $(-> $out)? $body

                #[cfg(target_arch = "x86_64")]
                {
                    #[target_feature(enable = "avx2,fma")]
                    $(#[$meta])*
                    fn avx2<$t: $bound>($($arg: $ty),*) $(-> $out)? {
                        body::<$t, true>($($arg),*)
                    }

                    #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,fma")]
                    $(#[$meta])*
                    fn avx512<$t: $bound>($($arg: $ty),*) $(-> $out)? {
                        body::<$t, true>($($arg),*)
                    }

                    match $crate::kernels::engine::engine() {
                        $crate::kernels::engine::Engine::Portable => {}
                        $crate::kernels::engine::Engine::Avx2 => {
                            // SAFETY: the engine is one whose instructions the processor has.
                            return unsafe { avx2($($arg),*) };
                        }
                        $crate::kernels::engine::Engine::Avx512 => {
                            // SAFETY: the same.
                            return unsafe { avx512($($arg),*) };
                        }
                    }
                }
                body::<$t, false>($($arg),*)
            }

            $crate::kernels::kernel!(@cut [$($rows)?] whole($($arg),*));
            whole($($arg),*)
        }
    )*};
}
pub(crate) use kernel;
