"""Fewer triangles for the same part, with a measured bound on how far its surface moves."""

from __future__ import annotations

import numpy as np

from studio_product.core.mesh import Mesh
from studio_product.core.surfaces.collapse import collapsed
from studio_product.core.surfaces.surface_distance import are_within

VOLUME_KEPT = 0.005
"""By so much at most, relatively, may a part's volume change on its way to a file."""

_LEAST = 0.05
"""mm: finer than what a printer or mill makes of it."""
_SHARE = 0.002
_FLAT = 1e-6
"""Relative to the longest side: what is flatter than this is flat, but for rounding."""
_STAGES = (0.25, 0.5, 1.0)
"""Of the bound, one after the other: what comes back is the last one whose measured deviation keeps it."""


def usual_deviation(mesh: Mesh) -> float:
    """mm. How far a simplified surface may be from the exact one where nobody says: 0.2 % of the longest
    side, but not under 0.05 mm."""
    return max(_LEAST, _SHARE * _longest(mesh))


def simplified(mesh: Mesh, deviation: float) -> Mesh:
    """A closed manifold mesh with fewer triangles, and manifold as well.

    Its distance from the given surface, measured at vertices and middles in both directions, is `deviation`
    (mm) at most, and its volume changes by less than `VOLUME_KEPT`.
    """
    best = mesh
    for share in _STAGES:
        step = collapsed(best, share * deviation)
        is_kept = abs(step.volume - mesh.volume) <= VOLUME_KEPT / 2 * mesh.volume
        if not (is_kept and are_within(deviation, mesh, step)):
            break
        best = step
    return _flattened(best)


def _flattened(mesh: Mesh) -> Mesh:
    """Coplanar neighbors join to larger triangles, and slivers go."""
    from manifold3d import Manifold, Mesh64

    body = Manifold(Mesh64(mesh.vertices, mesh.faces.astype(np.uint64)))
    made = body.simplify(_FLAT * _longest(mesh)).to_mesh64()
    return Mesh(np.array(made.vert_properties[:, :3]), np.array(made.tri_verts, np.int32))


def _longest(mesh: Mesh) -> float:
    low, high = mesh.bounds
    return float((high - low).max())
