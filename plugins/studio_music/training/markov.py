"""What the model has to beat: a variable-order Markov model of the same data, and chance within the key.

Both speak through the same interface as the music model, so the same engine composes with them.
"""

from __future__ import annotations

import collections
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio_music.core.keys import SCALES
from studio_music.core.tokens import vocabulary as v
from studio_music.training.examples import Example

ORDER = 8
"""Tokens that are looked back, of the same voice: four notes."""
_MODES = {v.IDS[f"mode {mode}"]: mode for mode in v.MODES}
_LENGTHS = np.array(
    [v.FIRST_DURATION + v.DURATIONS.index(length) for length in (6, 12, 18, 24, 36, 48, 72, 96)]
)


class Markov:
    """Counts of what follows each run of up to `ORDER` tokens of a voice, mixed as Witten and Bell (1991) do.

    The run begins anew with each voice's start; the ensemble, the voice and the kind of token belong to it.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[int, ...], collections.Counter[int]] = collections.defaultdict(
            collections.Counter
        )
        self.start()

    def learn(self, example: Example) -> None:
        histories: dict[int, list[int]] = collections.defaultdict(list)
        ensemble = int(example.rows[0, 0])
        for row, target, learned in zip(example.rows, example.targets, example.learned, strict=True):
            voice = int(row[2])
            history = histories[voice]
            token = int(target)
            if learned:
                for order in range(ORDER + 1):
                    self._counts[self._context(ensemble, voice, history, order)][token] += 1
            if token >= v.FIRST_DURATION or token == v.REST:
                history.append(token)

    def shares(self, ensemble: int, voice: int, history: Sequence[int]) -> NDArray[np.float64]:
        """How likely each token is next."""
        pitch_next = not history or (history[-1] < v.FIRST_PITCH and history[-1] != v.REST)
        kind = np.zeros(v.SIZE)
        if pitch_next:
            kind[v.FIRST_PITCH :] = kind[v.REST] = 1
        else:
            kind[v.FIRST_DURATION : v.FIRST_DURATION + len(v.DURATIONS)] = 1
        found: NDArray[np.float64] = kind / kind.sum()
        for order in range(ORDER + 1):
            counts = self._counts.get(self._context(ensemble, voice, list(history), order))
            if not counts:
                break
            total, kinds = sum(counts.values()), len(counts)
            found = found * (kinds / (total + kinds))
            for token, count in counts.items():
                found[token] += count / (total + kinds)
        return found

    @staticmethod
    def _context(ensemble: int, voice: int, history: list[int], order: int) -> tuple[int, ...]:
        expects_length = bool(history) and (history[-1] >= v.FIRST_PITCH or history[-1] == v.REST)
        return (ensemble, voice, int(expects_length), *history[max(0, len(history) - order) :])

    def start(self) -> None:
        self._ensemble = -1
        self._voice = v.NO_VOICE
        self._histories: dict[int, list[int]] = collections.defaultdict(list)

    def feed(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """As `MusicModel.feed`."""
        for row in rows:
            token = int(row[0])
            if self._ensemble < 0:
                self._ensemble = token
            elif token == v.SEPARATOR:
                self._histories.clear()
            elif token >= v.FIRST_DURATION or token == v.REST:
                self._histories[self._voice].append(token)
            self._voice = int(row[2])
        shares = self.shares(self._ensemble, self._voice, self._histories[self._voice])
        return np.log(np.maximum(shares, 1e-12)).astype(np.float32)


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
        pitches = [p for p in range(55, 85) if p % 12 in SCALES[self._mode]]
        shares[[v.pitch_token(pitch) for pitch in pitches]] = 1 / len(pitches)
        shares[_LENGTHS] = 1 / len(_LENGTHS)
        found: NDArray[np.float32] = np.log(shares).astype(np.float32)
        return found


def nats(model: Markov | Chance, example: Example) -> float:
    """The negative log-likelihood of what is to be learnt of an example, under a baseline."""
    total = 0.0
    if isinstance(model, Markov):
        histories: dict[int, list[int]] = collections.defaultdict(list)
        ensemble = int(example.rows[0, 0])
        for row, target, learned in zip(example.rows, example.targets, example.learned, strict=True):
            history = histories[int(row[2])]
            token = int(target)
            if learned:
                total -= float(np.log(model.shares(ensemble, int(row[2]), history)[token]))
            if token == v.SEPARATOR:
                histories.clear()
            if token >= v.FIRST_DURATION or token == v.REST:
                history.append(token)
        return total
    model.start()
    logits = model.feed(example.rows)
    chosen = logits[example.targets[example.learned]]
    return float(-np.maximum(chosen, np.log(1e-4)).sum())
