"""The folder of a project: what belongs in it, and what we refuse to find there."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

from studio.core.disk import why_refused
from studio.core.given_files import shown
from studio.errors import BadInput, ProjectError, ProjectReadOnly, StudioError
from studio.project import files, schema
from studio.project.lock import FolderLock
from studio.words import tr

DATABASE = "project.db"
CARD = "project.json"
FOLDERS = ("blobs", "tmp", "trash", "backups")
KEPT = "kept"
"""Where jobs keep how far they have come; made when the first one does."""
EDITS = "edits"
"""What is unfinished in the window: see `studio.project.edits`."""
_OURS = (*FOLDERS, KEPT, EDITS, DATABASE, f"{DATABASE}-journal", CARD, "assets.jsonl", "lock")

_SYNCED = (
    "dropbox", "onedrive", "icloud", "mobile documents", "google drive", "googledrive", "my drive",
    "nextcloud", "owncloud", "box sync", "pcloud", "syncthing",
)  # fmt: skip


def check(folder: Path) -> None:
    """Refuses what is no project, and links in it: they could make us write or reveal files elsewhere.

    Raises:
        BadInput, ProjectNewer
    """
    name = shown(folder.name)
    try:
        if not folder.is_dir():
            raise BadInput(
                tr("There is no project “{name}”.", name=name),
                tr("Choose a folder whose name ends in .studio."),
            )
        if not any((folder / known).is_file() for known in (DATABASE, CARD, "assets.jsonl")):
            raise BadInput(
                tr("“{name}” is not a Studio project.", name=name),
                tr("Choose a folder whose name ends in .studio."),
            )
        inside = [folder / known for known in _OURS]
        if not (folder / "blobs").is_symlink() and (folder / "blobs").is_dir():
            inside += (folder / "blobs").iterdir()
        for path in inside:
            if path.is_symlink():
                raise BadInput(
                    tr(
                        "“{name}” contains a link that may lead out of it ({file}).",
                        name=name,
                        file=shown(path.name),
                    ),
                    tr("Replace the link with the file or folder that it leads to."),
                )
    except (OSError, ValueError) as error:
        raise BadInput(
            tr("“{name}” cannot be read.", name=name), tr("Check its permissions."), ascii(error)
        ) from error
    found = _on_card(folder, "format")
    schema.refuse_newer(found if isinstance(found, int) else 0)


def sync_warning(folder: Path) -> str:
    """What to tell where a cloud service syncs the folder, going by the names above it; empty elsewhere."""
    names = [part.lower() for part in folder.absolute().parts[:-1]]
    if not any(name.startswith(_SYNCED) for name in names):
        return ""
    return tr(
        "A cloud service syncs this folder; that can damage projects while they are open."
        " Keep the project elsewhere and use “Pack for sharing”."
    )


def uuid_on_card(folder: Path) -> str:
    """The uuid in `project.json`; empty where it tells none."""
    found = _on_card(folder, "uuid")
    return found if isinstance(found, str) else ""


def _on_card(folder: Path, key: str) -> object:
    try:
        return json.loads((folder / CARD).read_bytes())[key]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def furnish(folder: Path) -> None:
    """Makes the folders that are missing: sync tools and archives drop empty ones."""
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)


def take_lock(folder: Path) -> FolderLock:
    """Raises ProjectInUse or ProjectReadOnly."""
    try:
        lock = FolderLock(folder)
    except OSError as error:
        if files.is_full(error):
            raise files.disk_full(folder, tr("anything")) from error
        raise ProjectReadOnly(
            tr("“{name}” cannot be written.", name=shown(folder.name)),
            tr("Open it read-only, or copy its folder to a place that you can write to."),
            ascii(error),
        ) from error
    try:
        furnish(folder)
    except OSError as error:
        lock.release()
        raise files.as_studio_error(error, folder, tr(tr("the project’s folders"))) from error
    return lock


def empty(folder: Path) -> None:
    """Removes everything in a folder, but no link's target."""
    for path in folder.iterdir():
        if stat.S_ISDIR(path.lstat().st_mode):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def cannot_create(folder: Path, error: OSError | ValueError) -> StudioError:
    """In words: why a project could not be made there."""
    if isinstance(error, OSError) and files.is_full(error):
        return files.disk_full(folder.parent, tr("the new project"))
    why = why_refused(error) if isinstance(error, OSError) else tr("the system refused")
    return ProjectError(
        tr("The project “{name}” cannot be created: {why}.", name=shown(folder.name), why=why),
        tr("Choose another place."),
        ascii(error),
    )
