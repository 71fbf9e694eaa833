"""Paths that people give: typed, pasted, dropped, or kept in a file of settings. Any text may stand there."""

from __future__ import annotations

import os
import re
from pathlib import Path

# A zero, and the surrogates that do not stand for a byte of a file name (os.fsencode refuses all others).
_IN_NO_NAME = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")


def path_of(text: str) -> Path:
    """The path as it stands there; a character that no file name can hold becomes “�”.

    The system's calls answer such a path with an OSError at worst, never with a ValueError.
    """
    return Path(_IN_NO_NAME.sub("\ufffd", text))


# Those of pathlib raise where the name is too long or the place is closed to us, before Python 3.14.


def exists(path: Path) -> bool:
    """False too where the system does not say."""
    return os.path.exists(path)  # noqa: PTH110


def is_folder(path: Path) -> bool:
    """False too where the system does not say."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """False too where the system does not say."""
    return os.path.isfile(path)  # noqa: PTH113
