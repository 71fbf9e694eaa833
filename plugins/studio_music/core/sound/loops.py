"""Loops that are heard without a seam: what still sounds at the end is already there at the beginning.

The length is rounded to frames once, from the tempo map, and every pass begins so many frames after the one
before, with its notes as far from its beginning. So the second and every later pass is one and the same
stretch of audio, which the player repeats and which a loop file holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from studio.api.values import BadInput, tr
from studio_music.core.song import Note
from studio_music.core.sound.mix import audible, gains, send
from studio_music.core.sound.reverb import answer
from studio_music.core.sound.synth import RATE, Audio, Synth, Voices, silence, voices_of

if TYPE_CHECKING:
    from studio_music.core.song import Song, Track
    from studio_music.core.sound.font import SoundFont

__all__ = ["SHORTEST_LOOP", "loop_clock", "loop_frames", "loop_mix", "loop_of", "loop_voices"]

SHORTEST_LOOP = 0.05
"""Seconds."""
_LONGEST_LOOP = 600.0
_TAIL_SECONDS = 9.0
"""A little longer than any voice sounds after its key was let go."""


def loop_of(song: Song) -> tuple[int, int]:
    """What is repeated, in ticks: the song's loop, or all of it."""
    return song.loop or (0, song.length)


def loop_frames(song: Song, loop: tuple[int, int], rate: int = RATE) -> tuple[int, int]:
    """From which frame to which it lasts."""
    start, end = loop
    first = round(song.seconds_at(start) * rate)
    return first, first + round((song.seconds_at(end) - song.seconds_at(start)) * rate)


def loop_clock(song: Song, loop: tuple[int, int], rate: int = RATE) -> Callable[[float], int]:
    """The frame of a tick, where the song is played with this loop.

    Within the loop, frames are counted from its beginning: there the first pass is like all others.
    """
    start, end = loop
    first, last = loop_frames(song, loop, rate)
    begins = song.seconds_at(start)

    def frame_at(tick: float) -> int:
        seconds = song.seconds_at(tick)
        if start <= tick < end:
            return first + round((seconds - begins) * rate)
        return round(seconds * rate) if tick < start else max(last, round(seconds * rate))

    return frame_at


def loop_voices(song: Song, track: Track, loop: tuple[int, int], font: SoundFont, rate: int = RATE) -> Voices:
    """What a track sounds like in every pass but the first: with the tails of the passes before it.

    Voices have the frames of the song; those of passes before lie before the loop's first frame.
    """
    start, end = loop
    first, last = loop_frames(song, loop, rate)
    long = last - first
    cut = [
        Note(max(note.start, start), min(note.end, end) - max(note.start, start), *note[2:])
        for note in track.notes
        if note.start < end and note.end > start
    ]
    passes = -(-round(_TAIL_SECONDS * rate) // long)
    clock = loop_clock(song, loop, rate)

    def frame_at(tick: int) -> int:
        back = max(0, -((tick - start) // (end - start)))
        return clock(tick + back * (end - start)) - back * long

    repeated: list[Note] = []
    for back in range(passes, -1, -1):
        # of the passes before only what can still be heard
        heard = song.seconds_at(end) - _TAIL_SECONDS + max(0, back - 1) * long / rate
        from_tick = song.tick_at(max(0.0, heard)) if back else start
        moved = back * (end - start)
        repeated += [note._replace(start=note.start - moved) for note in cut if note.end >= from_tick]
    voices = voices_of(replace(track, notes=tuple(repeated)), frame_at, font, rate)
    return Voices(tuple(voice for voice in voices.all if voice.start + voice.length > first))


def loop_mix(
    song: Song,
    font: SoundFont,
    rate: int = RATE,
    loop: tuple[int, int] | None = None,
    only: int | None = None,
) -> Audio:
    """One pass of a loop, which can be repeated without a seam: frames × 2.

    Args:
        loop: in ticks; what the song says if None.
        only: one track, with its share of the reverb: a stem.

    Raises:
        BadInput: the loop is empty or longer than ten minutes.
    """
    loop = loop or loop_of(song)
    first, last = loop_frames(song, loop, rate)
    if not SHORTEST_LOOP * rate <= last - first <= _LONGEST_LOOP * rate:
        raise BadInput(
            tr("A loop lasts from {least} seconds to {most} minutes.", least=SHORTEST_LOOP, most=10),
            tr("Choose other bars to repeat."),
        )
    synth = Synth(font, rate)
    dry = silence(last - first)
    wet = np.zeros(last - first, np.float32)
    heard = audible(song.tracks)
    for number, track in enumerate(song.tracks):
        if heard[number] and only in (None, number):
            voices = loop_voices(song, track, loop, font, rate)
            synth.expect(voices)
            placed = _rendered(synth, voices, first, last) * np.array(
                gains(track.volume, track.pan), np.float32
            )
            dry += placed
            wet += (placed[:, 0] + placed[:, 1]) * np.float32(0.5 * send(track.reverb))
    return dry + _wrapped_room(wet, rate)


def _rendered(synth: Synth, voices: Voices, first: int, last: int, block: int = 1 << 16) -> Audio:
    parts: Sequence[Audio] = [
        synth.block(voices.between(start, min(last, start + block)), start, min(last, start + block) - start)
        for start in range(first, last, block)
    ]
    return np.concatenate(parts)


def _wrapped_room(wet: Audio, rate: int) -> Audio:
    """The room's answer to a sound that is repeated without end: a circular convolution."""
    long = len(wet)
    whole = answer(rate)
    padded = np.zeros((-(-len(whole) // long) * long, 2), np.float32)
    padded[: len(whole)] = whole
    folded = padded.reshape(-1, long, 2).sum(0)
    spectrum = np.fft.rfft(wet)[:, None] * np.fft.rfft(folded, axis=0)
    return np.fft.irfft(spectrum, long, axis=0).astype(np.float32)
