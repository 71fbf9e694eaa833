"""A synthetic singer for the tests of humming: a source, formants, and what makes voices hard to transcribe.

It is a source-filter model (Fant, 1960): pulses of the vocal folds (Rosenberg, 1971) through formants that
move from syllable to syllable, with vibrato, slides, scoops, drift, jitter, breath, consonants, a room and
its noise. Every property is drawn from the seed within wide bounds, so that no two singers are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, istft, lfilter, stft

Sung = tuple[float, float, int]
"""Where a note begins and ends in seconds, and its MIDI pitch."""
Audio = NDArray[np.float64]

RATE = 44_100
_VOWELS = {
    "a": ((730, 90), (1090, 110), (2440, 170), (3400, 250)),
    "e": ((530, 60), (1840, 100), (2480, 120), (3400, 250)),
    "i": ((280, 50), (2250, 100), (2890, 150), (3500, 250)),
    "o": ((500, 70), (900, 90), (2550, 120), (3300, 250)),
    "u": ((310, 60), (870, 90), (2240, 130), (3300, 250)),
    "m": ((260, 70), (1100, 250), (2200, 350), (3000, 500)),
    "n": ((270, 70), (1500, 250), (2400, 350), (3100, 500)),
}
"""Center and bandwidth of four formants in Hz (Peterson and Barney, 1952; nasals by Fujimura, 1962)."""
_TILT = {"m": 14.0, "n": 12.0}
"""dB per octave that a closed mouth takes away above 500 Hz."""
SYLLABLES = {
    "hum": ("m",),
    "vowel": ("a", "o"),
    "la": ("la", "lo"),
    "na": ("na", "no", "nu"),
    "da": ("da", "du", "ta"),
    "words": ("la", "se", "mi", "to", "na", "shu", "a", "ra", "ki", "do", "wi"),
}
"""What is sung, by manner."""


@dataclass(frozen=True)
class Singer:
    """Bounds from which a performance is drawn."""

    manner: str = "la"
    vibrato: tuple[float, float] = (0.1, 0.6)
    """Semitones to each side."""
    vibrato_rate: tuple[float, float] = (4.5, 6.5)
    """Hz."""
    slide: tuple[float, float] = (0.04, 0.13)
    """Seconds from one pitch to the next where notes are tied."""
    scoop: float = 0.3
    """How often a phrase begins from below."""
    detune: float = 0.12
    """Semitones, the standard deviation of each note."""
    drift: float = 0.25
    """Semitones, over the whole melody."""
    tuning: float = 0.2
    """Semitones, from concert pitch, to either side."""
    breath: float = 0.03
    """Of the noise in the voice, beside the voice."""
    unsteady: float = 0.06
    """Semitones that the pitch flutters about, faster than vibrato."""
    flutter: float = 1.0
    """dB that the loudness flutters."""
    dynamics: float = 4.0
    """dB, the standard deviation of each note's loudness."""
    reverb: float = 0.15
    noise: float = -45.0
    """dB of the room's noise beside the voice."""
    timing: float = 0.012
    """Seconds, the standard deviation of each onset (the truth moves along)."""


def sing(notes: list[Sung], singer: Singer, seed: int) -> tuple[Audio, list[Sung]]:
    """A performance at `RATE`, and where its notes truly lie."""
    rng = np.random.default_rng(seed)
    notes = _performed(notes, singer, rng)
    syllables = [str(rng.choice(SYLLABLES[singer.manner])) for _ in notes]
    size = int((notes[-1][1] + 0.6) * RATE)
    pitch = _pitch(notes, singer, size, rng)
    voiced, noisy = _loudness(notes, syllables, singer, size, rng)
    source = _pulses(pitch, rng)
    hiss = rng.standard_normal(size)
    phase_noise = lfilter([1.0], [1.0, -0.9], hiss) * 0.3
    source = (source + singer.breath * 8 * phase_noise * (0.6 + 0.4 * np.sin(_phase(pitch)))) * voiced
    voice = _mouth(source, notes, syllables, size, rng)
    voice /= np.max(np.abs(voice)) + 1e-9
    fricative = lfilter([1.0, -0.95], [1.0], hiss) * noisy * 0.25
    breaths = lfilter([1.0], [1.0, -1.2, 0.5], rng.standard_normal(size)) * _breaths(notes, size) * 0.012
    return _room(voice + fricative + breaths, singer, rng), notes


