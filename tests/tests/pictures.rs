//! Pictures of graphs: nothing is left out, nothing overlaps, and other programs can read them.

use model_runtime::Callee;
use model_runtime::graph::Call;
use model_runtime::prelude::*;
use serde_json::Value as Json;
use tests::folder::Folder;

model! {
    const WIDTH: usize = 16;

    fn block(x, filters) {
        y = Conv2D(filters, 3, padding = same)(x);
        y = relu(BatchNormalization()(y));
        relu(Conv2D(filters, 3, padding = same)(y) + x)
    }

    /// Everything that a picture can hold.
    pub struct Everything {
        left = Input(8, 8, 3);
        right = Input(8, 8, 3);
        encoder = Container(|image| {
            x = Conv2D(WIDTH, 3, padding = same)(image);
            x = block(x, WIDTH);
            inner = Container(|a, b| { c = Concatenate()([a, b]); (Dense(4)(c), c[(.., .., 0)]) });
            (y, z) = inner(x, x);
            (y, z)
        });
        (a, first) = encoder(left);
        (b, second) = encoder(right);
        distance = mean(square(a - b), axis = (1, 2));
        add_loss("far", mean(distance));
        add_metric("norm", norm(first * 2 + second));
        (out, h, c) = LSTM(5, return_state = true)(Reshape((64, 4))(a));
        same = Dense(1, sigmoid)(Concatenate()([out, h, c, distance]));
        (same, distance)
    }
}

/// What stands between `<tag …>` and `</tag>`.
fn texts<'a>(svg: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag} "), format!("</{tag}>"));
    let parts = svg.split(&open).skip(1);
    parts.filter_map(|part| part.split_once('>')?.1.split_once(&close)).map(|p| p.0).collect()
}

#[test]
fn a_picture_says_all_that_there_is() {
    let svg = Everything::GRAPH.to_svg();
    let texts = texts(&svg, "text");
    for text in ["left", "right", "encoder", "inner", "conv2d", "lstm", "add_loss", "add_metric"] {
        assert!(texts.contains(&text) || texts.iter().any(|t| t.starts_with(text)), "{text}");
    }
    for text in
        ["Container, shared, updated", "(8, 8, 16)", "(8, 8, 3)", "far", "norm", "same", "slice"]
    {
        assert!(texts.contains(&text), "{text} is not in {texts:?}");
    }
    assert!(texts.contains(&"BatchNormalization, 64, updated"), "{texts:?}");
    // What is inside of the container is drawn once.
    assert_eq!(texts.iter().filter(|text| **text == "inner").count(), 1);
}

/// The number of this attribute.
fn number(element: &str, name: &str) -> f64 {
    let rest = element.split(&format!(" {name}=\"")).nth(1).unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn no_text_leaves_its_place_or_meets_another() {
    let svg = Everything::GRAPH.to_svg();
    let (width, height) = (number(&svg, "width"), number(&svg, "height"));
    let mut boxes: Vec<[f64; 4]> = Vec::new();
    for part in svg.split("<text ").skip(1) {
        let (element, rest) = part.split_once('>').unwrap();
        let element = format!(" {element}");
        let text = rest.split('<').next().unwrap();
        // Letters are 7.2 wide and 12 high at most.
        let wide = 7.2 * text.chars().count() as f64;
        let x = number(&element, "x");
        let left = if element.contains("\"middle\"") { x - wide / 2.0 } else { x };
        let y = number(&element, "y");
        boxes.push([left, y - 9.0, left + wide, y + 3.0]);
    }
    assert!(boxes.len() > 40);
    for (i, a) in boxes.iter().enumerate() {
        assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= width && a[3] <= height, "{a:?}");
        for b in &boxes[i + 1..] {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{a:?} {b:?}");
        }
    }
}

#[test]
fn names_are_escaped() {
    let graph = Graph { name: "a<b & \"c\"", inputs: &[], outputs: &[], calls: &[] };
    assert!(graph.to_svg().contains("<title>a&lt;b &amp; &quot;c&quot;</title>"));
    let json: Json = serde_json::from_str(&graph.to_json()).unwrap();
    assert_eq!(json["name"], "a<b & \"c\"");
}

