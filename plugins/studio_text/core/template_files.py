"""Where templates lie: in packages that say so, and in the user's own folder.

A package names itself in the entry-point group `studio.templates`; its folder `templates/` is read without
importing it.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from studio.api.values import BadInput, data_folder, read_at_most, tr
from studio_text.core.template import Template
from studio_text.core.template_parser import MAX_BYTES, SUFFIX, parse

ENTRY_POINTS = "studio.templates"
"""The group of entry points in which a distribution names packages that hold templates."""

OURS = "studio"
FOLDER = "templates"
MOST_FILES = 500
"""Of one folder; what comes after is left out."""

log = logging.getLogger(__name__)


class TemplateFile(Struct, frozen=True):
    """A template that can be used, and where it was found."""

    template: Template
    path: Path
    owner: str
    """The distribution that brought it; "" for the user's own."""


class Found(Struct, frozen=True):
    """All templates there are, the studio's first, and what a person should know about the others."""

    files: tuple[TemplateFile, ...]
    notes: tuple[str, ...]

    @property
    def templates(self) -> list[Template]:
        return [file.template for file in self.files]


def user_folder() -> Path:
    """Where a person's own templates lie; may not exist yet."""
    return data_folder() / FOLDER


def find_templates() -> Found:
    """Every template: those of packages (the studio's first), then the user's. Never raises for what is in a
    file: a broken one, or one whose name is taken, becomes a note.
    """
    return read_folders([*package_folders(), ("", user_folder())])


def package_folders() -> list[tuple[str, Path]]:
    """The folders of templates that installed packages bring, with the distribution of each."""
    import importlib.metadata  # takes 20 ms, which the window has no need of

    found: dict[Path, str] = {}
    for distribution in importlib.metadata.distributions():
        try:
            for point in distribution.entry_points.select(group=ENTRY_POINTS):
                for folder in folders_of(point.value):
                    found.setdefault(folder, distribution.name)
        except Exception:
            # Half a package, or one whose parent does not import, must not cost us the other templates.
            log.exception("The templates of an installed package cannot be found")
    return sorted(
        ((owner, folder) for folder, owner in found.items()),
        key=lambda pair: (pair[0] != OURS, pair[0].lower(), str(pair[1])),
    )


def folders_of(package: str) -> list[Path]:
    """The template folders of a package, which is looked for and not imported."""
    top, *below = package.strip().split(".")
    spec = importlib.util.find_spec(top) if top.isidentifier() else None
    places = (spec.submodule_search_locations or ()) if spec else ()
    return [Path(place, *below, FOLDER) for place in places]


def files_in(folder: Path) -> list[Path]:
    """The template files of a folder, by name; none where it is not there or closed to us."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names only: this is on the way to the window
    except OSError:
        return []
    return [folder / name for name in names if name.endswith(SUFFIX)][:MOST_FILES]


def read_folders(folders: Iterable[tuple[str, Path]]) -> Found:
    """The templates of these folders; of two with one name the first counts."""
    by_name: dict[str, TemplateFile] = {}
    notes: list[str] = []
    for owner, folder in folders:
        for path in files_in(folder):
            try:
                file = TemplateFile(read_template(path), path, owner)
            except BadInput as error:
                notes.append(str(error))
                continue
            other = by_name.setdefault(file.template.name, file)
            if other is not file:
                notes.append(
                    tr(
                        "The template “{name}” is there twice: in {first} and in {second}. "
                        "The second one is left out; give it another name.",
                        name=file.template.name,
                        first=shown(other),
                        second=shown(file),
                    )
                )
    ordered = sorted(
        by_name.values(), key=lambda file: (not file.owner, file.owner != OURS, file.template.name)
    )
    return Found(tuple(ordered), tuple(notes))


def read_template(path: Path) -> Template:
    """Raises `BadInput`: the file cannot be read, or is no template."""
    try:
        data = read_at_most(path, MAX_BYTES)
    except OSError as error:
        raise BadInput(
            tr("The template “{name}” cannot be read: {reason}.", name=path.name, reason=error.strerror),
            tr("Check that the file is there and that you may read it."),
        ) from error
    return parse(data, path.name)


def shown(file: TemplateFile) -> str:
    """Where a template comes from, in words."""
    return f"{file.owner}: {file.path.name}" if file.owner else str(file.path)
