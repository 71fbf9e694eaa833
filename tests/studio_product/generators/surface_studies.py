"""Studies and densities for tests of surfaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import manifold3d
import numpy as np
import trimesh
from numpy.typing import NDArray
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.domain import Domain, domain_of
from studio_product.core.studies.study import Box, Face, Load, LoadCase, Material, Space, Study, Support
from studio_product.generators.surface.result import Surface
from studio_product.generators.surface.surface import surface

STEEL = Material(name="Steel", youngs_modulus=210_000, poissons_ratio=0.3, density=7.85, yield_strength=235)
SIZE = (48.0, 24.0, 24.0)


def study_of(size: tuple[float, float, float] = SIZE, dimensions: Any = 3, **changes: Any) -> Study:
    """Held on the left side, pulled down on a line at the right, which keeps nothing."""
    tip = Load(name="Tip", shape=Box(corner=(size[0], 0, 0), size=(0, size[1], 0)), force=(0, 0, -100))
    if dimensions == 2:
        tip = Load(name="Tip", shape=Box(corner=(size[0], 0, 0), size=(0, 0, 0)), force=(0, -100, 0))
    parts: dict[str, Any] = {
        "name": "Test",
        "dimensions": dimensions,
        "space": Space(size=size),
        "material": STEEL,
        "supports": (Support(name="Wall", shape=Face(side="x-")),),
        "cases": (LoadCase(name="Down", loads=(tip,)),),
    }
    return Study(**(parts | changes))


def domain(study: Study, cells: tuple[int, ...], meshes: Mapping[str, Mesh] | None = None) -> Domain:
    size = study.space.size
    thickness = size[2] if study.dimensions == 2 else 1.0
    return domain_of(study, Grid(cells, size[: len(cells)], thickness), meshes or {})


def projected(inside: NDArray[np.float64], spacing: float, sharpness: float) -> NDArray[np.float64]:
    """A density as an optimizer leaves it: a field of distances (mm, above 0 inside) made crisp."""
    return 1 / (1 + np.exp(-np.clip(sharpness * inside / spacing, -40, 40)))


def ball_density(grid: Grid, radius: float, sharpness: float = 8.0) -> NDArray[np.float64]:
    middle = np.array(grid.size) / 2
    distance = radius - np.linalg.norm(grid.centers() - middle, axis=-1)
    return projected(distance, min(grid.spacing), sharpness)


def beams(grid: Grid, sharpness: float = 8.0) -> NDArray[np.float64]:
    """Two rods that meet at the right, and a wall at the left; along all of a third axis."""
    x, y = np.moveaxis(grid.centers()[..., [0, -1]], -1, 0)
    length, height = grid.size[0], grid.size[-1]
    radius = height / 8
    inside = radius - x
    for begin in (0.15, 0.85):
        start, end = np.array([0.0, begin * height]), np.array([length, height / 2])
        along = end - start
        share = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / (along @ along), 0, 1)
        distance = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
        inside = np.maximum(inside, radius - distance)
    return projected(inside, min(grid.spacing), sharpness)


def made(
    density: NDArray[np.float64], study: Study, space: Domain, meshes: Mapping[str, Mesh] | None = None
) -> Surface:
    volume = float(density[~space.void].sum()) * space.grid.cell_volume
    return surface(np.where(space.void, 0.0, density), space, study, meshes or {}, volume)


def solid_of(mesh: Mesh) -> manifold3d.Manifold:
    return manifold3d.Manifold(manifold3d.Mesh64(mesh.vertices, mesh.faces.astype(np.uint64)))


def require_sound(mesh: Mesh) -> None:
    """Closed, one way round, manifold, and in one piece (with its cavities)."""
    seen = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    assert seen.is_watertight
    assert seen.is_winding_consistent
    solid = solid_of(mesh)
    assert solid.status() == manifold3d.Error.NoError
    assert solid.num_tri() > 0.99 * len(mesh.faces)
    assert sum(piece.volume() > 0 for piece in solid.decompose()) == 1
    assert mesh.volume > 0


def require_within(mesh: Mesh, study: Study) -> None:
    low, high = mesh.bounds
    assert (low >= -1e-9).all()
    assert (high <= np.array(study.space.size) + 1e-9).all()
