"""The process that plays: `python -m studio_music.core.sound.player [device]`.

It reads wishes from its standard input and tells what happens on its standard output (`messages`). It ends
with its input, that is with the program that began it. It opens no network connection and writes no file.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

from studio.api.values import BadInput
from studio_music.core.song import Song
from studio_music.core.sound.engine import PART, Engine, Part
from studio_music.core.sound.font import SoundFont, open_font
from studio_music.core.sound.messages import Message, pack, read, unpack_song
from studio_music.core.sound.output import open_output
from studio_music.core.sound.synth import RATE

__all__ = ["main"]

_TELL_SECONDS = 0.04
_AHEAD_PLAYING, _AHEAD_IDLE, _AHEAD_MOST = 4, 2, 16
"""Parts that are mixed ahead."""
_Wish = Message | Song


class _Process:
    def __init__(self, told: BinaryIO, device: str) -> None:
        self._told = told
        self._wishes: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
        self._engine = Engine(open_font(), RATE)
        self._output, reason = open_output(RATE, device)
        self._ahead = _AHEAD_PLAYING
        self._missed = 0
        self._told_at = 0.0
        self._was_playing = False
        self._levels = [0.0, 0.0]
        self._silent = True
        self._tell("ready") if reason is None else self._tell("no device", reason=reason)

    def listen(self, stream: BinaryIO) -> None:
        """Takes wishes from a stream until it ends; songs are unpacked here, so that the sound goes on."""
        try:
            while (message := read(stream)) is not None:
                self._wishes.put(unpack_song(message) if message.kind == "song" else message)
        finally:
            self._wishes.put(None)

    def run(self) -> None:
        """Until there are no more wishes."""
        while True:
            try:
                if not self._take_wishes():
                    return
                self._go_on()
            except BadInput as error:  # a sample of the user's font cannot be decoded
                self._refuse(error)
                self._engine.set_font(open_font())

    def _go_on(self) -> None:
        self._fill(self._wanted())
        self._tell_heard()
        if self._output.queued >= self._wanted() and not self._engine.work():
            self._rest()

    def _wanted(self) -> int:
        return 0 if self._silent else self._ahead if self._was_playing else _AHEAD_IDLE

    def _rest(self) -> None:
        """Waits for the next wish, or until a part is needed."""
        try:
            wish = self._wishes.get(
                timeout=0.5 if self._silent and not self._output.queued else PART / RATE / 2
            )
        except queue.Empty:
            return
        self._do(wish)
        if wish is None:
            self._wishes.put(None)

    def _take_wishes(self) -> bool:
        """Does what is wished; of several songs only the last. False at the end."""
        wishes: list[_Wish | None] = []
        while True:
            try:
                wishes.append(self._wishes.get_nowait())
            except queue.Empty:
                break
        last = max((n for n, wish in enumerate(wishes) if isinstance(wish, Song)), default=-1)
        for number, wish in enumerate(wishes):
            if wish is None:
                return False
            if not isinstance(wish, Song) or number == last:
                self._do(wish)
        return True

    def _do(self, wish: _Wish | None) -> None:
        if wish is None:
            return
        self._silent = False
        if isinstance(wish, Song):
            self._bridge(sum(len(track.notes) for track in wish.tracks))
            self._engine.set_song(wish)
        else:
            self._obey(wish.kind, dict(wish.values))

    def _obey(self, kind: str, values: dict[str, Any]) -> None:
        engine = self._engine
        match kind:
            case "play":
                engine.play(values["tick"])
            case "pause":
                engine.pause()
            case "stop":
                engine.stop()
            case "seek":
                engine.seek(values["tick"])
            case "loop":
                loop = values["loop"]
                self._bridge(2 * engine.notes)
                engine.set_loop((loop[0], loop[1]) if loop else None)
            case "mix":
                track = values.pop("track")
                engine.set_mix(track, **{name: value for name, value in values.items() if value is not None})
            case "metronome":
                engine.set_metronome(values["on"])
            case "count in":
                engine.set_count_in(values["bars"])
            case "audition":
                engine.audition(**values)
            case "font":
                self._set_font(values["path"])

    def _set_font(self, path: str | None) -> None:
        try:
            self._engine.set_font(SoundFont(Path(path)) if path else open_font())
        except (BadInput, OSError) as error:
            self._refuse(error)

    def _refuse(self, error: BadInput | OSError) -> None:
        hint = error.hint if isinstance(error, BadInput) else ""
        self._tell("font refused", message=str(error), hint=hint)

    def _fill(self, wanted: int) -> None:
        """Mixes as many parts ahead as are wanted; more of them on a machine that could not keep up."""
        if self._output.missed != self._missed:
            if self._was_playing and not self._silent:
                self._ahead = min(self._ahead + 1, _AHEAD_MOST)
            self._missed = self._output.missed
        while self._output.queued < wanted:
            part = self._engine.render()
            self._output.write(part)
            self._was_playing = part.playing
            self._silent = part.silent
            if part.silent:
                return

    def _bridge(self, notes: int) -> None:
        """Mixes further ahead than usual, for while so many notes are prepared."""
        if self._was_playing:
            self._fill(self._ahead + min(40, notes // 500))

    def _tell_heard(self) -> None:
        for part, when in self._output.heard():
            self._levels = [
                max(a, float(b)) for a, b in zip(self._levels, abs(part.sound).max(0), strict=True)
            ]
            if part.passed:
                self._tell("passed", count=part.passed)
            self._tell_position(part, when)

    def _tell_position(self, part: Part, when: float) -> None:
        changed = part.playing != self._tells_playing
        if not changed and (when - self._told_at < _TELL_SECONDS or not (part.playing or any(self._levels))):
            return
        left, right = self._levels
        self._tell("position", tick=part.tick, playing=part.playing, left=left, right=right, clock=when)
        self._told_at, self._levels, self._tells_playing = when, [0.0, 0.0], part.playing

    _tells_playing = False

    def _tell(self, kind: str, **values: Any) -> None:
        self._told.write(pack(Message(kind, values)))
        self._told.flush()


def main(device: str = "") -> None:
    # what libraries print must not get between the messages
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    process = _Process(told, device)
    threading.Thread(target=process.listen, args=(sys.stdin.buffer,), daemon=True, name="wishes").start()
    threading.Thread(target=_warm, daemon=True, name="warm").start()
    with contextlib.suppress(BrokenPipeError):  # the program that began it is gone
        process.run()
    os._exit(0)  # at once: a device that hangs keeps nobody waiting


def _warm() -> None:
    """Loads what the first note would wait for."""
    import scipy.linalg.lapack  # noqa: F401
    import soundfile  # noqa: F401


if __name__ == "__main__":
    main(*sys.argv[1:2])
