"""From a request to the model's view of it, and notes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio_music.core.compose.request import FillRequest
from studio_music.core.song import Note
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event, Sketch, bar_positions

_MELODY_CENTER = 71
"""Where the melodies that were learnt lie, with the tonic at C."""
_WIDE = 26
"""Semitones: a range that is wider asks for nothing, and is not told."""


@dataclass(frozen=True)
class Frame:
    """How far each voice is moved so that the tonic is C, in the octave that was learnt."""

    up: tuple[int, ...]
    """Semitones for each voice."""

    @staticmethod
    def of(request: FillRequest) -> Frame:
        tonic = request.key.tonic
        up = -tonic if tonic <= 6 else 12 - tonic
        if request.ensemble != "solo":
            return Frame((up,) * len(request.voices))
        voice = request.voices[0]
        center = (voice.low + voice.high) / 2 + up
        octaves = round((_MELODY_CENTER - center) / 12)
        if octaves and voice.low + up <= _MELODY_CENTER - 7 and voice.high + up >= _MELODY_CENTER + 7:
            octaves = 0  # the range holds what was learnt
        return Frame((up + 12 * octaves,))

    def note(self, event: Event, voice: int, velocity: int = 80) -> Note:
        return Note(event.start * v.GRID, event.length * v.GRID, event.pitch - self.up[voice], velocity)


def sketch_of(request: FillRequest, frame: Frame) -> Sketch:
    """The request as the model sees it, without what is to be replaced."""
    bar = bar_positions(request.meter)
    voices = []
    for place, voice in enumerate(request.voices):
        events = monophonic(voice.notes, frame.up[place])
        voices.append(
            tuple(
                event
                for event in events
                if event.start < bar * request.bars and (event.start // bar, place) not in request.fill
            )
        )
    key = request.key
    return Sketch(
        request.ensemble,
        key.mode if key.mode in v.MODES else v.NEAREST_MODE[key.mode],
        request.meter,
        request.bars,
        tuple(voices),
        chord_labels(request, bar),
        request.begins,
        request.ends,
        None if request.tempo is None else v.class_of(request.tempo, v.TEMPO_EDGES),
        None if request.density is None else request.density - 1,
        tuple(
            _told_range(voice.low + up, voice.high + up)
            for voice, up in zip(request.voices, frame.up, strict=True)
        ),
    )


def chord_labels(request: FillRequest, bar: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """The label at each position."""
    length = bar * request.bars
    labels = np.full(length, v.UNKNOWN_CHORD, np.int16)
    for placed in request.chords:
        labels[min(placed.start // v.GRID, length) :] = v.chord_label(placed.chord, request.key.tonic)
    return labels


def monophonic(notes: tuple[Note, ...], up: int) -> list[Event]:
    """Notes on the grid, of those that begin together the highest; each ends where the next begins."""
    tops: dict[int, Event] = {}
    for note in notes:
        start = round(note.start / v.GRID)
        length = max(1, round((note.start + note.length) / v.GRID) - start)
        event = Event(start, length, min(v.HIGHEST, max(v.LOWEST, note.pitch + up)))
        if start not in tops or tops[start].pitch < event.pitch:
            tops[start] = event
    events = [tops[start] for start in sorted(tops)]
    for place in range(len(events) - 1):
        start, length, pitch = events[place]
        events[place] = Event(start, min(length, events[place + 1].start - start), pitch)
    return events


def _told_range(low: int, high: int) -> tuple[int, int] | None:
    low, high = max(v.LOWEST, low), min(v.HIGHEST, high)
    return None if high - low > _WIDE or low > high else (low, high)
