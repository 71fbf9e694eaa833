"""Layers as one heap of faces, and what is seen where some of them are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.layers import Color, Layer, Section
from studio_product.core.view.raster import Buffer, Facets, Projection, draw, facets_of
from studio_product.core.view.shading import light_rows, to_linear, to_screen

_DATA_SHINE = np.float32(0.35)
"""Of the shine where colors stand for numbers: they must stay readable."""


@dataclass(frozen=True)
class Batch:
    """Faces of several layers with all that drawing needs, in columns."""

    projection: Projection
    facets: Facets
    weights: NDArray[np.float32]
    """(9, faces): of `facets`"""
    normals: NDArray[np.float32]
    """(9, faces): of each corner in turn, in the picture's axes"""
    colors: NDArray[np.float32] | None
    """(9, faces): of each corner in turn, linear; None where each layer has one color."""
    light: NDArray[np.float32]
    """`light_table`"""
    screens: NDArray[np.float32]
    """(paints, rows of `light`, 3), sRGB: colors that whole layers have, lit; the last is the section's."""
    paint: NDArray[np.int32]
    """(faces,): the first index of `screens`; -1 where colors vary."""
    layer: NDArray[np.int32]
    """(faces,): place of its layer"""
    own: NDArray[np.int32]
    """(faces,): the number within its body"""
    closed: NDArray[np.bool_]
    """(faces,): of a closed body"""
    above: NDArray[np.float64] | None
    """(3 coefficients, faces): mm above the section, over depth; None without one"""
    cap: NDArray[np.float32] | None
    """(3,): the normal of the section, in the picture's axes, towards the eye"""
    cap_nearness: NDArray[np.float64] | None
    """(3 coefficients,) of the section over the picture"""

    def draw(self, chosen: NDArray[np.bool_]) -> Buffer:
        """The nearest of the chosen faces at each sample, with the section's cut faces at their depth."""
        buffer = draw(self.facets, chosen, self.projection.width, self.projection.height, cut=self.above)
        if self.cap_nearness is not None and len(buffer.span_face):
            faces = buffer.span_face[buffer.spans]
            capped = (buffer.keys > 0) & ~self.facets.front[faces] & self.closed[faces]
            y, x = np.nonzero(capped)
            a, b, c = self.cap_nearness
            nearness = a * (x + buffer.left + 0.5) + b * (y + buffer.top + 0.5) + c
            buffer.nearness[y, x] = np.maximum(nearness, 1e-30)
        return buffer


def batch_of(
    layers: Sequence[Layer],
    projection: Projection,
    light: NDArray[np.float32],
    section: Section | None,
) -> Batch:
    sizes = [len(layer.body.faces) for layer in layers]
    offsets = np.cumsum([0, *(len(layer.body.vertices) for layer in layers)])
    points = np.concatenate([layer.body.vertices for layer in layers])
    faces = np.concatenate(
        [layer.body.faces + offset for layer, offset in zip(layers, offsets, strict=False)]
    )
    facets = facets_of(projection, points, faces)
    turn = projection.camera.axes.astype(np.float32).T
    normals = np.concatenate([layer.body.normals for layer in layers]) @ turn
    varied = any(isinstance(layer.color, np.ndarray) for layer in layers)
    paints = list({layer.color: None for layer in layers if not isinstance(layer.color, np.ndarray)})
    paint = [-1 if isinstance(layer.color, np.ndarray) else paints.index(layer.color) for layer in layers]
    return Batch(
        projection=projection,
        facets=facets,
        weights=facets.weights.astype(np.float32).reshape(9, -1),
        normals=_corners(normals, faces),
        colors=_corners(np.concatenate([_colors(layer) for layer in layers]), faces) if varied else None,
        light=light,
        screens=np.stack([*(_screen(light, color) for color in paints), _plain(light, section)]),
        paint=np.repeat(np.array(paint, np.int32), sizes),
        layer=np.repeat(np.arange(len(layers), dtype=np.int32), sizes),
        own=np.concatenate([np.arange(size, dtype=np.int32) for size in sizes]),
        closed=np.repeat([layer.body.closed for layer in layers], sizes),
        above=None if section is None else _above(facets, points, faces, section),
        cap=None if section is None else _cap_normal(section, projection),
        cap_nearness=None if section is None else _cap_nearness(section, projection),
    )


