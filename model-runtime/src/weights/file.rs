//! Files that are there as a whole or not at all.

use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Error;

/// The error of a file that cannot be written or read.
pub fn error(path: &Path, action: &'static str, why: impl Display) -> Error {
    Error::File { path: path.to_owned(), action, why: why.to_string() }
}

/// The bytes of a file; no more than it has when it is opened.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let read = || {
        // Before it is opened, because that waits for the other end of a pipe.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut bytes = Vec::new();
        let fits = usize::try_from(size).is_ok_and(|size| bytes.try_reserve_exact(size).is_ok());
        if !fits {
            return Err(io::Error::other(format!("there is no memory for its {size} bytes")));
        }
        file.take(size).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|why| error(path, "read", why))
}

/// Writes the bytes beside the file and puts them in its place when they are on the disk: whatever
/// happens, the file has its old content or the new one.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || {
        let (folder, beside) = beside(path)?;
        let result = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, path));
        if result.is_err() {
            // The error is what counts; what is left of the file is not.
            let _ = fs::remove_file(&beside);
            return result;
        }
        sync_folder(&folder)
    };
    write().map_err(|why| error(path, "write", why))
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The folder of a file, and a name in it that nobody else uses.
fn beside(path: &Path) -> io::Result<(PathBuf, PathBuf)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let Some(name) = path.file_name() else {
        return Err(io::Error::other("the path does not end in the name of a file"));
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut beside = name.to_owned();
    beside.push(format!(".{}-{count}.tmp", std::process::id()));
    let beside = folder.join(beside);
    Ok((folder, beside))
}

/// Makes the new name of a file last.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
