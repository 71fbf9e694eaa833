"""Where the studio keeps what does not belong to a project, and where its own resources lie.

`STUDIO_HOME` moves all of it into one folder (a stick, a test's temporary folder).
"""

from __future__ import annotations

import os
from pathlib import Path

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
        raise StudioError(
            tr("Studio cannot make its folder “{folder}”: {reason}.", folder=folder, reason=error.strerror),
            tr(
                "Free some space there and check that you may write to it, "
                "or set STUDIO_HOME to another folder."
            ),
        ) from error
    return folder