def whistle(notes: list[Sung], singer: Singer, seed: int) -> tuple[Audio, list[Sung]]:
    """A whistled performance: nearly a sine, and air."""
    rng = np.random.default_rng(seed)
    notes = _performed(notes, singer, rng)
    size = int((notes[-1][1] + 0.6) * RATE)
    pitch = _pitch(notes, singer, size, rng)
    voiced, _ = _loudness(notes, ["la"] * len(notes), singer, size, rng)
    phase = _phase(pitch)
    air = rng.standard_normal(size)
    near = np.convolve(air, np.ones(40) / 40, "same") * np.sin(phase) * 0.4  # noise around the pitch
    tone = np.sin(phase) + 0.03 * np.sin(2 * phase) + near + 0.01 * air
    return _room(tone * voiced, singer, rng), notes


def pluck(notes: list[Sung], singer: Singer, seed: int) -> tuple[Audio, list[Sung]]:
    """A plucked string, slightly inharmonic; each note is damped as the next begins."""
    rng = np.random.default_rng(seed)
    notes = _performed(notes, singer, rng)
    size = int((notes[-1][1] + 0.6) * RATE)
    out = np.zeros(size)
    bright = rng.uniform(0.6, 1.6)
    place = rng.uniform(0.12, 0.3)
    for start, end, pitch in notes:
        first = int(start * RATE)
        time = np.arange(min(size - first, int((end - start + 0.25) * RATE))) / RATE
        base = 440 * 2 ** ((pitch - 69 + singer.detune * 0.3 * rng.standard_normal()) / 12)
        tone = np.zeros(len(time))
        for k in range(1, int(min(30, RATE / 2.5 / base)) + 1):
            partial = base * k * np.sqrt(1 + 1e-4 * k * k)
            weight = abs(np.sin(np.pi * k * place)) / k**bright
            tone += weight * np.exp(-time * (1.2 + 0.35 * k)) * np.sin(2 * np.pi * partial * time)
        damped = np.clip((end - start + 0.05 - time) / 0.05, 0, 1)
        out[first : first + len(time)] += tone * damped * 10 ** (singer.dynamics * rng.standard_normal() / 20)
        click = rng.standard_normal(200) * np.exp(-np.arange(200) / 40) * 0.1
        out[first : first + 200] += click
    return _room(out, singer, rng), notes


def speak(seconds: float, seed: int) -> Audio:
    """What sounds as speech: syllables whose pitch glides all the time, consonants, pauses."""
    rng = np.random.default_rng(seed)
    notes: list[Sung] = []
    at = 0.2
    while at < seconds:
        for _ in range(int(rng.integers(4, 11))):
            length = float(rng.uniform(0.09, 0.24))
            notes.append((at, at + length, 45))
            at += length + float(rng.uniform(0.0, 0.05))
        at += float(rng.uniform(0.25, 0.6))
    size = int((notes[-1][1] + 0.4) * RATE)
    time = np.arange(size) / RATE
    knots = np.arange(0, size / RATE + 0.2, 0.09)
    pitch = 48 + np.interp(time, knots, rng.uniform(-4.5, 4.5, len(knots))) - 2 * (time % 2.1)
    syllables = [str(rng.choice(SYLLABLES["words"])) for _ in notes]
    singer = Singer("words", dynamics=5)
    voiced, noisy = _loudness(notes, syllables, singer, size, rng)
    voice = _mouth(_pulses(pitch, rng) * voiced, notes, syllables, size, rng)
    voice /= np.max(np.abs(voice))
    return _room(voice + rng.standard_normal(size) * noisy * 0.1, singer, rng)


def _performed(notes: list[Sung], singer: Singer, rng: np.random.Generator) -> list[Sung]:
    """The notes as this singer times them, from 0.3 s on."""
    starts = np.array([note[0] for note in notes]) + singer.timing * np.clip(
        rng.standard_normal(len(notes)), -2, 2
    )
    first = float(starts[0])
    made = []
    for n, (start, end, pitch) in enumerate(notes):
        following = starts[n + 1] if n + 1 < len(notes) else np.inf
        tied = n + 1 < len(notes) and notes[n + 1][0] - end < 0.02
        stop = following if tied else min(end, following)
        made.append((float(starts[n]) - first + 0.3, float(stop) - first + 0.3, pitch))
        assert stop > starts[n], (start, end)
    return made


