"""The sound of one key of an instrument: a sample at the right pitch, filtered, and how loud it is over time.

A voice is a pure function of time. Any stretch of it can be computed at any moment: a song can be played
from its middle, changed while it sounds and rendered in blocks, and always the same samples come out.

Source: SoundFont Technical Specification 2.04, sections 8.1.2 (generators), 9.1.7 (envelopes), 9.1.1
(filter).
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from studio_music.core.sound.resample import resample

if TYPE_CHECKING:
    from studio_music.core.sound.font import SoundFont
    from studio_music.core.sound.regions import Region

__all__ = ["MOST_SECONDS", "Envelope", "Pitched", "body", "gain_of", "pan_of"]

Audio = npt.NDArray[np.float32]

MOST_SECONDS = 20.0
"""So long a body gets; a voice that sounds longer repeats its second half."""
_CONTROL = 64
"""Frames between two values of what moves slowly: vibrato, the filter's envelope."""
_SILENCE_DB = 78.0
"""So far below its beginning a voice is taken for silent: with a whole song above it, nobody hears it."""
_FULL_DB = 100.0
"""Decay and release are told as the time in which the sound falls by so much."""
_SHORTEST_RELEASE = 0.01
_EMU = 0.4
"""Fonts are made by ear on cards of E-mu, which did 0.4 of the attenuation that was written."""
_RAW_BYTES = 48 << 20
_RAW_STEP = 1 << 15
_DC_HZ = 8.175798915643707


def seconds(timecents: float) -> float:
    return 0.0 if timecents <= -12000 else float(2.0 ** (min(timecents, 8000.0) / 1200.0))


def hertz(cents: float) -> float:
    return float(_DC_HZ * 2.0 ** (cents / 1200.0))


def pan_of(region: Region) -> float:
    """-1 (left) to 1."""
    return max(-500, min(500, region.setting(17))) / 500.0


def gain_of(region: Region, pitch: int, velocity: int) -> float:
    """How loud a region is; a velocity falls off as its square (8.4.1)."""
    centibels = _EMU * max(0.0, region.value(48, pitch, velocity))
    struck = region.setting(47)
    force = struck if 1 <= struck <= 127 else velocity
    return float(10 ** (-centibels / 200.0) * (force / 127.0) ** 2)


@dataclass(frozen=True)
class Envelope:
    """How loud a key is from when it is struck (9.1.7). Times are seconds."""

    delay: float
    attack: float
    hold: float
    decay: float
    """In which it would fall by 100 dB."""
    sustain_db: float
    """How far it falls."""
    release: float

    @classmethod
    def of(cls, region: Region, pitch: int) -> Envelope:
        key = 60 - pitch
        return cls(
            seconds(region.setting(33)),
            seconds(region.setting(34)),
            seconds(region.setting(35) + region.setting(39) * key),
            seconds(region.setting(36) + region.setting(40) * key),
            max(0, min(1440, region.setting(37))) / 10.0,
            max(_SHORTEST_RELEASE, seconds(region.setting(38))),
        )

    @property
    def silent_after(self) -> float:
        """Seconds from the beginning until nothing is heard of a key that is held; infinite if it never
        ends."""
        if self.sustain_db < _SILENCE_DB:
            return math.inf
        return self.delay + self.attack + self.hold + self.decay * _SILENCE_DB / _FULL_DB

    @property
    def release_seconds(self) -> float:
        return self.release * _SILENCE_DB / _FULL_DB

    def held(self, start: int, end: int, rate: int) -> Audio:
        """The gain of frames `start` to `end` while the key is held."""
        time = np.arange(start, end, dtype=np.float32) / np.float32(rate)
        peak = self.delay + self.attack
        decibels = np.minimum(
            np.maximum(time - np.float32(peak + self.hold), 0) * np.float32(_FULL_DB / max(self.decay, 1e-3)),
            np.float32(self.sustain_db),
        )
        gain: Audio = np.exp(decibels * np.float32(-math.log(10) / 20))
        if start < peak * rate:
            gain *= np.clip((time - np.float32(self.delay)) / np.float32(max(self.attack, 1e-3)), 0, 1)
        return gain

    def at(self, frame: int, rate: int) -> float:
        return float(self.held(frame, frame + 1, rate)[0])

    def gain(self, start: int, end: int, gate: int, release: float, rate: int) -> Audio:
        """The gain of frames `start` to `end` of a key that is let go at frame `gate`.

        Args:
            release: seconds in which it falls by 100 dB then.
        """
        if end <= gate:
            return self.held(start, end, rate)
        after = max(start, gate)
        fall = np.float32(-math.log(10) / 20 * _FULL_DB / (release * rate))
        let_go = np.exp(np.arange(after - gate, end - gate, dtype=np.float32) * fall)
        let_go *= np.float32(self.at(gate, rate))
        if after == start:
            return np.asarray(let_go)
        return np.concatenate([self.held(start, after, rate), let_go])


