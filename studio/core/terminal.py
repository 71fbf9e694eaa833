"""Text for a terminal."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Names of files come from anywhere: their control characters must not command the terminal."""
    return _CONTROL.sub("\ufffd", text)
