"""Studies as files, with the shapes that they name beside them. Nothing here is for the window's thread."""

from __future__ import annotations

import filecmp
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from studio import user_files
from studio.core.item import Item
from studio.errors import BadInput, StudioError
from studio.export.naming import safe_name
from studio.export.target import Target
from studio.given_paths import is_file
from studio.words import tr
from studio_product.core.studies.reading import missing_shape, read_study
from studio_product.core.studies.study import Study, to_json
from studio_product.core.studies.study_value import files_of, with_files

if TYPE_CHECKING:
    from studio.project.store import Project
    from studio_product.core.mesh import Mesh


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
    from studio_product.core.files.mesh_files import read_mesh
    from studio_product.core.surfaces.mesh_check import require_solid

    mesh = read_mesh(file)
    require_solid(mesh, file.name)
    return Brought(slot, project.add_asset(file, kind="part"), mesh)


def read_shapes(project: Project, items: Mapping[str, Item]) -> dict[str, Mesh]:
    """The meshes of items of the project, by slot. Raises BadInput, ProjectError."""
    from studio_product.core.files.mesh_files import read_mesh

    return {slot: read_mesh(project.blob_path(item.digest)) for slot, item in items.items()}


def open_study(project: Project, file: Path, slots: Sequence[str]) -> Opened:
    """A study and its shapes, whose files lie relative to its own. Raises BadInput, DiskFull."""
    study, files = read_study(file, slots)
    for name in files_of(study):
        if name not in files:
            raise missing_shape(file, name)
    return Opened(study, tuple(bring_shape(project, path, slot) for slot, path in files.items()))


def save_study(project: Project, file: Path, study: Study, items: Mapping[str, Item]) -> None:
    """Writes a study and, beside it, its shapes, which replace no other file. Raises StudioError."""
    names: dict[str, str] = {}
    target = Target(file.parent)
    try:
        for slot in files_of(study):
            if slot not in items:
                raise StudioError(
                    tr("The study works from a shape that is not there any more."),
                    tr("Choose its file again, or remove what has its shape, and save again."),
                )
            item = items[slot]
            name = safe_name(f"{file.stem} {item.name}", item.extension)
            names[slot] = _placed(target, name, project.blob_path(item.digest), item.digest)
        user_files.write(file, to_json(with_files(study, names)))
    except OSError as error:
        raise StudioError(
            tr("The study cannot be saved as “{name}”: {why}.", name=file.name, why=error.strerror or error),
            tr("Choose another folder, or free some space, and save again."),
        ) from error


def _placed(target: Target, name: str, source: Path, digest: str) -> str:
    """What a shape is called beside a study: a file of that name may be there, from another shape even."""
    there = target.folder / name
    if is_file(there) and filecmp.cmp(there, source, shallow=False):
        return name
    return target.copy(name, source, digest, "number")[0].name


def too_many(most: int) -> BadInput:
    return BadInput(
        tr("A study has at most {most} shapes from files.", most=most),
        tr("Join some of them to one file in the program that made them."),
    )
