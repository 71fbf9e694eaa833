"""Engraved scores of songs: the side that asks the engraving process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass

import msgspec

from studio.api.values import BadInput, StudioError, tr
from studio_music.core.score.engraving import read_frame, write_frame
from studio_music.core.score.pages import EngraveRequest, Page, Reply
from studio_music.core.score.parts import titles_of
from studio_music.core.song import Song

MOST_NOTES = 30_000
"""What a score may have: it takes verovio a minute."""
SECONDS = 120.0
SCALE = 40
"""Percent, as in `EngraveRequest`."""


@dataclass(frozen=True)
class Engraving:
    """A score as pages."""

    pages: tuple[Page, ...]


class Engraver:
    """Engraves songs, one after the other, in a process that is kept. May be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def engrave(self, song: Song, width: int, height: int = 1123, scale: int = SCALE) -> Engraving:
        """The pages of a song's score. Waits until they are there.

        Args:
            width: of a page in pixels, at least 200.
            height: the most that a page may have, in pixels.
            scale: percent; 40 is usual on screens.

        Raises:
            BadInput: verovio is not installed, or the score is too large.
            StudioError: the score could not be engraved.
        """
        count = sum(len(track.notes) for track in song.tracks)
        if count > MOST_NOTES:
            raise BadInput(
                tr("A score of {count} notes is too large to be engraved.", count=count),
                tr("Choose fewer bars or tracks; MusicXML has all of them."),
            )
        reply = self._ask(EngraveRequest(song, titles_of(song), width, height, scale))
        if reply.missing:
            raise BadInput(
                tr("Scores are engraved by verovio, which is not installed."),
                tr("Install it with: {command}", command="pip install verovio"),
            )
        if reply.failed or not reply.pages:
            raise _failed(reply.failed)
        return Engraving(tuple(reply.pages))

    def close(self) -> None:
        """Ends the process; another `engrave` begins a new one."""
        with self._lock:
            self._end()

    def _ask(self, request: EngraveRequest) -> Reply:
        with self._lock:
            process = self._running()
            guard = threading.Timer(SECONDS, process.kill)
            guard.daemon = True
            guard.start()
            try:
                assert process.stdin is not None
                assert process.stdout is not None
                write_frame(process.stdin, msgspec.msgpack.encode(request))
                body = read_frame(process.stdout)
            except OSError:
                body = None
            finally:
                guard.cancel()
            if body is None:
                self._end()
                raise _failed("the process ended")
            return msgspec.msgpack.decode(body, type=Reply)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "studio_music.core.score.engraving"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=dict(os.environ),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process = None


def _failed(details: str) -> StudioError:
    return StudioError(
        tr("The score could not be engraved."), tr("Export it as MusicXML, or try fewer bars."), details
    )
