"""Of the pre-check: whether supports and loads can work together."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, tr
from studio_product.core.grid import Grid
from studio_product.core.studies.patches import nodes_of
from studio_product.core.studies.placing import Mask, Placed, Scene, nodal_forces, nothing_held, pieces_at
from studio_product.core.studies.remark import Remark, error, notice, warning
from studio_product.core.studies.study import Load, LoadCase, Material, Study, Support

Floats = NDArray[np.float64]

NOTHING = 1e-9
"""Relative to the largest: rounding."""

ALMOST = 0.999
"""Of a unit vector: a motion that goes along an axis but for rounding."""


def remarks(study: Study, scene: Scene) -> Iterator[Remark]:
    if not study.supports:
        yield error(
            "no-support",
            tr("Nothing holds the part."),
            tr("Add a support: a face, a hole or an edge at which it is fastened."),
        )
    if not any(case.loads or any(case.gravity) for case in study.cases):
        yield error("no-load", tr("Nothing pulls at the part."), tr("Add a load case with a force."))
        return
    for each in scene.placed:
        if not each.found:
            failure = nothing_held(each)
            code = "support-on-nothing" if each.case is None else "load-on-nothing"
            yield error(code, failure.message, failure.hint, each.thing.name)
    yield from _floating(study, scene)
    if study.material.youngs_modulus != 1:
        yield from _pressure(study.material, scene)
    for piece in sorted(scene.bearing):
        yield from _rigid_motion(scene, piece)
    for index, case in enumerate(study.cases):
        found = [each for each in scene.placed if each.case == index and each.found]
        yield from _case(case, found, scene)


def _floating(study: Study, scene: Scene) -> Iterator[Remark]:
    for each in scene.placed:
        if not each.found or pieces_at(each.nodes, scene.labels) & scene.bearing:
            continue
        name = each.thing.name
        if isinstance(each.thing, Support) and scene.bearing:
            message = tr("No way leads through the space from the support “{name}” to a load.", name=name)
            yield warning("floating-support", message, tr("Leave space between them for material."), name)
        elif isinstance(each.thing, Load) and study.supports:
            message = tr("No way leads through the space from the load “{name}” to a support.", name=name)
            yield error("floating-load", message, tr("Leave space between them for material."), name)


def _pressure(material: Material, scene: Scene) -> Iterator[Remark]:
    """The largest share of a node inside a patch is that of one cell's face, which gives the patch's area."""
    face = scene.grid.cell_volume / min(scene.grid.spacing)
    for each in scene.placed:
        if isinstance(each.thing, Load) and each.thing.spread == "area" and each.hold.under.any():
            pressure = math.hypot(*each.thing.force) * float(each.shares.max()) / face
            if pressure > material.yield_strength:
                yield warning(
                    "pressure",
                    tr(
                        "“{name}” presses with {pressure:g} MPa, and {material} yields at {limit:g}.",
                        name=each.thing.name,
                        pressure=float(f"{pressure:.3g}"),
                        material=material.name,
                        limit=material.yield_strength,
                    ),
                    tr("Forces are in N. Let it act on a larger patch, or choose a stronger material."),
                    each.thing.name,
                )


def _case(case: LoadCase, placed: list[Placed], scene: Scene) -> Iterator[Remark]:
    name, grid = case.name, scene.grid
    if not any(case.gravity) and not any(_pulls(load) for load in case.loads):
        yield error(
            "case-empty", tr("The load case “{name}” has no force.", name=name), tr("Give it one."), name
        )
        return
    total = np.zeros((math.prod(grid.nodes), grid.dimensions))
    size = 0.0
    for each in placed:
        try:
            at, forces = nodal_forces(each, grid)
        except BadInput as failure:
            yield error("moment-lever", failure.message, failure.hint, each.thing.name)
            return
        total[at] += forces
        size += float(np.abs(forces).sum())
        free = ~scene.fixed.reshape(total.shape)[at]
        if _pulls(each.thing) and np.abs(forces[free]).max(initial=0) <= NOTHING * np.abs(forces).max():
            message = tr("The load “{name}” acts only where the part is held.", name=each.thing.name)
            yield error("load-held", message, tr("Move the load or the support."), each.thing.name)
    if placed and not any(case.gravity):
        yield from _balance(name, total.reshape(*grid.nodes, -1), size, grid)


def _balance(name: str, total: Floats, size: float, grid: Grid) -> Iterator[Remark]:
    if np.abs(total).sum() <= NOTHING * size:
        message = tr("The loads of the case “{name}” cancel each other out.", name=name)
        yield error("loads-cancel", message, tr("Make two cases of them, or turn one around."), name)
        return
    nodes = tuple(range(grid.dimensions))
    in_space = [(0, 0)] * grid.dimensions + [(0, 3 - grid.dimensions)]
    moment = np.cross(np.pad(grid.corners(), in_space), np.pad(total, in_space)).sum(axis=nodes)
    small = NOTHING * size
    if np.abs(total.sum(axis=nodes)).max() <= small and np.abs(moment).max() <= small * max(grid.size):
        message = tr(
            "The loads of the case “{name}” balance each other: the supports bear nothing.", name=name
        )
        yield notice(
            "loads-balance", message, tr("If the part is only squeezed or twisted, all is well."), name
        )


def _pulls(load: Support | Load) -> bool:
    return isinstance(load, Load) and (any(load.force) or any(load.moment))


def _rigid_motion(scene: Scene, piece: int) -> Iterator[Remark]:
    """Motions of a rigid body under which no support moves.

    A held degree of freedom at r forbids every motion whose velocity t + w x r has a part along it. What is
    left is the null space of all these conditions.
    """
    corners = nodes_of(scene.labels == piece)
    held = scene.fixed & corners[..., None]
    centered = scene.grid.corners() - np.array(scene.grid.size) / 2
    conditions = _conditions(held, centered / max(scene.grid.size))
    values, vectors = np.linalg.eigh(conditions.T @ conditions)
    left = vectors[:, values <= NOTHING * max(values.max(), 1.0)].T
    if len(left):
        yield error(
            "rigid-motion",
            tr("The supports let the part {motions}.", motions=_motions(left, scene.grid.dimensions)),
            tr("Hold it along more axes, or at more places."),
        )


def _conditions(held: Mask, places: Floats) -> Floats:
    """(held, 3 or 6): the velocity along each held degree of freedom under unit slides and turns."""
    dimensions = places.shape[-1]
    rows = []
    for axis in range(dimensions):
        r = places[held[..., axis]]
        slides = np.zeros((len(r), dimensions))
        slides[:, axis] = 1
        if dimensions == 2:
            turns = (-r[:, 1] if axis == 0 else r[:, 0])[:, None]
        else:
            # (w x r) . e = w . (r x e)
            turns = np.cross(r, np.eye(3)[axis])
        rows.append(np.hstack([slides, turns]))
    return np.concatenate(rows)


def _motions(left: Floats, dimensions: int) -> str:
    """A null space (motions, 3 or 6), orthonormal, in words."""
    turns = left[:, dimensions:]
    # Whether a motion turns about an axis, wherever that axis lies: its slide does not matter.
    turning = np.diag(np.linalg.pinv(turns, rcond=1e-6) @ turns)
    words = [
        tr("slide along {axis}", axis="xyz"[axis])
        for axis in range(dimensions)
        if np.linalg.norm(left[:, axis]) > ALMOST
    ]
    axes = "z" if dimensions == 2 else "xyz"
    words += [
        tr("turn about {axis}", axis=axis) for axis, part in zip(axes, turning, strict=True) if part > ALMOST
    ]
    return ", ".join(words) if 0 < len(words) < 4 else tr("move freely")
