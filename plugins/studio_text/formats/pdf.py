"""A text as a PDF. Qt sets it, in a process of its own: this layer knows no window."""

from __future__ import annotations

import os
import subprocess
import sys

import msgspec

from studio.api.values import StudioError, tr
from studio_text.core.markdown import body

SECONDS = 120
"""More than any book takes."""


class Page(msgspec.Struct):
    """What `studio_text.formats.print_pdf` reads from its standard input, as JSON."""

    title: str
    html: str


def as_pdf(text: str, title: str) -> bytes:
    """A4, or Letter where that is the paper, with embedded fonts and text that can be selected. The same text
    gives the same bytes, on machines with the same fonts.

    Raises StudioError: the process failed.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "studio_text.formats.print_pdf"],
            input=msgspec.json.encode(Page(title, body(text))),
            capture_output=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_HASH_SEED": "0"},  # orders the fonts
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        words = getattr(error, "stderr", None) or b""
        raise StudioError(
            tr("The PDF could not be made."),
            tr("Export it as HTML or Word, or try again."),
            words.decode(errors="replace") or str(error),
        ) from error
    return done.stdout
