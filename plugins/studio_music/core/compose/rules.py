"""What may be written where: key, range, chords and cadence, as masks over pitches and durations.

All pitches here are as the model has them: the tonic moved to C (see `Frame`).
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, tr
from studio_music.core.compose.request import FillRequest
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import bar_positions
from studio_music.core.tokens.writing import Asked

Mask = NDArray[np.bool_]
_PITCHES = np.arange(v.LOWEST, v.HIGHEST + 1)
_CLASSES = _PITCHES % 12
_DURATIONS = np.array(v.DURATIONS)
_DOMINANT = (7, 11, 2)
STEP = 2
"""Semitones of the largest step by which a dissonance resolves."""


@dataclass
class VoiceState:
    """What a voice has sung so far."""

    last: int | None = None
    """Its last pitch."""
    must_resolve: bool = False
    """Whether its last note is a dissonance that wants its resolution now."""
    rests: int = 0
    """Positions that it has been silent."""


class Rules:
    """The constraints of one request.

    Args:
        request: already checked.
        up: for each voice the semitones from its real pitches to the model's.

    Raises:
        BadInput: constraints collide.
    """

    def __init__(self, request: FillRequest, up: list[int]) -> None:
        self._request = request
        self.bar = bar_positions(request.meter)
        self.length = self.bar * request.bars
        self._beat = request.meter.beat_ticks // v.GRID
        if self._beat == self.bar:  # 3/8: one beat is the bar
            self._beat = self.bar // request.meter.beats
        self._strong = {tick // v.GRID for tick in request.meter.strong_ticks()}
        tonic = request.key.tonic
        self.scale = frozenset((pitch - tonic) % 12 for pitch in request.key.pitch_classes)
        if request.ensemble != "solo" and request.key.mode == "minor":
            self.scale |= {11}  # minor keys in harmony raise their seventh
        self.starts: list[int] = []
        self.tones: list[frozenset[int] | None] = []
        self._basses: dict[int, tuple[int, bool]] = {}
        """For each position where a chord begins its lowest tone, and whether that was asked for as in
        C/E."""
        for placed in request.chords:
            found = None
            if placed.chord is not None:
                found = frozenset((tone - tonic) % 12 for tone in placed.chord.pitch_classes)
                lowest = (placed.chord.lowest - tonic) % 12
                self._basses[placed.start // v.GRID] = lowest, placed.chord.bass is not None
            if not self.tones or found != self.tones[-1]:
                self.starts.append(placed.start // v.GRID)
                self.tones.append(found)
        self.ranges: list[Mask] = []
        for voice, shift in zip(request.voices, up, strict=True):
            self.ranges.append((voice.low + shift <= _PITCHES) & (voice.high + shift >= _PITCHES))
        self._masks: dict[frozenset[int], Mask] = {}
        self._close = self._closing_position()
        self.final = self._final_tones()
        self._check()

    def tones_at(self, position: int) -> frozenset[int] | None:
        """The pitch classes of the chord at a position; None where there is none."""
        place = bisect.bisect_right(self.starts, position) - 1
        return self.tones[place] if place >= 0 else None

    def next_change(self, position: int) -> int:
        """Where the next chord begins after a position; the end of the music where none does."""
        place = bisect.bisect_right(self.starts, position)
        return self.starts[place] if place < len(self.starts) else self.length

    def is_strong(self, position: int) -> bool:
        return position % self.bar in self._strong or position in self.starts

    def pitches(self, asked: Asked, state: VoiceState) -> tuple[Mask, bool]:
        """Which pitches may begin here, and whether a rest may."""
        within = self.ranges[asked.voice]
        tones = self.tones_at(asked.position)
        if state.must_resolve and state.last is not None and tones:
            return within & self._mask(tones) & self._near(state.last), False
        allowed = within & self._mask(self.scale | (tones or frozenset()))
        if tones and self.is_strong(asked.position):
            chordal = within & self._mask(tones)
            allowed = chordal | (allowed & self._resolvable(asked, chordal))
        lowest, demanded = self._basses.get(asked.position, (0, False))
        below = within & self._mask(frozenset({lowest}))
        if demanded and self._is_bass(asked) and below.any():
            return below, False
        allowed = self._closing(asked, allowed)
        may_rest = self._may_rest(asked, state)
        if not allowed.any() and not may_rest:  # a chord that changes within the last beat
            allowed = within & self._mask(tones or self.scale)
        return allowed, may_rest

    def bass(self, asked: Asked) -> Mask:
        """The lowest tone of a chord that begins here, if this is the lowest of several voices."""
        if asked.position not in self._basses or not self._is_bass(asked):
            return np.zeros(len(_PITCHES), np.bool_)
        return self._mask(frozenset({self._basses[asked.position][0]}))

    def _is_bass(self, asked: Asked) -> bool:
        return 0 < asked.voice == len(self.ranges) - 1

    def dissonant(self, asked: Asked) -> Mask:
        """Pitches that would be a dissonance on a strong beat: they may be, and are to be rare."""
        tones = self.tones_at(asked.position)
        if not tones or not self.is_strong(asked.position):
            return np.zeros(len(_PITCHES), np.bool_)
        return ~self._mask(tones)

    def durations(self, asked: Asked, pitch: int) -> Mask:
        """How long a pitch that begins here may last."""
        end = asked.position + _DURATIONS
        allowed: Mask = (end <= asked.limit) & ((end % 6 == 0) | (end % 4 == 0))
        tones = self.tones_at(asked.position)
        change = self.next_change(asked.position)
        if tones and self.is_strong(asked.position) and pitch % 12 not in tones:  # a dissonance: resolve it
            soon = (end - asked.position <= self._beat) & (end < change) & (end < asked.limit)
            resolving: Mask = allowed & soon
            return resolving
        while change < asked.limit:  # a note is not held into a chord that it does not belong to
            following = self.tones_at(change)
            lowest, demanded = self._basses.get(change, (0, False))
            moves = demanded and self._is_bass(asked) and pitch % 12 != lowest
            if moves or (following is not None and pitch % 12 not in following):
                allowed &= end <= change
                break
            change = self.next_change(change)
        before = asked.limit == self.length and asked.position < self._close
        if before and self.final is not None and pitch % 12 not in self.final[asked.voice]:
            allowed &= end <= self._close
        return allowed

    def last_note(self, asked: Asked, pitch: int) -> Mask:
        """Durations to the end of the music, for a pitch that may close it, late in its last bar."""
        late = asked.position >= min(self._close, self.length - self.bar // 2)
        if self.final is None or not late or pitch % 12 not in self.final[asked.voice]:
            return np.zeros(len(_DURATIONS), np.bool_)
        lasting: Mask = asked.position + _DURATIONS == self.length
        return lasting

    def third(self, asked: Asked) -> Mask:
        """The third of the tonic, for an inner voice of several that closes fully."""
        inner = 0 < asked.voice < len(self.ranges) - 1
        if self._request.cadence != "full" or not inner or asked.position < self._close:
            return np.zeros(len(_PITCHES), np.bool_)
        return self._mask(frozenset({self._third}))

    def rests(self, asked: Asked) -> Mask:
        """How long a rest that begins here may last."""
        end = asked.position + _DURATIONS
        bar_end = (asked.bar + 1) * self.bar
        allowed: Mask = (end <= bar_end) & ((end % 6 == 0) | (end % 4 == 0))
        if self._request.ensemble == "solo":
            allowed &= max(self._beat, self.bar // 2) >= _DURATIONS
        if self.final is not None and asked.bar == self._request.bars - 1 and asked.position < self._close:
            allowed &= end <= self._close
        return allowed

    def is_over(self, asked: Asked, state: VoiceState) -> bool:
        """Whether this voice may have ended: in the last beat of music that ends, on a tone to end on."""
        if not self._request.ends or asked.position < self.length - self._beat or state.last is None:
            return False
        return self.final is None or state.last % 12 in self.final[asked.voice]

    def _may_rest(self, asked: Asked, state: VoiceState) -> bool:
        if self._request.ensemble == "choir" and not self.is_over(asked, state):
            return False
        if state.last is None and asked.voice == 0 and self._request.begins:
            return False
        if self.final is not None and asked.position >= self._close:
            return state.last is not None and state.last % 12 in self.final[asked.voice]
        most = self.bar // 2 if self._request.ensemble == "solo" else self.bar
        return state.rests < most

    def _resolvable(self, asked: Asked, chordal: Mask) -> Mask:
        """Pitches from which a tone of the chord can be reached by step, in time."""
        room = min(self.next_change(asked.position), asked.limit) - asked.position
        closing = self.final is not None and asked.bar == self._request.bars - 1
        if room <= v.PER_QUARTER // 4 or closing:
            return np.zeros_like(chordal)
        near = np.zeros_like(chordal)
        for step in range(1, STEP + 1):
            near[step:] |= chordal[:-step]
            near[:-step] |= chordal[step:]
        return near

    def _closing(self, asked: Asked, allowed: Mask) -> Mask:
        """Where the music closes only the tones of the cadence."""
        if self.final is None or asked.position < self._close:
            return allowed
        closing: Mask = allowed & self._mask(self.final[asked.voice])
        return closing

    def _near(self, pitch: int) -> Mask:
        distance = np.abs(_PITCHES - pitch)
        near: Mask = (distance > 0) & (distance <= STEP)
        return near

    def _mask(self, classes: frozenset[int]) -> Mask:
        found = self._masks.get(classes)
        if found is None:
            found = self._masks[classes] = np.isin(_CLASSES, list(classes))
        return found

    @property
    def _third(self) -> int:
        return 3 if self._request.key.is_minor else 4

    def _closing_position(self) -> int:
        """From where on there are only tones of the cadence: the last beat; of several voices that close
        fully the second half of the bar (all but the first beat where a bar has no half), so that the last
        chord does not come in on the last beat. Not before the chord that was given there."""
        last_beat = self.length - self._beat
        if self._request.cadence != "full" or len(self._request.voices) == 1:
            return last_beat
        half = self._request.meter.half_ticks // v.GRID
        middle = self.length - self.bar + (half if half < self.bar else self._beat)
        return min(last_beat, max(middle, self.starts[-1] if self.starts else 0))

    def _final_tones(self) -> list[frozenset[int]] | None:
        """For each voice the pitch classes that it may end on; None where the cadence is free."""
        request = self._request
        count = len(request.voices)
        if request.cadence == "none":
            return None
        chord = self.tones_at(self.length - 1)
        if request.cadence == "full":
            tonic, triad = frozenset({0}), frozenset({0, self._third, 7}) & self.scale
            top = tonic if (self.ranges[0] & self._mask(tonic)).any() else triad
            wanted = [top, triad, triad, tonic] if count > 1 else [tonic]
        else:
            triad = (frozenset(_DOMINANT) & self.scale) or self.scale - {0}  # some scales have no dominant
            wanted = [triad] * (count - 1) + [triad & {7} or triad] if count > 1 else [triad]
        if chord is None:
            return wanted
        if request.cadence == "loop":  # the last chord leads back, whatever it is
            return [chord] * count
        found = [tones & chord for tones in wanted]
        if not all(found[place] for place in (0, count - 1)):
            raise BadInput(
                tr("The cadence and the last chord collide: no tone of the chord closes the music."),
                tr("Choose another cadence, or end the chords on the tonic."),
            )
        return [tones or chord for tones in found]

    def _check(self) -> None:
        """Raises `BadInput` where nothing at all could be written."""
        for place, within in enumerate(self.ranges):
            if not any(voice == place for _, voice in self._request.fill):
                continue
            if not (within & self._mask(self.scale)).any():
                raise BadInput(
                    tr(
                        "Range and key collide: no tone of the scale lies in the range of voice {voice}.",
                        voice=place + 1,
                    ),
                    tr("Widen the range, or choose another key."),
                )
            for tones in self.tones:
                if tones is not None and not (within & self._mask(tones)).any():
                    raise BadInput(
                        tr(
                            "Range and chords collide: a chord has no tone in the range of voice {voice}.",
                            voice=place + 1,
                        ),
                        tr("Widen the range, or choose other chords."),
                    )
            if self.final is not None and not (within & self._mask(self.final[place])).any():
                raise BadInput(
                    tr(
                        "Range and cadence collide: voice {voice} cannot reach its last tone.",
                        voice=place + 1,
                    ),
                    tr("Widen the range, or choose another cadence."),
                )
