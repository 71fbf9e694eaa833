"""What is marked in the roll, as the forms of generators and people say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.api.values import trn
from studio_music.core.song import Song

CONTINUE, INFILL = "music/continue", "music/infill"
VARY, HARMONIZE = "music/vary", "music/harmonize"
_BARS, _TRACK = frozenset({INFILL}), frozenset({INFILL, VARY, HARMONIZE})
"""Generators with a field for bars, for a track."""


@dataclass(frozen=True)
class Marked:
    bars: tuple[int, int] | None = None
    """First and last of the selected bars, from 0."""
    track: int | None = None
    """Place of the track that was chosen; None where nobody chose one."""

    def values(self, generator: str, song: Song) -> dict[str, Any]:
        """For the form of a generator: what is not marked is left as it is there."""
        values: dict[str, Any] = {}
        if generator in _BARS and self.bars is not None:
            values["bars"] = bar_words(*self.bars)
        if generator in _TRACK and self.track is not None and self.track < len(song.tracks):
            values["track"] = str(self.track + 1)
        return values


def bar_words(first: int, last: int) -> str:
    """`5-8`: counted from 1, as the field for bars has them."""
    return str(first + 1) if first == last else f"{first + 1}-{last + 1}"


def what_is_done(generator: str, values: Mapping[str, Any], song: Song) -> str:
    """What a generator will do to the song with the values of its form; "" where there is nothing to say."""
    if generator == INFILL and values.get("bars"):
        bars = str(values["bars"]).replace("-", "–")
        many = 1 if bars.strip().isdecimal() else 2
        name = _track_name(str(values.get("track") or ""), song)
        if name:
            return trn(
                "Writes bar {bars} of “{name}” anew; all else stays.",
                "Writes bars {bars} of “{name}” anew; all else stays.",
                many,
                bars=bars,
                name=name,
            )
        return trn(
            "Writes bar {bars} anew; all else stays.",
            "Writes bars {bars} anew; all else stays.",
            many,
            bars=bars,
        )
    if generator == CONTINUE and isinstance(values.get("bars"), int):
        count = values["bars"]
        if values.get("side") == "left":
            return trn("Adds one bar before bar 1.", "Adds {count} bars before bar 1.", count)
        return trn(
            "Adds one bar after bar {last}.",
            "Adds {count} bars after bar {last}.",
            count,
            last=len(song.bars),
        )
    return ""


def _track_name(text: str, song: Song) -> str:
    """What a field for a track says, as the name of the track."""
    if text.strip().isdecimal() and 0 < int(text) <= len(song.tracks):
        return song.tracks[int(text) - 1].name
    return text.strip()
