"""Where the studio keeps what does not belong to a project, and where its own resources lie.

`STUDIO_HOME` moves all of it into one folder (a stick, a test's temporary folder).
"""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from pathlib import Path

from studio.core.disk import is_full, why_refused
from studio.errors import StudioError
from studio.words import tr

_HERE = Path(__file__).resolve().parent


def config_folder() -> Path:
    return _user("config")


def data_folder() -> Path:
    return _user("data")


def cache_folder() -> Path:
    """May be deleted at any time."""
    return _user("cache")


def handed_out_folder() -> Path:
    """Copies that other programs were given by a drag or the clipboard."""
    return cache_folder() / "handed out"


def log_folder() -> Path:
    return _user("log")


def translation_folders() -> list[Path]:
    """Where catalogs of other languages are: the user's own, which count first, and the program's."""
    return [config_folder() / "translations", resource("i18n")]


def projects_folder() -> Path:
    """Where new projects go unless the user says otherwise; may not exist yet."""
    home = os.environ.get("STUDIO_HOME")
    if home:
        return Path(home) / "projects"
    import platformdirs

    return Path(platformdirs.user_documents_dir()) / "Studio"


def resource(*parts: str) -> Path:
    """A file of `resources/`: beside the package in a checkout, inside it once installed from a wheel."""
    inside = _HERE / "_resources"
    return (inside if inside.is_dir() else _HERE.parent / "resources").joinpath(*parts)


def _user(what: str) -> Path:
    home = os.environ.get("STUDIO_HOME")
    if home:
        folder = Path(home) / what
    else:
        import platformdirs

        folder = Path(getattr(platformdirs, f"user_{what}_dir")("studio", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder


def prove_usable() -> None:
    """Writes a file into each of the folders, and removes it: for whoever cannot go on without.

    Raises StudioError.
    """
    for folder in (config_folder(), data_folder(), cache_folder(), log_folder()):
        trial = folder / f".{uuid.uuid4().hex}"
        try:
            trial.write_bytes(bytes(4096))
            trial.unlink()
        except OSError as error:
            with contextlib.suppress(OSError):
                trial.unlink(missing_ok=True)
            raise _unusable(folder, error) from error


def _unusable(folder: Path, error: OSError) -> StudioError:
    """In words: what is wrong with the place, and what helps against just that."""
    hints = {
        errno.EACCES: tr("Change the permissions of that place, or set STUDIO_HOME to a folder of your own."),
        errno.EROFS: tr("Set STUDIO_HOME to a folder on a disk that can be written to."),
        errno.ENOTDIR: tr("Set STUDIO_HOME to a folder, or move that file away."),
    }
    hints[errno.EPERM], hints[errno.EEXIST] = hints[errno.EACCES], hints[errno.ENOTDIR]
    hint = hints.get(error.errno or 0, tr("Set STUDIO_HOME to another folder."))
    if is_full(error):
        hint = tr("Free some space there, or set STUDIO_HOME to a folder on another disk.")
    why = why_refused(error)
    return StudioError(tr("Studio cannot use its folder “{folder}”: {why}.", folder=folder, why=why), hint)
