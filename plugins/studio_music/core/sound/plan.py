"""A song as the player needs it: its voices, its beats, and its sound in blocks that are rendered once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from studio_music.core.sound.loops import SHORTEST_LOOP, loop_clock, loop_frames, loop_voices
from studio_music.core.sound.mix import audible, gains, send
from studio_music.core.sound.synth import Audio, Synth, Voices, song_frames, voices_of

if TYPE_CHECKING:
    from studio_music.core.song import Song, Track

__all__ = ["BLOCK", "Blocks", "Levels", "Place", "Plan"]

BLOCK = 16384
"""Frames of a track that are rendered at once: a third of a second."""
_KEPT_BYTES = 128 << 20

Place = tuple[int, bool]
"""A frame of the song, and whether it is in a later pass of the loop, with the tails of the pass before."""
Levels = tuple[float, float, float]
"""Left, right, and what is sent to the reverb."""


class Blocks:
    """Blocks of tracks by what sounds in them: after an edit only those are rendered that it changed."""

    def __init__(self, synth: Synth) -> None:
        self.synth = synth
        self._kept: OrderedDict[tuple[object, ...], Audio | None] = OrderedDict()
        self._bytes = 0

    def get(self, voices: Voices, start: int, end: int) -> Audio | None:
        """The sound from frame `start` to `end`: frames × 2, None for silence. Renders what is not there."""
        active = voices.between(start, end)
        if not active:
            return None
        key = (end - start, *((v.start - start, *v[1:4], id(v.region), *v[6:]) for v in active))
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        block = self.synth.block(active, start, end - start)
        self._kept[key] = block if block.any() else None
        self._bytes += block.nbytes
        while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
            gone = self._kept.popitem(last=False)[1]
            self._bytes -= 0 if gone is None else gone.nbytes
        return self._kept[key]


class Plan:
    """One song to be played, with its loop. The mixer can be moved; for all else there is another plan."""

    def __init__(
        self, song: Song, loop: tuple[int, int] | None, blocks: Blocks, before: Plan | None = None
    ) -> None:
        """
        Args:
            loop: in ticks; one that is too short to be heard as a loop is none.
            before: the plan whose voices are used again where its tracks are the same.
        """
        self.song = song
        self.rate = blocks.synth.rate
        self._blocks = blocks
        self._synth = blocks.synth
        self.frames = song_frames(song, self.rate)
        self.loop = loop if loop and loop[1] > loop[0] else None
        if self.loop and song.seconds_at(self.loop[1]) - song.seconds_at(self.loop[0]) < SHORTEST_LOOP:
            self.loop = None
        self.span = loop_frames(song, self.loop, self.rate) if self.loop else (0, self.frames)
        self._clock = loop_clock(song, self.loop, self.rate) if self.loop else None
        self._known = self._reusable(before)
        self._straight = [self._voices(track, False) for track in song.tracks]
        self._wrapped = [self._voices(track, True) for track in song.tracks] if self.loop else []
        self._done: dict[tuple[int, bool, int], Audio | None] = {}
        self.end = max([self.frames, *(voices.end for voices in self._straight)])
        self._remember()
        self._mix()

    def _reusable(self, before: Plan | None) -> dict[tuple[object, ...], Voices]:
        if before is None or before._synth is not self._synth or before.song.tempos != self.song.tempos:
            return {}
        return before._known

    def _voices(self, track: Track, wrapped: bool) -> Voices:
        key = self._key(track, wrapped)
        voices = self._known.get(key)
        if voices is None:
            if wrapped and self.loop:
                voices = loop_voices(self.song, track, self.loop, self._synth.font, self.rate)
            else:
                voices = voices_of(track, self.frame_at, self._synth.font, self.rate)
            self._synth.expect(voices)
        return voices

    def _remember(self) -> None:
        """The voices of this plan for the next one; those of older plans are let go."""
        kinds = (False, True) if self.loop else (False,)
        self._known = {
            self._key(track, wrapped): voices[number]
            for wrapped in kinds
            for voices in [self._wrapped if wrapped else self._straight]
            for number, track in enumerate(self.song.tracks)
        }

    def _key(self, track: Track, wrapped: bool) -> tuple[object, ...]:
        return track.notes, track.program, track.is_drums, self.loop, wrapped

    def frame_at(self, tick: float) -> int:
        if self._clock is not None:
            return self._clock(tick)
        return round(self.song.seconds_at(tick) * self.rate)

    def tick_at(self, frame: int) -> float:
        return min(self.song.tick_at(frame / self.rate), float(self.song.length))

    # The mixer ------------------------------------------------------------------------------------------

    def set_mix(self, number: int, **values: Any) -> None:
        if 0 <= number < len(self.song.tracks):
            self.song = self.song.with_track(number, replace(self.song.tracks[number], **values))
            self._mix()

    def _mix(self) -> None:
        heard = audible(self.song.tracks)
        self.levels: list[Levels] = [
            (*gains(track.volume, track.pan), send(track.reverb)) if heard[number] else (0.0, 0.0, 0.0)
            for number, track in enumerate(self.song.tracks)
        ]

    # Blocks ---------------------------------------------------------------------------------------------

    def track(self, number: int, place: Place, frames: int) -> Audio | None:
        """The sound of a track from a place on, not beyond the loop's end: frames × 2, None for silence."""
        frame, wrapped = place
        out: Audio | None = None
        at = frame
        while at < frame + frames:
            index, start, end = self._around(at, wrapped)
            block = self._block(number, wrapped, index, start, end)
            upto = min(end, frame + frames)
            if block is not None:
                if out is None:
                    out = np.zeros((frames, 2), np.float32)
                out[at - frame : upto - frame] = block[at - start : upto - start]
            at = upto
        return out

    def held_over(self, number: int, frames: int) -> Audio | None:
        """What goes on behind the loop's end of notes that began before the loop: later passes lack them."""
        start, end = self.span
        held = [
            v
            for v in self._straight[number].between(end, end + 1)
            if v.start < start and v.start + v.gate > end
        ]
        return self._synth.block(held, end, frames) if held else None

    def missing(self, place: Place, frames: int) -> Iterator[tuple[int, bool, int]]:
        """The blocks that are not rendered yet, of what is heard from a place on; the nearest first."""
        for wrapped, index in self._ahead(place, frames):
            for number, levels in enumerate(self.levels):
                if any(levels) and (number, wrapped, index) not in self._done:
                    yield number, wrapped, index

    def render(self, what: tuple[int, bool, int]) -> None:
        number, wrapped, index = what
        start = (self.span[0] if wrapped else 0) + index * BLOCK
        end = min(start + BLOCK, self.span[1]) if wrapped else start + BLOCK
        self._block(number, wrapped, index, start, end)

    def _block(self, number: int, wrapped: bool, index: int, start: int, end: int) -> Audio | None:
        key = number, wrapped, index
        if key not in self._done:
            voices = (self._wrapped if wrapped else self._straight)[number]
            self._done[key] = self._blocks.get(voices, start, end)
        return self._done[key]

    def forget(self, place: Place, frames: int) -> None:
        """Lets go of blocks that are not heard soon; `Blocks` keeps as many of them as it may."""
        near = set(self._ahead(place, frames))
        for key in [key for key in self._done if key[1:] not in near]:
            del self._done[key]

    def _around(self, frame: int, wrapped: bool) -> tuple[int, int, int]:
        base = self.span[0] if wrapped else 0
        index = (frame - base) // BLOCK
        start = base + index * BLOCK
        return index, start, min(start + BLOCK, self.span[1]) if wrapped else start + BLOCK

    def _ahead(self, place: Place, frames: int) -> Iterator[tuple[bool, int]]:
        """The blocks that are heard from a place on."""
        frame, wrapped = place
        loops = self.loop is not None and frame < self.span[1]
        stop = self.span[1] if loops else self.end
        while frames > 0 and frame < stop:
            index, _, end = self._around(frame, wrapped)
            yield wrapped, index
            frames -= end - frame
            frame = end
            if loops and frame >= stop:
                if wrapped and frames > stop - self.span[0]:
                    frames = stop - self.span[0]  # the next pass is the same one
                frame, wrapped = self.span[0], True
