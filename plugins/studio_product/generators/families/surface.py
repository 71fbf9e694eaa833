"""The surface of a family's shape, as a closed mesh."""

from __future__ import annotations

import numpy as np

from studio_product.core.mesh import Mesh
from studio_product.core.surfaces.simplify import simplified
from studio_product.generators.families.family import Family, Values
from studio_product.generators.families.sdf import box

SAMPLES = 2_500_000
"""Points at most at which the distance is asked for."""
_DEVIATION = 0.1
"""Of the samples' spacing: how far simplification may move the surface."""


def surface_of(family: Family, values: Values, size: tuple[float, float, float]) -> Mesh:
    """Marching cubes on the signed distance, clipped to the space (Lewiner et al. 2003).

    Args:
        size: of the space, mm.

    Raises:
        ValueError: There is no surface.
    """
    from skimage.measure import marching_cubes

    step = (np.prod(size) / SAMPLES) ** (1 / 3)
    axes = [np.arange(-1.5 * step, length + 1.5 * step, step) for length in size]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    distance = np.maximum(family.distance(points, values), box(points, np.array(size) / 2, size))
    vertices, faces, _, _ = marching_cubes(
        distance.astype(np.float32), 0.0, spacing=(step,) * 3, gradient_direction="descent"
    )
    mesh = Mesh(np.asarray(vertices, np.float64) - 1.5 * step, faces.astype(np.int32))
    return simplified(mesh, _DEVIATION * float(step))
