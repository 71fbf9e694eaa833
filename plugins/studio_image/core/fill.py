"""Content-aware fill: exemplar-based inpainting (PatchMatch family), coarse to fine, without weights.

Wexler, Shechtman, Irani 2007 (the objective and its alternation of search and vote), Barnes et al. 2009 (the
search). What differs: patches are compared by cosine coefficients, the coarsest level is searched
exhaustively, and the color is led to the hole's edge by a membrane.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import cv2
import numpy as np

from studio_image.core.patches import (
    Bools,
    Field,
    Floats,
    exhaustive_field,
    features,
    finer_field,
    usable_centers,
    vote,
)
from studio_image.core.region import match_edge, membrane

TEXTURE, TEXTURE_REACH = 4.0, 3.0
"""The weight of texture beside color, and the pixels over which it is averaged."""
FIRST_ROUNDS, ROUNDS, LAST_ROUNDS = 8, 4, 2
"""Alternations of search and vote on the coarsest, a middle and the finest level."""
FIRST_DEPTH, FIRST_PIXELS, LEAST_SIDE = 7.0, 100_000, 24
"""The coarsest level, in pixels: how deep its hole and how large it may be, and what side it must keep."""
SPREAD, LAST_SPREAD = 2.0, 0.8
"""Pixels: the bell by which a patch's vote fades from its center (see `vote`)."""
KAPPA, SIGMA = 2.0, 0.7
"""How a vote's weight falls with each pixel into the hole, and with the cost of its match (see `_trust`)."""
LIMIT = 32.0
"""The most that a color is shifted to meet the hole's edge (see `match_edge`)."""
CALM, CALM_EXTENT, DOUBT = 0.7, 0.1, 100.0
"""How far shades are led to their surroundings, how large they must be as a share of the hole's depth, and
how fast that grows with the poverty of the match (see `_doubt`)."""
LEAST_EXTENT = 2.0
"""Pixels: shades smaller than this are detail, so that thin holes are left as they are."""
SEARCHED_PIXELS = 2_500_000
"""Larger levels only carry over what the coarser ones found: the search takes about 100 bytes a pixel."""

Tick = Callable[[float, Floats], None]
"""Called with the share that is done and the filled picture so far (any size); raises to stop."""


def fill(image: Floats, hole: Bools, seed: int, tick: Tick) -> Floats:
    """The picture (H, W, C) with new content for the hole (H, W) and for a few pixels around it.

    float32, 0 to 255, C >= 3. Some pixel must be known. The same seed gives the same content.
    """
    rng = np.random.default_rng(seed)
    levels = _pyramid(image, hole)
    field: Field | None = None
    filled = image
    for index in range(len(levels) - 1, -1, -1):
        level, gap = levels[index]
        usable = usable_centers(~gap)
        searched = gap.size <= SEARCHED_PIXELS
        current = np.concatenate([level, _texture(level, ~gap)], axis=2) if searched else level.copy()
        if field is None or not usable.any():
            current[gap] = membrane(current, ~gap)[gap]
            field = exhaustive_field(features(current), gap, usable) if usable.any() else None
            rounds = FIRST_ROUNDS
        else:
            up = cv2.resize(filled, (gap.shape[1], gap.shape[0]), interpolation=cv2.INTER_LINEAR)
            field = finer_field(field, gap, usable, rng)
            if searched:
                even = np.ones(len(field.targets), np.float32)
                current[gap] = vote(current, field, gap, even, LAST_SPREAD)
            current[gap, : level.shape[2]] = up[gap]
            rounds = ROUNDS if index else LAST_ROUNDS
        done = 4.0**-index
        if field is not None:
            for number in range(rounds if searched else 0):
                tick(done * (0.25 + 0.5 * number / rounds), current)
                last = index == 0 and number == rounds - 1
                _improve(field, features(current), index, rng)
                if not last:
                    current[gap] = vote(current, field, gap, _trust(field, gap), SPREAD)
            if index == 0:
                # What was only carried over comes in blocks: a wider vote hides their edges.
                spread = LAST_SPREAD if searched else SPREAD
                doubt = _doubt(field, features(current), gap) if searched else None
                current = _final(
                    field, current, level, gap, doubt, spread, partial(tick, 0.8 * done, current)
                )
        filled = current[..., : level.shape[2]]
        tick(done, filled)
    return filled


