"""Writes notes with the music model, bar by bar, so that the constraints of a request hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio_music.core.chords import PlacedChord
from studio_music.core.compose.checks import check
from studio_music.core.compose.frame import Frame, sketch_of
from studio_music.core.compose.leading import Lines
from studio_music.core.compose.model import MusicModel
from studio_music.core.compose.request import FillRequest
from studio_music.core.compose.rules import Rules, VoiceState
from studio_music.core.compose.sampling import draw
from studio_music.core.song import Note
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event
from studio_music.core.tokens.writing import Asked, Said, Writer, converse

WINDOWS = {"solo": 32, "choir": 16, "strings": 12}
"""Bars that the model looks at in one go: about as many as its training had."""
OVERLAPS = {"solo": 16, "choir": 4, "strings": 4}
"""Bars before a window that it goes on from: a melody has room for more, so that its phrases can return."""
PITCHES = {"solo": 0.95, "choir": 0.95, "strings": 0.98}
"""How much of the likely pitches is considered, 0 to 1."""
LENGTHS = {"solo": 0.95, "choir": 1.0, "strings": 1.0}
"""How much of the likely durations is. Of several voices all: long notes are rare by count and yet much of
the time, so that whatever is cut off leaves every bar as busy as the next. Chosen on the valid split, and by
looking at scores: melodies lose their shape with more."""
BASS = 2.5
"""Nats for the root in the lowest voice where a chord that was given begins."""
CLOSE = 4.0
"""Nats for a last note that lasts to the end of the last bar."""
THIRD = 6.0
"""Nats for the third in the last chord, where no other voice has it; off, where one has."""
APPOGGIATURA = 1.5
"""Nats off for a dissonance on a strong beat: the model has learnt them from chords that were inferred, and
so writes more of them than people like to hear against chords that they have typed."""


@dataclass(frozen=True)
class FilledBar:
    """What one bar has been filled with."""

    bar: int
    """Counted from 0."""
    notes: dict[int, tuple[Note, ...]]
    """New notes for each voice that was filled in here, in ticks from the request's first bar."""


