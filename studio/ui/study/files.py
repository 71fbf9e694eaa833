"""Studies as files, with the shapes that they name beside them. Nothing here is for the window's thread."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from studio import user_files
from studio.core.item import Item, Kind
from studio.core.study import Study, to_json
from studio.core.study_file import MAX_BYTES, study_from_json
from studio.core.study_value import files_of, with_files
from studio.errors import BadInput, StudioError
from studio.export.naming import safe_name
from studio.given_paths import path_of
from studio.words import tr

if TYPE_CHECKING:
    from studio.parts.mesh import Mesh
    from studio.project.store import Project


class Brought(Struct, frozen=True):
    """A shape from a file, in the project by now."""

    slot: str
    item: Item
    mesh: Mesh


class Opened(Struct, frozen=True):
    """`study` calls its shapes by the slots."""

    study: Study
    shapes: tuple[Brought, ...]


def bring_shape(project: Project, file: Path, slot: str) -> Brought:
    """Reads a closed shape and copies its file into the project. Raises BadInput, DiskFull."""
    from studio.parts.mesh_check import require_solid
    from studio.parts.mesh_files import read_mesh

    mesh = read_mesh(file)
    require_solid(mesh, file.name)
    return Brought(slot, project.add_asset(file, kind=Kind.PART), mesh)


def read_shapes(project: Project, items: Mapping[str, Item]) -> dict[str, Mesh]:
    """The meshes of items of the project, by slot. Raises BadInput, ProjectError."""
    from studio.parts.mesh_files import read_mesh

    return {slot: read_mesh(project.blob_path(item.digest)) for slot, item in items.items()}


def open_study(project: Project, file: Path, slots: Iterable[str]) -> Opened:
    """A study and its shapes, whose files lie relative to its own. Raises BadInput, DiskFull."""
    try:
        data = user_files.read(file, MAX_BYTES)
    except OSError as error:
        raise BadInput(
            tr("“{name}” cannot be read.", name=file.name), tr("Check that the file is there."), str(error)
        ) from error
    study = study_from_json(data)
    names, free = files_of(study), list(slots)
    if len(names) > len(free):
        raise too_many(len(free))
    shapes = []
    for name, slot in zip(names, free, strict=False):
        shapes.append(bring_shape(project, file.parent / path_of(name), slot))
    return Opened(
        with_files(study, {name: shape.slot for name, shape in zip(names, shapes, strict=True)}),
        tuple(shapes),
    )


def save_study(project: Project, file: Path, study: Study, items: Mapping[str, Item]) -> None:
    """Writes a study and, beside it, the shapes that it names. Raises StudioError."""
    names: dict[str, str] = {}
    try:
        for slot in files_of(study):
            if slot not in items:
                raise StudioError(
                    tr("The study works from a shape that is not there any more."),
                    tr("Choose its file again, or remove what has its shape, and save again."),
                )
            item = items[slot]
            names[slot] = _free_name(file.stem, item, names.values())
            shutil.copyfile(project.blob_path(item.digest), file.with_name(names[slot]))
        user_files.write(file, to_json(with_files(study, names)))
    except OSError as error:
        raise StudioError(
            tr("The study cannot be saved as “{name}”: {why}.", name=file.name, why=error.strerror or error),
            tr("Choose another folder, or free some space, and save again."),
        ) from error


def _free_name(study: str, item: Item, taken: Collection[str]) -> str:
    """For a shape beside a study: two of them may have come from files of one name."""
    name, number = safe_name(f"{study} {item.name}", item.extension), 2
    while name in taken:
        name, number = safe_name(f"{study} {item.name} {number}", item.extension), number + 1
    return name


def too_many(most: int) -> BadInput:
    return BadInput(
        tr("A study has at most {most} shapes from files.", most=most),
        tr("Join some of them to one file in the program that made them."),
    )
