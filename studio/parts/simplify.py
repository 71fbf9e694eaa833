"""Fewer triangles for the same part."""

from __future__ import annotations

import numpy as np

from studio.parts.mesh import Mesh

VOLUME_KEPT = 0.005
"""By so much at most, relatively, may a part's volume change on its way to a file."""

_LEAST = 0.05
"""mm: finer than what a printer or mill makes of it."""
_SHARE = 0.002


def usual_deviation(mesh: Mesh) -> float:
    """mm. How far a simplified surface may be from the exact one where nobody says: 0.2 % of the longest
    side, but not under 0.05 mm."""
    low, high = mesh.bounds
    return max(_LEAST, _SHARE * float((high - low).max()))


def simplified(mesh: Mesh, deviation: float) -> Mesh:
    """A closed manifold mesh with fewer triangles, nowhere farther than `deviation` (mm) from the given one.

    Edges are collapsed as long as that holds, and fewer where the volume would change by more than half of
    `VOLUME_KEPT`. What comes back is manifold too.
    """
    from manifold3d import Manifold, Mesh64

    body = Manifold(Mesh64(mesh.vertices, mesh.faces.astype(np.uint64)))
    while True:
        made = body.simplify(deviation).to_mesh64()
        found = Mesh(np.array(made.vert_properties[:, :3]), np.array(made.tri_verts, np.int32))
        if abs(found.volume - mesh.volume) <= VOLUME_KEPT / 2 * mesh.volume:
            return found
        deviation /= 2
