"""Of the pre-check: numbers that are implausible by themselves, meshes, and the size of the grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from studio.api.values import tr, trn
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.estimate import study_bytes
from studio_product.core.studies.remark import Remark, error, notice, warning
from studio_product.core.studies.study import Load, Material, Region, Solid, Study, Support
from studio_product.core.studies.voxelize import is_closed
from studio_product.core.studies.voxels import placed

MEMBER_CELLS = 3
"""So many cells a member needs across for its bending to be worth a number."""


def remarks(study: Study) -> Iterator[Remark]:
    """On the values alone. Where the modulus is 1, nothing has units: so published problems are written."""
    if study.material.youngs_modulus != 1:
        yield from _size(study)
        yield from _material(study.material)
    ratio = study.method.void_stiffness
    if ratio < 1e-12:
        yield error(
            "stiffness-ratio",
            tr(
                "Empty cells are {ratio:.0e} times as stiff as full ones, too little to compute.", ratio=ratio
            ),
            tr("Set the stiffness of empty cells to 1e-9, the usual value."),
        )
    elif ratio > 1e-4:
        yield warning(
            "stiffness-ratio",
            tr("Empty cells are {ratio:.0e} times as stiff as full ones, and will bear load.", ratio=ratio),
            tr("Set the stiffness of empty cells to 1e-9, the usual value."),
        )


def mesh_remarks(study: Study, meshes: Mapping[str, Mesh]) -> Iterator[Remark]:
    for name, solid in _solids(study):
        if solid.file not in meshes:
            yield error(
                "mesh-missing",
                tr("The shape “{file}” was not given.", file=solid.file),
                tr("Choose its file again, or take it out of the study."),
                name,
            )
        elif not is_closed(meshes[solid.file]):
            yield error(
                "mesh-open",
                tr(
                    "The shape “{file}” is not closed: it has holes, so nothing is inside it.",
                    file=solid.file,
                ),
                tr("Close its holes in the program that made it, and export it again."),
                name,
            )
        else:
            yield from _mesh_size(placed(solid, meshes), solid, study, name)


def grid_remarks(study: Study, grid: Grid, memory: int | None) -> Iterator[Remark]:
    needed = study_bytes(grid.cell_count, grid.dimensions, max(1, len(study.cases)))
    if memory is not None and needed > memory:
        yield error(
            "grid-memory",
            tr(
                "{cells:,} cells need {needed:.1f} GB of memory, and {free:.1f} GB are free.",
                cells=grid.cell_count,
                needed=needed / 1e9,
                free=memory / 1e9,
            ),
            tr("Choose a lower quality or fewer cells, or close other programs."),
        )
    member, step = study.making.minimum_member, max(grid.spacing)
    if 0 < member < MEMBER_CELLS * step * (1 - 1e-6):
        yield warning(
            "member-thin",
            tr(
                "Members of {member:.3g} mm are only {cells:.1f} cells wide; how they bend takes {least}.",
                member=member,
                cells=member / step,
                least=MEMBER_CELLS,
            ),
            tr("Choose a finer quality, or members of at least {least:.2g} mm.", least=MEMBER_CELLS * step),
        )
    radius = study.method.radius
    if radius is not None and radius <= step:
        yield warning(
            "radius-small",
            tr(
                "The filter's radius, {radius:.3g} mm, does not reach the next cell: checkers will appear.",
                radius=radius,
            ),
            tr("Make it at least one and a half cells: {least:.2g} mm.", least=1.5 * step),
        )
    thin = [("xyz"[axis], count) for axis, count in enumerate(grid.cells) if count < MEMBER_CELLS]
    for axis, count in thin:
        yield warning(
            "space-thin",
            trn(
                "Along {axis} the space is only {count} cell thick.",
                "Along {axis} the space is only {count} cells thick.",
                count,
                axis=axis,
            ),
            tr("Choose a finer quality, or make it a plate: a study in two dimensions."),
        )


def _size(study: Study) -> Iterator[Remark]:
    longest = max(study.space.size[: study.dimensions])
    if longest < 1:
        yield warning(
            "units-space",
            tr("The space is only {size:.2g} mm long. Was it written in meters?", size=longest),
            tr("Lengths are in mm."),
        )
    elif longest > 100_000:
        yield warning(
            "units-space",
            tr("The space is {size:.3g} m long. Was it written in micrometers?", size=longest / 1000),
            tr("Lengths are in mm."),
        )


def _material(material: Material) -> Iterator[Remark]:
    modulus, density, strength = material.youngs_modulus, material.density, material.yield_strength
    if modulus > 2e6:
        message = tr(
            "Nothing is as stiff as {value:.3g} MPa. Was Young's modulus written in Pa?", value=modulus
        )
        yield warning("units-modulus", message, tr("It is in MPa: steel has 210000."), material.name)
    elif modulus < 1000 and density > 2:
        message = tr(
            "{value:.3g} MPa is soft for a metal. Was Young's modulus written in GPa?", value=modulus
        )
        yield warning("units-modulus", message, tr("It is in MPa: steel has 210000."), material.name)
    if density > 25:
        message = tr("Nothing is as heavy as {value:.4g} g/cm³. Was it written in kg/m³?", value=density)
        yield warning("units-density", message, tr("It is in g/cm³: steel has 7.85."), material.name)
    elif density < 0.005:
        message = tr("{value:.2g} g/cm³ is light as air. Was the density written in kg/mm³?", value=density)
        yield warning("units-density", message, tr("It is in g/cm³: steel has 7.85."), material.name)
    if strength > modulus / 5 and modulus > 100:
        message = tr(
            "A yield strength of {value:.3g} MPa would stretch the material by a fifth.", value=strength
        )
        yield warning("units-strength", message, tr("It is in MPa: steel has 235 and more."), material.name)


def _mesh_size(mesh: Mesh, solid: Solid, study: Study, name: str) -> Iterator[Remark]:
    low, high = mesh.bounds
    ratio = float(np.max(high - low)) / max(study.space.size)
    if not 1 / 100 < ratio < 100:
        yield warning(
            "units-mesh",
            tr(
                "The shape “{file}” is {size:.3g} mm long, the space {space:.3g} mm.",
                file=solid.file,
                size=float(np.max(high - low)),
                space=max(study.space.size),
            ),
            tr("If its file is in meters, scale it by 1000; if it is in inches, by 25.4."),
            name,
        )
    elif bool((high <= 0).any()) or bool((low >= np.array(study.space.size)).any()):
        yield notice(
            "mesh-outside",
            tr("The shape “{file}” lies outside the space.", file=solid.file),
            tr("Move it with its offset."),
            name,
        )


def _solids(study: Study) -> Iterator[tuple[str, Solid]]:
    """With the name of what has that shape."""
    if study.space.shape is not None:
        yield "", study.space.shape
    things: list[Support | Region | Load] = [*study.supports, *study.regions]
    things += [load for case in study.cases for load in case.loads]
    for thing in things:
        if isinstance(thing.shape, Solid):
            yield thing.name, thing.shape
