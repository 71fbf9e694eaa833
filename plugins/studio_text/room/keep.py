"""The text that is being edited and not saved yet, on the disk: it is there again after a crash."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import msgspec

from studio import paths, user_files
from studio_text.core.passages import Passage

MAX_BYTES = 32_000_000


class Kept(msgspec.Struct, frozen=True):
    """A working copy. Items are named by their uids."""

    name: str
    passages: tuple[Passage, ...]
    base: str = ""
    """The item that it goes on from; "" for none."""
    drafts: tuple[str, ...] = ()
    """What its passages were taken from."""
    format: int = 1


def file_of(project: str) -> Path:
    """`project` is a project's uuid."""
    return paths.data_folder() / "texts" / f"{project}.json"


def keep(project: str, kept: Kept) -> None:
    """A convenience: what cannot be written is not kept, and the text is still in the window."""
    with suppress(OSError):
        user_files.write(file_of(project), msgspec.json.encode(kept))


def kept(project: str) -> Kept | None:
    """None where nothing was left; a damaged file is put aside."""
    file = file_of(project)
    try:
        data = user_files.read(file, MAX_BYTES)
        found = msgspec.json.decode(data, type=Kept) if len(data) <= MAX_BYTES else None
    except OSError:
        return None
    except (msgspec.DecodeError, json.JSONDecodeError):
        user_files.put_aside(file)
        return None
    return found if found is not None and found.format == 1 else None


def forget(project: str) -> None:
    with suppress(OSError):
        file_of(project).unlink(missing_ok=True)
