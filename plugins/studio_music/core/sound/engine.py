"""What the player plays, part by part: the song, its loop, changes while it sounds, clicks, keys tried.

It knows neither devices nor processes nor clocks: whoever calls `render` gets the next part. Blocks of
tracks are rendered ahead by `work`, so that `render` only mixes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from studio_music.core.song import Note, Song, Track
from studio_music.core.sound.clicks import Beats, click, count_in
from studio_music.core.sound.font import SoundFont
from studio_music.core.sound.mix import gains, send
from studio_music.core.sound.plan import Blocks, Levels, Plan
from studio_music.core.sound.reverb import Reverb
from studio_music.core.sound.synth import RATE, Audio, Synth, Voice, voices_of

__all__ = ["PART", "Engine", "Part"]

PART = 1024
"""Frames that are rendered at once: 23 ms."""
_RISE = 64
"""Frames in which it begins: too short to dull a drum, long enough not to click."""
_READY = 8192
"""Frames that have to be rendered before it begins."""
_AHEAD = 30 * RATE
_KNEE = 0.8
_LONGEST_KEY = 10.0

_FALL = np.linspace(1, 0, PART, dtype=np.float32)[:, None]


@dataclass
class _Now:
    """Where it is."""

    plan: Plan
    frame: int = 0
    wrapped: bool = False
    sounds: bool = False
    """It plays, or what was played still rings."""


@dataclass(frozen=True)
class Part:
    """`PART` frames of sound, and what is true while they are heard."""

    sound: Audio
    tick: float
    playing: bool
    passed: int
    """How often the loop has been passed; 0 where it is not passed in this part."""
    silent: bool
    """Nothing sounds, and nothing will until something is asked for."""


class Engine:
    """Plays one song."""

    def __init__(self, font: SoundFont, rate: int = RATE) -> None:
        self.rate = rate
        self._blocks = Blocks(Synth(font, rate))
        self._loop: tuple[int, int] | None = None
        self._now = _Now(Plan(Song(""), None, self._blocks))
        self._next: Plan | None = None
        """What is played as soon as enough of it is rendered."""
        self._leaving: _Now | None = None
        """What fades out in the next part."""
        self._same = False
        """What fades out is the same music: both fade alike."""
        self._playing = False
        self._waiting = False
        """It begins to play when enough is rendered."""
        self._begins = False
        self._passes = 0
        self._levels: list[Levels] = []
        self._room = Reverb(rate, PART)
        self._clock = 0
        self._metronome = False
        self._bars = 0
        self._counting: list[tuple[int, bool]] = []
        self._count_left = 0
        self._shots: list[tuple[Audio, int]] = []
        """Clicks that sound: each with how much of it was heard."""
        self._keys: dict[tuple[int, int], list[tuple[Voice, Levels]]] = {}
        self._beats = Beats(self._now.plan.song, self._now.plan.frame_at)

    # What is asked for ----------------------------------------------------------------------------------

    def set_song(self, song: Song) -> None:
        self._replace(song)

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        if loop != self._loop:
            self._loop = loop
            self._replace((self._next or self._now.plan).song)

    def set_font(self, font: SoundFont) -> None:
        """Another sound font; keys that are tried end."""
        self._blocks = Blocks(Synth(font, self.rate))
        self._keys = {}
        self._replace((self._next or self._now.plan).song)

    def _replace(self, song: Song) -> None:
        plan = Plan(song, self._loop, self._blocks, self._next or self._now.plan)
        if self._now.sounds and not self._waiting:
            self._next = plan
        else:
            self._take_over(plan)

    def _take_over(self, plan: Plan) -> None:
        """Goes on with another plan at the same tick."""
        tick = self._now.plan.tick_at(self._now.frame)
        if self._now.frame >= self._now.plan.frames:
            tick = min(tick, plan.song.length)
        same_loop = plan.loop is not None and plan.loop == self._now.plan.loop
        self._leave()
        self._same = True
        self._now = _Now(plan, plan.frame_at(tick), self._now.wrapped and same_loop, self._now.sounds)
        if not self._playing:
            self._now.sounds = False
        self._next = None
        self._levels = []
        self._beats = Beats(plan.song, plan.frame_at)

    def play(self, tick: float | None = None) -> None:
        if tick is not None:
            self._go(tick)
        if self._playing:
            return
        if self._next:
            self._take_over(self._next)
        self._leave()
        self._playing = self._waiting = True
        self._now.sounds = True
        self._passes = 0
        if self._now.frame >= self._now.plan.frames:
            self._go(0)
        if self._bars:
            at = self._now.plan.tick_at(self._now.frame)
            self._count_left, self._counting = count_in(self._now.plan.song, at, self._bars, self.rate)

    def pause(self) -> None:
        self._leave()
        self._playing = self._waiting = self._now.sounds = False
        self._count_left, self._counting = 0, []

    def stop(self) -> None:
        self.pause()
        self._go(0)

    def seek(self, tick: float) -> None:
        self._go(tick)

    def _go(self, tick: float) -> None:
        if self._next:
            self._take_over(self._next)
        self._leave()
        plan = self._now.plan
        frame = plan.frame_at(min(max(0.0, tick), plan.song.length))
        self._now = _Now(plan, frame, False, self._playing)
        self._waiting = self._playing

    def _leave(self) -> None:
        """What sounds now fades out."""
        if self._leaving is None and self._now.sounds and not self._waiting and not self._count_left:
            self._leaving = replace(self._now)
            self._same = False
        self._begins = True

    def set_mix(self, track: int, **values: Any) -> None:
        for plan in (self._now.plan, self._next):
            if plan is not None:
                plan.set_mix(track, **values)

    def set_metronome(self, on: bool) -> None:
        self._metronome = on

    def set_count_in(self, bars: int) -> None:
        self._bars = max(0, min(8, bars))

    def audition(self, track: int, pitch: int, velocity: int) -> None:
        """Strikes a key of a track; velocity 0 lets it go."""
        song = (self._next or self._now.plan).song
        if velocity == 0:
            self._let_go((track, pitch))
        elif 0 <= track < len(song.tracks):
            self._strike((track, pitch), song.tracks[track], pitch, velocity, _LONGEST_KEY)

    def _strike(self, key: tuple[int, int], track: Track, pitch: int, velocity: int, seconds: float) -> None:
        self._let_go(key)
        single = replace(track, notes=(Note(0, 1, pitch, velocity),))
        gate = round(seconds * self.rate)
        voices = voices_of(
            single, lambda tick: self._clock + (gate if tick else 0), self._blocks.synth.font, self.rate
        )
        levels = (*gains(track.volume, track.pan), send(track.reverb))
        self._keys.setdefault(key, []).extend((voice, levels) for voice in voices.all)

    def _let_go(self, key: tuple[int, int]) -> None:
        held = self._keys.get(key, [])
        for place, (voice, levels) in enumerate(held):
            gate = max(1, self._clock - voice.start)
            if gate < voice.gate:
                length = min(voice.length, gate + max(0, voice.length - voice.gate))
                if voice.length <= voice.gate:
                    length = min(voice.length, gate + round(voice.envelope.release_seconds * self.rate))
                held[place] = (voice._replace(gate=gate, length=length), levels)

    @property
    def notes(self) -> int:
        """How many notes the song has."""
        return sum(len(track.notes) for track in (self._next or self._now.plan).song.tracks)

    # What comes out -------------------------------------------------------------------------------------

    def work(self) -> bool:
        """Renders one block ahead; False if nothing is left to do. Raises `BadInput` for a damaged font."""
        now = self._now
        if self._next is not None:
            frame = self._next.frame_at(now.plan.tick_at(now.frame))
            for what in self._next.missing((frame, now.wrapped and self._next.loop is not None), 2 * _READY):
                self._next.render(what)
                return True
            self._take_over(self._next)
            return True
        for what in now.plan.missing((now.frame, now.wrapped), _AHEAD):
            now.plan.render(what)
            return True
        now.plan.forget((now.frame, now.wrapped), 2 * _AHEAD)
        return False

    def render(self) -> Part:
        """The next part."""
        now = self._now
        if self._waiting and not any(True for _ in now.plan.missing((now.frame, now.wrapped), _READY)):
            self._waiting = False
        dry, wet = np.zeros((PART, 2), np.float32), np.zeros(PART, np.float32)
        tick, passed = now.plan.tick_at(now.frame), 0
        if self._count_left and not self._waiting:
            self._count()
        elif now.sounds and not self._waiting:
            passed = self._advance(now, dry, wet)
            self._rise(dry, wet)
        if self._leaving is not None:
            self._fade(dry, wet)
        self._add_keys(dry, wet)
        self._add_shots(dry)
        dry += self._room.hear(wet)
        self._clock += PART
        silent = not (now.sounds or self._keys or self._shots or self._room.rings or self._leaving)
        return Part(_limited(dry), tick, self._playing, passed, silent)

    def _rise(self, dry: Audio, wet: Audio) -> None:
        if self._begins and not (self._same and self._leaving):
            rise = np.linspace(0, 1, _RISE, dtype=np.float32)
            dry[:_RISE] *= rise[:, None]
            wet[:_RISE] *= rise
        self._begins = False

    def _fade(self, dry: Audio, wet: Audio) -> None:
        """Adds what is left: the same music crosses over evenly, other music only ends."""
        assert self._leaving is not None
        old_dry, old_wet = np.zeros_like(dry), np.zeros_like(wet)
        levels, self._levels = self._levels, []
        self._advance(self._leaving, old_dry, old_wet, leaves=True)
        self._levels = levels
        if self._same and self._now.sounds:
            dry *= 1 - _FALL
            wet *= 1 - _FALL[:, 0]
        dry += old_dry * _FALL
        wet += old_wet * _FALL[:, 0]
        self._leaving = None

    def _advance(self, now: _Now, dry: Audio, wet: Audio, leaves: bool = False) -> int:
        """Adds the next part of the song, and goes on behind it; how often the loop was passed, or 0."""
        plan, passed, done = now.plan, 0, 0
        targets = plan.levels
        before = self._levels if len(self._levels) == len(targets) else targets
        while done < PART:
            frames = PART - done
            loops = plan.loop is not None and now.frame < plan.span[1]
            if loops:
                frames = min(frames, plan.span[1] - now.frame)
            for number, target in enumerate(targets):
                if any(target) or any(before[number]):
                    sound = plan.track(number, (now.frame, now.wrapped), frames)
                    if sound is not None:
                        _add(sound, before[number], target, done, dry, wet)
            if self._metronome and self._playing and not leaves:
                for at, accent in self._beats.between(now.frame, now.frame + frames):
                    self._shots.append((click(accent, self.rate), now.frame - at - done))
            now.frame += frames
            done += frames
            if loops and now.frame >= plan.span[1]:
                if not now.wrapped and not leaves:
                    self._end_held(plan, done)
                now.frame, now.wrapped = plan.span[0], True
                if not leaves:
                    self._passes += 1
                    passed = self._passes
        if not leaves:
            self._levels = list(targets)
            if now.frame >= plan.frames:
                self._playing = False
                now.sounds = now.frame < plan.end
        return passed

    def _end_held(self, plan: Plan, at: int) -> None:
        """Fades out what is held over the loop's end, which is at frame `at` of this part."""
        for number, (left, right, _) in enumerate(plan.levels):
            sound = plan.held_over(number, PART) if left or right else None
            if sound is not None:
                self._shots.append((sound * _FALL * np.array((left, right), np.float32), -at))

    def _count(self) -> None:
        """A part of the bars that are counted before."""
        self._shots += [(click(accent, self.rate), -at) for at, accent in self._counting if 0 <= at < PART]
        self._counting = [(at - PART, accent) for at, accent in self._counting if at >= PART]
        self._count_left = max(0, self._count_left - PART)

    def _add_shots(self, dry: Audio) -> None:
        left: list[tuple[Audio, int]] = []
        for sound, heard in self._shots:
            start = max(0, -heard)
            part = sound[max(0, heard) : heard + PART]
            dry[start : start + len(part)] += part
            if heard + PART < len(sound):
                left.append((sound, heard + PART))
        self._shots = left

    def _add_keys(self, dry: Audio, wet: Audio) -> None:
        for key, held in list(self._keys.items()):
            for voice, levels in held:
                if voice.start + voice.length > self._clock:
                    _add(self._blocks.synth.block([voice], self._clock, PART), levels, levels, 0, dry, wet)
            self._keys[key] = [one for one in held if one[0].start + one[0].length > self._clock]
            if not self._keys[key]:
                del self._keys[key]


def _add(sound: Audio, before: Levels, target: Levels, at: int, dry: Audio, wet: Audio) -> None:
    """Adds a track through the mixer, which moves evenly from where it was before."""
    here = slice(at, at + len(sound))
    if before == target:
        placed = sound * np.array(target[:2], np.float32)
        sent: Any = np.float32(0.5 * target[2])
    else:
        placed = sound * np.linspace(before[:2], target[:2], len(sound), dtype=np.float32)
        sent = np.linspace(0.5 * before[2], 0.5 * target[2], len(sound), dtype=np.float32)
    dry[here] += placed
    wet[here] += (placed[:, 0] + placed[:, 1]) * sent


def _limited(sound: Audio) -> Audio:
    """Bends what is louder than full scale, instead of cutting it off."""
    over = np.abs(sound) - np.float32(_KNEE)
    if not (over > 0).any():
        return sound
    bent = _KNEE + (1 - _KNEE) * np.tanh(np.maximum(over, 0) / (1 - _KNEE))
    return np.where(over > 0, np.sign(sound) * bent, sound).astype(np.float32)
