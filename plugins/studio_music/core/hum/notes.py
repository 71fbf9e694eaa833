"""Notes out of the line of a single voice.

A voice is not a piano: it slides into notes, swings about them, drifts away from concert pitch, and repeats
a note without a gap. So notes are found as the cheapest explanation of the whole line, by Viterbi's
algorithm: each frame costs by its distance from its note's pitch, less where the pitch is moving, and each
new note costs. Then each note is rounded to a semitone beside the singer's own, slowly moving concert pitch,
and repeated notes are parted where the voice is lifted.

The costs were chosen on 85 synthetic performances and on one recording of a real singer: vocadito 1 (Bittner
et al., 2021, CC BY 4.0). Its two annotators agree with each other by an F-measure of 0.86, these notes with
them by 0.74; by 0.83 where a pitch may be 80 cents off, since the annotators do not round to semitones.

Sources: Mauch et al., Computer-aided Melody Note Transcription Using the Tony Software, TENOR 2015 (notes as
states of a hidden Markov model); Ryynänen and Klapuri, Modelling of Note Events for Singing Transcription,
SAPA 2004.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from studio_music.core.hum.melody_line import Line, Numbers
from studio_music.core.hum.network import FRAME

GRID = 3
"""Pitches per semitone that are tried."""
WIDE = 0.7
"""Semitones from a note's pitch that cost 1 for each frame."""
FAR = 3.0
"""What a frame costs at most."""
MOVING = 6.0
"""Semitones per second at which a frame counts half."""
NEW = 6.0
"""What a new note costs where nothing says that it is struck."""
STRUCK = 6.0
"""What it costs less where it surely is struck."""
BEGIN = 4.0
"""What a note after a pause costs."""
END = 1.0
"""What a pause costs."""
SILENT = 1.0
"""What a frame without a pitch costs within a note."""
IGNORED = 1.4
"""What a frame with a pitch costs within a pause."""
SURE = 0.5
"""Log-odds from which on a note is struck anew at the same pitch."""
SHORTEST = 0.08
"""Seconds that a note lasts at least."""
SHORTEST_AGAIN = 0.11
"""Seconds between two notes of the same pitch, at least."""
FADED = 18.0
"""dB below the louder parts of a note, from which on it is over."""
FOREIGN = 1.0
"""What it costs that a note is not in the scale, where one is given: as much as 0.2 semitones."""


class Tone(NamedTuple):
    """A note of the line."""

    start: float
    """Seconds."""
    end: float
    """Seconds."""
    pitch: int
    """MIDI."""
    loudness: float
    """dB."""


@dataclass(frozen=True)
class Part:
    """A stretch of the line that is one note."""

    start: int
    """Frame."""
    end: int
    """The frame after its last one."""
    pitch: float
    """MIDI pitch, with fractions."""
    weight: float
    """How many frames stand still at it."""


class _Span(NamedTuple):
    start: int
    end: int
    pitch: int


def tones_of(line: Line, scale: Set[int] | None = None) -> list[Tone]:
    """The notes, one after the other. In a scale (pitch classes), unclear pitches are rounded to it."""
    parts = [part for part in parts_of(line) if (part.end - part.start) * FRAME >= SHORTEST]
    spans: list[_Span] = []
    for part, pitch in zip(parts, rounded(parts, scale), strict=True):
        if spans and _goes_on(line, spans[-1], part, pitch):
            spans[-1] = spans[-1]._replace(end=part.end)
        else:
            spans.append(_Span(part.start, part.end, pitch))
    tones = []
    for span in spans:
        for start, end in pairwise((span.start, *_repeats(line, span), span.end)):
            loudness = float(np.quantile(line.loudness[start:end], 0.8))
            tones.append(Tone(start * FRAME, _faded(line, start, end) * FRAME, span.pitch, loudness))
    return tones


def steadiness(line: Line) -> float:
    """The share of the sounding frames whose pitch stands still: speech up to 0.5, singing from 0.55 on."""
    sounding = max(1, int(line.voiced.sum()))
    return float(np.sum((speed_of(line) < MOVING) & line.voiced)) / sounding


def speed_of(line: Line) -> Numbers:
    """Semitones per second."""
    speed = np.zeros(len(line.pitch))
    if len(speed) > 4:
        speed[2:-2] = np.abs(line.pitch[4:] - line.pitch[:-4]) / (4 * FRAME)
    return speed


