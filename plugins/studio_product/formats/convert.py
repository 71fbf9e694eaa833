"""A part's file in another format. What it takes is imported on first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.api.values import BadInput, StudioError, tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio_product.core.mesh import Mesh
    from studio_product.core.part import Part

EXTENSIONS: dict[str, str] = {
    "stl": ".stl", "3mf": ".3mf", "step": ".step", "obj": ".obj", "glb": ".glb",
    "svg": ".svg", "dxf": ".dxf", "turntable": ".png",
}  # fmt: skip
"""The formats that export offers for parts, with the extension of each. GLB is in meters, the rest in mm."""

_SAME = {".stp": ".step"}
_DRAWINGS = ("svg", "dxf")


def is_already(extension: str, format: str) -> bool:
    """Whether a file with this extension has that format, so that its bytes can go out untouched."""
    return _SAME.get(extension.lower(), extension.lower()) == EXTENSIONS[format]


def convert(source: Path, format: str, name: str, created: float, deviation: float | None = None) -> bytes:
    """The part in this file, as `format`. Formats of triangles are read again before they are given out: they
    are closed, and the volume is the part's.

    Args:
        name: of the part, as the file may hold it.
        created: seconds since 1970-01-01, UTC.
        deviation: mm that the surface may be off, for fewer triangles; 0 keeps all, None is the usual.

    Raises:
        BadInput: no part that we read, no closed solid, or no plate where a drawing is asked for.
    """
    mesh, part = _read(source)
    if format in _DRAWINGS:
        return _drawing(part.contours if part else (), format, name)
    if format == "turntable":
        from studio_product.formats.turntable import as_turntable

        return as_turntable(mesh, _up(part))
    _require_closed(mesh, name)
    mesh = _simplified(mesh, deviation)
    if format == "step":
        from studio_product.formats.step import as_step

        return as_step(mesh, name, created)
    return _verified(_writer(format, name)(mesh), mesh, name)


def beside(source: Path, format: str | None, name: str) -> dict[str, bytes]:
    """What goes with a part's file, by what the files' names end in: numbers and study where it has them,
    and with a turntable the views from the usual sides.

    Raises:
        BadInput: no part that we read.
    """
    from studio_product.formats.beside import beside_part, facts_of

    facts = facts_of(source)
    found = beside_part(facts, name) if facts else {}
    if format == "turntable":
        from studio_product.formats.turntable import stills

        mesh, part = _read(source)
        found |= {f".{view}.png": picture for view, picture in stills(mesh, _up(part)).items()}
    return found


def _read(source: Path) -> tuple[Mesh, Part | None]:
    """The triangles, and all else where the studio made them."""
    from studio_product.core.files.mesh_clean import mesh_of_corners
    from studio_product.core.files.mesh_files import read_mesh
    from studio_product.core.files.partfile import read_part

    try:
        part = read_part(source)
    except (
        BadInput,
        OSError,
    ):  # another program's file, or none: the other reader tells what is wrong with it
        return read_mesh(source), None
    return mesh_of_corners(part.mesh.corners), part


def _up(part: Part | None) -> Literal["y", "z"]:
    """Plates stand upright in pictures."""
    return "y" if part and part.study.dimensions == 2 else "z"


def _writer(format: str, name: str) -> Callable[[Mesh], bytes]:
    from studio_product.formats import meshes

    if format == "stl":
        return meshes.as_stl
    named = {"3mf": meshes.as_3mf, "obj": meshes.as_obj, "glb": meshes.as_glb}[format]
    return lambda mesh: named(mesh, name)


def _require_closed(mesh: Mesh, name: str) -> None:
    from studio_product.core.surfaces.mesh_check import check_mesh

    if flaws := check_mesh(mesh, crossings=False):
        raise BadInput(
            tr("“{name}” is no closed solid. {message}", name=name, message=flaws[0].message), flaws[0].hint
        )


def _simplified(mesh: Mesh, deviation: float | None) -> Mesh:
    from studio_product.core.surfaces.simplify import simplified, usual_deviation

    if deviation is None:
        deviation = usual_deviation(mesh)
    return simplified(mesh, deviation) if deviation else mesh


def _verified(data: bytes, mesh: Mesh, name: str) -> bytes:
    """The bytes, once they read back as what was to be written: coordinates are rounded in files."""
    from studio_product.core.files.mesh_files import mesh_from_bytes
    from studio_product.core.surfaces.mesh_check import check_mesh
    from studio_product.core.surfaces.simplify import VOLUME_KEPT

    found = mesh_from_bytes(data, name)
    flaws = check_mesh(found, crossings=False)
    if flaws or abs(found.volume - mesh.volume) > VOLUME_KEPT * mesh.volume:
        raise StudioError(
            tr("“{name}” was not written: the file would not hold the same solid.", name=name),
            tr("Allow a larger deviation, or choose STEP."),
            "\n".join(flaw.message for flaw in flaws),
        )
    return data


def _drawing(contours: Sequence[NDArray[np.float64]], format: str, name: str) -> bytes:
    from studio_product.formats import drawing

    if not contours:
        raise BadInput(
            tr("“{name}” is no plate, and {format} is a drawing.", name=name, format=format.upper()),
            tr("Choose STEP, STL or 3MF for solids."),
        )
    outlines: list[drawing.Contour] = [[(x, y) for x, y in contour.tolist()] for contour in contours]
    return drawing.as_svg(outlines, name) if format == "svg" else drawing.as_dxf(outlines)
