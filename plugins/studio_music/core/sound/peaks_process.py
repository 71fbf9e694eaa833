"""The process that computes peaks: `python -m studio_music.core.sound.peaks_process`.

It reads songs from its standard input and tells their peaks on its standard output (`messages`). A new song
takes the place of the one that is being worked on. It makes way for everything else on the machine.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

import numpy as np

from studio.api.values import BadInput
from studio_music.core.song import Song
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.messages import Message, pack, read, unpack_song
from studio_music.core.sound.peaks import BIN, PeakMaker
from studio_music.core.sound.synth import RATE, Audio

__all__ = ["main"]

_NICE = 10
_TELL_SECONDS = 0.1


class _Process:
    def __init__(self, told: BinaryIO) -> None:
        self._told = told
        self._wishes: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._font: str | None = None
        self._maker: PeakMaker | None = None

    def listen(self, stream: BinaryIO) -> None:
        """Takes wishes from a stream until it ends."""
        try:
            while (message := read(stream)) is not None:
                self._wishes.put(message)
        finally:
            self._wishes.put(None)

    def run(self) -> None:
        """Until there are no more wishes."""
        while (wish := self._newest()) is not None:
            song, run, font = unpack_song(wish), wish.values["run"], wish.values["font"]
            try:
                self._work(self._maker_of(font), song, run)
            except (BadInput, OSError):  # the player says so, and goes on with ours
                if font is None:
                    raise
                self._work(self._maker_of(None), song, run)
            _give_back()

    def _newest(self) -> Message | None:
        """Waits for a wish; of several only the last one counts."""
        wish = self._wishes.get()
        while wish is not None and not self._wishes.empty():
            wish = self._wishes.get()
        return wish

    def _maker_of(self, font: str | None) -> PeakMaker:
        if self._maker is None or font != self._font:
            self._maker = PeakMaker(SoundFont(Path(font) if font else OUR_FONT))
            self._font = font
        return self._maker

    def _work(self, maker: PeakMaker, song: Song, run: int) -> None:
        """Tells the peaks some times a second, until something else is wished."""
        made: list[Audio] = []
        begin = bins = 0
        told = time.monotonic()
        for first, bins, peaks in maker.of(song):
            if not self._wishes.empty():
                return
            begin = begin if made else first
            made.append(peaks)
            if time.monotonic() - told >= _TELL_SECONDS:
                self._tell(run, begin, bins, made)
                begin, made, told = first + len(peaks), [], time.monotonic()
        self._tell(run, begin, bins, made, ended=True)

    def _tell(self, run: int, first: int, bins: int, made: list[Audio], *, ended: bool = False) -> None:
        values = {"run": run, "first": first, "bins": bins, "seconds": BIN / RATE, "ended": ended}
        payload = np.concatenate(made).astype("<f4").tobytes() if made else b""
        self._told.write(pack(Message("peaks", values, payload)))
        self._told.flush()


def _give_back() -> None:
    """Returns the memory that a song took: the process waits for the next edit with a third of it."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def main() -> None:
    # what libraries print must not get between the messages
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    process = _Process(told)
    threading.Thread(target=process.listen, args=(sys.stdin.buffer,), daemon=True, name="wishes").start()
    with contextlib.suppress(BrokenPipeError):  # the program that began it is gone
        process.run()
    os._exit(0)


if __name__ == "__main__":
    main()
