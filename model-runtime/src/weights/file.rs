//! Files that are there as a whole or not at all.

use std::fmt::Display;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Error;

/// The error of a file that cannot be written or read.
pub fn error(path: &Path, action: &'static str, why: impl Display) -> Error {
    Error::File { path: path.to_owned(), action, why: why.to_string() }
}

/// The error of a file that the system does not let be written or read, with what to do.
pub fn refused(path: &Path, action: &'static str, why: io::Error) -> Error {
    let help = match help(path, action, why.kind()) {
        Some(help) => format!("\n  help: {help}"),
        None => String::new(),
    };
    error(path, action, format!("{why}{help}"))
}

fn help(path: &Path, action: &str, kind: ErrorKind) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Some(match (kind, action, folder) {
        (ErrorKind::NotFound, "write", Some(folder)) => {
            format!("make its folder first: `std::fs::create_dir_all({folder:?})`")
        }
        (ErrorKind::NotFound, "read", Some(folder)) if !folder.exists() => {
            format!("there is no folder `{}`{}", folder.display(), seen_from(path))
        }
        (ErrorKind::NotFound, "read", _) => {
            format!("its folder has no file of this name{}", seen_from(path))
        }
        (ErrorKind::PermissionDenied, "read", _) => {
            "run the program as somebody who may read it".to_owned()
        }
        (ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem, ..) => {
            "give a path in a folder that the program may write to".to_owned()
        }
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, ..) => {
            "make room there, or give a path on another disk".to_owned()
        }
        (ErrorKind::NotADirectory | ErrorKind::AlreadyExists, ..) => {
            "what is to be a folder is a file; give another path".to_owned()
        }
        (ErrorKind::IsADirectory, ..) => {
            "give the path of a file, such as one in this folder".to_owned()
        }
        _ => return None,
    })
}

/// Where a path that is not absolute begins.
fn seen_from(path: &Path) -> String {
    match std::env::current_dir() {
        Ok(here) if path.is_relative() => format!(", seen from `{}`", here.display()),
        _ => String::new(),
    }
}

/// The bytes of a file; no more than it has when it is opened.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let read = || {
        // Before it is opened, because that waits for the other end of a pipe.
        check_kind(&fs::metadata(path)?)?;
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
    read().map_err(|why| refused(path, "read", why))
}

/// Writes the bytes beside the file and puts them in its place when they are on the disk: whatever
/// happens, the file has its old content or the new one. What is no file stays: a device such as
/// `/dev/null` would be lost if a file came in its place.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || {
        if let Ok(there) = fs::metadata(path) {
            check_kind(&there)?;
        }
        let (folder, beside) = beside(path)?;
        let result = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, path));
        if result.is_err() {
            // The error is what counts; what is left of the file is not.
            let _ = fs::remove_file(&beside);
            return result;
        }
        sync_folder(&folder)
    };
    write().map_err(|why| refused(path, "write", why))
}

/// Refuses folders, devices, pipes and the like.
fn check_kind(there: &Metadata) -> io::Result<()> {
    match there {
        it if it.is_file() => Ok(()),
        it if it.is_dir() => Err(ErrorKind::IsADirectory.into()),
        _ => Err(io::Error::other("it is not a regular file")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn says(action: &'static str, path: &str, kind: ErrorKind) -> String {
        refused(Path::new(path), action, kind.into()).to_string()
    }

    #[test]
    fn what_the_system_refuses_has_a_help_line() {
        use ErrorKind::*;
        let folder = std::env::temp_dir();
        let inside = |name: &str| folder.join(name).display().to_string();
        for (action, path, kind, help) in [
            (
                "write",
                "no/net",
                NotFound,
                "make its folder first: `std::fs::create_dir_all(\"no\")`",
            ),
            ("read", "/no/net", NotFound, "there is no folder `/no`"),
            ("read", &inside("no-net"), NotFound, "its folder has no file of this name"),
            ("read", "net", PermissionDenied, "run the program as somebody who may read it"),
            ("write", "net", PermissionDenied, "give a path in a folder that the program may"),
            ("make the folder", "net", ReadOnlyFilesystem, "give a path in a folder that the"),
            ("write", "net", StorageFull, "make room there, or give a path on another disk"),
            ("make the folder", "net", AlreadyExists, "what is to be a folder is a file"),
            ("write", "net", IsADirectory, "give the path of a file"),
        ] {
            let text = says(action, path, kind);
            let expected = format!("could not {action} `{path}`: ");
            assert!(
                text.starts_with(&expected) && text.contains(&format!("\n  help: {help}")),
                "{text}"
            );
        }
        // Where a path begins that is not absolute.
        let here = std::env::current_dir().unwrap().display().to_string();
        assert!(says("read", "no-net", NotFound).ends_with(&format!(", seen from `{here}`")));
        assert!(!says("write", "net", BrokenPipe).contains("help"));
    }

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_not_written_over() {
        use std::os::unix::fs::FileTypeExt;
        use std::os::unix::net::UnixListener;
        let path = std::env::temp_dir().join(format!("not-a-file-{}", std::process::id()));
        let _ = fs::remove_file(&path);
        let socket = UnixListener::bind(&path).unwrap();
        for result in [write(&path, b"weights"), read(&path).map(drop)] {
            assert!(result.unwrap_err().to_string().ends_with(": it is not a regular file"));
        }
        assert!(fs::metadata(&path).unwrap().file_type().is_socket());
        drop(socket);
        fs::remove_file(&path).unwrap();
        let text = write(&std::env::temp_dir(), b"weights").unwrap_err().to_string();
        assert!(text.contains("\n  help: give the path of a file"), "{text}");
    }
}
