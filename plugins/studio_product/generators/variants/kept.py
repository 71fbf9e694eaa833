"""Arrays in whole files: written aside and renamed, so that a crash leaves the old file or the new one."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def save_arrays(path: Path, **arrays: NDArray[Any] | float) -> None:
    """An uncompressed .npz file."""
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def load_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """What `save_arrays` wrote; None where there is no such file, or a damaged one."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
