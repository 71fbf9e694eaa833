"""The mixer: volume, pan, the shared reverb, mute and solo. Linear: stems sum to the mix.

Source of the curves: SoundFont Technical Specification 2.04, 8.4 (volume falls as the square of its
controller); panning keeps the power.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from studio_music.core.sound.reverb import PART, Reverb, tail_frames
from studio_music.core.sound.synth import RATE, Audio, Synth, Voices, silence, song_frames, voices_of

if TYPE_CHECKING:
    from studio_music.core.song import Song, Track
    from studio_music.core.sound.font import SoundFont

__all__ = ["Layers", "audible", "gains", "mix", "mix_blocks", "mixed_frames", "send"]


def audible(tracks: Sequence[Track]) -> list[bool]:
    """Which tracks are heard: those that are not muted, of those that are solo if any is."""
    soloed = any(track.solo for track in tracks)
    return [not track.muted and (track.solo or not soloed) for track in tracks]


def gains(volume: int, pan: int) -> tuple[float, float]:
    """Left and right factor of a volume and a pan of 0 to 127."""
    level = (volume / 127.0) ** 2
    turn = min(1.0, max(0, pan - 1) / 126.0) * math.pi / 2
    return level * math.cos(turn) * math.sqrt(2), level * math.sin(turn) * math.sqrt(2)


def send(reverb: int) -> float:
    """How much of a track goes to the room, for 0 to 127."""
    return 0.5 * reverb / 127.0


def mix(song: Song, rendered: Sequence[Audio], rate: int = RATE) -> Audio:
    """The mix of tracks that were rendered one by one, to the end of the room's tail: frames × 2."""
    frames = max((len(sound) for sound in rendered), default=0)
    frames += tail_frames(rate)
    dry = silence(frames)
    wet = np.zeros(-(-frames // PART) * PART, np.float32)
    for track, sound, heard in zip(song.tracks, rendered, audible(song.tracks), strict=True):
        if heard:
            placed = sound * np.array(gains(track.volume, track.pan), np.float32)
            dry[: len(sound)] += placed
            wet[: len(sound)] += (placed[:, 0] + placed[:, 1]) * np.float32(0.5 * send(track.reverb))
    room = Reverb(rate)
    for start in range(0, frames, PART):
        added = room.hear(wet[start : start + PART])
        dry[start : start + PART] += added[: frames - start]
    return dry


def mixed_frames(song: Song, voices: Sequence[Voices], rate: int = RATE) -> int:
    """How many frames the mix has: the song, and until everything has died away."""
    return max([song_frames(song, rate), *(track.end for track in voices)]) + tail_frames(rate)


def mix_blocks(
    song: Song, font: SoundFont, rate: int = RATE, only: int | None = None
) -> Iterator[tuple[int, int, Audio]]:
    """The mix block by block, for songs of any length: memory stays the same.

    Args:
        only: one track, with its share of the reverb: a stem.

    Yields:
        the frame where the block begins, how many frames there are in all, and frames × 2.
    """
    layers, room = Layers(song, font, rate, only), Reverb(rate)
    for start in range(0, layers.frames, PART):
        dry, wet = layers.part(start)
        dry += room.hear(wet)
        yield start, layers.frames, dry[: layers.frames - start]


class Layers:
    """The tracks of a song on top of each other, part by part: `PART` frames each, before the room."""

    def __init__(self, song: Song, font: SoundFont, rate: int = RATE, only: int | None = None) -> None:
        """
        Args:
            only: one track alone.
        """
        self._synth = Synth(font, rate)
        every = [
            voices_of(track, lambda tick: round(song.seconds_at(tick) * rate), font, rate)
            for track in song.tracks
        ]
        self.frames = mixed_frames(song, every, rate)
        heard = audible(song.tracks)
        self._chosen = [
            (every[n], *gains(track.volume, track.pan), send(track.reverb))
            for n, track in enumerate(song.tracks)
            if heard[n] and only in (None, n)
        ]
        for voices, *_ in self._chosen:
            self._synth.expect(voices)

    def part(self, start: int) -> tuple[Audio, Audio]:
        """Frames × 2 from frame `start` on, and what of them goes to the room. Raises `BadInput` for a font
        that is damaged."""
        dry, wet = silence(PART), np.zeros(PART, np.float32)
        for voices, left, right, sent in self._chosen:
            active = voices.between(start, start + PART)
            if active:
                placed = self._synth.block(active, start, PART)
                placed *= np.array((left, right), np.float32)
                dry += placed
                wet += (placed[:, 0] + placed[:, 1]) * np.float32(0.5 * sent)
        return dry, wet

    def key(self, start: int) -> int:
        """The same number for parts that sound alike; for as long as the font is open."""
        sounding = []
        for voices, *levels in self._chosen:
            active = voices.between(start, start + PART)
            if active:
                sounding.append(
                    (*levels, *((v.start - start, *v[1:4], id(v.region), *v[6:]) for v in active))
                )
        return hash(tuple(sounding))
