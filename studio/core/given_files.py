"""Files that people give: whether one can be read whole, and how its name is shown."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from studio.errors import BadInput
from studio.words import tr

_SURROGATE = re.compile("[\ud800-\udfff]")


def regular_file(path: Path) -> os.stat_result:
    """The status of a file that we may read whole; links are followed.

    Raises:
        BadInput: it is absent, unreadable, or a folder, pipe or device.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise BadInput(
            tr("“{name}” cannot be read.", name=shown(path.name)),
            tr("Check that the file is there."),
            ascii(error),
        ) from error
    if not stat.S_ISREG(status.st_mode):
        raise BadInput(
            tr("“{name}” is not a file.", name=shown(path.name)),
            tr("Choose a file, not a folder or a device."),
        )
    return status


def shown(name: str) -> str:
    """A file name that can be printed and stored: bytes that are no text (lone surrogates) become “�”."""
    return _SURROGATE.sub("\ufffd", name)
