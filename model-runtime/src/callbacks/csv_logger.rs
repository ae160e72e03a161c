use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::Callback;
use super::model_checkpoint::make_folder;
use crate::{Error, Functional, Logs, Trainer, weights};

/// Writes a row for each epoch into a CSV file: its number, counted from 0, and all that is in the
/// logs, in alphabetical order; [Keras's
/// `CSVLogger`](https://keras.io/api/callbacks/csv_logger/). The columns are those of the first
/// epoch; in an epoch without a validation, its columns have `NA`. Folders are made.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(SGD::new(0.0), "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let path = std::env::temp_dir().join("run.csv");
/// trainer.fit(&x, &y, Fit::epochs(2).callback(CSVLogger::new(&path)).verbose(0))?;
/// let text = std::fs::read_to_string(&path).expect("the file has been written");
/// assert!(text.starts_with("epoch,loss\n0,") && text.lines().count() == 3);
/// # Ok::<(), Error>(())
/// ```
///
/// Behind the rows of another run:
///
/// ```
/// use model_runtime::prelude::*;
/// let path = std::env::temp_dir().join("runs.csv");
/// # _ = std::fs::remove_file(&path);
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// for _ in 0..2 {
///     let net = model! { x = Input(2); Dense(1)(x) };
///     let logger = CSVLogger::new(&path).separator(';').append(true);
///     net.compile("sgd", "mse")?.fit(&x, &y, Fit::epochs(2).callback(logger).verbose(0))?;
/// }
/// let text = std::fs::read_to_string(&path).expect("the file has been written");
/// let epochs: Vec<&str> = text.lines().filter_map(|row| row.split(';').next()).collect();
/// assert_eq!(epochs, ["epoch", "0", "1", "0", "1"]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::File`], also for a value of the logs that a file which is appended to has no column
/// for.
pub struct CSVLogger {
    path: PathBuf,
    separator: char,
    append: bool,
    file: Option<File>,
    /// Whether the columns are those that the file had.
    appends: bool,
    columns: Option<Vec<String>>,
}

impl CSVLogger {
    /// Into this file.
    pub fn new(path: impl Into<PathBuf>) -> CSVLogger {
        let (file, columns) = (None, None);
        let path = path.into();
        CSVLogger { path, separator: ',', append: false, file, appends: false, columns }
    }

    /// What stands between two columns; a comma by default.
    pub fn separator(mut self, separator: char) -> CSVLogger {
        self.separator = separator;
        self
    }

    /// Whether rows are added to a file that is there, under the columns that it has, and not
    /// written over it; no by default.
    pub fn append(mut self, append: bool) -> CSVLogger {
        self.append = append;
        self
    }

    fn open(&mut self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(!self.append);
        let mut file = options.open(&self.path)?;
        self.columns = None;
        let mut header = String::new();
        // What is no file may never end.
        if self.append && file.metadata()?.is_file() {
            BufReader::new(&mut file).read_line(&mut header)?;
        }
        if !header.is_empty() {
            let cells = cells(header.trim_end_matches(['\r', '\n']), self.separator);
            self.columns = Some(cells.into_iter().skip(1).collect());
            // The last row may have been cut off.
            let mut last = [0];
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        self.appends = self.columns.is_some();
        self.file = Some(file);
        Ok(())
    }

    /// The columns: those that the file has, or those of the first epoch, which are written.
    fn columns<M: Functional>(
        &mut self,
        trainer: &Trainer<M>,
        logs: &Logs,
    ) -> Result<Vec<String>, Error> {
        if let Some(columns) = self.columns.take() {
            return Ok(columns);
        }
        let columns = columns(trainer, logs);
        self.write(std::iter::once("epoch".to_owned()).chain(columns.iter().cloned()))?;
        Ok(columns)
    }

    fn write(&mut self, cells: impl Iterator<Item = String>) -> Result<(), Error> {
        let separator = self.separator;
        let cells: Vec<String> = cells.map(|cell| quoted(cell, separator)).collect();
        let row = format!("{}\n", cells.join(&separator.to_string()));
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(row.as_bytes()));
        written.map_err(|why| weights::file::refused(&self.path, "write", why))
    }
}

/// A cell that is read as one.
fn quoted(cell: String, separator: char) -> String {
    if cell.contains([separator, '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

/// The cells of a row; the reverse of [`quoted`].
fn cells(row: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut characters = row.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

/// The names of the columns: those of the logs, and those of validations that come later.
fn columns<M: Functional>(trainer: &Trainer<M>, logs: &Logs) -> Vec<String> {
    let mut columns: Vec<String> = logs.iter().map(|(name, _)| name.to_owned()).collect();
    if trainer.validates() && !columns.iter().any(|name| name.starts_with("val_")) {
        let later: Vec<String> = columns.iter().map(|name| format!("val_{name}")).collect();
        columns.extend(later);
    }
    columns.sort();
    columns
}

impl<M: Functional> Callback<M> for CSVLogger {
    fn on_train_begin(&mut self, _: &mut Trainer<M>) -> Result<(), Error> {
        if ['"', '\n', '\r'].contains(&self.separator) {
            let (name, value) = ("separator", format!("{:?}", self.separator));
            return Err(Error::Option { name, value, expected: "what is in no number or name" });
        }
        make_folder(&self.path)?;
        self.open().map_err(|why| weights::file::refused(&self.path, "write", why))
    }

    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        epoch: usize,
        logs: &mut Logs,
    ) -> Result<(), Error> {
        let columns = self.columns(trainer, logs)?;
        let new = logs.iter().find(|(name, _)| !columns.iter().any(|known| known == name));
        if let Some((name, _)) = new.filter(|_| self.appends) {
            let why = format!("it has no column `{name}`, which the logs have; write another file");
            return Err(weights::file::error(&self.path, "append to", why));
        }
        let value = |name: &String| match logs.get(name) {
            Some(value) => value.to_string(),
            None => "NA".to_owned(),
        };
        let cells = std::iter::once(epoch.to_string()).chain(columns.iter().map(value));
        let written = self.write(cells);
        self.columns = Some(columns);
        written
    }

    fn on_train_end(&mut self, _: &mut Trainer<M>, _: &Logs) -> Result<(), Error> {
        self.file = None;
        Ok(())
    }
}
