use ndarray::{Array1, array};

use super::*;

fn decode_all(bytes: &[u8]) -> Result<Vec<(String, Npy)>, String> {
    super::decode_all(bytes, MOST_NUMBERS)
}

fn archive(method: zip::CompressionMethod, npy: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    archive.start_file("x.npy", options).unwrap();
    archive.write_all(npy).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn arrays_are_read_by_name_compressed_or_not() {
    let npy = encode(&Data::from(&array![1.0, 2.0]));
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        let whole = archive(method, &npy);
        let arrays = decode_all(&whole).unwrap();
        assert_eq!(arrays[0].0, "x");
        assert_eq!(arrays[0].1.array, array![1.0, 2.0].into_dyn());
        for length in 0..whole.len() {
            assert!(decode_all(&whole[..length]).is_err(), "{length}");
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            let _ = decode_all(&changed);
        }
    }
}

#[test]
fn no_more_is_unpacked_than_the_header_says() {
    let mut bomb = encode(&Data::from(&array![1.0, 2.0]));
    bomb.extend(vec![0; 10_000_000]);
    let said = decode_all(&archive(zip::CompressionMethod::Deflated, &bomb)).unwrap_err();
    assert!(said.starts_with("of its array `x`: its header says the shape [2]"), "{said}");
    // What is said is true, but more than anybody has asked for.
    let honest = encode(&Data::from(&Array1::<f32>::zeros(1 << 20)));
    let honest = archive(zip::CompressionMethod::Deflated, &honest);
    let said = super::decode_all(&honest, 1000).unwrap_err();
    let expected = "of its array `x`: it is compressed and has 1048576 numbers, but at most 1000 \
                    are read";
    assert!(honest.len() < 20_000 && said == expected, "{said}");
    let zeros = encode(&Data::from(&Array1::<f32>::zeros(1000)));
    let text = String::from_utf8_lossy(&zeros[..80]).replace("(1000, )", "(9999999999999, )");
    let mut liar = zeros[..10].to_vec();
    liar.extend(text.as_bytes().iter().skip_while(|byte| **byte != b'{'));
    let said = decode_all(&archive(zip::CompressionMethod::Deflated, &liar)).unwrap_err();
    assert!(said.starts_with("of its array `x`: "), "{said}");
}

#[test]
fn two_arrays_of_one_name_are_refused() {
    let path = std::env::temp_dir().join(format!("twice-{}.npz", std::process::id()));
    let (a, b) = (array![1.0], array![2.0]);
    let said = save_npz(&path, [("x", &a), ("x", &b)]).unwrap_err().to_string();
    assert!(said.starts_with("could not write"), "{said}");
    assert!(!path.exists());
}
