//! What each mistake says, and what is left of the program: `recovery.txt` lists the source, the
//! program as read, and the messages.

use super::read;

#[test]
fn messages() {
    for block in include_str!("recovery.txt").split("\n\n") {
        let mut lines = block.trim().splitn(3, '\n');
        let (source, program) = (lines.next().unwrap(), lines.next().unwrap());
        let (text, messages) = read(source);
        assert_eq!(text, program.trim_start_matches("= ").trim_start_matches('='), "{source}");
        assert_eq!(messages.join("\n"), lines.next().unwrap_or_default(), "{source}");
    }
}
