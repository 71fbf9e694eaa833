"""A hummed, sung, whistled or played tune as a song: notes, tempo, meter, key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, shown, tr
from studio_music.core.hum.melody_line import clearness, line_of
from studio_music.core.hum.network import RATE, Floats, listen, session
from studio_music.core.hum.notes import Tone, steadiness, tones_of
from studio_music.core.hum.recording import evened, read_recording
from studio_music.core.hum.rhythm import Rhythm, rhythm_of
from studio_music.core.hum.tonality import key_of
from studio_music.core.song import TICKS, Key, KeyChange, Meter, MeterChange, Note, Song, TempoChange, Track

LOWEST, HIGHEST = 36, 100
"""MIDI pitches that are listened for: from a bass voice to whistling."""
_A_TUNE = 1.15
"""How clear and steady together a tune is at least: speech and noise come to 1.1, voices to 1.3 and more."""

Progress = Callable[[int, int], None]
"""Is told how much is done, of how much; may raise to stop."""


class Heard(NamedTuple):
    """A note as it was sung."""

    start: float
    """Seconds."""
    end: float
    """Seconds."""
    pitch: int
    """MIDI."""
    velocity: int
    """1 to 127."""


@dataclass(frozen=True)
class HumOptions:
    """How a recording becomes notes."""

    tempo: float = 0.0
    """Quarter notes per minute; 0: found."""
    meter: Meter | None = None
    """None: found."""
    key: Key | None = None
    """None: found. Notes between two semitones are rounded to its scale."""
    quantize: float = 1.0
    """How far notes are moved to the beat: 0 (not at all) to 1."""
    lowest: int = LOWEST
    highest: int = HIGHEST
    """The range that is listened for, in MIDI pitches: `lowest` is less, both within 21 to 108."""
    program: int = 0
    """General MIDI program of the track."""


def _ignored(done: int, total: int) -> None:
    """Nobody asks how far it is."""


def transcribe(
    path: Path, options: HumOptions | None = None, progress: Progress = _ignored, network: Any = None
) -> Song:
    """Turns a recording into a song with one track.

    Args:
        progress: is told how many windows of two seconds are heard, of how many.
        network: a session of ONNX Runtime as `network.session` makes it; made here where it is not given.

    Raises:
        BadInput: the file is no recording, or no tune is to be heard in it.
    """
    options = options or HumOptions()
    if options.lowest >= options.highest:
        raise BadInput(
            tr("The lowest pitch is not below the highest one."),
            tr("Widen the range from lowest to highest."),
        )
    heard = _notes(read_recording(path), options, progress, network)
    if not heard:
        raise BadInput(
            tr("No tune was heard in “{name}”: it sounds like speech or noise.", name=shown(path.name)),
            tr("Hum, sing or whistle one note after the other, close to the microphone."),
        )
    return song_of(heard, options)


def notes_of(audio: NDArray[Any], rate: int, options: HumOptions | None = None) -> tuple[Heard, ...]:
    """The notes of one voice in samples, (frames,) or (frames, channels); none where no tune is heard."""
    if not len(audio) or not np.any(audio):
        return ()
    return _notes(evened(audio, rate), options or HumOptions(), _ignored, None)


def song_of(heard: tuple[Heard, ...], options: HumOptions) -> Song:
    """Writes sung notes, at least one, in bars."""
    starts = np.array([note.start for note in heard])
    ends = np.array([note.end for note in heard])
    loud = np.array([note.velocity for note in heard]) / 3  # velocities step by about 3 for each dB
    pitches = np.array([note.pitch for note in heard])
    rhythm = rhythm_of(starts, ends, pitches, loud, options.tempo, options.meter)
    notes = _written(heard, rhythm, options.quantize)
    bar = rhythm.meter.bar_ticks
    length = -(-max(note.end for note in notes) // bar) * bar
    key = options.key or key_of([note.pitch for note in notes], [float(note.length) for note in notes])
    track = Track("Melody", notes, program=options.program, role="melody")
    return Song(
        "Hummed tune",
        (track,),
        length,
        (TempoChange(0, round(rhythm.tempo, 2)),),
        (MeterChange(0, rhythm.meter),),
        (KeyChange(0, key),),
    )


def _notes(audio: Floats, options: HumOptions, progress: Progress, network: Any) -> tuple[Heard, ...]:
    heard = listen(audio, network or session(), progress)
    line = line_of(heard, audio, options.lowest, options.highest)
    if clearness(heard) + steadiness(line) < _A_TUNE:
        return ()
    tones = tones_of(line, options.key.pitch_classes if options.key else None)
    end = len(audio) / RATE
    return tuple(
        Heard(t.start, min(t.end, end), t.pitch, v) for t, v in zip(tones, _velocities(tones), strict=True)
    )


def _velocities(tones: list[Tone]) -> list[int]:
    """From loudness: the loudest is 110, and 12 dB less is about 74."""
    most = max((tone.loudness for tone in tones), default=0.0)
    return [int(np.clip(round(110 + 3 * (tone.loudness - most)), 30, 110)) for tone in tones]


def _written(heard: tuple[Heard, ...], rhythm: Rhythm, quantize: float) -> tuple[Note, ...]:
    """Notes in ticks, between as they were sung and as they are written."""
    speed = rhythm.tempo * TICKS / 60  # ticks per second
    first = rhythm.places[0] * rhythm.part_ticks
    made: list[Note] = []
    for n, note in enumerate(heard):
        place, length = rhythm.places[n] * rhythm.part_ticks, rhythm.lengths[n] * rhythm.part_ticks
        sung = first + (note.start - heard[0].start) * speed
        stop = first + (note.end - heard[0].start) * speed
        start = round(sung + quantize * (place - sung))
        end = round(stop + quantize * (place + length - stop))
        if made:  # one voice: a note ends where the next one begins
            start = max(start, made[-1].start + 1)
            made[-1] = made[-1]._replace(length=min(made[-1].length, start - made[-1].start))
        made.append(Note(start, max(1, end - start), note.pitch, note.velocity))
    return tuple(made)
