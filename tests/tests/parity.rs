//! Layers, losses, metrics and optimizers compute what Keras does.

use tests::parity::{self, Errors};

#[test]
fn every_case_of_the_reference_is_as_in_keras() {
    let families = parity::run().expect("the reference can be read");
    let mut wrong = Vec::new();
    println!("{:16} {:>5}  {:>9}  {:>9}", "family", "cases", "forward", "gradient");
    for family in &families {
        let Errors { forward, gradient } = family.worst();
        let gradient = gradient.map_or("-".to_owned(), |gradient| format!("{gradient:.1e}"));
        println!("{:16} {:5}  {forward:9.1e}  {gradient:>9}", family.name, family.cases.len());
        for case in &family.cases {
            if !case.is_close() {
                let what = format!("{}: {} {}", family.name, case.name, case.args);
                wrong.push(format!("{what}: {:?}", case.result));
            }
        }
    }
    let cases: usize = families.iter().map(|family| family.cases.len()).sum();
    println!("{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases >= 800, "cases are missing");
}
