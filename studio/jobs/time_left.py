"""How long a running job still takes, as a range that is right nine times in ten and does not jump.

Two things are known: what such jobs took before, and how fast this one gets on, beside how they got on. Each
says how long it may still take, and how sure it is of that; what is shown is both together. Where they are
too unsure for a range of which the upper end is twice the lower, nothing is said. All numbers are seconds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Annotated

from msgspec import Meta, Struct

WIDEST = 2.0
"""The upper end of a range is at most this many times its lower one."""
NARROWEST = 1.12
_SURE = 1.645
"""Standard deviations to both sides that nine of ten lie within."""
_PACE_PARTS = 10
_TOTALS, _PACES, _JOBS = 0.17, 0.15, 3.0
"""How far jobs of one sort differ in what they take, and in how they get on, as a standard deviation of the
logarithm: what is believed before some are known, and as much as so many jobs tell."""
_VAGUE = 1.5
"""Times that, of what may end early."""
_ENDS = 0.024
"""Added to the latter: as a share of the time, by the share that is left."""
_KIN = 0.17
"""Added where only jobs of another sort are known."""
_UNEVEN = 0.3
"""Added to any rate, by the square root of the steps that it comes from."""
_ALIKE, _APART = 1.2, 0.15
"""What is said twice is not twice as sure, since both know of the same jobs; by how far the two are apart."""
_OUTLASTED = 2.0
"""Standard deviations beyond which what the others took tells nothing any more."""
_OVER = 0.97
"""From this share of the time on, another job tells nothing of one that still goes on."""
_SPEAKS, _GOES_ON, _WAVERS = 1.25, 2.2, 1.4
"""Nothing is said where an honest range were more than so many times as wide as the widest; if one is shown
already, so many times; the same of what may end early. (Ranges are right more often than they promise.)"""
_EASE = 0.04
"""Within this share of the time that is left, what is shown follows what is known."""
_TOLD = 4
"""How often a job has told of itself before its pace says anything of others."""
_LEAST = 0.01
"""Part of the work before which its own pace says nothing."""


class Left(Struct, frozen=True):
    """Seconds, from now on."""

    least: float
    most: float

    @property
    def middle(self) -> float:
        return math.sqrt(max(self.least, 1e-3) * max(self.most, 1e-3))

    def after(self, seconds: float) -> Left:
        """What is left of it later, if all goes on as it does."""
        return Left(max(self.least - seconds, 0.0), max(self.most - seconds, 0.0))


class Pace(Struct, frozen=True):
    """How a job got on: the share of its time at which each tenth of its work was done.

    Its time begins with the first of its work: one job has to load a model, and the next has not.
    """

    shares: Annotated[tuple[Annotated[float, Meta(ge=0, le=1)], ...], Meta(min_length=9, max_length=9)]

    def share(self, fraction: float) -> float:
        """Of the time, at this part of the work."""
        marks = (0.0, *self.shares, 1.0)
        place = min(max(fraction, 0.0), 1.0) * _PACE_PARTS
        low = min(int(place), _PACE_PARTS - 1)
        return marks[low] + (marks[low + 1] - marks[low]) * (place - low)


class Watch:
    """Seconds of work since the beginning: what is held does not count."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._held_since: float | None = None

    def hold(self, held: bool) -> None:
        now = self._clock()
        if held and self._held_since is None:
            self._held_since = now
        elif not held and self._held_since is not None:
            self._began += now - self._held_since
            self._held_since = None

    @property
    def seconds(self) -> float:
        return (self._clock() if self._held_since is None else self._held_since) - self._began


