"""Draws what examples show on a terminal, into docs/pictures, as SVG.

    pip install pyte rich
    python scripts/terminal_pictures.py [--columns 80] [--folder docs/pictures]

An example runs in a pseudo terminal, so bars are bars; pyte is the terminal, and rich draws its
screen. The pictures ask for no font and nothing else from elsewhere. Unix only.
"""

import argparse
import codecs
import fcntl
import itertools
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import termios

import pyte
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Rows that no example fills.
ROWS = 200
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
THEME = TerminalTheme((22, 27, 34), (230, 237, 243), [(110, 118, 129)] * 8, [(230, 237, 243)] * 8)

# Pictures: a name, an example, and the screen that is drawn: the first one that has this, or the
# last one; and which of its rows: from the first that has this to the first that has that, or so
# many of the last ones.
MIDDLE = r"Epoch (?P<epoch>\d+)/30 (?P<step>\d+)/41 \[=+> +\][^[]*accuracy: [\d.]{6}\s*$"
PICTURES = [
    ("terminal_training", "digits", MIDDLE, 10),
    ("terminal_end", "digits", None, 9),
    ("terminal_summary", "siamese", None, (r"^Model: ", r"^ Non-trainable")),
]


def program(example):
    """Builds an example, and returns the path of its program."""
    command = ["cargo", "build", "--release", "-p", "examples", "--example", example]
    command.append("--message-format=json-render-diagnostics")
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    messages = [json.loads(line) for line in lines.splitlines()]
    paths = [m["executable"] for m in messages if m.get("executable")]
    return paths[-1]


def screens(path, columns):
    """Runs a program, and gives its screen as it was after each piece of what it has written."""
    screen = pyte.Screen(columns, ROWS)
    stream = pyte.Stream(screen)
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(path, [path])
    size = struct.pack("HHHH", ROWS, columns, 0, 0)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)
    decoder = codecs.getincrementaldecoder("utf-8")()
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # Linux says so when the program has ended.
            piece = b""
        if not piece:
            break
        stream.feed(decoder.decode(piece))
        yield screen
    _, status = os.waitpid(process, 0)
    if status != 0:
        raise SystemExit(f"{path} has ended with {status}")


def wanted(text, pattern):
    """Whether this is the middle of an epoch in the middle of the training, drawn to its end."""
    found = re.search(pattern, text)
    return found and int(found["epoch"]) >= 10 and 12 <= int(found["step"]) <= 32


def lines(screen):
    """The rows of a screen with their styles, without what is empty below them."""
    rows = []
    for y in range(ROWS):
        cells = [screen.buffer[y][x] for x in range(screen.columns)]
        row = Text()
        for (bold, underline), run in itertools.groupby(cells, lambda c: (c.bold, c.underscore)):
            style = Style(bold=bold, underline=underline)
            row.append("".join(cell.data for cell in run), style)
        row.rstrip()
        rows.append(row)
    while rows and not rows[-1].plain:
        rows.pop()
    return rows


def of(rows, part):
    """A part of the rows, as PICTURES has it."""
    if isinstance(part, int):
        return rows[-part:]
    first, last = (next(i for i, row in enumerate(rows) if re.search(it, row.plain)) for it in part)
    return rows[first:last + 1]


def svg(rows, columns, name, title):
    """Draws rows as a window of a terminal."""
    console = Console(record=True, width=columns, file=open(os.devnull, "w"), legacy_windows=False)
    for row in rows:
        console.print(row, no_wrap=True, overflow="ignore", crop=False)
    text = console.export_svg(title=title, theme=THEME, unique_id=name)
    # Fonts from the network, and the name of one that is then not there.
    text = re.sub(r"@font-face\s*{[^}]*}\s*", "", text)
    text = re.sub(r"font-family: *[^;]*;", f"font-family: {FONTS};", text)
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    foreign = [url for url in re.findall(r"https?://[^\s\"')<]+", text) if "w3.org" not in url]
    foreign = [url for url in foreign if "textualize" not in url]
    if foreign or "@import" in text or str(ROOT) in text or os.uname().nodename in text:
        raise SystemExit(f"{name} names what is elsewhere: {foreign}")
    return text


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--columns", type=int, default=80)
    arguments.add_argument("--folder", type=pathlib.Path, default=ROOT / "docs/pictures")
    arguments = arguments.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, example, pattern, part in PICTURES:
        rows = None
        for screen in screens(program(example), arguments.columns):
            text = "\n".join(screen.display)
            if pattern is None or rows is None and wanted(text, pattern):
                rows = lines(screen)
        if rows is None:
            raise SystemExit(f"{example} has not shown `{pattern}`; run it again")
        title = f"cargo run --release --example {example}" if arguments.columns > 60 else example
        picture = svg(of(rows, part), arguments.columns, name.replace("_", "-"), title)
        (arguments.folder / f"{name}.svg").write_text(picture)
        print(name)


if __name__ == "__main__":
    main()
