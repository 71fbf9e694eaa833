"""How far the mix of a song swings, bin by bin: what a waveform is drawn from.

After an edit only those parts are rendered again that it changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from studio_music.core.sound.mix import Layers
from studio_music.core.sound.reverb import PART, Reverb, tail_frames
from studio_music.core.sound.synth import RATE, Audio

if TYPE_CHECKING:
    from studio_music.core.song import Song
    from studio_music.core.sound.font import SoundFont

__all__ = ["BIN", "BINS", "PeakMaker"]

BIN = 256
"""Frames of a bin: 172 bins a second."""
BINS = PART // BIN
"""Bins of a part."""
_MOST_PARTS = 40_000
"""Parts that are remembered: two hours."""


class PeakMaker:
    """Renders songs for their peaks, and remembers the peaks of what it has rendered."""

    def __init__(self, font: SoundFont, rate: int = RATE) -> None:
        self._font, self._rate = font, rate
        self._ringing = -(-tail_frames(rate) // PART)
        """How many parts back the room still hears."""
        self._known: OrderedDict[tuple[int, ...], Audio] = OrderedDict()
        """Peaks of parts by what sounds in them, and in those before that the room still hears."""

    def of(self, song: Song) -> Iterator[tuple[int, int, Audio]]:
        """The peaks of a song, part by part.

        Yields:
            the first bin of the part, how many bins there are in all, and bins × 2: the lowest and the
            highest sample of both channels.

        Raises:
            BadInput: a sample of the sound font is damaged.
        """
        layers = Layers(song, self._font, self._rate)
        parts = -(-layers.frames // PART)
        room = _Room(layers, self._rate, self._ringing)
        keys: list[int] = [0] * self._ringing
        for number in range(parts):
            keys = [*keys[-self._ringing :], layers.key(number * PART)]
            key = tuple(keys)
            peaks = self._known.pop(key, None)
            if peaks is None:
                peaks = _peaks(room.part(number))
            self._known[key] = peaks
            yield number * BINS, parts * BINS, peaks
        while len(self._known) > _MOST_PARTS:
            self._known.popitem(last=False)


class _Room:
    """The mix at any part: what rings there from parts before is rendered too, where it was not."""

    def __init__(self, layers: Layers, rate: int, ringing: int) -> None:
        self._layers, self._rate, self._ringing = layers, rate, ringing
        self._next = 0
        self._reverb = Reverb(rate)

    def part(self, number: int) -> Audio:
        if number - self._next > self._ringing:
            self._reverb, self._next = Reverb(self._rate), number - self._ringing
        while True:
            dry, wet = self._layers.part(self._next * PART)
            added = self._reverb.hear(wet)
            self._next += 1
            if self._next > number:
                return dry + added


def _peaks(sound: Audio) -> Audio:
    bins = sound.T.reshape(2, -1, BIN)
    return np.stack([bins.min((0, 2)), bins.max((0, 2))], 1)
