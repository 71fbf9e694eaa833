"""How long a running job still takes, as a range that is right nine times in ten and does not jump.

Two things are known: what such jobs took before, and how fast this one gets on. Each says how long it may
still take, and how sure it is of that; what is shown is both together. The first is trusted at the
beginning, the second more and more as the work goes on. How sure that is, the last such job has told. All
numbers are seconds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from msgspec import Struct

WIDEST = 2.0
"""The upper end of a range is at most this many times its lower one."""
NARROWEST = 1.12
_SURE = 1.645
"""Standard deviations to both sides that nine of ten lie within."""
_PACE_PARTS = 10
_BEFORE, _ONCE = 0.17, 0.3
"""How far jobs of one sort differ, as a standard deviation of the logarithm: at least; after one of them."""
_STEADY, _EARLY, _LATE = 0.17, 0.11, 0.08
"""The same, of a rate: always; times the square root of (1 - part) / part; by (1 - part), since the end
may not be counted."""
_SUREST, _DOUBT = 0.05, 1.4
"""Where it is known how wrong a rate was of the last such job: at least; times that error."""
_TAIL = 1.1
"""Most work slows down, or ends with something that is not counted."""
_JUDGED = (0.1, 0.9)
"""From which to which share of a job's time its rate is compared with how it ended."""
_EASE = 0.04
"""Within this share of the time that is left, what is shown follows what is known."""
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

    shares: tuple[float, ...]
    error: float = 0.2
    """How wrong its own pace told what was left, as a standard deviation of the logarithm."""

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

    def __init__(self, before: Sequence[float] = (), pace: Pace | None = None) -> None:
        """`before`: what the last such jobs took; `pace`: how the last of them got on."""
        self._before = sorted(seconds for seconds in before if seconds > 0)
        self._pace = pace
        self._times = [0.0]
        self._parts = [0.0]
        self._guessed: list[tuple[float, float]] = []
        """(when, seconds left by its own pace)"""
        self._shown: Left | None = None
        self._shown_at = 0.0

    def tell(self, fraction: float, now: float) -> Left | None:
        """The job is so far: 0 to 1. None while nothing can be said."""
        if fraction > self._parts[-1]:
            self._times.append(now)
            self._parts.append(min(fraction, 1.0))
            guess = self._by_pace(now)
            if guess is not None:
                self._guessed.append((now, guess[0]))
        return self.at(now)

    def at(self, now: float) -> Left | None:
        """What is left now, whether anything was told since or not."""
        known = self._known(now)
        if known is None:
            return None
        self._shown = self._eased(known, now)
        self._shown_at = now
        return self._shown

    def pace(self, total: float) -> Pace | None:
        """How this job got on, once it is over; None where it told too little."""
        if len(self._parts) <= _PACE_PARTS or total <= 0:
            return None
        begin = self._times[1]
        spans = [self._time_of(tenth / _PACE_PARTS, total) - begin for tenth in range(1, _PACE_PARTS)]
        shares = tuple(min(max(span, 0.0) / max(total - begin, 1e-6), 1.0) for span in spans)
        return Pace(shares, self._error(total))

    def _error(self, total: float) -> float:
        """How wrong its pace was, and the one of the job before it."""
        first, last = (share * total for share in _JUDGED)
        logs = [math.log(left / (total - when)) for when, left in self._guessed if first <= when <= last]
        wrong = math.sqrt(sum(log * log for log in logs) / len(logs)) if logs else 0.3
        known = [wrong] if self._pace is None else [wrong, self._pace.error]
        return min(math.sqrt(sum(one * one for one in known) / len(known)), 1.0)

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
        apart = abs(math.log(told[0][0] / told[-1][0]))
        spread = math.sqrt(1 / sum(weights)) + (apart * 0.15 if len(told) > 1 else 0.0)
        half = min(max(_SURE * spread, math.log(NARROWEST) / 2), math.log(WIDEST) / 2)
        return Left(middle * math.exp(-half), middle * math.exp(half))

    def _by_history(self, now: float) -> tuple[float, float] | None:
        """(seconds left, how unsure that is): less and less sure as that time runs out."""
        if not self._before:
            return None
        usual = self._before[len(self._before) // 2]
        logs = [math.log(seconds / usual) for seconds in self._before]
        spread = max(_BEFORE, math.sqrt(sum(log * log for log in logs) / len(logs)))
        if len(logs) < 3:
            spread = max(spread, _ONCE / math.sqrt(len(logs)))
        left = max(usual - now, 0.08 * usual)
        return left, spread * usual / left

    def _by_pace(self, now: float) -> tuple[float, float] | None:
        """None before three steps: loading may be part of what the first one took."""
        done = self._done(now)
        if done < _LEAST or len(self._parts) < 4:
            return None
        first, begin = self._parts[1], self._times[1]
        if self._pace is not None:
            begun, share = self._pace.share(first), self._pace.share(done)
            left = (now - begin) * (1 - share) / max(share - begun, 1e-3)
            return max(left, 1e-3), max(_SUREST, _DOUBT * self._pace.error)
        rate = max(now - begin, 1e-6) / (max(done, self._parts[-1]) - first)
        unsure = math.hypot(_STEADY, _EARLY * math.sqrt((1 - done) / done), _LATE / (1 - done))
        return max((1 - done) * rate * _TAIL, 1e-3), unsure + 0.3 / (len(self._parts) - 2)

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