def _screen(light: NDArray[np.float32], color: Color) -> NDArray[np.float32]:
    return to_screen(to_linear(np.array(color)) * light[:, :3] + light[:, 3:])


def _plain(light: NDArray[np.float32], section: Section | None) -> NDArray[np.float32]:
    """A cut face: its color as it is, whichever way it faces."""
    return np.full((len(light), 3), section.color if section else 0, np.float32)


def _colors(layer: Layer) -> NDArray[np.float32]:
    """Linear, of each point of the body."""
    if isinstance(layer.color, np.ndarray):
        return to_linear(layer.color)[layer.body.source]
    return np.broadcast_to(to_linear(np.array(layer.color)), layer.body.vertices.shape)


def _corners(values: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float32]:
    """(points, 3) -> (9, faces)"""
    return np.ascontiguousarray(values[faces].reshape(len(faces), 9).T)


def _above(
    facets: Facets, points: NDArray[np.float64], faces: NDArray[np.int32], section: Section
) -> NDArray[np.float64]:
    height = (points - section.point) @ _unit(section.normal)
    above: NDArray[np.float64] = np.einsum("kcm,mk->cm", facets.weights, height[faces])
    return above


def _cap_normal(section: Section, projection: Projection) -> NDArray[np.float32]:
    turned = projection.camera.axes @ _unit(section.normal)
    return (turned if turned[2] >= 0 else -turned).astype(np.float32)


def _cap_nearness(section: Section, projection: Projection) -> NDArray[np.float64]:
    """A linear function, from three pixels."""
    camera, normal = projection.camera, _unit(section.normal)
    values = []
    for x, y in ((0, 0), (1, 0), (0, 1)):
        origin, direction = camera.ray(x, y, projection.width, projection.height)
        deeper, away = float(normal @ direction), float(normal @ (np.array(section.point) - origin))
        if camera.parallel:
            values.append(projection.far - away / deeper if deeper else 0.0)
        else:
            values.append(deeper / away if away else 0.0)
    corner, right, down = values
    return np.array([right - corner, down - corner, corner])


def _unit(vector: tuple[float, float, float]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = np.array(vector) / np.linalg.norm(vector)
    return unit


@dataclass(frozen=True)
class Samples:
    """What is seen at some samples."""

    color: NDArray[np.float32]
    """(n, 3), sRGB"""
    normals: NDArray[np.float32]
    """(n, 3), in the picture's axes"""


def shade(batch: Batch, faces: NDArray[np.int32], x: NDArray[np.int64], y: NDArray[np.int64]) -> Samples:
    """The light from faces (n,) at samples x, y (n,)."""
    shares = _shares(batch, faces, x.astype(np.float32) + 0.5, y.astype(np.float32) + 0.5)
    normals = _mix(batch.normals, faces, shares)
    normals /= np.maximum(np.sqrt(np.einsum("in,in->n", normals, normals)), np.float32(1e-12))
    back = ~batch.facets.front[faces]
    normals[:, back] *= -1
    paints = batch.paint[faces]
    if batch.cap is not None:
        capped = back & batch.closed[faces]
        normals[:, capped], paints[capped] = batch.cap[:, None], len(batch.screens) - 1
    rows = light_rows(normals)
    color = np.take(batch.screens.reshape(-1, 3), rows + paints * batch.screens.shape[1], axis=0)
    if batch.colors is not None:
        varied = np.flatnonzero(paints < 0)
        lit = batch.light[rows[varied]]
        own = _mix(batch.colors, faces[varied], shares[:, varied]).T
        color[varied] = to_screen(own * lit[:, :3] + lit[:, 3:] * _DATA_SHINE)
    return Samples(color, np.ascontiguousarray(normals.T))


def _shares(
    batch: Batch, faces: NDArray[np.int32], x: NDArray[np.float32], y: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Barycentric coordinates: (3, n)"""
    weights = np.take(batch.weights, faces, axis=1)
    shares: NDArray[np.float32] = np.maximum(weights[0::3] * x + weights[1::3] * y + weights[2::3], 0)
    shares /= np.maximum(shares.sum(axis=0), np.float32(1e-30))
    return shares


def _mix(
    corners: NDArray[np.float32], faces: NDArray[np.int32], shares: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(9, faces) at the corners -> (3, n)"""
    of = np.take(corners, faces, axis=1)
    mixed: NDArray[np.float32] = of[0:3] * shares[0] + of[3:6] * shares[1] + of[6:9] * shares[2]
    return mixed
