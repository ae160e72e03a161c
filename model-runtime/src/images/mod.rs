//! Images as PNG files, without any outside tool: the [feature](crate#features) `images`.

#[cfg(feature = "images")]
mod grid;

#[cfg(feature = "images")]
pub use grid::save_grid;
