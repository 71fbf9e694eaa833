"""Studies as files, with the shapes that they name beside them. Nothing here is for the window's thread."""

from __future__ import annotations

import filecmp
import itertools
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from studio.api.values import BadInput, StudioError, is_file, safe_name, tr, write_whole
from studio.ui.api import Item, ItemAccess, NewFile
from studio_product.core.kind import PART as KIND
from studio_product.core.studies.reading import missing_shape, read_study
from studio_product.core.studies.study import Study, to_json
from studio_product.core.studies.study_value import files_of, with_files

if TYPE_CHECKING:
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


def bring_shape(access: ItemAccess, file: Path, slot: str) -> Brought:
    """Reads a closed shape and copies its file into the project. Raises BadInput, DiskFull."""
    from studio_product.core.files.mesh_files import read_mesh
    from studio_product.core.surfaces.mesh_check import require_solid

    mesh = read_mesh(file)
    require_solid(mesh, file.name)
    (item,) = access.bring_in([NewFile(file, KIND)])
    return Brought(slot, item, mesh)


def read_shapes(access: ItemAccess, items: Mapping[str, Item]) -> dict[str, Mesh]:
    """The meshes of items of the project, by slot. Raises BadInput, ProjectError."""
    from studio_product.core.files.mesh_files import read_mesh

    return {slot: read_mesh(access.file(item)) for slot, item in items.items()}


def open_study(access: ItemAccess, file: Path, slots: Sequence[str]) -> Opened:
    """A study and its shapes, whose files lie relative to its own. Raises BadInput, DiskFull."""
    study, files = read_study(file, slots)
    for name in files_of(study):
        if name not in files:
            raise missing_shape(file, name)
    return Opened(study, tuple(bring_shape(access, path, slot) for slot, path in files.items()))


def save_study(access: ItemAccess, file: Path, study: Study, items: Mapping[str, Item]) -> None:
    """Writes a study and, beside it, its shapes, which replace no other file. Raises StudioError."""
    names: dict[str, str] = {}
    try:
        for slot in files_of(study):
            if slot not in items:
                raise StudioError(
                    tr("The study works from a shape that is not there any more."),
                    tr("Choose its file again, or remove what has its shape, and save again."),
                )
            item = items[slot]
            name = safe_name(f"{file.stem} {item.name}", item.extension)
            names[slot] = _placed(file.parent, name, access.file(item))
        write_whole(file, to_json(with_files(study, names)))
    except OSError as error:
        raise StudioError(
            tr("The study cannot be saved as “{name}”: {why}.", name=file.name, why=error.strerror or error),
            tr("Choose another folder, or free some space, and save again."),
        ) from error


def _placed(folder: Path, name: str, source: Path) -> str:
    """What a shape is called beside a study: a file of that name may be there, from another shape even."""
    stem, extension = Path(name).stem, Path(name).suffix
    for number in itertools.count(1):
        there = folder / (name if number == 1 else safe_name(stem, extension, f" {number}"))
        if is_file(there) and filecmp.cmp(there, source, shallow=False):
            break
        with suppress(FileExistsError):
            _copy(source, there)
            break
    return there.name


def _copy(source: Path, there: Path) -> None:
    """Whole or not at all, and never over another file. Raises OSError."""
    with there.open("xb") as target:
        try:
            with source.open("rb") as read:
                shutil.copyfileobj(read, target)
        except BaseException:
            there.unlink(missing_ok=True)
            raise


def too_many(most: int) -> BadInput:
    return BadInput(
        tr("A study has at most {most} shapes from files.", most=most),
        tr("Join some of them to one file in the program that made them."),
    )
