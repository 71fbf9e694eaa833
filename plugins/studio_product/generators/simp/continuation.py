"""The projection's sharpness grows in stages, so that the layout settles before its edges do."""

from __future__ import annotations

from dataclasses import dataclass

from studio_product.core.studies.study import Method

_SHARPNESSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
_FIRST = 0.4
"""The first stage's share of all iterations, in which the layout is found; the others share the rest."""


@dataclass(frozen=True)
class Stage:
    sharpness: float
    iterations: int
    """At most."""


def schedule(method: Method, iterations: int) -> tuple[Stage, ...]:
    """The stages, `iterations` together. With few iterations there are fewer stages."""
    if not method.projection:
        return (Stage(0.0, iterations),)
    ends = [
        round(iterations * (_FIRST + (1 - _FIRST) * i / (len(_SHARPNESSES) - 1)))
        for i in range(len(_SHARPNESSES))
    ]
    counts = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    return tuple(Stage(s, n) for s, n in zip(_SHARPNESSES, counts, strict=True) if n)