def _pitch(notes: list[Sung], singer: Singer, size: int, rng: np.random.Generator) -> Audio:
    """The fundamental as a MIDI pitch, per sample."""
    time = np.arange(size) / RATE
    track = np.full(size, float(notes[0][2]))
    tuned = [pitch + singer.detune * float(rng.standard_normal()) for _, _, pitch in notes]
    depth = rng.uniform(*singer.vibrato)
    rate = rng.uniform(*singer.vibrato_rate)
    for n, (start, end, _) in enumerate(notes):
        here = slice(int(start * RATE), size)
        if n == 0 or notes[n][0] - notes[n - 1][1] > 0.02:
            scooped = rng.uniform(0.7, 2.5) if rng.random() < singer.scoop else rng.uniform(0, 0.3)
            slide = np.clip((time[here] - start) / rng.uniform(0.05, 0.12), 0, 1)
            track[here] = tuned[n] - scooped * (1 - slide) ** 2
        else:
            long = min(rng.uniform(*singer.slide), 0.5 * (end - start), 0.8 * (start - notes[n - 1][0]))
            middle = start + rng.uniform(-0.01, 0.02)
            here = slice(max(0, int((middle - long / 2) * RATE)), size)
            way = np.clip((time[here] - middle + long / 2) / long, 0, 1)
            way = way * way * (3 - 2 * way)
            track[here] = track[here] * (1 - way) + tuned[n] * way
        if end - start > 0.3:
            inside = slice(int((start + 0.12) * RATE), int(end * RATE))
            swell = np.clip((time[inside] - start - 0.12) / 0.25, 0, 1) * np.clip(
                (end - time[inside]) / 0.06, 0, 1
            )
            wave = np.sin(2 * np.pi * rate * (time[inside] - start) + rng.uniform(0, 6.28))
            track[inside] += depth * rng.uniform(0.6, 1.1) * swell * wave
    knots = np.linspace(0, size / RATE, max(3, int(size / RATE / 3)))
    walk = np.cumsum(rng.standard_normal(len(knots)))
    walk -= walk.mean()
    walk *= singer.drift / max(1.0, np.ptp(walk))
    track += np.interp(time, knots, walk) + rng.uniform(-singer.tuning, singer.tuning)
    return track + _slow_noise(size, 12, rng) * singer.unsteady


def _slow_noise(size: int, hertz: float, rng: np.random.Generator) -> Audio:
    knots = rng.standard_normal(int(size / RATE * hertz) + 3)
    return np.interp(np.arange(size) / RATE * hertz, np.arange(len(knots)), knots)


def _phase(pitch: Audio) -> Audio:
    return 2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12)) / RATE


def _pulses(pitch: Audio, rng: np.random.Generator) -> Audio:
    """The flow through the vocal folds, differentiated as the lips do."""
    turn = (_phase(pitch) / (2 * np.pi)) % 1.0
    opened, closed = rng.uniform(0.35, 0.5), rng.uniform(0.1, 0.25)
    rising = 0.5 * (1 - np.cos(np.pi * np.minimum(turn / opened, 1)))
    falling = np.cos(np.pi / 2 * np.clip((turn - opened) / closed, 0, 1))
    flow = np.where(turn < opened, rising, np.where(turn < opened + closed, falling, 0))
    shimmer = 1 + 0.06 * _slow_noise(len(pitch), 40, rng)
    return np.gradient(flow * shimmer) * 60


def _loudness(
    notes: list[Sung], syllables: list[str], singer: Singer, size: int, rng: np.random.Generator
) -> tuple[Audio, Audio]:
    """Of the voice and of the consonants' noise, per sample."""
    voiced, noisy = np.zeros(size), np.zeros(size)
    attack, release = rng.uniform(0.012, 0.05), rng.uniform(0.03, 0.1)
    time = np.arange(size) / RATE
    for n, (start, end, pitch) in enumerate(notes):
        begins = n == 0 or start - notes[n - 1][1] > 0.02
        stops = n + 1 == len(notes) or notes[n + 1][0] - end > 0.02
        same = not begins and notes[n - 1][2] == pitch
        level = 10 ** (singer.dynamics * float(np.clip(rng.standard_normal(), -2, 2)) / 20)
        initial = syllables[n][:-1]
        gap = {"t": 0.06, "k": 0.06, "d": 0.035, "s": 0.09, "sh": 0.1}.get(initial, 0.0)
        gap = min(gap, 0.35 * (start - notes[n - 1][0])) if n else gap
        dip = {"l": 0.45, "n": 0.4, "m": 0.4, "r": 0.5, "w": 0.5}.get(initial, 1.0)
        if same and initial == "":
            dip = rng.uniform(0.08, 0.3)  # the same pitch again without a consonant: the voice is lifted
        first, last = int(start * RATE), min(size, int((end + (release if stops else 0)) * RATE))
        shape = np.full(last - first, level)
        along = time[first:last] - start
        if begins or gap:
            shape *= np.clip(along / attack, 0, 1)
        if stops:
            shape *= np.clip((end + release - time[first:last]) / release, 0, 1)
        length = end - start
        shape *= 1 - 0.35 * np.clip(along / max(length, 0.2), 0, 1) ** 2
        voiced[first:last] = shape
        if gap:
            voiced[max(0, int((start - gap) * RATE)) : first] = 0
        if dip < 1:
            wide = min(0.05, 0.25 * length)
            hole = slice(max(0, int((start - 0.8 * wide) * RATE)), int((start + 0.4 * wide) * RATE))
            voiced[hole] *= dip
        if initial in ("s", "sh"):
            noisy[max(0, int((start - gap) * RATE)) : first] = level * 0.5
        elif initial in ("t", "k"):
            noisy[max(0, int((start - 0.02) * RATE)) : first] = level * 0.5
    smooth = np.hanning(int(0.02 * RATE))
    smooth /= smooth.sum()
    voiced *= 10 ** (singer.flutter * _slow_noise(size, 11, rng) / 20)
    return fftconvolve(voiced, smooth, "same"), fftconvolve(noisy, smooth, "same")


