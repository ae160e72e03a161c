use ndarray::{Array2, array};

use super::*;

fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(data);
    bytes
}

fn header(descr: &str, order: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n")
}

fn read(bytes: &[u8]) -> Result<Npy, String> {
    decode(bytes, Most { bytes: bytes.len() as u64, numbers: usize::MAX })
}

#[test]
fn numbers_of_every_type_become_floats() {
    let of = |descr: &str, data: &[u8]| read(&npy(&header(descr, "False", "(2,)"), data)).unwrap();
    let pair = array![-2.0, 1.0].into_dyn();
    let eight = |numbers: [f64; 2]| numbers.map(f64::to_le_bytes).concat();
    assert_eq!(of("<f8", &eight([-2.0, 1.0])).array, pair);
    assert_eq!(of(">f8", &[-2.0, 1.0].map(f64::to_be_bytes).concat()).array, pair);
    assert_eq!(of("<f4", &[-2.0, 1.0].map(f32::to_le_bytes).concat()).array, pair);
    assert_eq!(of("<f2", &[0, 0xc0, 0, 0x3c]).array, pair);
    assert_eq!(of("|i1", &[254, 1]).array, pair);
    assert_eq!(of(">i2", &[255, 254, 0, 1]).array, pair);
    assert_eq!(of("<i4", &[-2, 1].map(i32::to_le_bytes).concat()).array, pair);
    assert_eq!(of("<i8", &[-2, 1].map(i64::to_le_bytes).concat()).array, pair);
    assert_eq!(of("|u1", &[255, 0]).array, array![255.0, 0.0].into_dyn());
    assert_eq!(of("|b1", &[0, 1]).array, array![0.0, 1.0].into_dyn());
}

#[test]
fn a_note_says_what_has_been_rounded() {
    // No float has 2^60 + 1.
    let data = [(1_u64 << 60) + 1, 5].map(u64::to_le_bytes).concat();
    let read = read(&npy(&header("<u8", "False", "(2,)"), &data)).unwrap();
    let note = read.note().unwrap();
    assert!(note.starts_with("1 of 2 numbers of `<u8` do not fit in f"), "{note}");
}

#[test]
fn both_orders_of_axes_are_read() {
    let data: Vec<u8> = (0..6).collect();
    let rows = read(&npy(&header("|u1", "False", "(2, 3)"), &data)).unwrap().array;
    assert_eq!(rows, array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]].into_dyn());
    let columns = read(&npy(&header("|u1", "True", "(2, 3)"), &data)).unwrap().array;
    assert_eq!(columns, array![[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]].into_dyn());
    assert_eq!(Data::from(&columns).values(), [0.0, 2.0, 4.0, 1.0, 3.0, 5.0]);
}

#[test]
fn what_is_written_is_read() {
    let number = ndarray::arr0(3.0 as Float).into_dyn();
    let cube = ArrayD::from_shape_fn(vec![2, 0, 3], |_| 0.0 as Float);
    let table = array![[1.5, -2.0], [Float::MAX, Float::MIN_POSITIVE]].into_dyn();
    for array in [number, cube, table] {
        let bytes = encode(&Data::from(&array));
        assert_eq!((bytes.len() - array.len() * size_of::<Float>()) % 64, 0);
        let npy = read(&bytes).unwrap();
        assert_eq!((npy.array, npy.rounded), (array, 0));
    }
    let turned = Array2::from_shape_fn((2, 3), |(i, j)| (3 * i + j) as Float);
    let bytes = encode(&Data::from(&turned.t()));
    assert_eq!(read(&bytes).unwrap().array, turned.t().into_dyn());
}

#[test]
fn headers_that_lie_are_refused() {
    let says = |header: &str| read(&npy(header, &[0; 16])).unwrap_err();
    for shape in ["(3,)", "(1,)", "(9223372036854775807, 3)", "(99999999999,)", "()"] {
        let said = says(&header("<f8", "False", shape));
        assert!(said.starts_with("its header says the shape ["), "{said}");
    }
    assert!(says(&header("<f8", "False", "(18446744073709551616,)")).contains("not a tuple"));
    assert!(says(&header("<f8", "False", "(-1, -2)")).contains("not a tuple"));
    assert!(says(&header("<f8", "Maybe", "(2,)")).contains("neither True nor False"));
    for descr in ["|O", "<U8", "<c8", "<f16", "<M8[ns]", "", "<"] {
        assert!(says(&header(descr, "False", "(2,)")).contains("no number"), "{descr}");
    }
    assert!(
        says("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}")
            .contains("records")
    );
    assert!(says("{}").contains("has no `descr`"));
    let overflow = header("<f8", "False", "(0, 9223372036854775807, 9223372036854775807)");
    assert!(read(&npy(&overflow, &[])).is_err());
    let mut long = MAGIC.to_vec();
    long.extend([2, 0, 255, 255, 255, 255]);
    assert!(read(&long).unwrap_err().contains("4294967295 bytes"));
    assert!(read(b"PK\x03\x04....").unwrap_err().contains("not a .npy file"));
}

#[test]
fn a_part_of_a_file_is_refused_and_no_byte_makes_a_panic() {
    let whole = encode(&Data::from(&array![1.0, 2.0]));
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "{length}");
    }
    for at in 0..whole.len() {
        for value in 0..=255 {
            let mut changed = whole.clone();
            changed[at] = value;
            let _ = read(&changed);
        }
    }
}