def fill(
    model: MusicModel,
    request: FillRequest,
    rng: np.random.Generator,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[FilledBar]:
    """Fills in the bars of a request, from first to last; each is handed out as soon as it is written.

    Args:
        model: what `MusicModel.load` has read.
        request: what is there, and what is wanted.
        rng: chance; the same generator state, request and model give the same notes.
        progress: called with how many bars are done, and of how many.

    Raises:
        BadInput: the constraints collide with one another: the message says which.
    """
    check(request)
    Rules(request, list(Frame.of(request).up))  # so that a collision shows before anything is written
    wanted = sorted({bar for bar, _ in request.fill})
    done = 0
    for start, end in _windows(request, wanted):
        part = _part(request, start, end)
        for filled in _fill_window(model, part, rng):
            shift = start * request.meter.bar_ticks
            notes = {
                voice: tuple(note._replace(start=note.start + shift) for note in found)
                for voice, found in filled.notes.items()
            }
            request = _with_notes(request, start + filled.bar, notes)
            done += 1
            progress(done, len(wanted))
            yield FilledBar(start + filled.bar, notes)


def _windows(request: FillRequest, wanted: list[int]) -> Iterator[tuple[int, int]]:
    """Spans of bars that together hold all that is wanted, each begun some bars before it."""
    most = min(WINDOWS[request.ensemble], request.bars)
    at = 0
    while at < len(wanted):
        start = max(0, min(wanted[at] - OVERLAPS[request.ensemble], request.bars - most))
        if wanted[-1] < most:
            start = 0
        end = start + most
        yield start, end
        while at < len(wanted) and wanted[at] < end:
            at += 1


def _part(request: FillRequest, start: int, end: int) -> FillRequest:
    """The bars from `start` to `end`; what is to be filled in later counts as nothing that is there."""
    bar = request.meter.bar_ticks
    voices = []
    for voice in request.voices:
        notes = [
            note._replace(start=note.start - start * bar)
            for note in voice.notes
            if start * bar <= note.start < end * bar
        ]
        voices.append(replace(voice, notes=tuple(notes)))
    before = [placed for placed in request.chords if placed.start <= start * bar][-1:]
    later = [placed for placed in request.chords if start * bar < placed.start < end * bar]
    chords = [PlacedChord(max(0, placed.start - start * bar), placed.chord) for placed in (*before, *later)]
    return replace(
        request,
        voices=tuple(voices),
        bars=end - start,
        fill=frozenset((bar - start, voice) for bar, voice in request.fill if start <= bar < end),
        chords=tuple(chords),
        begins=request.begins and start == 0,
        ends=request.ends and end == request.bars,
        cadence=request.cadence if end == request.bars else "none",
    )


def _with_notes(request: FillRequest, bar: int, notes: dict[int, tuple[Note, ...]]) -> FillRequest:
    """The request with a bar filled in for good."""
    length = request.meter.bar_ticks
    voices = list(request.voices)
    for place, found in notes.items():
        kept = [note for note in voices[place].notes if not bar * length <= note.start < (bar + 1) * length]
        voices[place] = replace(voices[place], notes=tuple(sorted([*kept, *found])))
    cells = frozenset(cell for cell in request.fill if cell[0] != bar)
    return replace(request, voices=tuple(voices), fill=cells)


def _fill_window(model: MusicModel, request: FillRequest, rng: np.random.Generator) -> Iterator[FilledBar]:
    if not request.fill:
        return
    frame = Frame.of(request)
    speaker = _Speaker(model, request, frame, rng)
    bars = sorted({bar for bar, _ in request.fill})
    writer = Writer(sketch_of(request, frame))
    speaking = converse(writer, request.fill)
    said: Said | None = None
    while True:
        try:
            asked = next(speaking) if said is None else speaking.send(said)
        except StopIteration:
            break
        while bars and bars[0] < asked.bar:
            yield speaker.bar(bars.pop(0))
        said = speaker.answer(writer, asked)
    for bar in bars:
        yield speaker.bar(bar)


class _Speaker:
    """Answers for the model what is asked, and keeps what was said."""

    def __init__(
        self, model: MusicModel, request: FillRequest, frame: Frame, rng: np.random.Generator
    ) -> None:
        self._model, self._request, self._frame, self._rng = model, request, frame, rng
        self._rules = Rules(request, list(frame.up))
        self._lines = Lines(sketch_of(request, frame).voices)
        self._states = [VoiceState() for _ in request.voices]
        self._said: dict[tuple[int, int], list[Event]] = {cell: [] for cell in request.fill}
        self._fed = 0
        model.start()

    def bar(self, bar: int) -> FilledBar:
        return FilledBar(
            bar,
            {
                voice: tuple(self._frame.note(event, voice) for event in events)
                for (number, voice), events in self._said.items()
                if number == bar
            },
        )

    def answer(self, writer: Writer, asked: Asked) -> Said:
        request, state = self._request, self._states[asked.voice]
        self._catch_up(asked, state)
        after = writer.features_at(asked)
        rows = writer.rows_from(self._fed, after)
        self._fed = len(writer.tokens)
        logits = self._model.feed(rows)
        pitch = self._pitch(logits, asked, state)
        token = v.REST if pitch is None else v.pitch_token(pitch)
        logits = self._model.feed(np.array([(token, *after)], np.int64))
        self._fed += 1
        lengths = logits[v.FIRST_DURATION : v.FIRST_DURATION + len(v.DURATIONS)].astype(np.float64)
        allowed = np.array([asked.position + length <= asked.limit for length in v.DURATIONS])
        if request.masks:
            allowed = self._rules.rests(asked) if pitch is None else self._rules.durations(asked, pitch)
            if pitch is not None:
                lengths += CLOSE * self._rules.last_note(asked, pitch)
        length = v.DURATIONS[
            draw(lengths, allowed, request.temperature, LENGTHS[request.ensemble], self._rng)
        ]
        self._note(asked, pitch, length, state)
        return Said(pitch, length)

    def _pitch(self, logits: NDArray[np.float32], asked: Asked, state: VoiceState) -> int | None:
        """The pitch that begins here; None is a rest."""
        request = self._request
        pitches = logits[v.FIRST_PITCH : v.FIRST_PITCH + v.HIGHEST - v.LOWEST + 1].astype(np.float64)
        allowed, may_rest = np.ones(len(pitches), np.bool_), True
        if request.masks:
            allowed, may_rest = self._rules.pitches(asked, state)
            pitches -= APPOGGIATURA * self._rules.dissonant(asked)
            if len(request.voices) > 1:
                pitches -= self._lines.penalties(asked.voice, asked.position, state.last)
                pitches += BASS * self._rules.bass(asked)
                third = self._rules.third(asked)
                pitches += (-THIRD if self._is_sounding(third, asked) else THIRD) * third
        choices = np.append(pitches, logits[v.REST])
        share = PITCHES[request.ensemble]
        place = draw(choices, np.append(allowed, may_rest), request.temperature, share, self._rng)
        return None if place == len(pitches) else v.LOWEST + place

    def _is_sounding(self, pitches: NDArray[np.bool_], asked: Asked) -> bool:
        """Whether another voice sounds one of the pitches."""
        others = (place for place in range(len(self._states)) if place != asked.voice)
        sounding = (self._lines.around(place, asked.position)[0] for place in others)
        return any(event is not None and bool(pitches[event.pitch - v.LOWEST]) for event in sounding)

    def _note(self, asked: Asked, pitch: int | None, length: int, state: VoiceState) -> None:
        if pitch is None:
            state.rests += length
            events = self._said[asked.bar, asked.voice]
            if len(self._states) > 1 and self._rules.is_over(asked, state) and events:
                begun = (
                    events.pop()
                )  # scores with an anacrusis end early; here the last chord is held instead
                events.append(begun._replace(length=asked.position + length - begun.start))
            return
        event = Event(asked.position, length, pitch)
        self._said[asked.bar, asked.voice].append(event)
        self._lines.add(asked.voice, event)
        tones = self._rules.tones_at(asked.position)
        strong = self._rules.is_strong(asked.position)
        state.must_resolve = (
            bool(tones) and strong and not state.must_resolve and pitch % 12 not in (tones or ())
        )
        state.last, state.rests = pitch, 0

    def _catch_up(self, asked: Asked, state: VoiceState) -> None:
        """What this voice had there before, in bars that are not filled in."""
        sounding, _ = self._lines.around(asked.voice, asked.position - 1)
        if sounding is not None:
            state.last = sounding.pitch
