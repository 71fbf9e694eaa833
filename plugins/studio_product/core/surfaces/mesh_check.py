"""Whether a mesh bounds a solid, and what is wrong with it where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from studio.api.values import BadInput, tr, trn
from studio_product.core.files.mesh_clean import half_edges
from studio_product.core.mesh import Mesh

FlawCode = Literal["open", "not-manifold", "wound-both-ways", "no-volume", "self-intersecting"]

_THIN = 1e-9
"""A volume under this share of the bounding cube's is none."""


@dataclass(frozen=True)
class Flaw:
    """Why a mesh bounds no solid. `message` is a sentence, `hint` what to do."""

    code: FlawCode
    message: str
    hint: str


def check_mesh(mesh: Mesh, *, crossings: bool = True) -> list[Flaw]:
    """What keeps a mesh from being the surface of a solid, the most basic flaw first; empty for a good one.

    Args:
        crossings: also whether the surface passes through itself, which takes about a second for 100,000
            triangles and is only looked at where nothing else is wrong.
    """
    flaws = [flaw for flaw in (*_of_edges(mesh), _of_volume(mesh)) if flaw]
    if flaws or not crossings:
        return flaws
    from studio_product.core.surfaces.mesh_crossing import crossing_pairs

    count = len(crossing_pairs(mesh))
    if not count:
        return []
    return [
        Flaw(
            "self-intersecting",
            trn(
                "The surface passes through itself: {count} pair of triangles crosses.",
                "The surface passes through itself: {count} pairs of triangles cross.",
                count,
            ),
            tr("Unite its bodies or repair it (“make solid”) in the program that made it."),
        )
    ]


def require_solid(mesh: Mesh, name: str) -> None:
    """Raises `BadInput`, with `name` in its words, where `check_mesh` finds something."""
    if flaws := check_mesh(mesh):
        raise BadInput(
            tr("“{name}” is no closed solid. {message}", name=name, message=flaws[0].message), flaws[0].hint
        )


def _of_edges(mesh: Mesh) -> list[Flaw | None]:
    """In a closed, oriented surface every half-edge is there once, and once the other way."""
    ends = half_edges(mesh.faces)
    count = len(mesh.vertices)
    forth, back = ends[:, 0] * count + ends[:, 1], ends[:, 1] * count + ends[:, 0]
    _, uses = np.unique(np.minimum(forth, back), return_counts=True)
    borders, crowded = int((uses == 1).sum()), int((uses > 2).sum())
    once = len(np.unique(forth)) == len(forth)
    return [
        _open(borders) if borders else None,
        _crowded(crowded) if crowded else None,
        _both_ways() if not (borders or crowded or once) else None,
    ]


def _open(count: int) -> Flaw:
    return Flaw(
        "open",
        trn(
            "The surface has a hole: {count} edge has a triangle on one side only.",
            "The surface has holes: {count} edges have a triangle on one side only.",
            count,
        ),
        tr("Close it (“repair”, “make solid”) in the program that made it, then export it again."),
    )


def _crowded(count: int) -> Flaw:
    return Flaw(
        "not-manifold",
        trn(
            "The surface branches: more than two triangles meet at {count} edge.",
            "The surface branches: more than two triangles meet at {count} edges.",
            count,
        ),
        tr("Unite its bodies or repair it (“make manifold”) in the program that made it."),
    )


def _both_ways() -> Flaw:
    return Flaw(
        "wound-both-ways",
        tr("Some of its triangles face inward and others outward."),
        tr("Let a mesh program unify the normals, then export it again."),
    )


def _of_volume(mesh: Mesh) -> Flaw | None:
    low, high = mesh.bounds
    if mesh.volume > _THIN * float((high - low).max()) ** 3:
        return None
    return Flaw(
        "no-volume",
        tr("The surface encloses nothing: it is flat."),
        tr("Choose a file with a solid, or give the sheet a thickness."),
    )
