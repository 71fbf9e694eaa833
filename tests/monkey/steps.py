"""What the monkey can do: each step is a value, made from the seed alone: the same seed, the same inputs.

Places are fractions of the window in front; which widget is there is found when the step is done.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

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
WANTED = ("", "exp", "theme", "size", "undo", "slow", "redo", "tag", "log", "pause", "stars", "vary", "qz")
"""What is typed into the palette."""
WEIGHTS = {
    "click": 30, "double": 5, "right": 6, "drag": 12, "wheel": 8, "key": 20, "chord": 8, "type": 8,
    "focus": 6, "pick": 10, "command": 16, "entry": 8, "undo": 5, "mode": 4, "palette": 3, "collect": 2,
    "drop": 2, "clip": 1, "picture": 1.5, "resize": 1.5, "wait": 8, "submit": 5, "batch": 0.5, "escape": 8,
    "scale": 0.15, "speak": 0.15, "dress": 0.2, "window": 0.2, "restart": 0.1, "pull": 0.2,
}  # fmt: skip
"""How often each kind of step comes. Those below 1 take long: windows are built anew, a program starts."""


@dataclass(frozen=True)
class Step:
    kind: str
    x: float
    y: float
    to: tuple[float, float]
    """Where a drag ends."""
    number: int
    """Chooses among whatever there is to choose from."""
    text: str = ""

    def __str__(self) -> str:
        return json.dumps([self.kind, round(self.x, 3), round(self.y, 3), self.number, self.text])


def steps(seed: int, count: int) -> list[Step]:
    luck = random.Random(seed)
    kinds, weights = list(WEIGHTS), list(WEIGHTS.values())
    return [_step(luck, luck.choices(kinds, weights)[0]) for _ in range(count)]


def _step(luck: random.Random, kind: str) -> Step:
    texts = {"key": KEYS, "chord": CHORDS, "type": TEXTS, "palette": WANTED}.get(kind, ("",))
    to = (luck.random(), luck.random())
    return Step(kind, luck.random(), luck.random(), to, luck.randrange(2**31), luck.choice(texts))
