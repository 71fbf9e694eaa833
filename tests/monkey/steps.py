"""What the monkey can do: each step is a value, made from the seed alone: the same seed, the same inputs.

Places are fractions of the window in front; which widget is there is found when the step is done.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from typing import Any

KEYS = (
    "Tab", "Backtab", "Return", "Escape", "Space", "Left", "Right", "Up", "Down", "Home", "End", "PageUp",
    "PageDown", "Delete", "Backspace", "Menu", "F2", "Plus", "Minus", "0", "1", "2", "3", "4", "5", "6", "7",
    "8", "9", "X", "B", "E", "L", "F", "Slash",
)  # fmt: skip
CHORDS = ("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Return", "Ctrl+K", "Ctrl+I", "Ctrl+F")
TEXTS = (
    "sky",
    "kind:image stars:>=2", 'label:red -tag:"x', "42", "-1", "1e999", "naïve 名前 \u202eabc", "ä" * 300,
    "", "{name}", "%s", "\x00\x07", "is:trashed", "in:", "🦦🦦", "date:2026-13", "3,5", "/a",
)  # fmt: skip
WEIGHTS = {
    "click": 30, "double": 5, "right": 6, "drag": 12, "wheel": 8, "key": 20, "chord": 8, "type": 8,
    "action": 22, "drop": 2, "clip": 2, "resize": 2, "wait": 8, "submit": 5, "escape": 6,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    kind: str
    x: float = 0.0
    y: float = 0.0
    to: tuple[float, float] = (0.0, 0.0)
    text: str = ""
    number: int = 0
    more: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def steps(seed: int, count: int) -> list[Step]:
    luck = random.Random(seed)
    kinds, weights = list(WEIGHTS), list(WEIGHTS.values())
    return [_step(luck, luck.choices(kinds, weights)[0]) for _ in range(count)]


def _step(luck: random.Random, kind: str) -> Step:
    x, y, number = luck.random(), luck.random(), luck.randrange(2**31)
    if kind == "drag":
        return Step(kind, x, y, to=(luck.random(), luck.random()), number=number)
    if kind == "key":
        return Step(kind, text=luck.choice(KEYS))
    if kind == "chord":
        return Step(kind, text=luck.choice(CHORDS))
    if kind == "type":
        return Step(kind, text=luck.choice(TEXTS))
    return Step(kind, x, y, number=number)
