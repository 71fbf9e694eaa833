"""The player as the room uses it: a process of its own makes the sound, so that nothing here can stall it.

The process begins with the first `Player` and ends with it, or with the program that began it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.api.values import STUDIO_VERSION, StudioError, tr
from studio_music.core.song import Song
from studio_music.core.sound.child import Child
from studio_music.core.sound.messages import Message, pack_song

__all__ = ["FontRefused", "NoDevice", "Passed", "Player", "PlayerDied", "PlayerEvent", "Position", "Ready"]


@dataclass(frozen=True)
class Position:
    """Where it plays: about 25 times a second while it plays, and once when it has stopped."""

    tick: float
    playing: bool
    left: float = 0.0
    """The loudest sample since the last one, 0 to 1 and a little more."""
    right: float = 0.0
    clock: float = 0.0
    """`time.monotonic()` of when this tick is heard."""


@dataclass(frozen=True)
class Passed:
    """The loop has begun again."""

    count: int = 1
    """How often since it began to play."""


@dataclass(frozen=True)
class Ready:
    """The sound device is open."""


@dataclass(frozen=True)
class NoDevice:
    """There is no sound device: it plays silently, by the clock."""

    reason: str = ""


@dataclass(frozen=True)
class FontRefused:
    """The sound font that was chosen cannot be played; the one before it goes on."""

    message: str
    hint: str = ""


@dataclass(frozen=True)
class PlayerDied:
    """The process has ended by itself. The next `Player` is another one."""

    error: BaseException


PlayerEvent = Position | Passed | Ready | NoDevice | FontRefused | PlayerDied


class Player:
    """Plays songs. Every method returns at once."""

    def __init__(
        self,
        on_event: Callable[[PlayerEvent], object],
        device: str = os.environ.get("STUDIO_AUDIO_DEVICE", ""),
    ) -> None:
        """
        Args:
            on_event: called from a thread of its own.
            device: "" for the sound device that there is; "null" for one that swallows all, "none".
        """
        self._child = Child(
            "studio_music.core.sound.player",
            [device],
            lambda message: on_event(_event(message)),
            lambda detail: on_event(PlayerDied(_ended(detail))),
        )

    def set_song(self, song: Song) -> None:
        """Another song, or the same one after an edit; while it plays, it goes on without a gap."""
        self._child.tell(lambda: pack_song(song))

    def play(self, tick: float | None = None) -> None:
        """Plays from a tick; from where it is if None."""
        self._wish("play", tick=tick)

    def pause(self) -> None:
        self._wish("pause")

    def stop(self) -> None:
        """Pauses, and goes back to the beginning."""
        self._wish("stop")

    def seek(self, tick: float) -> None:
        self._wish("seek", tick=tick)

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """From which tick to which it is repeated, without a gap."""
        self._wish("loop", loop=loop)

    def set_mix(
        self,
        track: int,
        volume: int | None = None,
        pan: int | None = None,
        reverb: int | None = None,
        muted: bool | None = None,
        solo: bool | None = None,
    ) -> None:
        """Moves the mixer of a track; what is None stays. Heard at once: nothing is rendered again."""
        self._wish("mix", track=track, volume=volume, pan=pan, reverb=reverb, muted=muted, solo=solo)

    def set_metronome(self, on: bool) -> None:
        self._wish("metronome", on=on)

    def set_count_in(self, bars: int) -> None:
        """So many bars are counted before it plays."""
        self._wish("count in", bars=int(bars))

    def audition(self, track: int, pitch: int, velocity: int) -> None:
        """Strikes a key of a track's instrument; velocity 0 lets it go, as 10 seconds do."""
        self._wish("audition", track=track, pitch=pitch, velocity=velocity)

    def set_font(self, path: Path | None) -> None:
        """The sound font of a file; None: ours. A broken one is answered with `FontRefused`."""
        self._wish("font", path=None if path is None else str(path))

    def close(self) -> None:
        """Ends the process; no event comes after that."""
        self._child.close()

    def _wish(self, kind: str, **values: Any) -> None:
        self._child.tell(lambda: Message(kind, values))


_EVENTS: dict[str, Callable[..., PlayerEvent]] = {
    "position": Position,
    "passed": Passed,
    "ready": Ready,
    "no device": NoDevice,
    "font refused": FontRefused,
}


def _event(message: Message) -> PlayerEvent:
    return _EVENTS[message.kind](**message.values)


def _ended(detail: str) -> StudioError:
    return StudioError(
        tr("The player has ended unexpectedly."),
        tr("Play again: it starts anew."),
        f"{STUDIO_VERSION}\n{detail}",
    )
