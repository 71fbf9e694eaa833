"""Texts as they lie in files."""

from __future__ import annotations

from pathlib import Path

from studio.api.values import BadInput, tr

MAX_BYTES = 8_000_000
"""Of a text that is read whole: more is a file to copy, not a document to set."""


def read(source: Path) -> str:
    """The text of a file. Raises BadInput."""
    try:
        if source.stat().st_size > MAX_BYTES:
            raise BadInput(
                tr("The text is too large to be converted."), tr("Export it as it is, without a format.")
            )
        return source.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(tr("The text could not be read."), error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            tr("This is no text in UTF-8, so it cannot be converted."),
            tr("Export it as it is, or save it as UTF-8 in its own program first."),
        ) from error
