"""Songs that are dragged out of the window, as files."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QWidget

from studio.api.values import StudioError, safe_name, tr
from studio.ui.api import RoomContext, Task
from studio_music.core.editing.chosen import Chosen
from studio_music.core.midi_file import write_song
from studio_music.core.song import Song
from studio_music.room.document import SongDocument
from studio_music.room.page import MusicPage
from studio_music.room.rendering import write_audio

_PREFIX = "studio-music-out-"
_KEPT_SECONDS = 2 * 86400
"""Other programs may read what was dropped on them a good while later."""


class Handing(QObject):
    """Files lie in folders that outlive the drag; old ones are swept away at the next start."""

    def __init__(self, context: RoomContext, page: MusicPage, document: SongDocument) -> None:
        super().__init__()
        self._context, self._page, self._document = context, page, document
        self._folder: Path | None = None
        self._audio: tuple[Song, Path] | None = None
        """What was rendered last."""
        self._task: Task | None = None
        self._is_held = False
        """Whether the button for audio is being dragged, and waits for its file."""

    def attach(self) -> None:
        """The page has its parts now."""
        acts, roll = self._page.acts, self._page.roll
        roll.drag_out_wanted.connect(self._drag_notes)
        acts.midi.drag_wanted.connect(self._drag_midi)
        acts.midi.clicked.connect(
            lambda: self._context.say(tr("Drag the button to where the MIDI file shall go."))
        )
        acts.audio.pressed_down.connect(self._render)
        acts.audio.drag_wanted.connect(self._drag_audio)
        acts.audio.clicked.connect(
            lambda: self._context.say(tr("Drag the button to where the audio file shall go."))
        )
        self._context.tasks.start(tr("Clearing up"), lambda _: _sweep(), lambda _: None, owner=self)

    # MIDI --------------------------------------------------------------------------------------------------

    def _drag_notes(self, chosen: Chosen) -> None:
        song = self._document.model.song
        if song is None:
            return
        wanted = notes_as_song(song, chosen) if chosen else self._wanted()
        if wanted is not None:
            self._drag_song(wanted)

    def _drag_midi(self) -> None:
        song = self._wanted()
        if song is not None:
            self._drag_song(song)

    def _drag_song(self, song: Song) -> None:
        file = self._file(song.title or self._document.name, ".mid")
        try:
            write_song(song, file)
        except (StudioError, OSError) as error:
            self._context.report(error)
            return
        self._drag(file)

    def _wanted(self) -> Song | None:
        """The marked bars, or everything."""
        song, roll = self._document.model.song, self._page.roll
        if song is None or roll.bars is None:
            return song
        first, last = roll.bars
        return song.slice(song.bars[first].start, song.bars[last].end)

    # Audio -------------------------------------------------------------------------------------------------

    def _render(self) -> None:
        """Begun when the button is pressed: mostly it is there when the pointer leaves the button."""
        song = self._wanted()
        if song is None or self._task is not None or (self._audio is not None and self._audio[0] == song):
            return
        file = self._file(song.title or self._document.name, ".wav")

        def work(task: Task) -> tuple[Song, Path]:
            write_audio(song, file, task)
            return song, file

        def done(made: tuple[Song, Path]) -> None:
            self._task, self._audio = None, made
            if self._is_held:
                self._is_held = False
                if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                    self._drag(made[1])
                else:
                    self._context.say(tr("The audio is ready: drag the button once more."))

        def failed(error: BaseException) -> None:
            self._task, self._is_held = None, False
            self._context.report(error)

        self._task = self._context.tasks.start(tr("Rendering the song"), work, done, failed, owner=self)

    def _drag_audio(self) -> None:
        if self._task is not None:
            self._is_held = True
        elif self._audio is not None and self._audio[1].exists():
            self._drag(self._audio[1])

    # Within ------------------------------------------------------------------------------------------------

    def _file(self, name: str, ending: str) -> Path:
        """Each in a folder of its own, so that it can have its name."""
        if self._folder is None or not self._folder.exists():
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        return Path(tempfile.mkdtemp(dir=self._folder)) / safe_name(name or tr("Song"), ending)

    def _drag(self, file: Path) -> None:
        run_drag(self._page, file)


def run_drag(source: QWidget, file: Path) -> None:
    """Drags a file out of a widget, until it is dropped."""
    drag, data = QDrag(source), QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    drag.setMimeData(data)
    drag.exec(Qt.DropAction.CopyAction)


def notes_as_song(song: Song, chosen: Chosen) -> Song:
    """Chosen notes alone, from the beginning of their first bar to the end of their last."""
    track = song.tracks[chosen.track]
    alone = replace(
        song, title=track.name or song.title, tracks=(replace(track, notes=tuple(sorted(chosen.notes))),)
    )
    start, end = song.bar_at(chosen.start).start, song.bar_at(chosen.end - 1).end
    return alone.slice(start, max(end, chosen.end))


def _sweep() -> None:
    """Removes what former sessions have left, once nobody can want it any more."""
    now = time.time()
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if now - folder.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # another process was faster
            continue
