use std::fs;

use super::tests::{Folder, data, fit, trainer};
use crate::float::Scalar;
use crate::prelude::*;

/// What stands in a file of events: tags, values and steps. Written by the layout of the records,
/// not by what the writer does.
pub(super) fn scalars(bytes: &[u8]) -> Vec<(String, f32, u64)> {
    fn varint(bytes: &mut &[u8]) -> u64 {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let (first, rest) = bytes.split_first().unwrap();
            *bytes = rest;
            number |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                break;
            }
        }
        number
    }
    /// The fields of a message: numbers, and bytes of whatever has another form.
    fn fields(mut bytes: &[u8]) -> Vec<(u64, u64, Vec<u8>)> {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let key = varint(&mut bytes);
            let (number, length) = match key & 7 {
                0 => (varint(&mut bytes), 0),
                1 => (0, 8),
                2 => (0, varint(&mut bytes) as usize),
                5 => (0, 4),
                other => panic!("no form of a field: {other}"),
            };
            let (inside, rest) = bytes.split_at(length);
            fields.push((key >> 3, number, inside.to_vec()));
            bytes = rest;
        }
        fields
    }
    let of = |fields: &[(u64, u64, Vec<u8>)], wanted: u64| {
        fields.iter().find(|(field, ..)| *field == wanted).map(|(_, n, bytes)| (*n, bytes.clone()))
    };
    let (mut rest, mut scalars) = (bytes, Vec::new());
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        let unmasked = |bytes: &[u8]| {
            let masked = u32::from_le_bytes(bytes.try_into().unwrap());
            masked.wrapping_sub(0xa282_ead8).rotate_left(15)
        };
        assert_eq!(unmasked(&rest[8..12]), crc32c::crc32c(&rest[..8]));
        let (event, behind) = rest[12..].split_at(length);
        assert_eq!(unmasked(&behind[..4]), crc32c::crc32c(event));
        rest = &behind[4..];
        let event = fields(event);
        let Some((_, summary)) = of(&event, 5) else {
            assert_eq!(of(&event, 3).unwrap().1, b"brain.Event:2");
            continue;
        };
        let value = fields(&of(&fields(&summary), 1).unwrap().1);
        let tag = String::from_utf8(of(&value, 1).unwrap().1).unwrap();
        if let Some((_, number)) = of(&value, 2) {
            let number = f32::from_le_bytes(number.try_into().unwrap());
            scalars.push((tag, number, of(&event, 2).unwrap().0));
        } else {
            assert!(tag.ends_with("/histogram"));
        }
    }
    scalars
}

#[test]
fn events_are_those_of_the_logs() {
    let folder = Folder::new("board");
    let (x, y) = data();
    let board = TensorBoard::new(&folder.0).update_freq(2).histogram_freq(1);
    let options = Fit::epochs(3).batch_size(1).validation_data(&x, &y).callback(board);
    let history = fit(&mut trainer(), options).unwrap();
    assert_eq!(folder.names(), ["train", "validation"]);
    let read = |part: &str| {
        let part = folder.0.join(part);
        let file = fs::read_dir(&part).unwrap().next().unwrap().unwrap();
        assert!(file.file_name().to_str().unwrap().starts_with("events.out.tfevents."));
        scalars(&fs::read(file.path()).unwrap())
    };
    let (train, validation) = (read("train"), read("validation"));
    for epoch in 0..3 {
        let step = epoch as u64;
        let has = |events: &[(String, f32, u64)], tag: &str, value: Float, step: u64| {
            assert!(
                events.contains(&(tag.to_owned(), value.as_f64() as f32, step)),
                "{tag} {events:?}"
            );
        };
        has(&train, "epoch_loss", history["loss"][epoch], step);
        has(&train, "batch_loss", history["loss"][epoch], 2 * step + 2);
        has(&train, "epoch_learning_rate", 0.1, step);
        has(&validation, "epoch_loss", history["val_loss"][epoch], step);
    }
    assert_eq!((train.len(), validation.len()), (9, 3));
}

#[test]
fn steps_in_a_second_are_written_where_they_are_wanted() {
    let folder = Folder::new("board-speed");
    for (name, wanted) in [("with", true), ("without", false)] {
        let board = TensorBoard::new(folder.0.join(name)).write_steps_per_second(wanted);
        let slow = LambdaCallback::new().on_train_batch_end(|_, _, _| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            Ok(())
        });
        fit(&mut trainer(), Fit::epochs(2).batch_size(1).callback(slow).callback(board)).unwrap();
        let file = fs::read_dir(folder.0.join(name).join("train")).unwrap().next().unwrap();
        let events = scalars(&fs::read(file.unwrap().path()).unwrap());
        let speeds: Vec<f32> =
            events.iter().filter(|it| it.0 == "epoch_steps_per_second").map(|it| it.1).collect();
        assert_eq!(speeds.len(), if wanted { 2 } else { 0 });
        // Two steps of 20 ms at least.
        assert!(speeds.iter().all(|speed| (1.0..=50.0).contains(speed)), "{speeds:?}");
    }
}
