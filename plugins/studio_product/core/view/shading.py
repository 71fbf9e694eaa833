"""Studio light: how bright a surface is that faces a given way."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.camera import Camera

SIDE = 160
"""Of the table of light."""
_KEY = np.array([-0.55, 0.70, 0.62])
_FILL = np.array([0.85, 0.10, 0.52])
_RIM = np.array([0.55, 0.65, -0.53])
_SKY = np.array([0.28, 0.30, 0.33], np.float32)
_GROUND = np.array([0.11, 0.10, 0.09], np.float32)
_LEVELS = 4096


def light_table(camera: Camera) -> NDArray[np.float32]:
    """What a matt surface sends back of its color (red, green, blue) and what shine adds, for each way it may
    face in the picture: (SIDE * SIDE, 4), linear, by `light_rows`.

    A key light from the upper left, a fill light from the right, a rim light from behind, the sky above and
    the ground below; the lights stand around the camera, the sky does not turn with it.
    """
    normals, lamps = _lamps()
    upright = normals @ camera.axes[:, 2 if camera.up == "z" else 1].astype(np.float32)
    table = lamps.copy()
    table[:, :3] += _GROUND + (_SKY - _GROUND) * (upright[:, None] * 0.5 + 0.5)
    return table


@cache
def _lamps() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The normals of the table (n, 3), and the table without sky and ground."""
    steps = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    x, y = (values.ravel() for values in np.meshgrid(steps, steps))
    z = np.sqrt(np.maximum(0, 1 - x * x - y * y))
    normals = _unit(np.stack([x, y, z], axis=1))
    key = _wrapped(normals @ _unit(_KEY), 0.15)[:, None] * (0.86, 0.84, 0.81)
    fill = _wrapped(normals @ _unit(_FILL), 0.3)[:, None] * (0.15, 0.165, 0.19)
    rim = np.clip(normals @ _unit(_RIM) + 0.3, 0, 1) * (1 - z) ** 2
    facing = np.clip(normals @ _unit(_unit(_KEY) + np.array([0, 0, 1])), 0, 1)
    shine = 0.09 * facing**60 + 0.06 * facing**10 + 0.6 * rim + 0.05 * (1 - z) ** 4
    table = np.concatenate([key + fill, shine[:, None]], axis=1)
    return normals.astype(np.float32), table.astype(np.float32)


def light_rows(normals: NDArray[np.float32]) -> NDArray[np.int32]:
    """Rows of the table for unit normals in the picture's axes: (3, n) -> (n,)"""
    across = ((normals[0] + 1) * (SIDE / 2)).astype(np.int32)
    upward = ((normals[1] + 1) * (SIDE / 2)).astype(np.int32)
    np.clip(across, 0, SIDE - 1, out=across)
    np.clip(upward, 0, SIDE - 1, out=upward)
    rows: NDArray[np.int32] = upward * SIDE + across
    return rows


def to_linear(color: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """sRGB (0 to 1) to light. IEC 61966-2-1."""
    color = np.clip(color, 0, 1)
    light = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


def to_screen(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Light to sRGB (0 to 1); what is brighter than 1 is cut off. By a table: within 1/500."""
    rows = (np.clip(light, 0, 1) * (_LEVELS - 1) + 0.5).astype(np.uint16)
    return _SCREEN[rows]


def _wrapped(cosine: NDArray[np.float64], wrap: float) -> NDArray[np.float64]:
    """Light of a large lamp: it reaches a little around the edge."""
    lit: NDArray[np.float64] = np.clip((cosine + wrap) / (1 + wrap), 0, 1) ** 1.15
    return lit


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit


def _screen_table() -> NDArray[np.float32]:
    light = np.linspace(0, 1, _LEVELS)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055).astype(np.float32)


_SCREEN = _screen_table()