#[test]
fn json_has_the_whole_graph() {
    let graph = Everything::GRAPH;
    let json: Json = serde_json::from_str(&graph.to_json()).unwrap();
    assert_eq!(json["inputs"][1]["value"]["shape"], serde_json::json!([8, 8, 3]));
    let calls = json["calls"].as_array().unwrap();
    assert_eq!(calls.len(), graph.calls.len());
    for (found, call) in calls.iter().zip(graph.calls) {
        assert_eq!(found["inputs"].as_array().unwrap().len(), call.inputs.len());
        assert_eq!(found["parameters"].as_u64().map(|n| n as usize), call.parameters);
    }
    let encoder = &calls[0];
    assert_eq!(encoder["kind"], "model");
    assert_eq!(encoder["field"], "encoder");
    assert_eq!(encoder["updates"], true);
    let inner = encoder["graph"]["calls"].as_array().unwrap().last().unwrap();
    assert_eq!(inner["graph"]["outputs"][0]["value"]["shape"], serde_json::json!([8, 8, 4]));
    assert_eq!(inner["inputs"][0], inner["inputs"][1]);
}

#[test]
fn every_box_and_edge_is_in_the_languages_of_other_programs() {
    let graph = Everything::GRAPH;
    for text in [graph.to_dot(), graph.to_mermaid()] {
        let open = if text.starts_with("digraph") { "subgraph cluster_" } else { "subgraph n" };
        assert_eq!(text.matches(open).count(), 2);
        assert_eq!(text.matches("Container, shared").count(), 1);
        let edges = text.matches("->").count();
        let inside = |graph: &Graph| graph.calls.iter().map(|c| c.inputs.len()).sum::<usize>();
        let all = |graph: &Graph| inside(graph) + graph.outputs.len();
        let model = |call: &Call| match call.callee {
            Callee::Model { graph, .. } => graph,
            other => panic!("{other:?} is no model"),
        };
        let encoder = model(&graph.calls[0]);
        let inner = model(&encoder.calls[encoder.calls.len() - 1]);
        assert_eq!(edges, all(&graph) + all(encoder) + all(inner), "{text}");
    }
}

#[test]
fn names_of_terms_are_text_in_every_language() {
    model! {
        struct Odd {
            x = Input(2);
            add_loss("a<b>&\"c\" #1;\\n", mean(x));
            Dense(1)(x)
        }
    }
    let graph = Odd::GRAPH;
    let name = "a<b>&\"c\" #1;\\n";
    let mermaid = r#"{{"a#lt;b#gt;#amp;#quot;c#quot; #35;1;\n<br>add_loss"}}"#;
    assert!(graph.to_mermaid().contains(mermaid), "{}", graph.to_mermaid());
    let dot = r#"[label="a<b>&\"c\" #1;\\n\nadd_loss", "#;
    assert!(graph.to_dot().contains(dot), "{}", graph.to_dot());
    let svg = "a&lt;b&gt;&amp;&quot;c&quot; #1;\\n";
    assert!(
        graph.to_svg().replace("\"c\" #", "&quot;c&quot; #").contains(svg),
        "{}",
        graph.to_svg()
    );
    let json: Json = serde_json::from_str(&graph.to_json()).expect("JSON");
    assert_eq!(json["calls"][1]["name"], name);
}

#[test]
fn a_file_is_in_the_format_of_its_name() {
    let folder = Folder::new("pictures");
    for (name, start) in
        [("a.svg", "<svg"), ("a.dot", "digraph"), ("a.mmd", "flowchart"), ("a.json", "{")]
    {
        Everything::GRAPH.plot(folder.0.join(name)).unwrap();
        assert!(std::fs::read_to_string(folder.0.join(name)).unwrap().starts_with(start));
    }
    let error = Everything::GRAPH.plot(folder.0.join("a.png")).unwrap_err().to_string();
    assert!(error.contains(".svg, .dot, .gv, .mmd or .json"), "{error}");
}

#[test]
fn pictures_of_the_docs_load_nothing_from_elsewhere() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/pictures");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of pictures") {
        let path = entry.expect("a name").path();
        if path.extension().is_some_and(|extension| extension == "svg") {
            let svg = std::fs::read_to_string(&path).expect("text");
            // Parts of the picture itself have a `#`.
            for loads in ["@import", "@font-face", "<script", "<image", "url(h", "url('", "url(\""]
            {
                assert!(!svg.contains(loads), "{}: {loads}", path.display());
            }
            seen += 1;
        }
    }
    assert!(seen >= 4);
}
