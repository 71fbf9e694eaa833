"""The song on the stage, and the steps that Ctrl+Z takes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from studio.api.values import told
from studio_music.core.song import Song

_MOST_STEPS = 500
_NO_TRACKS: frozenset[int] = frozenset()


class Steps:
    """One song being edited: a value, and those that it was before."""

    def __init__(self, changed: Callable[[Song | None], object]) -> None:
        self._changed = changed
        """Called after a change with the song before."""
        self._done: list[tuple[str, Song]] = []
        """Titles of the steps, with what was there before."""
        self._undone: list[tuple[str, Song]] = []
        self._was_edited = False
        self._merge = ""
        self.song: Song | None = None

    def begin(self, song: Song | None, *, edited: bool = False) -> None:
        """Shows another song: what was done to the last one cannot be taken back any more.

        `edited` tells of one that was left unfinished.
        """
        before, self.song = self.song, song
        self._done, self._undone, self._was_edited, self._merge = [], [], edited, ""
        self._changed(before)

    @property
    def is_edited(self) -> bool:
        """Whether something would be lost with it."""
        return self._was_edited or bool(self._done)

    def change(self, title: str, song: Song, merge: str = "") -> None:
        """Does a step, unless nothing is another.

        Steps in a row that name the same `merge` are one step.
        """
        before = self.song
        if before is None or song is before or song == before:
            return
        if not merge or merge != self._merge or not self._done:
            self._done.append((title, before))
            del self._done[:-_MOST_STEPS]
        self._merge = merge
        self._undone.clear()
        self.song = song
        self._changed(before)

    def end_merge(self) -> None:
        """The next step is one of its own."""
        self._merge = ""

    @property
    def undo_title(self) -> str | None:
        return self._done[-1][0] if self._done else None

    @property
    def redo_title(self) -> str | None:
        return self._undone[-1][0] if self._undone else None

    def undo(self) -> None:
        self._move(self._done, self._undone)

    def redo(self) -> None:
        self._move(self._undone, self._done)

    def _move(self, source: list[tuple[str, Song]], target: list[tuple[str, Song]]) -> None:
        before = self.song
        if source and before is not None:
            title, self.song = source.pop()
            target.append((title, before))
            self._merge = ""
            self._changed(before)


class SongModel(QObject):
    """What the parts of the stage share: the song, its history, and the track that is worked on.

    It is the `StageHistory` of the room.
    """

    changed = Signal(object, object)
    """(Song | None, frozenset of places of tracks that are others now)."""
    begun = Signal()
    """Another song, not an edit of it; `changed` follows."""
    stepping = Signal()
    """A step is taken back or done again; `changed` follows."""
    activated = Signal(int)
    """Another track is active."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = Steps(self._on_change)
        self._active = 0

    @property
    def song(self) -> Song | None:
        return self._steps.song

    @property
    def active(self) -> int:
        """The place of the track that hands work on."""
        return self._active

    def activate(self, track: int) -> None:
        """Works on another track. A place that the song does not have is the last one."""
        tracks = len(self.song.tracks) if self.song is not None else 0
        track = min(max(track, 0), max(tracks - 1, 0))
        if track != self._active:
            self._active = track
            self.activated.emit(track)

    def begin(self, song: Song | None, *, edited: bool = False) -> None:
        """Shows another song, which has no steps to take back; `edited` tells of one left unfinished."""
        self.blockSignals(True)
        self._steps.begin(song, edited=edited)
        self.blockSignals(False)
        self.begun.emit()
        self.activate(self._active)
        tracks = range(len(song.tracks)) if song is not None else ()
        self.changed.emit(song, frozenset(tracks))

    def change(self, title: str, song: Song, merge: str = "") -> None:
        """Does one step, unless nothing is another.

        Args:
            title: What was done, for people, `stored` where it shall follow the language.
            merge: Steps in a row that name the same are one: those of a slider that is dragged.
        """
        self._steps.change(title, song, merge)

    def end_merge(self) -> None:
        """The next step is one of its own: the slider was let go."""
        self._steps.end_merge()

    @property
    def is_edited(self) -> bool:
        """Whether something would be lost with the song."""
        return self._steps.is_edited

    @property
    def undo_title(self) -> str | None:
        title = self._steps.undo_title
        return told(title) if title is not None else None

    @property
    def redo_title(self) -> str | None:
        title = self._steps.redo_title
        return told(title) if title is not None else None

    def undo(self) -> None:
        self.stepping.emit()
        self._steps.undo()

    def redo(self) -> None:
        self.stepping.emit()
        self._steps.redo()

    def _on_change(self, before: Song | None) -> None:
        self.activate(self._active)
        self.changed.emit(self.song, _changed_tracks(before, self.song))


def _changed_tracks(before: Song | None, after: Song | None) -> frozenset[int]:
    if after is None:
        return _NO_TRACKS
    old = before.tracks if before is not None else ()
    count = len(after.tracks)
    return frozenset(n for n in range(count) if n >= len(old) or after.tracks[n] is not old[n])
