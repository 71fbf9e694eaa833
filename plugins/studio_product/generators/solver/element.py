"""The finite element of a cell: a bilinear rectangle in plane stress, or a trilinear brick.

Degrees of freedom of an element are numbered corner by corner, with the component fastest and the corners
in C order of their offsets: (0, 0), (0, 1), (1, 0), (1, 1) in the plane. Stress and strain are in Voigt
order: xx, yy, xy in the plane, and xx, yy, zz, yz, xz, xy in space, with engineering shear strains (gamma =
2 epsilon).

Source: Bathe, Finite Element Procedures (1996), sections 4.2 and 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_RIGID_MOTIONS = {2: 3, 3: 6}


@dataclass(frozen=True)
class Element:
    """Matrices of a cell whose Young's modulus is 1 MPa; n is 8 in the plane and 24 in space."""

    stiffness: Matrix
    """(n, n), N/mm; positive semidefinite, and its kernel are the rigid motions."""
    modes: Matrix
    """(5 or 18, n), its natural modes: stiffness = modes^T modes, so an energy is a sum of squares."""
    strain: Matrix
    """(3 or 6, n), 1/mm: the strain at the center of the cell from displacements in mm."""
    elasticity: Matrix
    """(3 or 6, 3 or 6), MPa: the stress from a strain."""


def corners_of(dimensions: int) -> list[tuple[int, ...]]:
    """Offsets of a cell's corners, in the order of the element's degrees of freedom."""
    return list(product((0, 1), repeat=dimensions))


def make_element(spacing: tuple[float, ...], thickness: float, poisson: float) -> Element:
    """Integrated with two Gauss points along each axis, which is exact for a box.

    Args:
        spacing: mm, the edges of the cell: two for plane stress, three for space.
        thickness: mm, of the plate; 1 in space.
        poisson: Poisson's ratio, in (-1, 0.5).
    """
    dimensions = len(spacing)
    elasticity = _plane_stress(poisson) if dimensions == 2 else _isotropic(poisson)
    points = list(product(((1 - 3**-0.5) / 2, (1 + 3**-0.5) / 2), repeat=dimensions))
    strains = np.stack([_strain_displacement(spacing, point) for point in points])
    volume = float(np.prod(spacing)) * thickness
    stiffness = volume / len(points) * np.einsum("pai,ab,pbj->ij", strains, elasticity, strains)
    values, vectors = np.linalg.eigh(stiffness)
    elastic = slice(_RIGID_MOTIONS[dimensions], None)
    return Element(
        stiffness=stiffness,
        modes=np.sqrt(values[elastic])[:, None] * vectors[:, elastic].T,
        strain=_strain_displacement(spacing, (0.5,) * dimensions),
        elasticity=elasticity,
    )


def _plane_stress(poisson: float) -> Matrix:
    return np.array([[1, poisson, 0], [poisson, 1, 0], [0, 0, (1 - poisson) / 2]]) / (1 - poisson**2)


def _isotropic(poisson: float) -> Matrix:
    """From Lame's constants lambda and mu."""
    mu = 1 / (2 * (1 + poisson))
    matrix = np.diag([2 * mu] * 3 + [mu] * 3)
    matrix[:3, :3] += poisson / ((1 + poisson) * (1 - 2 * poisson))
    return matrix


def _strain_displacement(spacing: tuple[float, ...], point: tuple[float, ...]) -> Matrix:
    """The matrix B at a point of the cell, whose coordinates run from 0 to 1 along each axis."""
    dimensions = len(spacing)
    slopes = np.array([_slopes(corner, spacing, point) for corner in corners_of(dimensions)])
    shears = list(combinations(range(dimensions), 2))[::-1]  # yz, xz, xy
    matrix = np.zeros((dimensions + len(shears), len(slopes), dimensions))
    for axis in range(dimensions):
        matrix[axis, :, axis] = slopes[:, axis]
    for row, (i, j) in enumerate(shears, start=dimensions):
        matrix[row, :, i] = slopes[:, j]
        matrix[row, :, j] = slopes[:, i]
    return matrix.reshape(len(matrix), -1)


def _slopes(corner: tuple[int, ...], spacing: tuple[float, ...], point: tuple[float, ...]) -> list[float]:
    """Gradient, 1/mm, of a corner's shape function: the product over the axes of t (far) or 1 - t."""
    factors = [t if far else 1 - t for far, t in zip(corner, point, strict=True)]
    return [
        (1 if corner[axis] else -1) / spacing[axis] * float(np.prod(factors[:axis] + factors[axis + 1 :]))
        for axis in range(len(corner))
    ]
