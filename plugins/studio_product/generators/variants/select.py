"""From a pool to the variants that are shown: good enough, whole, and far enough apart, as measured."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio_product.generators.variants.choose import farthest_first, spread
from studio_product.generators.variants.distance import Mirror, distances
from studio_product.generators.variants.pool import Member


@dataclass(frozen=True)
class Variant:
    """A finished part."""

    path: Path
    """Its part file."""
    compliance: float
    """Measured on its surface, the weighted sum over cases, N*mm."""
    shape: NDArray[np.bool_]
    """(*cells of the study's grid): where its surface holds material."""


Verdict = Literal["torn", "weak", "alike"]
"""Why a member is not shown: no one piece joins all loads and supports; it gives way by more than the
tolerance; it is too near to one that is shown."""


@dataclass
class Selection:
    """Variants in the order in which they were accepted; the first one is the best of the pool."""

    tolerance: float
    """How much more compliance than the best one's is accepted: 0.1 is 10 %."""
    floor: float
    """The least distance, 0 to 1."""
    mirrors: Sequence[Mirror]
    accepted: dict[int, Variant] = field(default_factory=dict)
    """By member."""
    refused: dict[int, Verdict] = field(default_factory=dict)
    """By member: those that were finished in vain."""

    def next(self, members: Sequence[Member]) -> Member | None:
        """What to finish next: the best member at first, then the farthest; None where nothing fits."""
        whole = [member for member in members if self._is_whole(member)]
        if not whole:
            return None
        best = min(member.compliance for member in whole)
        left = [
            member
            for member in whole
            if member.index not in {*self.accepted, *self.refused}
            and member.compliance <= (1 + self.tolerance) * best
        ]
        if not self.accepted:
            return min(left, key=lambda member: member.compliance, default=None)
        rows = {member.index: row for row, member in enumerate(whole)}
        between = distances(np.stack([member.shape for member in whole]), self.mirrors)
        chosen = [rows[index] for index in self.accepted]
        row = farthest_first(between, chosen, [rows[member.index] for member in left], self.floor)
        return None if row is None else whole[row]

    def offer(self, member: Member, finished: Variant | None) -> None:
        """Accept a finished variant if it measures up to those before; None: it could not be finished.

        A new best one may put earlier ones out of the tolerance.
        """
        if finished is None:
            self.refused[member.index] = "torn"
        elif self.accepted and self._nearest(finished) < self.floor:
            self.refused[member.index] = "alike"
        else:
            self.accepted[member.index] = finished
            best = min(each.compliance for each in self.accepted.values())
            for index, each in list(self.accepted.items()):
                if each.compliance > (1 + self.tolerance) * best:
                    del self.accepted[index]
                    self.refused[index] = "weak"

    def widen(self, tolerance: float) -> None:
        """Accept more: what was too weak before may be offered again."""
        self.tolerance = tolerance
        self.refused = {index: verdict for index, verdict in self.refused.items() if verdict != "weak"}

    def ranked(self) -> list[tuple[int, Variant]]:
        """(member, variant), the stiffest first."""
        return sorted(self.accepted.items(), key=lambda pair: (pair[1].compliance, pair[0]))

    def spread(self) -> tuple[float, float]:
        """Least and mean distance, as finished, between at least two variants."""
        between = self._between(list(self.accepted.values()))
        return spread(between, range(len(between)))

    def verdicts(self, members: Sequence[Member]) -> Counter[Verdict]:
        """How many members are not shown, and why."""
        best = min((member.compliance for member in members if self._is_whole(member)), default=math.inf)
        left = [member for member in members if member.index not in self.accepted]
        return Counter(self._verdict(member, best) for member in left)

    def _verdict(self, member: Member, best: float) -> Verdict:
        if not self._is_whole(member):
            return "torn"
        if member.compliance > (1 + self.tolerance) * best:
            return "weak"
        return self.refused.get(member.index, "alike")

    def _is_whole(self, member: Member) -> bool:
        """As far as is known: what tore while it was finished is nothing to measure others by."""
        return member.is_whole and self.refused.get(member.index) != "torn"

    def _nearest(self, finished: Variant) -> float:
        return float(self._between([finished, *self.accepted.values()])[0, 1:].min())

    def _between(self, variants: Sequence[Variant]) -> NDArray[np.float64]:
        return distances(np.stack([each.shape for each in variants]), self.mirrors)


def fill_up(
    selection: Selection,
    members: Sequence[Member],
    count: int,
    finish: Callable[[Member], Variant | None],
) -> None:
    """Finish and offer members until there are `count` variants or none is left that fits."""
    while len(selection.accepted) < count:
        member = selection.next(members)
        if member is None:
            return
        selection.offer(member, finish(member))