def _improve(field: Field, table: Floats, index: int, rng: np.random.Generator) -> None:
    """One round of the search for better sources."""
    field.measure(table)
    field.propagate(table, 1)
    reaches = (32, 8, 2) if index == 0 else (max(field.shape) // 2, 32, 8, 2)
    for reach in reaches:
        field.search(table, reach, rng)
    field.propagate(table, 1)
    if index:
        field.propagate(table, 2)


def _trust(field: Field, gap: Bools) -> Floats:
    """How much each target's proposal counts: less deep inside the hole, and less where the match is poor."""
    inwards = cv2.distanceTransform(gap.astype(np.uint8), cv2.DIST_L2, 3).ravel()[field.targets]
    typical = SIGMA * float(np.quantile(field.cost, 0.75)) + 1e-3
    return np.asarray(
        np.power(KAPPA, -np.minimum(inwards, 20)) * np.exp(-field.cost / (2 * typical)) + 1e-9, np.float32
    )


def _final(
    field: Field,
    current: Floats,
    level: Floats,
    gap: Bools,
    doubt: Floats | None,
    spread: float,
    check: Callable[[], None],
) -> Floats:
    """The last vote, sharper than the others and led to the colors at the hole's edge."""
    around = cv2.dilate(gap.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    new = current.copy()
    new[around] = vote(current, field, around, _trust(field, gap), spread, check)
    new = match_edge(new[..., : level.shape[2]], level, gap, LIMIT)
    new = np.where(gap[..., None], new, level)
    return new if doubt is None else _calmed(new, level, gap, doubt)


def _calmed(new: Floats, level: Floats, gap: Bools, doubt: Floats) -> Floats:
    """Shades of large extent led part of the way to what the hole's surroundings suggest; detail stays.

    Only where the search is in doubt: there it is right about texture, but may be far off in brightness.
    """
    depth = cv2.distanceTransform(np.pad(gap, 1, mode="edge").astype(np.uint8), cv2.DIST_L2, 3).max()
    extent = CALM_EXTENT * float(depth)
    if extent < LEAST_EXTENT:
        return new
    smooth = np.where(gap[..., None], membrane(level, ~gap), level)
    shift = cv2.GaussianBlur(smooth - new, (0, 0), extent)
    share = np.zeros(gap.shape, np.float32)
    share[gap] = doubt
    near = cv2.GaussianBlur(gap.astype(np.float32), (0, 0), extent)
    share = CALM * cv2.GaussianBlur(share, (0, 0), extent) / np.maximum(near, 1e-6)
    return np.where(gap[..., None], new + share[..., None] * shift, new)


def _doubt(field: Field, table: Floats, gap: Bools) -> Floats:
    """0 to 1 for each pixel of the hole: how poor its match is, 1 for no better than a patch at random."""
    known = table[field.usable]
    by_chance = 2 * float(known.var(axis=0).sum()) + 1e-3
    cost = field.cost[field.row[np.flatnonzero(gap)]]
    return np.asarray(np.minimum(DOUBT * cost / by_chance, 1), np.float32)


def _texture(level: Floats, known: Bools) -> Floats:
    """(H, W, 2): how strongly brightness changes around each known pixel, down and across."""
    gray = level[..., :3].mean(axis=2)
    inside = cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    strength = [np.abs(cv2.Sobel(gray, cv2.CV_32F, dx, 1 - dx, ksize=3)) * inside for dx in (1, 0)]
    size = (0, 0)
    share = np.maximum(cv2.GaussianBlur(inside, size, TEXTURE_REACH), 1e-6)
    smooth = [cv2.GaussianBlur(s, size, TEXTURE_REACH) / share for s in strength]
    return np.asarray(TEXTURE * np.stack(smooth, axis=2), np.float32)


def _pyramid(image: Floats, hole: Bools) -> list[tuple[Floats, Bools]]:
    """The picture and its hole, halved until the hole is a few pixels deep; known pixels alone count."""
    levels = [(image, hole)]
    while True:
        image, hole = levels[-1]
        depth = cv2.distanceTransform(np.pad(hole, 1, mode="edge").astype(np.uint8), cv2.DIST_L2, 3).max()
        small_enough = hole.size <= FIRST_PIXELS
        if min(hole.shape) < 2 * LEAST_SIDE or (depth <= FIRST_DEPTH and small_enough):
            return levels
        size = ((hole.shape[1] + 1) // 2, (hole.shape[0] + 1) // 2)
        known = (~hole).astype(np.float32)
        share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
        total = cv2.resize(image * known[..., None], size, interpolation=cv2.INTER_AREA)
        levels.append((total / np.maximum(share, 1e-6)[..., None], share < 0.5))