def parts_of(line: Line) -> list[Part]:
    """Parts the line into notes."""
    if not line.voiced.any():
        return []
    still = 1 / (1 + (speed_of(line) / MOVING) ** 2)
    sounding = line.pitch[line.voiced]
    grid = np.arange(np.floor(sounding.min()) - 1, np.ceil(sounding.max()) + 1.01, 1 / GRID)
    path = _best_path(line, grid, still)
    edges = np.flatnonzero(np.diff(path, prepend=-1, append=-1))
    parts = []
    for start, end in pairwise(edges.tolist()):
        weight = still[start:end] * line.voiced[start:end]
        if path[start] < len(grid) and weight.sum() > 0:
            parts.append(Part(start, end, _median(line.pitch[start:end], weight), float(weight.sum())))
    return parts


def _best_path(line: Line, grid: Numbers, still: Numbers) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each frame the place in the grid of the note that explains it; `len(grid)` in pauses."""
    frames, size = len(line.pitch), len(grid)
    fresh = NEW - STRUCK / (1 + np.exp(-line.struck - 1))
    pause = np.where(line.voiced, IGNORED, 0.0)
    places = np.arange(size)
    back = np.empty((frames, size + 1), np.int16)
    score, rest = np.full(size, BEGIN), 0.0
    for frame in range(frames):
        best = int(score.argmin())
        changed, begun = score[best] + fresh[frame], rest + BEGIN
        other = best if changed <= begun else size
        back[frame, :size] = np.where(score <= min(changed, begun), places, other)
        ended = score[best] + END
        back[frame, size] = size if rest <= ended else best
        rest = min(rest, ended) + pause[frame]
        score = np.minimum(score, min(changed, begun))
        if line.voiced[frame]:
            score += still[frame] * np.minimum(((line.pitch[frame] - grid) / WIDE) ** 2, FAR)
        else:
            score += SILENT
    state = size if rest <= score.min() else int(score.argmin())
    path = np.empty(frames, np.int64)
    for frame in range(frames - 1, -1, -1):
        path[frame] = state
        state = int(back[frame, state])
    return path


def _median(values: Numbers, weight: Numbers) -> float:
    order = np.argsort(values)
    total = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def rounded(parts: list[Part], scale: Set[int] | None) -> list[int]:
    """Each part's semitone, beside a concert pitch that moves slowly, at most a quarter tone off."""
    if not parts:
        return []
    offsets = np.linspace(-0.5, 0.5, 21)
    pitch = np.array([part.pitch for part in parts])
    weight = np.minimum(np.array([part.weight for part in parts]), 30) / 30 + 0.1
    away = pitch[:, None] - offsets
    choices = np.stack([np.floor(away), np.floor(away) + 1])  # (2, parts, offsets)
    price = np.minimum(((away - choices) / 0.2) ** 2, 6)
    if scale is not None:
        price = price + np.where(np.isin(choices % 12, sorted(scale)), 0.0, FOREIGN)
    nearest = np.take_along_axis(choices, price.argmin(axis=0)[None], axis=0)[0]
    cost = weight[:, None] * price.min(axis=0)
    drift = ((offsets[:, None] - offsets[None, :]) / 0.06) ** 2  # to, from
    score = cost[0] + (offsets / 0.3) ** 2
    back = np.zeros(cost.shape, np.int64)
    for n in range(1, len(parts)):
        ways = score[None, :] + drift
        back[n] = ways.argmin(axis=1)
        score = ways.min(axis=1) + cost[n]
    state = int(score.argmin())
    found = []
    for n in range(len(parts) - 1, -1, -1):
        found.append(int(nearest[n, state]))
        state = int(back[n, state])
    return found[::-1]


def _goes_on(line: Line, before: _Span, part: Part, pitch: int) -> bool:
    """Whether a part is still the note before it."""
    if before.pitch != pitch or part.start - before.end > 2:
        return False
    if min(before.end - before.start, part.end - part.start) * FRAME < SHORTEST_AGAIN:
        return True
    return bool(line.struck[max(0, part.start - 3) : part.start + 4].max() < SURE)


def _repeats(line: Line, span: _Span) -> list[int]:
    """Frames within a note at which it is struck anew."""
    gap = int(SHORTEST_AGAIN / FRAME)
    strength = line.struck[span.start : span.end]
    cuts: list[int] = []
    for place in np.argsort(-strength):
        if strength[place] < SURE:
            break
        frame = span.start + int(place)
        if min(frame - span.start, span.end - frame) >= gap and all(abs(frame - cut) >= gap for cut in cuts):
            cuts.append(frame)
    return sorted(cuts)


def _faded(line: Line, start: int, end: int) -> int:
    """Where a note has become so soft that it is over."""
    level = line.loudness[start:end]
    loud = np.flatnonzero(level > np.quantile(level, 0.8) - FADED)
    return max(start + int(loud[-1]) + 1, min(end, start + int(SHORTEST / FRAME)))
