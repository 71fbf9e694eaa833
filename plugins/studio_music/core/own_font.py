"""The sound font that the user has chosen in place of ours: kept beside the settings, for all projects."""

from __future__ import annotations

from pathlib import Path

from studio.api.values import data_folder, path_of, read_at_most, write_whole

_LONGEST = 16_384
"""Bytes of a path."""


def own_font() -> Path | None:
    """The file that was chosen; None where none was, or it is gone."""
    try:
        path = path_of(read_at_most(_place(), _LONGEST).decode())
    except (OSError, ValueError):
        return None
    return path if path.is_file() else None


def choose_font(path: Path | None) -> None:
    """Remembers a file for the next time; None goes back to ours. Raises `OSError`."""
    place = _place()
    if path is None:
        place.unlink(missing_ok=True)
    else:
        write_whole(place, str(path.absolute()).encode())


def _place() -> Path:
    return data_folder() / "music" / "sound-font"
