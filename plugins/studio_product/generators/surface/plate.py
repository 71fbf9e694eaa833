"""The outline of a plate, and the plate as a body."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manifold3d import CrossSection, FillRule, OpType
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh
from studio_product.core.studies.domain import Domain
from studio_product.core.studies.study import Study
from studio_product.generators.surface.field import MARGIN, widened
from studio_product.generators.surface.level import at_volume, guess, nothing_left
from studio_product.generators.surface.result import Surface
from studio_product.generators.surface.shapes import meshed, outline_of, pads
from studio_product.generators.surface.smoothing import smoothed

_ROUNDS, _PASSED = 150, 0.04
"""Of smoothing: waves shorter than some 15 cells go."""
_FINE = 0.01
"""Of the spacing: corners that stand out by less are left out."""


def plate(
    density: NDArray[np.float64], domain: Domain, study: Study, meshes: Mapping[str, Mesh], volume: float
) -> Surface:
    """See `surface`."""
    space, kept = _tools(domain, study, meshes)
    spacing = domain.grid.spacing
    cell = spacing[0] * spacing[1]
    wanted = volume / domain.grid.thickness

    field = widened(density, domain)
    level, slope = guess(field, ~domain.void, MARGIN, wanted / cell)

    def make(level: float) -> CrossSection:
        return _main_piece((_level_set(field, level, spacing) ^ space) + kept, _FINE * min(spacing))

    outline = at_volume(make, CrossSection.area, wanted, level, slope * cell)
    if outline.is_empty():
        raise nothing_left()
    return Surface(
        meshed(outline.extrude(domain.grid.thickness), min(spacing)),
        tuple(np.array(loop, np.float64) for loop in outline.to_polygons()),
    )


def _tools(domain: Domain, study: Study, meshes: Mapping[str, Mesh]) -> tuple[CrossSection, CrossSection]:
    """Where material may be, and where it must be."""
    grid = domain.grid
    space = CrossSection.square(study.space.size[:2])
    if study.space.shape is not None:
        space ^= outline_of(study.space.shape, grid, meshes)
    kept = [CrossSection.square(high - low).translate(low) for low, high in pads(study, domain)]
    for region in study.regions:
        outline = outline_of(region.shape, grid, meshes)
        if region.role == "keep-out":
            space -= outline
        else:
            kept.append(outline)
    return space, CrossSection.batch_boolean(kept, OpType.Add) ^ space if kept else CrossSection()


def _level_set(field: NDArray[np.float64], level: float, spacing: tuple[float, ...]) -> CrossSection:
    """Marching squares, each loop smoothed."""
    from skimage.measure import find_contours

    loops = []
    for loop in find_contours(field, level):
        points = (loop[:-1] - (MARGIN - 0.5)) * spacing
        around = np.arange(len(points))
        loops.append(smoothed(points, np.stack([around, np.roll(around, -1)], axis=1), _ROUNDS, _PASSED))
    return CrossSection(loops, FillRule.EvenOdd) if loops else CrossSection()


def _main_piece(outline: CrossSection, fine: float) -> CrossSection:
    """The largest piece with its holes."""
    return max(outline.simplify(fine).decompose(), key=CrossSection.area, default=outline)