class Pitched:
    """Samples at the pitches that were needed: regions for other velocities share them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Audio] = OrderedDict()
        self._bytes = 0

    def get(
        self,
        sound: Audio,
        number: int,
        first: int,
        last: int,
        loop: tuple[int, int] | None,
        step: float,
        frames: int,
    ) -> Audio:
        """`resample` of sample `number`; not to be changed."""
        key = number, first, last, loop, step
        known = self._kept.pop(key, None)
        if known is None or len(known) < frames:
            self._bytes -= 0 if known is None else known.nbytes
            most = frames if loop is None else -(-frames // _RAW_STEP) * _RAW_STEP
            known = resample(sound, first, last, loop, step, None, most)
            self._bytes += known.nbytes
        self._kept[key] = known
        while self._bytes > _RAW_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes
        return known[:frames]


def body(
    font: SoundFont, region: Region, pitch: int, velocity: int, rate: int, frames: int, pitched: Pitched
) -> Audio:
    """The sound of a region before its envelope: at most so many frames, fewer where the sample ends.

    Raises:
        BadInput: the sample cannot be decoded.
    """
    sample = font.header(region.sample)
    sound = font.samples(region.sample)
    first = _offset(region, 0, 4)
    last = len(sound) + _offset(region, 1, 12)
    loop = (sample.loop_start + _offset(region, 2, 45), sample.loop_end + _offset(region, 3, 50))
    first = max(0, min(first, len(sound) - 1))
    last = max(first + 1, min(last, len(sound)))
    loops = region.setting(54) & 1 and first <= loop[0] < loop[1] <= last and loop[1] - loop[0] >= 8
    step = _step(region, sample.pitch, sample.cents, pitch, velocity) * sample.rate / rate
    step = min(max(step, 1e-3), 64.0)
    if not loops:
        frames = min(frames, int((last - first) / step) + 1)
    bend = _bend(region, pitch, velocity, frames, rate)
    if bend is None:
        raw = pitched.get(sound, region.sample, first, last, loop if loops else None, step, frames)
    else:
        raw = resample(sound, first, last, loop if loops else None, step, bend, frames)
    out = _filtered(region, pitch, velocity, rate, raw)
    tremolo = region.value(13, pitch, velocity)
    if tremolo:
        wave = _triangle(len(out), rate, seconds(region.setting(21)), hertz(region.setting(22)))
        out = out * _spread(10 ** (wave * tremolo / 200.0), len(out))
    return out


def _offset(region: Region, fine: int, coarse: int) -> int:
    return region.setting(fine) + 32768 * region.setting(coarse)


def _step(region: Region, sample_pitch: int, sample_cents: int, pitch: int, velocity: int) -> float:
    """How much higher than recorded a key sounds, as a factor."""
    root = region.setting(58)
    if not 0 <= root <= 127:
        root = sample_pitch if sample_pitch <= 127 else 60
    fixed = region.setting(46)
    key = fixed if 0 <= fixed <= 127 else pitch
    cents = (key - root) * region.setting(56) + 100 * region.value(51, pitch, velocity)
    return float(2 ** ((cents + region.value(52, pitch, velocity) + sample_cents) / 1200.0))


def _bend(region: Region, pitch: int, velocity: int, frames: int, rate: int) -> npt.NDArray[Any] | None:
    """How the pitch moves, as a factor for each `_CONTROL` frames; None where it stays."""
    by_low, by_vibrato, by_envelope = (region.value(g, pitch, velocity) for g in (5, 6, 7))
    if not (by_low or by_vibrato or by_envelope):
        return None
    cents = by_envelope * _modulation(region, pitch, frames, rate)
    if by_low:
        cents += by_low * _triangle(frames, rate, seconds(region.setting(21)), hertz(region.setting(22)))
    if by_vibrato:
        cents += by_vibrato * _triangle(frames, rate, seconds(region.setting(23)), hertz(region.setting(24)))
    return np.repeat(2.0 ** (cents / 1200.0), _CONTROL)[:frames]


def _times(frames: int, rate: int) -> npt.NDArray[Any]:
    return np.arange(0, frames, _CONTROL) / rate


def _triangle(frames: int, rate: int, delay: float, frequency: float) -> npt.NDArray[Any]:
    """A low frequency oscillator: from 0 up, -1 to 1, for each `_CONTROL` frames."""
    turns = np.maximum(_times(frames, rate) - delay, 0.0) * frequency
    return 1.0 - 4.0 * np.abs((turns + 0.25) % 1.0 - 0.5)


def _modulation(region: Region, pitch: int, frames: int, rate: int) -> npt.NDArray[Any]:
    """The modulation envelope while a key is held, 0 to 1, for each `_CONTROL` frames."""
    key = 60 - pitch
    attack = seconds(region.setting(26))
    times = _times(frames, rate) - seconds(region.setting(25))
    hold = seconds(region.setting(27) + region.setting(31) * key)
    decay = max(1e-3, seconds(region.setting(28) + region.setting(32) * key))
    sustain = 1.0 - max(0, min(1000, region.setting(29))) / 1000.0
    rise = np.clip(times / max(attack, 1e-3), 0.0, 1.0)
    return np.minimum(rise, np.maximum(1.0 - np.maximum(times - attack - hold, 0.0) / decay, sustain))


def _spread(control: npt.NDArray[Any], frames: int) -> Audio:
    """Values for each `_CONTROL` frames, for every frame."""
    at = np.arange(len(control)) * _CONTROL
    return np.asarray(np.interp(np.arange(frames), at, control), np.float32)


def _filtered(region: Region, pitch: int, velocity: int, rate: int, raw: Audio) -> Audio:
    """The low pass of two poles."""
    base, by_low, by_envelope = (region.value(g, pitch, velocity) for g in (8, 10, 11))
    if base >= 13500 and by_low >= 0 and by_envelope >= 0:
        return raw
    cents = np.full(len(_times(len(raw), rate)), float(base))
    if by_envelope:
        cents += by_envelope * _modulation(region, pitch, len(raw), rate)
    if by_low:
        cents += by_low * _triangle(len(raw), rate, seconds(region.setting(21)), hertz(region.setting(22)))
    resonance = max(0.0, min(960.0, region.value(9, pitch, velocity)))
    return _swept(raw, cents, resonance, rate)


def _swept(raw: Audio, cents: npt.NDArray[Any], centibels: float, rate: int) -> Audio:
    """A low pass whose corner moves: its recursion is one banded system of equations."""
    from scipy.linalg.lapack import dtbtrs  # for speed: a fifth of the time that scipy.signal takes to load

    corner = np.minimum(_DC_HZ * 2.0 ** (np.clip(cents, 1500.0, 13500.0) / 1200.0), 0.45 * rate)
    angle = 2 * math.pi * corner / rate
    alpha = np.sin(angle) / (2 * 10 ** ((centibels / 10 - 3.01) / 20))
    half = (1 - np.cos(angle)) * 10 ** (-centibels / 400) / (1 + alpha) / 2
    frames = len(raw)
    before = np.concatenate([np.zeros(2, np.float32), raw])
    heard = before[2:] + 2 * before[1:-1] + before[:-2]
    heard = heard * np.repeat(half, _CONTROL)[:frames]
    bands = np.empty((3, frames), order="F")
    bands[0] = 1.0
    bands[1, :-1] = np.repeat(-2 * np.cos(angle) / (1 + alpha), _CONTROL)[1:frames]
    bands[2, :-2] = np.repeat((1 - alpha) / (1 + alpha), _CONTROL)[2:frames]
    solved, _ = dtbtrs(bands, heard, uplo="L", diag="U")
    return np.asarray(solved, np.float32).reshape(-1)
