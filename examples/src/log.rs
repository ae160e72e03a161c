use std::error::Error;
use std::path::Path;
use std::{fs, io};

use model_runtime::{Float, History, Logs};

/// Writes a history as a CSV file, a line for each epoch, beside the old one, and puts it in its
/// place.
///
/// # Errors
/// A file that cannot be written.
pub fn write_log(path: &Path, history: &History) -> io::Result<()> {
    let names: Vec<&str> = history.names().collect();
    let mut text = format!("epoch,{}\n", names.join(","));
    for (row, epoch) in history.epochs.iter().enumerate() {
        let value =
            |name: &&str| history.get(name).get(row).map_or(String::new(), Float::to_string);
        let values: Vec<String> = names.iter().map(value).collect();
        text += &format!("{},{}\n", epoch + 1, values.join(","));
    }
    let beside = path.with_extension("new");
    fs::write(&beside, text)?;
    fs::rename(beside, path)
}

/// Reads what [`write_log`] has written, to the last bit.
///
/// # Errors
/// A file that cannot be read, or is none of these.
pub fn read_log(path: &Path) -> Result<History, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or("").split(',').skip(1).collect();
    let mut history = History::default();
    for (epoch, line) in lines.enumerate() {
        let values: Result<Vec<Float>, _> = line.split(',').skip(1).map(str::parse).collect();
        history.push(epoch, &Logs::from_iter(names.iter().copied().zip(values?)));
    }
    Ok(history)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_as_it_was_written() {
        let mut history = History::default();
        for epoch in 0..3 {
            let third = epoch as Float / 3.0;
            history.push(epoch, &Logs::from_iter([("loss", third), ("k", 1e-9 * third)]));
        }
        let path = std::env::temp_dir().join(format!("log-{}.csv", std::process::id()));
        write_log(&path, &history).unwrap();
        let read = read_log(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(read, history);
        assert!(read_log(&path).unwrap_err().to_string().contains("log-"));
    }
}
