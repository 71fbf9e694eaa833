"""Tracks as audio: which voices a track needs, and the sum of them for any stretch of time."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from studio_music.core.sound.voice import MOST_SECONDS, Envelope, Pitched, body, gain_of, pan_of

if TYPE_CHECKING:
    from studio_music.core.song import Song, Track
    from studio_music.core.sound.font import SoundFont
    from studio_music.core.sound.regions import Region

__all__ = ["RATE", "Audio", "Synth", "Voice", "Voices", "render_track", "silence", "song_frames", "voices_of"]

Audio = npt.NDArray[np.float32]
"""Frames, or frames × 2 (left, right); full scale is 1."""

RATE = 44100
_GAIN = 0.8
"""Headroom: five tracks of usual volume together peak below full scale."""
_LONGEST_TAIL = 8.0
_CHOKE = 0.06
"""Seconds in which a voice falls by 100 dB when another one of its group takes its place."""
_KEPT_BYTES = 96 << 20
_BLOCK = 1 << 16


class Voice(NamedTuple):
    """One region of one note. Times are frames."""

    start: int
    gate: int
    """From the start until the key is let go."""
    length: int
    """From the start until nothing is heard."""
    release: float
    """Seconds in which it falls by 100 dB then."""
    region: Region
    envelope: Envelope
    pitch: int
    velocity: int
    left: float
    right: float


@dataclass(frozen=True)
class Voices:
    """The voices of a track, sorted by their start."""

    all: tuple[Voice, ...] = ()

    @cached_property
    def end(self) -> int:
        """The frame at which the last one has ended."""
        return int(self._ends.max()) if self.all else 0

    def between(self, start: int, end: int) -> list[Voice]:
        """What sounds from frame `start` to `end`."""
        last = bisect_left(self.all, end, key=lambda voice: voice.start)
        return [self.all[place] for place in np.flatnonzero(self._ends[:last] > start)]

    @cached_property
    def _ends(self) -> npt.NDArray[np.int64]:
        return np.array([voice.start + voice.length for voice in self.all], np.int64)


def silence(frames: int) -> Audio:
    """Frames × 2 of nothing. Each channel lies in one piece: what is done to both is done much faster."""
    return np.zeros((2, frames), np.float32).T


def song_frames(song: Song, rate: int = RATE) -> int:
    """How many frames the bars of a song last; rounded once, from the tempo map."""
    return round(song.duration * rate)


def voices_of(track: Track, frame_at: Callable[[int], int], font: SoundFont, rate: int = RATE) -> Voices:
    """The voices of a track.

    Args:
        frame_at: the frame of a tick.
    """
    found: list[Voice] = []
    choking: dict[int, int] = {}
    """Where the last voice of each group is in `found`."""
    keys: dict[tuple[int, int], list[_Key]] = {}
    level = _GAIN * font.level(track.program, track.is_drums)
    for note in track.notes:
        struck = keys.get(note[2:])
        if struck is None:
            regions = font.regions(track.program, track.is_drums, note.pitch, note.velocity)
            struck = keys[note[2:]] = [_Key(region, *note[2:], level, rate) for region in regions]
        start = frame_at(note.start)
        gate = max(1, frame_at(note.end) - start)
        for key in struck:
            if key.group:
                before = choking.get(key.group)
                if before is not None and found[before].start < start:
                    found[before] = _choked(found[before], start, rate)
                choking[key.group] = len(found)
            found.append(key.voice(start, gate))
    found.sort(key=lambda voice: voice.start)
    return Voices(tuple(found))


class _Key:
    """A region as one key strikes it: what all notes of this pitch and velocity have in common."""

    def __init__(self, region: Region, pitch: int, velocity: int, level: float, rate: int) -> None:
        envelope = Envelope.of(region, pitch)
        gain = level * math.sqrt(2) * gain_of(region, pitch, velocity)
        turn = (pan_of(region) + 1) * math.pi / 4
        self.group = region.setting(57)
        self._common = (
            envelope.release,
            region,
            envelope,
            pitch,
            velocity,
            gain * math.cos(turn),
            gain * math.sin(turn),
        )
        self._tail = round(min(envelope.release_seconds, _LONGEST_TAIL) * rate)
        self._most = round(min(envelope.silent_after, 1e6) * rate) + 1

    def voice(self, start: int, gate: int) -> Voice:
        return Voice(start, gate, min(gate + self._tail, self._most), *self._common)


def _choked(voice: Voice, at: int, rate: int) -> Voice:
    """A voice that is silenced by frame `at`."""
    gate = min(voice.gate, at - voice.start)
    length = min(voice.length, at - voice.start + round(_CHOKE * rate))
    if voice.gate < at - voice.start:  # it was let go before, and is cut within its release
        return voice._replace(length=length)
    return voice._replace(gate=gate, length=length, release=_CHOKE)


class Synth:
    """Computes what voices sound like. It keeps the sound of each key for the next note of that key."""

    def __init__(self, font: SoundFont, rate: int = RATE) -> None:
        self.font = font
        self.rate = rate
        self._bodies: OrderedDict[tuple[int, int, int], tuple[Region, Audio, int]] = OrderedDict()
        self._bytes = 0
        self._pitched = Pitched()
        self._expected: dict[tuple[int, int, int], int] = {}

    def expect(self, voices: Voices) -> None:
        """Notes that will come: the sound of each key is computed once, for the longest of them."""
        for voice in voices.all:
            key = _body_key(voice)
            self._expected[key] = max(self._expected.get(key, 0), voice.length)

    def block(self, voices: list[Voice], start: int, frames: int) -> Audio:
        """The sum of voices from frame `start` on: frames × 2. Raises `BadInput` for a damaged sample."""
        middle = np.zeros(frames, np.float32)  # most voices are in the middle: they are added once
        sides: list[tuple[slice, Audio, float, float]] = []
        for voice in voices:
            first = max(0, start - voice.start)
            last = min(voice.length, start + frames - voice.start)
            sound = self._sound(voice, first, last)
            if not len(sound):
                continue
            last = first + len(sound)
            gain = voice.envelope.gain(first, last, voice.gate, voice.release, self.rate)
            gain *= sound
            at = voice.start + first - start
            here = slice(at, at + len(sound))
            if abs(voice.left - voice.right) < 1e-6:
                gain *= np.float32(voice.left)
                middle[here] += gain
            else:
                sides.append((here, gain, voice.left, voice.right))
        out = silence(frames)
        out[:] = middle[:, None]
        for here, gain, left, right in sides:
            out[here, 0] += gain * np.float32(left)
            out[here, 1] += gain * np.float32(right)
        return out

    def _sound(self, voice: Voice, first: int, last: int) -> Audio:
        """Frames `first` to `last` of a voice before its envelope; fewer where its sample ends."""
        most = round(MOST_SECONDS * self.rate)
        whole = self._body(voice, min(last, most))
        if last <= most or len(whole) < most:
            return whole[first:last]
        half = most // 2
        at = np.arange(first, last)
        return whole[np.where(at < most, at, half + (at - half) % (most - half))]

    def _body(self, voice: Voice, frames: int) -> Audio:
        key = _body_key(voice)
        known = self._bodies.pop(key, None)
        if known is not None and known[2] >= frames:
            self._bodies[key] = known
            return known[1]
        if known is not None:
            self._bytes -= known[1].nbytes
        step = self.rate // 4  # the next and longer note of this key finds enough
        most = round(MOST_SECONDS * self.rate)
        wanted = min(-(-max(frames, self._expected.get(key, 0)) // step) * step, most)
        sound = body(self.font, voice.region, voice.pitch, key[2], self.rate, wanted, self._pitched)
        if len(sound) == most:
            sound = _closed(sound)
        self._bodies[key] = voice.region, sound, wanted
        self._bytes += sound.nbytes
        while self._bytes > _KEPT_BYTES and len(self._bodies) > 1:
            self._bytes -= self._bodies.popitem(last=False)[1][1].nbytes
        return sound


def _body_key(voice: Voice) -> tuple[int, int, int]:
    """What has one sound. Neighbors of one velocity share a timbre, not how loud they are."""
    return id(voice.region), voice.pitch, voice.velocity // 8 * 8 + 4 if voice.region.hears_velocity else 64


def _closed(sound: Audio) -> Audio:
    """Fades the end of a body into what comes before its middle: its second half can be repeated."""
    half = len(sound) // 2
    long = half // 8
    rise = np.linspace(0, 1, long, dtype=np.float32)
    sound = sound.copy()
    sound[-long:] = sound[-long:] * np.sqrt(1 - rise) + sound[half - long : half] * np.sqrt(rise)
    return sound


def render_track(song: Song, place: int, font: SoundFont, rate: int = RATE) -> Audio:
    """A track of a song before the mixer (without its volume, pan and reverb), to the end of its last tail.

    Returns:
        frames × 2, at least as long as the song.

    Raises:
        BadInput: a sample of the sound font is damaged.
    """
    voices = voices_of(song.tracks[place], lambda tick: round(song.seconds_at(tick) * rate), font, rate)
    synth = Synth(font, rate)
    synth.expect(voices)
    frames = max(voices.end, song_frames(song, rate))
    out = silence(frames)
    for start in range(0, frames, _BLOCK):
        end = min(frames, start + _BLOCK)
        out[start:end] = synth.block(voices.between(start, end), start, end - start)
    return out
