"""How long a job will still take."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

_ENOUGH = 0.05
_REMEMBERED = 5


class History:
    """How long the last jobs of each generator took, to say something about the next before it has begun."""

    def __init__(self) -> None:
        self._seconds: dict[str, deque[float]] = {}

    def add(self, generator: str, seconds: float) -> None:
        self._seconds.setdefault(generator, deque(maxlen=_REMEMBERED)).append(seconds)

    def expected(self, generator: str) -> float | None:
        known = self._seconds.get(generator)
        return sum(known) / len(known) if known else None


class Estimate:
    """Of one job. A pause does not count, if `hold` is told of it."""

    def __init__(self, expected: float | None, clock: Callable[[], float]) -> None:
        self._expected = expected
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

    def left(self, fraction: float) -> float | None:
        """Seconds, once a part is done; before that what the last such jobs took, if there were any."""
        elapsed = self._clock() - self._began
        if fraction >= _ENOUGH:
            return elapsed * (1 - fraction) / fraction
        return max(0.0, self._expected - elapsed) if self._expected is not None else None
