"""Content-aware fill: exemplar-based inpainting (PatchMatch family), coarse to fine, without weights.

Wexler, Shechtman, Irani 2007 (the objective and its alternation of search and vote), Barnes et al. 2009 (the
search). What differs: patches are compared by cosine coefficients, the coarsest level is searched
exhaustively, and the color is led to the hole's edge by a membrane.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import cv2
import numpy as np

from studio.api import Picture, Run, encode_png
from studio_image.patches import Bools, Field, Floats, Ints, SIDE, features, nearest, usable_centers, vote
from studio_image.region import color, edge_weight, match_edge, membrane, paste, pieces, to_float

if TYPE_CHECKING:
    from studio_image.inpaint import InpaintParams
    from studio_image.region import Mask

P = dict(
    coarse_dist=4.0,
    it_coarse=8,
    it_mid=4,
    it_fine=2,
    spread=2.0,
    spread_last=1.0,
    sigma=0.7,
    match=1,
    kappa=1.3,
    init=0,
    shrink=0.0,
)

_LEAST_CONTEXT = 96
_CONTEXT_RATIO = 0.75
_SEARCHED_PIXELS = 1_200_000
"""Levels larger than this only refine what the coarser ones found: the search's memory is 84 bytes a pixel."""
_PREVIEW_SIDE = 512

Tick = Callable[[float, Floats], None]
"""Called with the share that is done and the filled picture so far (any size); raises to stop."""


def repaint(picture: Picture, mask: Mask, params: InpaintParams, run: Run) -> None:
    """Fills the mask's part of the picture, in place."""
    parts = list(pieces(mask, least=_LEAST_CONTEXT, ratio=_CONTEXT_RATIO))
    weight = edge_weight(mask, params.feather)
    for index, (box, part) in enumerate(parts):

        def tick(done: float, so_far: Floats, index: int = index) -> None:
            run.progress(index + done, len(parts), "Filling")
            if len(parts) == 1:
                run.preview(_preview(so_far))

        new = fill(_planes(picture.pixels[box.cut]), mask[box.cut] > 0, run.seed, tick)
        paste(picture, box, new, np.where(part > 0, weight[box.cut], 0).astype(np.float32))


def _planes(pixels: np.ndarray) -> Floats:
    """(H, W, 3) or (H, W, 4): color, and alpha where there is one; color is premultiplied by it."""
    values = color(pixels)
    if pixels.shape[2] in (1, 3):
        return values
    alpha = to_float(pixels[..., -1:])
    return np.concatenate([values * alpha / 255, alpha], axis=2)


def _preview(image: Floats) -> bytes:
    scale = min(1.0, _PREVIEW_SIDE / max(image.shape[:2]))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image[..., :3], size, interpolation=cv2.INTER_AREA)
    return encode_png(Picture(np.clip(np.rint(small), 0, 255).astype(np.uint8)))


