"""A shaded view of a part in an STL file. Imported on a thumbnail's thread: numpy takes a while."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

MAX_BYTES = 64 * 2**20
MAX_FRAGMENTS = 6_000_000
"""Pixels over all triangles, the hidden ones too: beyond that a part is too busy for a small picture."""
_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("extra", "<u2")])
_VERTEX = re.compile(rb"vertex\s+(\S+)\s+(\S+)\s+(\S+)")
_COLOR = np.array([148, 156, 178], np.float32)
_LIGHT = np.array([-0.35, 0.55, 0.76])
_OVER = 2
"""Drawn so many times larger, then scaled down: smooth edges."""


def part(source: Path, side: int) -> QImage:
    """The part from its front right and above, in parallel projection, on nothing; null if it has no face."""
    if source.stat().st_size > MAX_BYTES:
        return QImage()
    corners = read_stl(source.read_bytes())
    if not len(corners):
        return QImage()
    pixels = _shade(_turn(corners), side * _OVER)
    size = side * _OVER
    image = QImage(pixels.tobytes(), size, size, size * 4, QImage.Format.Format_RGBA8888)
    return image.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def read_stl(data: bytes) -> np.ndarray:
    """The corners of all faces, binary or text: (n, 3 corners, xyz). Faces that are not finite are left out.

    Raises:
        ValueError: no STL.
    """
    count = int.from_bytes(data[80:84], "little") if len(data) >= 84 else 0
    if count and len(data) >= 84 + 50 * count:
        found = np.frombuffer(data, _TRIANGLE, count, 84)["corners"].astype(np.float64)
    else:
        numbers = [float(part) for match in _VERTEX.finditer(data) for part in match.groups()]
        if not numbers:
            raise ValueError("no STL")
        found = np.array(numbers[: len(numbers) // 9 * 9]).reshape(-1, 3, 3)
    fine: np.ndarray = found[(np.abs(found) < 1e12).all(axis=(1, 2))]  # NaN is not less either
    return fine


def _turn(corners: np.ndarray) -> np.ndarray:
    """Into the view: x to the right, y up, z towards the eye; z was up."""
    around, tilt = np.radians(-35), np.radians(-62)
    c, s = np.cos(around), np.sin(around)
    a, b = np.cos(tilt), np.sin(tilt)
    turn = np.array([[1, 0, 0], [0, a, -b], [0, b, a]]) @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    turned: np.ndarray = corners @ turn.T
    return turned


def _shade(corners: np.ndarray, size: int) -> np.ndarray:
    """RGBA, (size, size, 4): all faces as spans of pixels at once, the nearest of them drawn last."""
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    extent = max(float((high - low)[:2].max()), 1e-12)
    scale = (size - 4) / extent
    points = (corners - (low + high) / 2) * scale
    points[..., 0] += size / 2
    points[..., 1] = size / 2 - points[..., 1]
    first, second, third = points[:, 0], points[:, 1], points[:, 2]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normal, axis=1)
    normal = normal / np.where(length > 0, length, 1)[:, None]
    normal[normal[:, 2] < 0] *= -1  # whichever way round a face was written: what is seen is lit
    light = 0.34 + 0.66 * np.clip(normal @ (_LIGHT / np.linalg.norm(_LIGHT)), 0, 1)

    tops = np.clip(np.ceil(points[..., 1].min(axis=1) - 0.5), 0, size).astype(np.int64)
    ends = np.clip(np.ceil(points[..., 1].max(axis=1) - 0.5), 0, size).astype(np.int64)
    heights = np.maximum(ends - tops, 0)
    face = np.repeat(np.arange(len(points)), heights)
    y = np.arange(len(face)) - np.repeat(np.cumsum(heights) - heights, heights) + tops[face]
    left, right = np.full(len(face), np.inf), np.full(len(face), -np.inf)
    for begin, end in ((first, second), (second, third), (third, first)):
        rise = (end - begin)[face, 1]
        along = (y + 0.5 - begin[face, 1]) / np.where(rise == 0, 1, rise)
        x = begin[face, 0] + along * (end - begin)[face, 0]
        meets = (rise != 0) & (along >= 0) & (along <= 1)
        left = np.where(meets, np.minimum(left, x), left)
        right = np.where(meets, np.maximum(right, x), right)
    begins = np.clip(np.ceil(np.where(np.isfinite(left), left, 0) - 0.5), 0, size).astype(np.int64)
    stops = np.clip(np.ceil(np.where(np.isfinite(right), right, 0) - 0.5), 0, size).astype(np.int64)
    widths = np.maximum(stops - begins, 0)
    if widths.sum() > MAX_FRAGMENTS:
        raise ValueError("too many faces")
    span = np.repeat(np.arange(len(widths)), widths)
    x = np.arange(len(span)) - np.repeat(np.cumsum(widths) - widths, widths) + begins[span]
    of, at = face[span], y[span]
    steep = np.where(np.abs(normal[of, 2]) > 1e-6, normal[of, 2], 1)
    # In the picture y counts downwards: so does the slope.
    depth = (
        first[of, 2]
        - (normal[of, 0] * (x + 0.5 - first[of, 0]) - normal[of, 1] * (at + 0.5 - first[of, 1])) / steep
    )
    nearest_last = np.argsort(depth, kind="stable")
    pixels = np.zeros((size * size, 4), np.uint8)
    place = (at * size + x)[nearest_last]
    pixels[place, :3] = (light[of[nearest_last], None] * _COLOR).astype(np.uint8)
    pixels[place, 3] = 255
    return pixels.reshape(size, size, 4)
