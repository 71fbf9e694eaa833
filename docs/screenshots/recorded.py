"""The drafts that a model wrote for the pictures: what was asked for, and every word with when it came."""

from __future__ import annotations

from pathlib import Path

import msgspec

from studio.backends.plan import Choice
from studio.core.model import Number

FILE = Path(__file__).parent / "drafts.json"
PAGE, SEED = "text/product-page", 7
BRIEF = {
    "product": "Fjord, a folding desk lamp",
    "facts": (
        "folds flat to 2 cm\n40 hours of light per charge\n"
        "base of recycled aluminum\nten years of spare parts"
    ),
    "audience": "people who work from a small flat",
    "action": "Order before Friday",
    "drafts": 3,
}


class Moment(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event of the job."""

    after: float
    """Seconds since it began to be computed."""
    draft: int = 0
    text: str = ""
    fraction: float = 0.0
    numbers: tuple[Number, ...] = ()
    plan: Choice | None = None


class Recording(msgspec.Struct, frozen=True):
    model: str
    """Name of the one that wrote."""
    moments: tuple[Moment, ...]
    texts: tuple[str, ...]
    """The drafts as they were in the end."""


def recording() -> Recording:
    return msgspec.json.decode(FILE.read_bytes(), type=Recording)
