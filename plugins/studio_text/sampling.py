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
_FIRST_DEPTH = 8.0
"""How far below the largest logit, in temperatures, a nucleus is looked for first; then 4 times as far."""
_DEEPEST = 110.0
"""Weights below e^-104 are 0 in float32."""
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
        self._chance = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([abs(sampling.seed), draft]))
        )

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
    """The tokens that may come, and how likely each is compared with the most likely one.

    The first is the most likely; equally likely tokens come in the order of their numbers. Where no bound is
    set these are all tokens, in the order of their numbers.
    """
    largest, temperature = scores.max(), np.float32(sampling.temperature)

    def weights(scores: Floats) -> Floats:
        relative: Floats = np.exp((scores - largest) / temperature, dtype=np.float32)
        return relative

    if sampling.top_k:
        kept = _best(scores, sampling.top_k)
        found = weights(scores[kept])
        if sampling.top_p < 1:
            count = _share(found, sampling.top_p * float(found.sum(dtype=np.float64)))
            kept, found = kept[:count], found[:count]
    elif sampling.top_p < 1:
        found = weights(scores)
        wanted = sampling.top_p * float(found.sum(dtype=np.float64))
        kept = _nucleus(scores, found, largest, sampling, wanted)
        found = found[kept]
    elif sampling.min_p > 0:
        kept = _sorted(scores, largest + temperature * (math.log(min(1.0, sampling.min_p)) - 0.001))
        found = weights(scores[kept])
    else:
        return np.arange(len(scores)), weights(scores)
    if sampling.min_p > 0:
        count = max(1, int(np.count_nonzero(found >= sampling.min_p)))
        kept, found = kept[:count], found[:count]
    return kept, found


def _best(scores: Floats, count: int) -> Indices:
    """The `count` best, sorted.

    As many groups of tokens as are wanted have a largest that is at least the `count`-th largest of all
    groups' largest: so many tokens, at least, are above that bound, and hardly any more.
    """
    groups = scores[: len(scores) // _GROUP * _GROUP].reshape(-1, _GROUP).max(1)
    if count > len(groups):
        groups = scores
    count = min(count, len(groups))
    return _sorted(scores, np.partition(groups, len(groups) - count)[len(groups) - count])[:count]


def _nucleus(scores: Floats, weights: Floats, largest: float, sampling: Sampling, wanted: float) -> Indices:
    """The fewest tokens, sorted, whose weights together are `wanted`."""
    depth = _FIRST_DEPTH
    while True:
        kept = _sorted(scores, largest - depth * sampling.temperature)
        if weights[kept].sum(dtype=np.float64) >= wanted or depth > _DEEPEST:
            return kept[: _share(weights[kept], wanted)]
        depth *= 4


def _sorted(scores: Floats, least: float) -> Indices:
    """All tokens from `least` on, the best first."""
    kept = np.flatnonzero(scores >= max(least, _LEAST))
    return kept[np.argsort(-scores[kept], kind="stable")]


def _share(weights: Floats, wanted: float) -> int:
    """How many of the first weights together reach `wanted`."""
    return min(len(weights), int(np.searchsorted(np.cumsum(weights, dtype=np.float64), wanted)) + 1)


def _drawn(weights: Floats, chance: float) -> int:
    """The place in `weights` that `chance`, from 0 to below 1, falls on, each as wide as its weight."""
    sums = np.cumsum(weights, dtype=np.float64)
    place = int(np.searchsorted(sums, chance * sums[-1], side="right"))
    return min(place, int(np.flatnonzero(weights)[-1]))
