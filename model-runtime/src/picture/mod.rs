//! Pictures of a model's graph, made of the constant alone: nothing but this crate is needed.

mod json;
mod layout;
mod scene;
mod svg;
mod text;

use std::path::Path;

use crate::weights::file;
use crate::{Error, Graph};

impl Graph {
    /// Draws the graph into a file, in the format that its name ends with: `.svg`, for browsers;
    /// `.dot` or `.gv`, for Graphviz; `.mmd`, for Mermaid; `.json`, as data. Shapes stand on the
    /// edges, without the sample axis; a shared layer is marked where it is called again; what is
    /// inside of a container or model is drawn where it is called first; so are loss terms, and
    /// layers that training updates. As Keras's
    /// [`plot_model`](https://keras.io/api/utils/model_plotting_utils/) with `show_shapes` and
    /// `expand_nested`.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    ///
    /// model! {
    ///     pub struct Net {
    ///         x = Input(4);
    ///         Dense(3, relu)(x)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let path = std::env::temp_dir().join("net.svg");
    /// Net::GRAPH.plot(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::File`], also for another ending.
    pub fn plot(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let text = match ending {
            "svg" => self.to_svg(),
            "dot" | "gv" => self.to_dot(),
            "mmd" => self.to_mermaid(),
            "json" => self.to_json(),
            _ => {
                let reason = "a picture's name ends in .svg, .dot, .gv, .mmd or .json";
                return Err(file::error(path, "write", reason));
            }
        };
        file::write(path, text.as_bytes())
    }

    /// The picture as SVG.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// model! { struct Net { x = Input(4); Dense(3, relu)(x) } }
    ///
    /// let svg = Net::GRAPH.to_svg();
    /// assert!(svg.starts_with("<svg") && svg.contains("Dense"));
    /// ```
    pub fn to_svg(&self) -> String {
        svg::svg(&scene::Scene::of(self))
    }

    /// The graph in the language of Graphviz.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// model! { struct Net { x = Input(4); Dense(3, relu)(x) } }
    ///
    /// let dot = Net::GRAPH.to_dot();
    /// assert!(dot.starts_with("digraph") && dot.contains("Dense"));
    /// ```
    pub fn to_dot(&self) -> String {
        text::dot(&scene::Scene::of(self))
    }

    /// The graph in the language of Mermaid, which many sites show inside of Markdown.
    pub fn to_mermaid(&self) -> String {
        text::mermaid(&scene::Scene::of(self))
    }

    /// The graph as JSON: the fields of [`Graph`], of its [ports](crate::graph::Port) and of its
    /// [calls](crate::graph::Call). A shape is an array, with `null` for any size; a source is
    /// `{"input": 0}`, `{"call": 2, "output": 0}` or `null`.
    pub fn to_json(&self) -> String {
        json::json(self)
    }
}
