//! The files that TensorBoard reads: records as
//! [TFRecord](https://www.tensorflow.org/tutorials/load_data/tfrecord) frames them, each a message
//! `Event` of TensorFlow's [`event.proto` and `summary.proto`][protos], of which only the few
//! fields are written that scalars and histograms need.
//!
//! [protos]: https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crc32c::crc32c;

use crate::Float;
use crate::float::Scalar;

/// A file of events that is being written.
pub struct Events(BufWriter<File>);

impl Events {
    /// A new file in this folder, which is made.
    pub fn new(folder: &Path) -> io::Result<Events> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(folder)?;
        let (seconds, process) = (now() as u64, std::process::id());
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // What `tfevents` stands in is read.
        let name = format!("events.out.tfevents.{seconds:010}.model.{process}.{count}.v2");
        let mut events = Events(BufWriter::new(File::create_new(folder.join(name))?));
        let mut event = Message::default();
        event.double(1, now());
        event.bytes(3, b"brain.Event:2");
        events.record(&event.0)?;
        Ok(events)
    }

    pub fn scalar(&mut self, tag: &str, value: Float, step: u64) -> io::Result<()> {
        let mut scalar = Message::default();
        scalar.bytes(1, tag.as_bytes());
        scalar.float(2, value.as_f64() as f32);
        self.summary(&scalar, step)
    }

    pub fn histogram(&mut self, tag: &str, numbers: &[Float], step: u64) -> io::Result<()> {
        let mut value = Message::default();
        value.bytes(1, tag.as_bytes());
        value.bytes(5, &histogram(numbers).0);
        self.summary(&value, step)
    }

    /// Puts all on its way to the disk.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    /// An event of a summary of one value.
    fn summary(&mut self, value: &Message, step: u64) -> io::Result<()> {
        let (mut summary, mut event) = (Message::default(), Message::default());
        summary.bytes(1, &value.0);
        event.double(1, now());
        event.number(2, step);
        event.bytes(5, &summary.0);
        self.record(&event.0)
    }

    /// Length, its sum, the bytes, their sum.
    fn record(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = (bytes.len() as u64).to_le_bytes();
        self.0.write_all(&length)?;
        self.0.write_all(&masked(crc32c(&length)).to_le_bytes())?;
        self.0.write_all(bytes)?;
        self.0.write_all(&masked(crc32c(bytes)).to_le_bytes())
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// `HistogramProto`: 30 buckets of one width between the smallest and the largest number.
fn histogram(numbers: &[Float]) -> Message {
    const BUCKETS: usize = 30;
    let finite = || numbers.iter().map(|number| number.as_f64()).filter(|n| n.is_finite());
    let (low, high) = finite().fold((f64::MAX, f64::MIN), |(l, h), n| (l.min(n), h.max(n)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 0.0) };
    let width = (high - low) / BUCKETS as f64;
    let mut counts = [0.0; BUCKETS];
    finite().for_each(|n| {
        let bucket = if width > 0.0 { ((n - low) / width) as usize } else { 0 };
        counts[bucket.min(BUCKETS - 1)] += 1.0;
    });
    let mut message = Message::default();
    message.double(1, low);
    message.double(2, high);
    message.double(3, finite().count() as f64);
    message.double(4, finite().sum());
    message.double(5, finite().map(|n| n * n).sum());
    let limits = (1..=BUCKETS).map(|i| if i == BUCKETS { high } else { low + width * i as f64 });
    message.doubles(6, limits);
    message.doubles(7, counts.into_iter());
    message
}

/// The bytes of a message of [protobuf](https://protobuf.dev/programming-guides/encoding/).
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    /// Seven bits a byte, the lowest first.
    fn varint(&mut self, mut number: u64) {
        while number > 0x7f {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn number(&mut self, field: u64, number: u64) {
        self.varint(field << 3);
        self.varint(number);
    }

    fn double(&mut self, field: u64, number: f64) {
        self.varint(field << 3 | 1);
        self.0.extend(number.to_le_bytes());
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
    }

    fn doubles(&mut self, field: u64, numbers: impl Iterator<Item = f64>) {
        self.bytes(field, &numbers.flat_map(f64::to_le_bytes).collect::<Vec<u8>>());
    }

    fn float(&mut self, field: u64, number: f32) {
        self.varint(field << 3 | 5);
        self.0.extend(number.to_le_bytes());
    }
}

/// As TFRecord writes a sum, so that sums of what holds sums are good ones.
fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of protobuf's own guide.
    #[test]
    fn messages_are_encoded_as_in_the_guide() {
        let mut message = Message::default();
        message.number(1, 150);
        message.bytes(2, b"testing");
        let expected = b"\x08\x96\x01\x12\x07testing";
        assert_eq!(message.0, expected);
    }
}
