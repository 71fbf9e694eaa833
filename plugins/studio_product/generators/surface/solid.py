"""The surface of a body in three dimensions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manifold3d import Error, Manifold, OpType
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh
from studio_product.core.studies.domain import Domain
from studio_product.core.studies.study import Study
from studio_product.generators.surface.field import MARGIN, widened
from studio_product.generators.surface.level import at_volume, guess, nothing_left
from studio_product.generators.surface.result import Surface
from studio_product.generators.surface.shapes import body_of, manifold_of, meshed, pads
from studio_product.generators.surface.smoothing import smoothed

_ROUNDS, _PASSED = 15, 0.1
"""Of smoothing."""
_FINE = 0.01
"""Of the spacing: by so little may the surface move to be rid of slivers."""
_NUDGE = 1e-4


def solid(
    density: NDArray[np.float64], domain: Domain, study: Study, meshes: Mapping[str, Mesh], volume: float
) -> Surface:
    """See `surface`."""
    tools = _Tools(domain, study, meshes)
    spacing, cell = domain.grid.spacing, domain.grid.cell_volume

    field = widened(density, domain)
    level, slope = guess(field, ~domain.void, MARGIN, volume / cell)

    def make(level: float) -> Manifold:
        return _main_piece((_level_set(field, level, spacing) ^ tools.space) + tools.kept)

    body = at_volume(make, Manifold.volume, volume, level, slope * cell)
    if body.is_empty():
        raise nothing_left()
    least = min(spacing)
    return Surface(meshed(body.simplify(_FINE * least), least))


class _Tools:
    """The exact bodies of a study: what is cut off and what is added."""

    def __init__(self, domain: Domain, study: Study, meshes: Mapping[str, Mesh]) -> None:
        grid = domain.grid
        space = Manifold.cube(study.space.size)
        if study.space.shape is not None:
            space ^= body_of(study.space.shape, grid, meshes)
        kept: list[Manifold] = []
        out: list[Manifold] = []
        for region in study.regions:
            (kept if region.role == "keep-in" else out).append(body_of(region.shape, grid, meshes))
        kept += [Manifold.cube(high - low).translate(low) for low, high in pads(study, domain)]
        self.space = space - Manifold.batch_boolean(out, OpType.Add) if out else space
        self.kept = Manifold.batch_boolean(kept, OpType.Add) ^ self.space if kept else Manifold()


def _level_set(field: NDArray[np.float64], level: float, spacing: tuple[float, ...]) -> Manifold:
    """Marching cubes (Lewiner et al. 2003), smoothed. Where it is not manifold the level gives way a little:
    that is so where a face of cells lies at the level exactly."""
    from skimage.measure import marching_cubes

    for _ in range(20):
        if not field.min() < level < field.max():
            return Manifold()
        vertices, faces, _, _ = marching_cubes(
            field.astype(np.float32), level, spacing=spacing, gradient_direction="ascent"
        )
        points = np.asarray(vertices, np.float64) - (MARGIN - 0.5) * np.array(spacing)
        edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
        edges = edges[np.lexsort(edges.T)][::2]  # each edge of a closed surface is there twice
        body = manifold_of(Mesh(smoothed(points, edges, _ROUNDS, _PASSED), faces))
        if body.status() == Error.NoError:
            return body
        level += _NUDGE
    return Manifold()


def _main_piece(body: Manifold) -> Manifold:
    """The largest piece with the cavities in it: those come as pieces of negative volume."""
    pieces = sorted((piece for piece in body.decompose() if piece.volume() > 0), key=Manifold.volume)
    return body - Manifold.batch_boolean(pieces[:-1], OpType.Add) if len(pieces) > 1 else body
