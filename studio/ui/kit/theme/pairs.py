"""Which roles are drawn on which: what a theme must keep readable, the studio's own and a user's alike."""

from __future__ import annotations

from studio.ui.kit.theme.tokens import Theme, contrast

TEXT, PARTS = 4.5, 3.0
"""WCAG 2.2 AA: for text; for what has to be told apart but is not text."""
HIGH_TEXT, HIGH_PARTS = 7.0, 4.5
"""Of the studio's high contrast."""

_PLACES = ("background", "surface", "raised", "hover", "selected")

READ = (
    *(("text", place) for place in (*_PLACES, "sunken")),
    *(("muted", place) for place in (*_PLACES, "sunken")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("accent", "surface"),
    ("accent", "raised"),
    *(("danger", place) for place in ("surface", "raised", "hover", "selected")),
    *(("warning", place) for place in ("surface", "raised", "hover", "selected")),
    *(("success", place) for place in ("surface", "raised", "hover", "selected")),
)
"""(front, back) of text."""

SEEN = (
    *(("accent", place) for place in (*_PLACES, "sunken")),
    *(("outline", place) for place in _PLACES),
    ("accent", "track"),
    ("danger", "background"),
)
"""(front, back) of focus rings, outlines of controls, what is filled of a track, and wrong fields."""


def unreadable(theme: Theme) -> list[tuple[str, str, float, float]]:
    """(front, back, contrast, least contrast) of each pair that cannot be told apart well enough."""
    failed = []
    for pairs, least in ((READ, TEXT), (SEEN, PARTS)):
        for front, back in pairs:
            reached = contrast(getattr(theme, front), getattr(theme, back))
            if reached < least:
                failed.append((front, back, reached, least))
    return failed
