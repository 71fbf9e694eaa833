"""What the model has to beat: a variable-order Markov model of the same data, and chance within the key.

Both speak through the same interface as the music model, so the same engine composes with them.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from studio_music.core.keys import SCALES
from studio_music.core.meter import parse_meter
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Sketch
from studio_music.training.examples import Example, cut
from studio_music.training.prepare import Work

ORDER = 8
"""Tokens that are looked back, of the same voice: four notes."""
ESCAPE = 16.0
"""How much each kind of token after a run speaks for shorter runs; Witten and Bell have 1. Chosen, as the
order, by the likelihood of the valid split."""
_WINDOW = 16
"""Bars of a quartet that are taken to be in one key."""
_BITS = 9
"""A token's room in the numbers of `Markov`: the rest of 64 bits is a digest of the run before it."""
_FACTOR = 0x9E3779B97F4A7C15
_ALL = (1 << 64) - 1
_MODES = {v.IDS[f"mode {mode}"]: mode for mode in v.MODES}
_SPOKEN = np.array([v.DURATIONS[v.duration_token(length) - v.FIRST_DURATION] for length in range(1, 193)])
_LENGTHS = np.array(
    [v.FIRST_DURATION + v.DURATIONS.index(length) for length in (6, 12, 18, 24, 36, 48, 72, 96)]
)
_ASIDE = 0.02
"""Share of what lies outside of key and range, or is an uncommon duration, under chance."""