def fill(image: Floats, hole: Bools, seed: int, tick: Tick) -> Floats:
    """The picture (H, W, C) float32, 0 to 255, C >= 3, with the hole's pixels and a few around it replaced."""
    rng = np.random.default_rng(seed)
    levels = _pyramid(image, hole)
    field: Field | None = None
    filled = image
    for index in range(len(levels) - 1, -1, -1):
        level, gap = levels[index]
        usable = usable_centers(~gap)
        if field is None:
            if not usable.any():
                continue
            current = level.copy()
            if P["init"]:
                current[gap] = membrane(level, ~gap)[gap]
            else:
                t8 = cv2.inpaint(
                    np.clip(level[..., :3], 0, 255).astype(np.uint8),
                    gap.astype(np.uint8),
                    3,
                    cv2.INPAINT_TELEA,
                )
                current[gap] = t8[gap]
            field = _first_field(current, gap, usable)
            rounds = P["it_coarse"]
            exhaustive = True
        else:
            exhaustive = False
            current = level.copy()
            up = cv2.resize(filled, (gap.shape[1], gap.shape[0]), interpolation=cv2.INTER_LINEAR)
            current[gap] = up[gap]
            field = _finer_field(field, gap, usable, rng)
            rounds = P["it_mid"] if index else P["it_fine"]
        dist = cv2.distanceTransform(gap.astype(np.uint8), cv2.DIST_L2, 3).ravel()[field.targets]
        conf = np.power(P["kappa"], -dist).astype(np.float32)
        pool = np.flatnonzero(usable)
        for it in range(rounds):
            F = features(current)
            field.measure(F)
            if exhaustive:
                field.sources = nearest(F, field.targets, pool)
                field.measure(F)
            else:
                field.propagate(F, 1)
                for r in (max(gap.shape) // 2, 32, 8, 2) if index else (32, 8, 2):
                    field.search(F, r, rng)
                field.propagate(F, 1)
                if index:
                    field.propagate(F, 2)
            s2 = np.quantile(field.cost, 0.75) * P["sigma"] + 1e-3
            wgt = (conf * np.exp(-field.cost / (2 * s2)) + 1e-9).astype(np.float32)
            last = index == 0 and it == rounds - 1
            if not last:
                current[gap] = vote(current, field, gap, wgt, P["spread"])
            else:
                around = cv2.dilate(gap.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
                new = current.copy()
                new[around] = vote(current, field, around, wgt, P["spread_last"])
                if P["match"]:
                    new = match_edge(new, level, gap)
                if P["shrink"]:
                    g = membrane(level, ~gap)
                    lo = lambda a: cv2.GaussianBlur(a, (0, 0), P.get("shsig", 24))
                    new[gap] = (new + P["shrink"] * (lo(g) - lo(np.where(gap[..., None], new, level))))[gap]
                current[gap] = new[gap]
        filled = current
    return filled


def _pyramid(image: Floats, hole: Bools):
    levels = [(image, hole)]
    while True:
        im, h = levels[-1]
        d = cv2.distanceTransform(np.pad(h, 1, mode="edge").astype(np.uint8), cv2.DIST_L2, 3).max()
        if d <= P["coarse_dist"] or min(h.shape) < 48:
            break
        size = ((h.shape[1] + 1) // 2, (h.shape[0] + 1) // 2)
        known = (~h).astype(np.float32)
        w = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
        s = (
            cv2.resize(im * known[..., None], size, interpolation=cv2.INTER_AREA)
            / np.maximum(w, 1e-6)[..., None]
        )
        levels.append((s, w < 0.5))
    return levels


def _targets(hole):
    return np.flatnonzero(cv2.dilate(hole.astype(np.uint8), np.ones((SIDE, SIDE), np.uint8)) > 0)


def _first_field(current, gap, usable):
    t = _targets(gap)
    return Field(gap.shape, t, np.zeros(len(t), np.int64), np.zeros(len(t), np.float32), usable.ravel())


def _finer_field(field, gap, usable, rng):
    h, w = gap.shape
    targets = _targets(gap)
    pw = field.shape[1]
    ty, tx = np.divmod(targets, w)
    cy, cx = np.minimum(ty // 2, field.shape[0] - 1), np.minimum(tx // 2, pw - 1)
    row = field._row[cy * pw + cx]
    sy, sx = np.divmod(field.sources[np.maximum(row, 0)], pw)
    ny, nx = ty + 2 * (sy - cy), tx + 2 * (sx - cx)
    ok = (row >= 0) & (ny >= 0) & (ny < h) & (nx >= 0) & (nx < w)
    flat = np.where(ok, ny * w + nx, 0)
    ok &= usable.ravel()[flat]
    pool = np.flatnonzero(usable)
    flat[~ok] = pool[rng.integers(0, len(pool), (~ok).sum())]
    return Field((h, w), targets, flat, np.zeros(len(targets), np.float32), usable.ravel())