class TimeLeft:
    """Of one job; all that it is told counts from the job's beginning, without pauses."""

    def __init__(
        self,
        before: Sequence[float] = (),
        paces: Sequence[Pace] = (),
        *,
        kin: bool = False,
        ends_early: bool = False,
    ) -> None:
        """`before`: what the last such jobs took; `paces`: how they got on, or, as `kin`, others of the same
        generator; `ends_early`: the work may be over long before all of it is done, as that on a text."""
        self._before = sorted(seconds for seconds in before if seconds > 0)
        self._paces = paces
        self._kin, self._ends_early = kin, ends_early
        self._vague = _VAGUE if ends_early else 1.0
        self._times = [0.0]
        self._parts = [0.0]
        self._shown: Left | None = None
        self._shown_at = 0.0

    def tell(self, fraction: float, now: float) -> Left | None:
        """The job is so far: 0 to 1. None while nothing can be said."""
        if fraction > self._parts[-1]:
            self._times.append(now)
            self._parts.append(min(fraction, 1.0))
        return self.at(now)

    def at(self, now: float) -> Left | None:
        """What is left now, whether anything was told since or not."""
        known = self._known(now)
        self._shown = self._eased(known, now) if known is not None else None
        self._shown_at = now
        return self._shown

    def pace(self, total: float) -> Pace | None:
        """How this job got on, once it is over; None where it told too little."""
        if len(self._parts) <= _TOLD or total <= 0:
            return None
        begin = self._times[1]
        spans = [self._time_of(tenth / _PACE_PARTS, total) - begin for tenth in range(1, _PACE_PARTS)]
        shares = tuple(min(max(span, 0.0) / max(total - begin, 1e-6), 1.0) for span in spans)
        return Pace(shares)

    def _time_of(self, fraction: float, total: float) -> float:
        """When this part was done, between two that were told."""
        after = bisect_right(self._parts, fraction)
        if after == len(self._parts):
            begin, end, low, high = self._times[-1], total, self._parts[-1], 1.0
        else:
            begin, end = self._times[after - 1], self._times[after]
            low, high = self._parts[after - 1], self._parts[after]
        return begin + (end - begin) * (fraction - low) / (high - low) if high > low else end

    def _known(self, now: float) -> Left | None:
        """What the last jobs and this one's own pace say together."""
        told = [one for one in (self._by_history(now), self._by_pace(now)) if one is not None]
        if not told:
            return None
        weights = [1 / spread**2 for _, spread in told]
        middle = math.exp(
            sum(w * math.log(left) for w, (left, _) in zip(weights, told, strict=True)) / sum(weights)
        )
        spread = math.sqrt(1 / sum(weights))
        if len(told) > 1:
            spread = spread * _ALIKE + _APART * abs(math.log(told[0][0] / told[1][0]))
        honest, widest = _SURE * spread, math.log(WIDEST) / 2
        goes_on = _WAVERS if self._ends_early else _GOES_ON
        if honest > widest * (_SPEAKS if self._shown is None else goes_on):
            return None
        half = min(max(honest, math.log(NARROWEST) / 2), widest)
        return Left(middle * math.exp(-half), middle * math.exp(half))

    def _by_history(self, now: float) -> tuple[float, float] | None:
        """(seconds left, how unsure that is): less and less sure as that time runs out, None once it has."""
        if not self._before:
            return None
        middle, spread = _typical([math.log(one) for one in self._before], _TOTALS * self._vague)
        usual = math.exp(middle)
        if now > usual * math.exp(_OUTLASTED * spread):
            return None
        left = max(usual - now, 0.08 * usual)
        return left, spread * usual / left

    def _by_pace(self, now: float) -> tuple[float, float] | None:
        """As the others got on with what is done, in the time that it took here. None before three steps:
        loading may be part of what the first one took."""
        done, steps = self._done(now), len(self._parts) - 2
        if done < _LEAST or steps < 2:
            return None
        shares = [(pace.share(self._parts[1]), pace.share(done)) for pace in self._paces]
        shares = [(begun, share) for begun, share in shares if share < _OVER]
        if not shares:
            return None
        logs = [math.log((1 - share) / max(share - begun, 1e-3)) for begun, share in shares]
        middle, apart = _typical(logs, _PACES * self._vague)
        end = _ENDS * len(shares) / sum(1 - share for _, share in shares)
        unsure = math.hypot(apart, end, _UNEVEN / math.sqrt(steps), _KIN if self._kin else 0.0)
        return max((now - self._times[1]) * math.exp(middle), 1e-3), unsure

    def _done(self, now: float) -> float:
        """The part that is done by now: what was told, and most of a step since then at the usual speed."""
        last = self._parts[-1]
        if len(self._parts) < 3:
            return last
        step = (last - self._parts[1]) / (len(self._parts) - 2)
        seconds = (self._times[-1] - self._times[1]) / (len(self._parts) - 2)
        passed = min((now - self._times[-1]) / seconds, 0.9) if seconds > 0 else 0.0
        return min(last + step * passed, 0.999)

    def _eased(self, known: Left, now: float) -> Left:
        """What was shown goes on counting down and leans to what is known, so that it never jumps."""
        if self._shown is None:
            return known
        passed = now - self._shown_at
        shown = self._shown.after(passed)
        if shown.least <= 0 or not known.least / WIDEST < shown.middle < known.most * WIDEST:
            return known  # it was wrong: to be slow about that would be worse
        lean = 1 - math.exp(-passed / max(_EASE * known.middle, 0.2))
        least = shown.least * (known.least / shown.least) ** lean
        most = shown.most * (known.most / shown.most) ** lean
        return Left(least, min(max(most, least * NARROWEST), least * WIDEST))


def _typical(logs: Sequence[float], believed: float) -> tuple[float, float]:
    """The mean of those that are known, and how far the next one may lie from it, as a standard deviation."""
    count = len(logs)
    middle = sum(logs) / count
    apart = _JOBS * believed**2 + sum((log - middle) ** 2 for log in logs)
    return middle, math.sqrt(apart / (_JOBS + count - 1) * (1 + 1 / count))
