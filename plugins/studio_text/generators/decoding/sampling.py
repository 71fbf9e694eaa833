"""Which token comes next: chance within bounds.

The bounds narrow the choice one after the other: temperature; *top-k*, the k most likely tokens; *top-p*, the
fewest of those that together have a share p of their probability (nucleus sampling, Holtzman et al. 2020,
https://arxiv.org/abs/1904.09751); *min-p*, those at least p times as likely as the most likely one (Nguyen
et al. 2024, https://arxiv.org/abs/2407.01082). Before all, logits of tokens that the draft has already are
divided by the repetition penalty, or multiplied if they are below 0 (Keskar et al. 2019,
https://arxiv.org/abs/1909.05858).

Vocabularies have up to 262,144 tokens and a sort of all takes 10 ms, a token's whole time on a small model.
So a threshold that surely keeps enough is found first, and only what is above it is sorted.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.api import BadInput, ModelRefused, mark, tr

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

_GREEDY = 1e-3
"""Below this temperature nothing but the most likely token has a chance."""
_GROUP = 256
_FIRST_FLOOR, _LAST_FLOOR, _BAND = 0.004, 1e-30, 8
"""The bands of weights in which the end of a nucleus is searched: down to 0.004, then to an eighth of it."""
_LEAST = float(np.finfo(np.float32).min)


@dataclass(frozen=True)
class Sampling:
    temperature: float = 0.8
    """0: always the most likely token."""
    top_k: int = 0
    """0: all."""
    top_p: float = 1.0
    min_p: float = 0.0
    repetition: float = 1.0
    seed: int = 0


class NothingAllowed(BadInput):
    """Every token is forbidden."""

    code = BadInput.code

    def __init__(self) -> None:
        super().__init__(tr(_NOTHING), tr(_FEWER_RULES))


_NOTHING = mark("The words to avoid leave the model nothing that it may write here.")
_FEWER_RULES = mark("Take some of the words to avoid out, or choose a template with fewer rules.")


class Picker:
    """Picks one draft's tokens. The same seed and draft give the same picks for the same logits."""

    def __init__(self, sampling: Sampling, draft: int) -> None:
        self._sampling = sampling
        self._chance = np.random.Generator(np.random.PCG64(np.random.SeedSequence([sampling.seed, draft])))

    def pick(
        self,
        logits: Floats,
        written: Collection[int] = (),
        allowed: NDArray[np.bool_] | None = None,
        forbidden: Collection[int] = (),
        *,
        greedy: bool = False,
    ) -> int:
        """A token; the most likely one if `greedy`. `written` are those that the draft has already.

        Raises:
            NothingAllowed: no token is left.
            ModelRefused: the logits are no numbers.
        """
        scores = adjusted(logits, self._sampling.repetition, written, allowed, forbidden)
        if greedy or self._sampling.temperature < _GREEDY:
            return int(scores.argmax())
        tokens, weights = candidates(scores, self._sampling)
        return int(tokens[_drawn(weights, self._chance.random())])


def adjusted(
    logits: Floats,
    repetition: float,
    written: Collection[int],
    allowed: NDArray[np.bool_] | None,
    forbidden: Collection[int],
) -> Floats:
    """A copy of a row's logits after the penalty, −∞ where a token may not come. Raises as `Picker.pick`."""
    if allowed is None:
        scores = logits.copy()
    else:
        scores = np.where(allowed, logits, np.float32(-np.inf))
    if written and repetition != 1.0:
        again = np.fromiter(written, np.intp, len(written))
        penalized = scores[again]
        scores[again] = np.where(penalized > 0, penalized / repetition, penalized * repetition)
    if forbidden:
        scores[np.fromiter(forbidden, np.intp, len(forbidden))] = -np.inf
    largest = scores.max()
    if math.isnan(largest) or largest == np.inf:
        raise ModelRefused(
            tr("The language model gave no numbers."),
            tr("Convert or fetch it again; if that does not help, choose another model."),
        )
    if largest == -np.inf:
        raise NothingAllowed
    return scores


def candidates(scores: Floats, sampling: Sampling) -> tuple[Indices, Floats]:
    """The tokens that may come, in the order of their numbers, and their weights: 1 for the most likely one.

    Of equally likely tokens on the edge of a bound, those with the smaller numbers are kept.
    """
    if sampling.top_k:
        kept = _best(scores, sampling.top_k)
        weights = _weights(scores[kept], sampling)
    else:
        kept = np.arange(len(scores))
        weights = _weights(scores, sampling)
    if sampling.top_p < 1:
        inside = _nucleus(weights, sampling.top_p * float(weights.sum()))
        kept, weights = kept[inside], weights[inside]
    if sampling.min_p > 0:
        likely = np.flatnonzero(weights >= np.float32(min(1.0, sampling.min_p)))
        kept, weights = kept[likely], weights[likely]
    return kept, weights


def _weights(scores: Floats, sampling: Sampling) -> Floats:
    weights = scores * np.float32(1 / sampling.temperature)
    weights -= weights.max()
    np.exp(weights, out=weights)
    return weights


def _best(scores: Floats, count: int) -> Indices:
    """The `count` best.

    As many groups of tokens as are wanted have a largest that is at least the `count`-th largest of all
    groups' largest: so many tokens, at least, are above that bound, and hardly any more.
    """
    groups = scores[: len(scores) // _GROUP * _GROUP].reshape(-1, _GROUP).max(1)
    if count > len(groups):
        groups = scores
    count = min(count, len(groups))
    bound = np.partition(groups, len(groups) - count)[len(groups) - count]
    kept = np.flatnonzero(scores >= max(bound, _LEAST))
    best = kept[np.argsort(-scores[kept], kind="stable")[:count]]
    return np.sort(best)


def _nucleus(weights: Floats, wanted: float) -> Indices:
    """Where the fewest weights are that together reach `wanted`.

    Found in bands, from the large ones down: only the band in which the sum is reached is sorted.
    """
    above, top, floor = 0.0, np.inf, _FIRST_FLOOR
    while True:
        band = weights[(weights >= floor) & (weights < top)]
        mass = float(band.sum(dtype=np.float64))
        if above + mass >= wanted or floor == 0:
            break
        above, top, floor = above + mass, floor, floor / _BAND if floor > _LAST_FLOOR else 0.0
    ordered = np.sort(band)[::-1]
    count = int(np.searchsorted(np.cumsum(ordered, dtype=np.float64), wanted - above)) + 1
    if count > len(ordered):  # by rounding: all are wanted
        return np.flatnonzero(weights >= floor)
    last = ordered[count - 1]
    inside = weights > last
    ties = int(np.count_nonzero(ordered[:count] == last))
    inside[np.flatnonzero(weights == last)[:ties]] = True
    return np.flatnonzero(inside)


def _drawn(weights: Floats, chance: float) -> int:
    """The place in `weights` that `chance`, from 0 to below 1, falls on, each as wide as its weight.

    First among groups, then in one: the running sum of a whole vocabulary would take 3 ms.
    """
    sums = np.cumsum(np.add.reduceat(weights, np.arange(0, len(weights), _GROUP)), dtype=np.float64)
    at = chance * sums[-1]
    group = min(int(np.searchsorted(sums, at, side="right")), len(sums) - 1)
    inside = weights[group * _GROUP : (group + 1) * _GROUP]
    begin = float(sums[group - 1]) if group else 0.0
    place = int(np.searchsorted(np.cumsum(inside, dtype=np.float64), at - begin, side="right"))
    if place >= len(inside) or inside[place] == 0:  # by rounding
        place = int(inside.argmax())
    return group * _GROUP + place
