"""Materials and example studies that come with the studio."""

from __future__ import annotations

from studio.core.study import Material, Study


def materials() -> tuple[Material, ...]:
    """In the order of the list that the window shows."""
    raise NotImplementedError


def presets() -> dict[str, Study]:
    """By key ("shelf-bracket"), in the order of the menu."""
    raise NotImplementedError