class Markov:
    """Counts of what follows each run of up to `ORDER` tokens of a voice, mixed after Witten and Bell (1991).

    Ensemble, voice and kind of token belong to the run, and so does a voice's beginning.

    Args:
        lines: the voices to learn from, as (ensemble token, voice, tokens).
        order: tokens that are looked back.
    """

    def __init__(self, lines: Iterable[tuple[int, int, NDArray[np.uint64]]], order: int = ORDER) -> None:
        runs: list[list[NDArray[np.uint64]]] = [[] for _ in range(order + 1)]
        for ensemble, voice, tokens in lines:
            padded = np.concatenate([np.full(order, v.PAD, np.uint64), tokens])
            lengths = (tokens >= v.FIRST_DURATION) & (tokens < v.FIRST_PITCH)
            state = _mixed(_mixed(lengths.astype(np.uint64), ensemble), voice)
            runs[0].append(_place(state) | tokens)
            for back in range(1, order + 1):
                state = _mixed(state, padded[order - back : len(padded) - back])
                runs[back].append(_place(state) | tokens)
        found = [np.unique(np.concatenate(numbers), return_counts=True) for numbers in runs]
        self._numbers = [numbers for numbers, _ in found]
        """For each length of run the digest of each run with the token after it, sorted."""
        self._counts = [counts.astype(np.float64) for _, counts in found]
        self._order = order
        self.start()

    @classmethod
    def of_works(cls, works: Iterable[Work], order: int = ORDER) -> Markov:
        """Learns every note of works once."""
        return cls(_lines(works), order)

    def shares(self, ensemble: int, voice: int, history: Sequence[int]) -> NDArray[np.float64]:
        """How likely each token is next."""
        length_next = bool(history) and (history[-1] >= v.FIRST_PITCH or history[-1] == v.REST)
        kind = np.zeros(v.SIZE)
        if length_next:
            kind[v.FIRST_DURATION : v.FIRST_DURATION + len(v.DURATIONS)] = 1
        else:
            kind[v.FIRST_PITCH :] = kind[v.REST] = 1
        found: NDArray[np.float64] = kind / kind.sum()
        state = _mixed_one(_mixed_one(int(length_next), ensemble), voice)
        for back in range(self._order + 1):
            if back:
                state = _mixed_one(state, history[-back] if back <= len(history) else v.PAD)
            first = np.uint64(state >> _BITS << _BITS)
            numbers = self._numbers[back]
            low, high = numbers.searchsorted([first, first + np.uint64(1 << _BITS)])
            if low == high:
                break
            counts, shorter = self._counts[back][low:high], ESCAPE * int(high - low)
            whole = counts.sum() + shorter
            tokens = (numbers[low:high] & np.uint64((1 << _BITS) - 1)).astype(np.int64)
            found = found * (shorter / whole)
            found[tokens] += counts / whole
        return found

    def start(self) -> None:
        self._memory = _Memory()

    def feed(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """As `MusicModel.feed`."""
        for row in rows:
            self._memory.add(row)
        memory = self._memory
        shares = self.shares(memory.ensemble, memory.voice, memory.history())
        return np.log(np.maximum(shares, 1e-12)).astype(np.float32)

    def nats(self, example: Example) -> float:
        """The negative log-likelihood of what is to be learnt of an example."""
        memory, total = _Memory(), 0.0
        for row, target, learned in zip(example.rows, example.targets, example.learned, strict=True):
            memory.add(row)
            if learned:
                total -= float(np.log(self.shares(memory.ensemble, memory.voice, memory.history())[target]))
        return total


class Chance:
    """Any pitch of the key in the range that was told, with any common duration."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self._mode = "major"

    def feed(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        for token in rows[:, 0]:
            self._mode = _MODES.get(int(token), self._mode)
        shares = np.full(v.SIZE, 1e-9)
        kinds = v.HIGHEST - v.LOWEST + 2
        shares[v.FIRST_PITCH :] = shares[v.REST] = _ASIDE / kinds
        pitches = [p for p in range(55, 85) if p % 12 in SCALES[self._mode]]
        shares[[v.pitch_token(pitch) for pitch in pitches]] += (1 - _ASIDE) / len(pitches)
        shares[v.FIRST_DURATION : v.FIRST_DURATION + len(v.DURATIONS)] = _ASIDE / len(v.DURATIONS)
        shares[_LENGTHS] += (1 - _ASIDE) / len(_LENGTHS)
        found: NDArray[np.float32] = np.log(shares).astype(np.float32)
        return found

    def nats(self, example: Example) -> float:
        """As `Markov.nats`."""
        self.start()
        logits = self.feed(example.rows)
        return float(-logits[example.targets[example.learned]].sum())


class _Memory:
    """What each voice has said before a place, and what the context tells of the bars before it."""

    def __init__(self) -> None:
        self.ensemble = -1
        self.voice = v.NO_VOICE
        self._bar = v.MOST_BARS
        self._speaking = False
        self._told: dict[int, list[tuple[int, int]]] = collections.defaultdict(list)
        """For each voice its tokens of the context, each after its bar."""
        self._said: dict[int, list[int]] = {}
        self._reached: dict[int, int] = {}
        """The bar of each voice's last token after the separator."""

    def add(self, row: NDArray[np.int64]) -> None:
        """A row: the token, and whose turn is next."""
        token = int(row[0])
        if self.ensemble < 0:
            self.ensemble = token
        elif token == v.SEPARATOR:
            self._speaking = True
        elif token >= v.FIRST_DURATION or token in (v.REST, v.FILL):
            if self._speaking:
                self.history().append(token)
                self._reached[self.voice] = self._bar
            else:
                self._told[self.voice].append((self._bar, v.REST if token == v.HOLD else token))
        self.voice, self._bar = int(row[2]), int(row[5])

    def history(self) -> list[int]:
        """The tokens before, of the voice whose turn it is."""
        voice = self.voice
        if voice not in self._said or self._bar > self._reached[voice] + 1:
            before = [token for bar, token in self._told[voice] if bar < self._bar]
            gaps = [place for place, token in enumerate(before) if token == v.FILL]
            self._said[voice] = before[gaps[-1] + 1 if gaps else 0 :]
            self._reached[voice] = self._bar
        return self._said[voice]


def _lines(works: Iterable[Work]) -> Iterator[tuple[int, int, NDArray[np.uint64]]]:
    """Each voice of each work as tokens."""
    for work in works:
        step = _WINDOW if work.ensemble == "strings" else work.bars
        for start in range(0, work.bars, step):
            sketch = cut(work, start, min(step, work.bars - start), parse_meter(work.meter))
            if sketch is None:
                continue
            for voice in range(len(sketch.voices)):
                yield v.IDS[f"ensemble {sketch.ensemble}"], voice, line_of(sketch, voice)


def line_of(sketch: Sketch, voice: int) -> NDArray[np.uint64]:
    """The tokens that a voice says in music all of which is missing: pitches or rests, and how long."""
    tokens: list[int] = []
    position, bar = 0, sketch.bar_length

    def rest_until(start: int) -> None:
        nonlocal position
        while position < start:
            length = int(_SPOKEN[min(start, (position // bar + 1) * bar) - position - 1])
            tokens.extend((v.REST, v.duration_token(length)))
            position += length

    for event in sketch.voices[voice]:
        rest_until(event.start)
        token = v.duration_token(min(event.length, sketch.length - event.start))
        tokens.extend((v.pitch_token(event.pitch), token))
        position = event.start + v.DURATIONS[token - v.FIRST_DURATION]
    rest_until(sketch.length)
    return np.array(tokens, np.uint64)


def _mixed(state: NDArray[np.uint64], token: int | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A digest of a run with one more token; wraps around at 64 bits."""
    mixed = (state ^ (np.asarray(token, np.uint64) + np.uint64(1))) * np.uint64(_FACTOR)
    found: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(29))
    return found


def _mixed_one(state: int, token: int) -> int:
    mixed = ((state ^ (token + 1)) * _FACTOR) & _ALL
    return mixed ^ (mixed >> 29)


def _place(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return state >> np.uint64(_BITS) << np.uint64(_BITS)
