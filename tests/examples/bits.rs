//! Prints what the bits of some trainings come to, to be compared with another build's.

fn main() -> Result<(), model_runtime::Error> {
    for line in tests::bits::lines()? {
        println!("{line}");
    }
    Ok(())
}
