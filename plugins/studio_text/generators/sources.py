"""Texts that a generator works from: a field of the form, or a file."""

from __future__ import annotations

from pathlib import Path

from studio.api import BadInput, Run, tr

MOST_BYTES = 4_000_000


def read_text(path: Path) -> str:
    """A text file's text, without a byte-order mark, with plain line ends.

    Raises:
        BadInput: it is no text in UTF-8, has nothing in it, or is far too long for any model.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadInput(
            tr("“{name}” is too long: {most} MB are the most.", name=path.name, most=MOST_BYTES // 10**6),
            tr("Take the part of it that matters."),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(
            tr("“{name}” is not text in UTF-8: line {line} has bytes that mean nothing in it.",
               name=path.name, line=line),
            tr("Save the file as UTF-8 in the program that wrote it, and try again."),
        ) from error  # fmt: skip
    if "\0" in text:
        raise BadInput(
            tr("“{name}” is not a text file.", name=path.name), tr("Choose a text or Markdown file.")
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def given_text(run: Run, field: str, slot: str = "file") -> str:
    """The text in the field, or else in the file, without the line end that closes every file.

    Raises:
        BadInput: there is none, or the file is not text.
    """
    path = run.input(slot)
    text = field if field.strip() or path is None else read_text(path).removesuffix("\n")
    if not text.strip():
        raise BadInput(
            tr("There is no text to work on."),
            tr("Write or paste one, or choose a text file, and try again."),
        )
    return text
