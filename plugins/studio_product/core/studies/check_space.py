"""Of the pre-check: what may be filled, what is kept, and how much material is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from studio.api.values import BadInput, tr
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.placing import Scene
from studio_product.core.studies.remark import Remark, error, warning
from studio_product.core.studies.study import Box, Cylinder, Shape, Sphere, Study
from studio_product.core.studies.target import material_fraction
from studio_product.core.studies.voxels import shape_coverage

LITTLE = 0.02
"""Of the space: less material makes no member that the grid could show."""


def remarks(study: Study, scene: Scene, meshes: Mapping[str, Mesh]) -> Iterator[Remark]:
    if not scene.space.any():
        yield error(
            "no-space",
            tr("There is nowhere for material: everything is kept out."),
            tr("Make the keep-outs smaller, or the space larger."),
        )
        return
    yield from _keep_ins(scene, meshes)
    yield from _keep_outs(study, scene.grid, meshes)
    if scene.bearing:
        yield from _unreached(scene)
        yield from _target(study, scene)
    yield from _making(study, scene)


def _keep_ins(scene: Scene, meshes: Mapping[str, Mesh]) -> Iterator[Remark]:
    reached = scene.reached
    for region, cells in scene.kept:
        name, allowed = region.name, cells & scene.space
        if not cells.any():
            if shape_coverage(region.shape, scene.grid, meshes).any():
                message = tr("The keep-in “{name}” is thinner than half a cell and keeps nothing.", name=name)
                yield warning(
                    "keep-in-thin", message, tr("Choose a finer quality, or make it thicker."), name
                )
            else:
                message = tr("The keep-in “{name}” lies outside the space.", name=name)
                yield error("keep-in-outside", message, tr("Move it into the space."), name)
        elif not allowed.any():
            message = tr(
                "The keep-in “{name}” lies where nothing may be: a keep-out wins over it.", name=name
            )
            yield error(
                "keep-in-kept-out", message, tr("Move one of them, or make the keep-out smaller."), name
            )
        elif scene.bearing and not (allowed & reached).any():
            message = tr(
                "The keep-in “{name}” floats: no way leads from it to a support and a load.", name=name
            )
            yield error("floating-keep-in", message, tr("Leave space between them for material."), name)
        elif allowed.sum() < cells.sum() / 2:
            share = 100 * (1 - allowed.sum() / cells.sum())
            message = tr(
                "{share:.0f} % of the keep-in “{name}” is kept out again.", share=100 * share, name=name
            )
            yield warning("keep-in-cut", message, tr("If a hole is meant, all is well."), name)


def _keep_outs(study: Study, grid: Grid, meshes: Mapping[str, Mesh]) -> Iterator[Remark]:
    for region in study.regions:
        if region.role == "keep-out" and _may_be_thin(region.shape, grid):
            covered = shape_coverage(region.shape, grid, meshes)
            if covered.any() and covered.max() < 0.5:
                message = tr(
                    "The keep-out “{name}” is thinner than half a cell: it is ignored.", name=region.name
                )
                yield warning("keep-out-thin", message, tr("Choose a finer quality."), region.name)


def _may_be_thin(shape: Shape, grid: Grid) -> bool:
    """Whether it could cover no cell by half: without looking at the cells."""
    step = 2 * max(grid.spacing)
    match shape:
        case Box():
            return min(shape.size[: grid.dimensions]) < step
        case Cylinder() | Sphere():
            return shape.radius < step
        case _:
            return True


def _unreached(scene: Scene) -> Iterator[Remark]:
    lost = 1 - scene.reached.sum() / scene.space.sum()
    if lost > 0.001:
        yield warning(
            "unreached",
            tr(
                "{share:.1f} % of the space is cut off from the supports or the loads and stays empty.",
                share=100 * lost,
            ),
            tr("If it should be used, leave a way to it between the keep-outs."),
        )
    if len(scene.bearing) > 1:
        yield warning(
            "separate",
            tr("The space falls into {count} parts that bear loads by themselves.", count=len(scene.bearing)),
            tr("Join them, or make a study of each."),
        )


def _target(study: Study, scene: Scene) -> Iterator[Remark]:
    cells, kept = int(scene.reached.sum()), int(scene.solid.sum())
    try:
        wanted = material_fraction(study, scene.grid, cells, kept)
    except BadInput as failure:
        yield error("mass-unreachable", failure.message, failure.hint)
        return
    if wanted < LITTLE:
        message = tr(
            "{share:.2f} % of the space is too little for members that the grid shows.", share=100 * wanted
        )
        yield warning("target-small", message, tr("Raise the target, or make the space smaller."))
    elif kept > 0.8 * wanted * cells:
        message = tr(
            "{share:.0f} % of the material is kept anyway; little is left to design.",
            share=100 * kept / wanted / cells,
        )
        yield warning("little-left", message, tr("Raise the target, or make what is kept smaller."))


def _making(study: Study, scene: Scene) -> Iterator[Remark]:
    space, solid = scene.space, scene.solid
    for axis in study.making.symmetry:
        at = "xyz".index(axis)
        if (space != np.flip(space, at)).any() or (solid != np.flip(solid, at)).any():
            message = tr("The space, or what is kept in it, is not symmetric along {axis}.", axis=axis)
            yield warning("not-symmetric", message, tr("Move its parts, or give up the symmetry."))
    along = study.making.extrusion
    if along is not None:
        at = "xyz".index(along)
        if (space != space.take([0], at)).any() or (solid != solid.take([0], at)).any():
            message = tr(
                "The space, or what is kept in it, changes along {axis}, so nothing is extruded.", axis=along
            )
            yield warning(
                "not-extruded", message, tr("Let its parts reach through, or give up the extrusion.")
            )
