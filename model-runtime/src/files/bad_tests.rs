//! The table of bad files in the guide is what is said of them.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::*;
use crate::Error;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn npy(shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), &[0; 8]].concat()
}

fn npz(npy: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("x.npy", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(npy).unwrap();
    archive.finish().unwrap().into_inner()
}

fn safetensors(header: &str) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 4]].concat()
}

crate::model! {
    struct Net {
        x = Input(1);
        Dense(1, use_bias = false)(x)
    }
}

fn weights(path: &Path) -> Result<(), Error> {
    crate::Model::load_weights(&Net::new(0), path)
}

/// What each file is, what reads it, its bytes, and how.
type Bad = (&'static str, &'static str, Vec<u8>, fn(&Path) -> Result<(), Error>);

fn all() -> Vec<Bad> {
    let idx = |path: &Path| read_idx(path).map(drop);
    let few = |path: &Path| read_idx_with(path, 1 << 20).map(drop);
    let read_npy = |path: &Path| load_npy(path).map(drop);
    let read_npz = |path: &Path| load_npz(path).map(drop);
    let few_npz = |path: &Path| load_npz_with(path, 1 << 20).map(drop);
    let csv = |path: &Path| read_csv(path).map(drop);
    let cells = |path: &Path| read_csv(path)?.to_array().map(drop);
    // 4 MB of zeros, in 4 KB.
    let mut idx_bomb = vec![0, 0, 8, 1, 0, 0x40, 0, 0];
    idx_bomb.resize(8 + (1 << 22), 0);
    let mut npz_bomb = npy("(1048577,)");
    npz_bomb.resize(npz_bomb.len() - 8 + 4 * 1_048_577, 0);
    let array = |shape: &str, end: u64| {
        let entry = format!(r#""dtype":"F32","shape":{shape},"data_offsets":[0,{end}]"#);
        format!(r#"{{"dense.kernel":{{{entry}}}}}"#)
    };
    vec![
        ("numbers that are not there", "read_idx", vec![0, 0, 8, 1, 255, 255, 255, 255, 1], idx),
        ("a gzip bomb that lies", "read_idx", gzip(&[0, 0, 8, 1, 255, 255, 255, 255, 1]), idx),
        ("a gzip bomb", "read_idx_with(path, 1 << 20)", gzip(&idx_bomb), few),
        ("2^40 numbers", "load_npy", npy("(1099511627776,)"), read_npy),
        ("2^40 by 2^40 numbers", "load_npy", npy("(1099511627776, 1099511627776)"), read_npy),
        ("a text", "load_npy", b"x,y\n1,2\n".to_vec(), read_npy),
        ("a zip bomb that lies", "load_npz", npz(&npy("(1099511627776,)")), read_npz),
        ("a zip bomb", "load_npz_with(path, 1 << 20)", npz(&npz_bomb), few_npz),
        ("an archive that is cut off", "load_npz", npz(&npy("(2,)"))[..40].to_vec(), read_npz),
        ("rows of different lengths", "read_csv", b"x,y\n1\n".to_vec(), csv),
        ("a word for a number", "Table::to_array", b"x,y\n1,two\n".to_vec(), cells),
        ("a header of 2^63 bytes", "load_weights", [&[0; 7][..], &[128]].concat(), weights),
        ("arrays outside of the file", "load_weights", safetensors(&array("[1]", 8)), weights),
        ("another number of bytes", "load_weights", safetensors(&array("[2]", 4)), weights),
        ("no JSON", "load_weights", safetensors("{{{{{{{{{{{"), weights),
    ]
}

#[test]
fn the_table_says_what_is_said() {
    let folder = std::env::temp_dir().join(format!("bad-files-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("file");
    let mut table =
        String::from("| a file with | read by | is an error that says |\n|---|---|---|\n");
    for (what, reader, bytes, read) in all() {
        assert!(bytes.len() < 8192, "{what}: a bad file is small");
        fs::write(&path, bytes).unwrap();
        let said = read(&path).expect_err(what).to_string();
        let said = said.replace(&format!("`{}`", path.display()), "`file`");
        let line = said.lines().next().unwrap_or_default().replace('|', "\\|").replace('[', "\\[");
        table += &format!("| {what} | `{reader}` | {line} |\n");
    }
    fs::remove_dir_all(&folder).unwrap();
    let page = [env!("CARGO_MANIFEST_DIR"), "docs/guide/bad_files.md"]
        .iter()
        .collect::<std::path::PathBuf>();
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        fs::write(&page, &table).unwrap();
    }
    assert_eq!(fs::read_to_string(&page).unwrap_or_default(), table, "UPDATE_GUIDE=1 writes it");
}
