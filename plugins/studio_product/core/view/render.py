"""Pictures of parts, drawn without a graphics card: a z-buffer in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.batch import Batch, batch_of
from studio_product.core.view.camera import Camera
from studio_product.core.view.finish import occlusion, outlines
from studio_product.core.view.layers import CLAY, Color, Frame, Layer, Lines, Section
from studio_product.core.view.lines import draw_lines
from studio_product.core.view.raster import Buffer, Projection
from studio_product.core.view.resolve import Picture, resolve
from studio_product.core.view.shading import light_table

__all__ = ["CLAY", "Color", "Frame", "Layer", "Lines", "Section", "render"]

_BACK = 0.55
"""How opaque the far side of a see-through layer is, of its near side."""
_LINE_DARK = 0.75
_LARGE = 0.1
"""Of the picture."""


def render(
    layers: Sequence[Layer],
    camera: Camera,
    width: int,
    height: int,
    *,
    lines: Sequence[Lines] = (),
    background: Color | None = None,
    section: Section | None = None,
    smooth: bool = True,
) -> Frame:
    """Draw all layers.

    Args:
        background: None leaves it see-through.
        smooth: Four samples a pixel, silhouettes and soft shadows in corners; without it a picture takes
            about a third of the time.
    """
    drawing = _Drawing(layers, camera, width, height, section, 2 if smooth else 1)
    solid = [number for number, layer in enumerate(layers) if layer.opacity >= 1 and len(layer.body.faces)]
    clear = [number for number, layer in enumerate(layers) if 0 < layer.opacity < 1 and len(layer.body.faces)]
    if solid:
        drawing.draw_solid(solid)
    for number, front in drawing.passes(clear):
        drawing.draw_clear(number, front)
    for some in lines:
        drawing.draw_lines(some)
    return drawing.frame(background)


class _Drawing:
    """A frame while it is drawn."""

    def __init__(
        self,
        layers: Sequence[Layer],
        camera: Camera,
        width: int,
        height: int,
        section: Section | None,
        samples: int,
    ) -> None:
        self._layers, self._section, self._samples = layers, section, samples
        self._spans = [_deep(layer, camera) for layer in layers]
        far = max((span[1] for span in self._spans), default=0.0) + camera.distance
        self._pixels = Projection(camera, width, height, far)
        self._projection = Projection(camera, width * samples, height * samples, far)
        self._light = light_table(camera)
        self._color = np.zeros((height, width, 4), np.float32)
        self._nearness = np.zeros((height, width), np.float32)
        self._picked = np.zeros((height, width), np.float32)
        self._normals = np.zeros((height, width, 3), np.float32)
        self._ids = np.full((height, width), -1, np.int32)
        self._faces = np.full((height, width), -1, np.int32)
        self._solid: Buffer | None = None
        self._clear: dict[int, Batch] = {}

    def draw_solid(self, numbers: Sequence[int]) -> None:
        layers = [self._layers[number] for number in numbers]
        batch = batch_of(layers, self._projection, self._light, self._section)
        buffer = batch.draw(self._seen(batch))
        picture = resolve(batch, buffer, self._samples)
        self._solid = buffer
        layer = batch.layer[picture.faces]
        if self._samples > 1:
            dark = outlines(picture.nearness, self._pixels)
            dark *= np.array([each.outline * _LINE_DARK for each in layers], np.float32)[layer]
            bright = (1 - dark) * (1 - occlusion(picture.nearness, self._pixels))
            picture.color *= bright[..., None]
        window = picture.window
        self._color[window][..., :3], self._color[window][..., 3] = picture.color, picture.cover
        self._nearness[window], self._normals[window] = picture.nearness, picture.normals
        self._pick(picture, batch, np.array(numbers, np.int32)[layer])

    def _seen(self, batch: Batch) -> NDArray[np.bool_]:
        """(faces,): those that may be seen: of closed bodies that are not cut open, the front."""
        return batch.facets.front | ~batch.closed | (self._section is not None)

    def passes(self, numbers: Sequence[int]) -> list[tuple[int, bool]]:
        """See-through layers from the far to the near: the far side of each, and its near side (True)."""
        sides = [(self._spans[n][1 - front], n, bool(front)) for n in numbers for front in (0, 1)]
        return [(number, front) for _, number, front in sorted(sides, reverse=True)]

    def draw_clear(self, number: int, front: bool) -> None:
        layer = self._layers[number]
        if number not in self._clear:
            projection = self._pixels if self._is_large(layer) else self._projection
            self._clear[number] = batch_of([layer], projection, self._light, self._section)
        batch = self._clear[number]
        samples = batch.projection.width // self._pixels.width
        buffer = batch.draw(batch.facets.front == front)
        buffer.hide_behind(self._nearness if samples == 1 else self._sampled)
        picture = resolve(batch, buffer, samples)
        self._over(picture, layer.opacity if front else layer.opacity * _BACK)
        if front:
            self._pick(picture, batch, np.full(picture.faces.shape, number, np.int32))

    @cached_property
    def _sampled(self) -> NDArray[np.float32]:
        """Nearness of what is opaque at each sample."""
        sampled = np.zeros((self._projection.height, self._projection.width), np.float32)
        if self._solid is not None:
            sampled[self._solid.window] = self._solid.nearness
        return sampled

    def _is_large(self, layer: Layer) -> bool:
        """Its edges are few for its area: four samples a pixel would show little and take long."""
        corners, _ = self._pixels.corners(layer.body.vertices)
        if (corners[:, 2] <= 0).any():
            return True
        places = corners[:, :2] / corners[:, 2:]
        return bool(np.prod(places.max(axis=0) - places.min(axis=0)) > _LARGE * self._nearness.size)

    def draw_lines(self, lines: Lines) -> None:
        cover = draw_lines(lines, self._pixels, self._nearness)[..., None]
        self._color *= 1 - cover
        self._color += cover * np.array([*lines.color, 1], np.float32)

    def frame(self, background: Color | None) -> Frame:
        color = self._color
        if background is not None:
            color += (1 - color[..., 3:]) * np.array([*background, 1], np.float32)
        partial = (color[..., 3] > 0) & (color[..., 3] < 1)
        color[partial, :3] /= color[partial, 3:]
        color *= 255
        color += 0.5
        return Frame(
            color.astype(np.uint8),
            self._pixels.depth(self._nearness),
            self._normals,
            self._ids,
            self._faces,
        )

    def _over(self, picture: Picture, opacity: float) -> None:
        under = self._color[picture.window]
        under *= (1 - picture.cover * opacity)[..., None]
        under[..., :3] += picture.color * np.float32(opacity)
        under[..., 3] += picture.cover * np.float32(opacity)

    def _pick(self, picture: Picture, batch: Batch, numbers: NDArray[np.int32]) -> None:
        """Note what is nearer than all that was noted."""
        window = picture.window
        pickable = np.array([layer.pickable for layer in self._layers])[numbers]
        there = pickable & (picture.faces >= 0) & (picture.nearness > self._picked[window])
        np.copyto(self._picked[window], picture.nearness, where=there)
        np.copyto(self._ids[window], numbers, where=there)
        np.copyto(self._faces[window], batch.own[picture.faces], where=there)


def _deep(layer: Layer, camera: Camera) -> tuple[float, float]:
    """The least and greatest depth of a layer, mm."""
    if not len(layer.body.vertices):
        return 0.0, 0.0
    depth = (camera.eye - layer.body.vertices) @ camera.axes[2]
    return float(depth.min()), float(depth.max())
