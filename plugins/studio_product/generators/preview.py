"""A small picture of an unfinished design."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.api import Picture, encode_png
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.view.body import body_of
from studio_product.core.view.camera import Camera
from studio_product.core.view.layers import Layer
from studio_product.core.view.render import render

_WIDTH, _HEIGHT = 384, 288
_EMPTY, _FULL = np.array([244.0, 245.0, 247.0]), np.array([52.0, 62.0, 78.0])


def picture_of(density: NDArray[np.float64], grid: Grid) -> bytes:
    """A PNG of densities (*cells): a plate from above in shades of gray, a body's surface at one half."""
    pixels = _plate(density) if grid.dimensions == 2 else _solid(density, grid)
    return encode_png(Picture(pixels))


def _plate(density: NDArray[np.float64]) -> NDArray[np.uint8]:
    """(height, width, 3): x to the right, y upwards."""
    upright = density.T[::-1, :, None]
    scale = max(1, _WIDTH // max(density.shape))
    shades = _EMPTY + np.clip(upright, 0, 1) * (_FULL - _EMPTY)
    pixels = np.rint(shades).astype(np.uint8)
    return np.asarray(pixels.repeat(scale, axis=0).repeat(scale, axis=1))


def _solid(density: NDArray[np.float64], grid: Grid) -> NDArray[np.uint8]:
    """(height, width, 4)"""
    bounds = np.zeros(3), np.array(grid.size)
    camera = Camera().fit(bounds, _WIDTH, _HEIGHT)
    layers = [Layer(body_of(_rough_surface(density, grid)))] if density.max() > 0.5 else []
    return render(layers, camera, _WIDTH, _HEIGHT, smooth=False).color


def _rough_surface(density: NDArray[np.float64], grid: Grid) -> Mesh:
    from skimage.measure import marching_cubes

    padded = np.pad(density.astype(np.float32), 1)
    vertices, faces, _, _ = marching_cubes(padded, 0.5, spacing=grid.spacing, gradient_direction="ascent")
    # The first padded cell's center lies half a cell before the space.
    moved = np.asarray(vertices, np.float64) - np.array(grid.spacing) / 2
    return Mesh(moved, faces.astype(np.int32))