def _mouth(
    source: Audio, notes: list[Sung], syllables: list[str], size: int, rng: np.random.Generator
) -> Audio:
    """The source through formants that move from syllable to syllable."""
    hop = 220
    frequencies, times, spectrum = stft(source, RATE, nperseg=4 * hop, noverlap=3 * hop, boundary="zeros")
    size_of_mouth = rng.uniform(0.9, 1.2)
    starts = np.array([note[0] for note in notes])
    shapes = {v: _formants(v, frequencies, size_of_mouth) for v in {s[-1] for s in syllables} | {"n", "m"}}
    answer = np.empty((len(times), len(frequencies)))
    for frame, at in enumerate(times):
        n = max(0, int(np.searchsorted(starts, at, side="right")) - 1)
        answer[frame] = shapes[syllables[n][-1]]
        following = min(n + 1, len(notes) - 1)
        if syllables[following][0] in "nml" and 0 <= starts[following] - at < 0.05:
            answer[frame] = shapes["m" if syllables[following][0] == "m" else "n"]
    kernel = np.hanning(11)[:, None]
    answer = fftconvolve(answer, kernel / kernel.sum(), "same", axes=0)
    voice: Any = istft(spectrum * np.exp(answer.T), RATE, nperseg=4 * hop, noverlap=3 * hop, boundary=True)[1]
    return np.pad(voice, (0, max(0, size - len(voice))))[:size]


def _formants(vowel: str, frequencies: Audio, size: float) -> Audio:
    """The logarithm of what the mouth lets through."""
    level = np.zeros(len(frequencies))
    for center, wide in _VOWELS[vowel]:
        c, b = center * size, wide * 1.5
        resonance = np.log(c * c / np.sqrt((frequencies**2 - c * c) ** 2 + (b * frequencies) ** 2 + 1))
        level += np.where(frequencies > c, np.maximum(resonance, -0.9), resonance)  # higher formants lift it
    octaves = np.log2(np.maximum(frequencies, 500) / 500)
    return level - _TILT.get(vowel, 0.0) * octaves * np.log(10) / 20


def _breaths(notes: list[Sung], size: int) -> Audio:
    """Air drawn in before phrases."""
    air = np.zeros(size)
    for n, (start, _, _) in enumerate(notes):
        if n == 0 or start - notes[n - 1][1] > 0.3:
            first, last = max(0, int((start - 0.28) * RATE)), int((start - 0.04) * RATE)
            air[first:last] = np.hanning(last - first)
    return air


def _room(sound: Audio, singer: Singer, rng: np.random.Generator) -> Audio:
    """The sound in a room with its noise, at a peak between -20 and -1 dB."""
    tail = rng.standard_normal(int(0.5 * RATE)) * np.exp(
        -np.arange(int(0.5 * RATE)) / RATE / rng.uniform(0.04, 0.09)
    )
    tail /= np.sqrt(np.sum(tail**2))
    level = np.sqrt(np.mean(sound[np.abs(sound) > 0.02 * np.max(np.abs(sound))] ** 2))
    wet = sound + singer.reverb * fftconvolve(sound, tail)[: len(sound)]
    pink = lfilter([1.0], [1.0, -0.95], rng.standard_normal(len(sound)))
    pink *= level * 10 ** (singer.noise / 20) / np.std(pink)
    mains = np.sin(2 * np.pi * 50 * np.arange(len(sound)) / RATE) * level * 10 ** ((singer.noise - 6) / 20)
    made = wet + pink + mains
    return made / np.max(np.abs(made)) * 10 ** (-rng.uniform(1, 20) / 20)
