"""What is heard: the song of the roll, or one of those that are compared; and where it plays."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.api.values import BadInput, tr
from studio.ui.api import Bridge
from studio_music.core.own_font import own_font
from studio_music.core.song import Song
from studio_music.core.sound.player_client import (
    FontRefused,
    NoDevice,
    Passed,
    Player,
    PlayerDied,
    Position,
)

_FRAME_MS = 16
_STALE_SECONDS = 0.15
"""After it was sent elsewhere, or told to play or to pause, the player may still tell of before."""
_SETTLE_MS, _BEGIN_MS = 40, 400
"""The player gets a song so long after its last change: a drag changes it at every move of the pointer. The
first that is seen begins the player, a little later, so that it is ready when somebody wants to hear it."""


class Playing(QObject):
    """The player is a process of its own, begun with the first song that is seen, or shall be heard.

    It tells where it is some times a second; between, the place goes on by the clock.
    """

    moved = Signal(float)
    """(tick): the cursor's place, as often as the screen is drawn while it plays."""
    changed = Signal()
    """It plays or not, there is a device or not, it loops or not."""
    passed = Signal()
    """The loop has begun again."""
    level = Signal(float, float)
    """Peaks of left and right, 0 to 1."""
    font_changed = Signal()
    failed = Signal(object)
    """(BaseException): the player has ended."""

    def __init__(self) -> None:
        super().__init__()
        self._player: Player | None = None
        self._bridge = Bridge()
        self._bridge.listen(self._on_event)
        self.font = own_font()
        """The user's sound font; None for ours."""
        self.song: Song | None = None
        self._sent: Song | None = None
        self.is_playing = self.loops = self.metronome = self.count_in = False
        self.silence = ""
        """Why nothing is heard; "" if it can be."""
        self._tick, self._at = 0.0, 0.0
        """Where it was when that was told last, and when that was (`time.monotonic`)."""
        self._asked = 0.0
        """When something was asked for last that changes where or whether it plays."""
        self._from = 0.0
        """Where it began to play: *Stop* goes back there."""
        self._is_seen = False
        """Whether the room is on the screen; else only what shall be heard begins the player."""
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self._send)
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._tell_moved)

    def _tell_moved(self) -> None:
        self.moved.emit(self.tick)

    @property
    def tick(self) -> float:
        """Where it plays now."""
        song = self.song
        if song is None or not self.is_playing:
            return self._tick
        seconds = song.seconds_at(self._tick) + time.monotonic() - self._at
        tick, loop = song.tick_at(seconds), self.loop
        if loop is not None and tick >= loop[1] > self._tick:
            return loop[0] + (tick - loop[1]) % max(1, loop[1] - loop[0])
        return min(tick, song.length)

    @property
    def loop(self) -> tuple[int, int] | None:
        """What is repeated, in ticks: what the song says, else all of it."""
        if self.song is None or not self.loops or not self.song.length:
            return None
        return self.song.loop or (0, self.song.length)

    # What is asked for -------------------------------------------------------------------------------------

    def show(self, song: Song | None, *, at_once: bool = False) -> None:
        """Another song, or the same one after an edit: while it plays it goes on where it is."""
        self.song = song
        if song is None:
            self.pause()
            self._settling.stop()
            self._move(0)
        elif at_once:
            self._send()
        else:
            self._settle()

    def see(self, on: bool) -> None:
        """The room comes onto the screen, where somebody may want to hear the song soon, or leaves it."""
        self._is_seen = on
        if on and self.song is not None:
            self._settle()

    def toggle(self) -> None:
        self.pause() if self.is_playing else self.play()

    def play(self) -> None:
        if self.song is None or self.is_playing:
            return
        self._send()
        if self._tick >= self.song.length:
            self.seek(0)
        self._from = self._tick
        self._client().play(self._tick)
        self._asked = time.monotonic()
        self._set_playing(True)

    def pause(self) -> None:
        if self.is_playing:
            self._move(self.tick)
            self._client().pause()
            self._set_playing(False)

    def stop(self) -> None:
        """Goes back to where it began to play; where it is there already, to the beginning."""
        back = self._from if self.is_playing or self._tick != self._from else 0.0
        self.pause()
        self._from = back
        self.seek(back)

    def seek(self, tick: float) -> None:
        length = self.song.length if self.song is not None else 0
        self._move(min(max(0.0, tick), float(length)))
        self._asked = time.monotonic()
        if self._player is not None:
            self._player.seek(self._tick)
        self.moved.emit(self._tick)

    def set_loops(self, on: bool) -> None:
        if on != self.loops:
            self.loops = on
            self._tell_loop()
            self.changed.emit()

    def set_metronome(self, on: bool) -> None:
        self.metronome = on
        if self._player is not None:
            self._player.set_metronome(on)
        self.changed.emit()

    def set_count_in(self, on: bool) -> None:
        self.count_in = on
        if self._player is not None:
            self._player.set_count_in(int(on))
        self.changed.emit()

    def set_mix(self, track: int, values: Mapping[str, Any]) -> None:
        """Volume, pan or reverb of a track, to be heard while its fader is moved."""
        if self._player is not None:
            self._player.set_mix(track, **values)

    def set_font(self, path: Path | None) -> None:
        """Another sound font; None for ours."""
        self.font = path
        if self._player is not None:
            self._player.set_font(path)
        self.font_changed.emit()

    def note_on(self, track: int, pitch: int, velocity: int) -> None:
        self._send()
        self._client().audition(track, pitch, velocity)

    def note_off(self, track: int, pitch: int) -> None:
        if self._player is not None:
            self._player.audition(track, pitch, 0)

    def close(self) -> None:
        self._frames.stop()
        self._settling.stop()
        if self._player is not None:
            self._player.close()
            self._player = None
        self._bridge.unlisten(self._on_event)
        self._bridge.close()

    # What happens ------------------------------------------------------------------------------------------

    def _client(self) -> Player:
        """Begins it, where it does not run."""
        if self._player is None:
            self._player = Player(self._bridge.post)
            self._sent = None
            if self.font is not None:
                self._player.set_font(self.font)
            self._player.set_metronome(self.metronome)
            self._player.set_count_in(int(self.count_in))
        return self._player

    def _settle(self) -> None:
        """Hands the player the song a little later."""
        if self._player is not None or self._is_seen:
            self._settling.start(_SETTLE_MS if self._player is not None else _BEGIN_MS)

    def _send(self) -> None:
        """The player has the song as it is now."""
        self._settling.stop()
        if self.song is not None and self.song is not self._sent:
            first = self._sent is None
            self._client().set_song(self.song)
            self._sent = self.song
            self._tell_loop()
            if first:
                self._client().seek(self._tick)

    def _tell_loop(self) -> None:
        """Who is past its end already begins it anew."""
        if self._player is not None:
            self._player.set_loop(self.loop)
        if self.is_playing and self.loop is not None and self.tick >= self.loop[1]:
            self.seek(self.loop[0])

    def _move(self, tick: float) -> None:
        self._tick, self._at = tick, time.monotonic()

    def _set_playing(self, on: bool) -> None:
        if on != self.is_playing:
            self._at = time.monotonic()
            self.is_playing = on
            self._frames.start() if on else self._frames.stop()
            self.changed.emit()

    def _on_event(self, event: object) -> None:
        if isinstance(event, Position):
            self.level.emit(event.left, event.right)
            if not self.is_playing or time.monotonic() - self._asked < _STALE_SECONDS:
                return
            self._tick, self._at = event.tick, event.clock or time.monotonic()
            if not event.playing:
                self._set_playing(False)
            self.moved.emit(self.tick)
        elif isinstance(event, Passed):
            self.passed.emit()
        elif isinstance(event, NoDevice):
            self.silence = tr("No audio device: it plays silently")
            self.changed.emit()
        elif isinstance(event, FontRefused):
            self.failed.emit(BadInput(event.message, event.hint))
        elif isinstance(event, PlayerDied):
            self._player, self._sent = None, None
            self.silence = ""
            self._set_playing(False)
            self.failed.emit(event.error)
