"""The song at hand: which item it is, what was changed in it since, and how it survives a crash."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.api.values import ProjectError, StudioError, tr
from studio.ui.api import Item, RoomContext
from studio_music.core.meter import Meter
from studio_music.core.midi_file import read_with_remarks, song_bytes
from studio_music.core.song import Song, Track
from studio_music.core.state import Unfinished
from studio_music.room.roll.model import SongModel

EDITED = "music/edited"
KIND = "music"
_MOST_VERSIONS = 64
"""Songs of which it is remembered that they are items: as many as steps that are likely to be taken back."""


class SongDocument(QObject):
    """Knows of each song that the history can come back to whether it is an item of the project."""

    opened = Signal()
    """Another song is on the stage, or none."""
    state_changed = Signal()
    """Whether it is kept may be another now."""

    def __init__(self, context: RoomContext, model: SongModel) -> None:
        super().__init__()
        self._context, self.model = context, model
        self.name = ""
        self.item: Item | None = None
        """What the song at hand is, or was before it was changed."""
        self._versions: list[tuple[Song, Item]] = []
        self._wanted: Item | None = None
        """What is being read."""
        self._live: Song | None = None
        """What a running job has written so far, while it is on the stage."""
        model.changed.connect(self._on_change)

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost with the song on the stage."""
        song = self.model.song
        if song is None or song is self._live or self._item_of(song) is not None:
            return False
        return self.item is not None or _has_notes(song)

    @property
    def given_item(self) -> Item | None:
        """The item that is exactly what is on the stage; None where it was changed."""
        return self._item_of(self.model.song) if self.model.song is not None else None

    def is_at_hand(self, item: Item) -> bool:
        """Whether the song on the stage is this item, or what was made of it by hand."""
        return self.item is not None and self.item.uid == item.uid and self.model.song is not None

    # Opening -----------------------------------------------------------------------------------------------

    def open(
        self, item: Item, step: str = "", merge: str = "", then: Callable[[], object] = lambda: None
    ) -> None:
        """Reads an item and shows it, then goes on with `then`.

        With the title of a `step` the song before can be taken back to. Steps in a row that share `merge` are
        one.
        """
        self._wanted = item
        try:
            path = self._context.items.file(item)
        except StudioError as error:
            self._context.report(error)
            return

        def done(read: tuple[Song, tuple[str, ...]]) -> None:
            if self._wanted is item:
                self._wanted = None
                song, remarks = read
                self.show(replace(song, title=item.name), item, step, merge)
                if remarks:  # it came from another program
                    self._context.say(" ".join(remarks))
                then()

        self._context.tasks.start(tr("Opening the song"), lambda _: read_with_remarks(path), done, owner=self)

    def show(self, song: Song, item: Item, step: str = "", merge: str = "") -> None:
        """Shows a song that is an item; what was changed before is told, unless it can be taken back to."""
        lost = self.unfinished() if not step else None
        self._remember(song, item)
        self.item, self.name = item, item.name
        if step and self.model.song is not None:
            self.model.change(step, song, merge=merge)
            self.model.end_merge()
        else:
            self.model.begin(song)
        if self.model.song is not song and self.model.song is not None:  # it is equal to the one before
            self._remember(self.model.song, item)
            self.state_changed.emit()
        self.opened.emit()
        if lost:
            self._context.say(
                tr("What was changed is not kept."), tr("Go back"), lambda: self.bring_back(lost)
            )

    def show_live(self, song: Song, step: str, merge: str, *, is_first: bool) -> None:
        """What a job has written so far: no edit of the user's, and nothing to keep.

        `is_first`: nothing was on the stage before, that could be taken back to.
        """
        self._live = song
        if is_first:
            self.name = step
            self.model.begin(song)
        else:
            self.model.change(step, song, merge=merge)
        self._live = self.model.song

    def take_back_live(self, before: Song | None) -> None:
        """The job came to nothing: the song before is there again."""
        if before is None:
            self.name = ""
            self.model.begin(None)
            self.opened.emit()
        else:
            self.model.undo()
        self._live = None
        self.state_changed.emit()

    def take_over(self, song: Song, item: Item | None, name: str, *, is_kept: bool) -> None:
        """What was on the stage of a window that is built anew."""
        self.item, self.name = item, name
        if item is not None and is_kept:
            self._remember(song, item)
        self.model.begin(song, edited=not is_kept)
        self.opened.emit()

    def remember(self, song: Song, item: Item) -> None:
        """A song that is on the stage already has become an item."""
        self._remember(song, item)
        self.item, self.name = item, item.name
        self.state_changed.emit()
        self._context.changed()

    def renew(self) -> None:
        """The item has another name, or other stars."""
        item = self._item(self.item.uid) if self.item is not None else None
        if item is not None:
            self.item, self.name = item, item.name
            self._versions = [(song, item if one.uid == item.uid else one) for song, one in self._versions]

    def begin_empty(self) -> None:
        """A song to be drawn by hand."""
        lost = self.unfinished()
        self.item, self.name, self._wanted = None, tr("New song"), None
        bars = 8 * Meter(4, 4).bar_ticks
        self.model.begin(Song(self.name, (Track(tr("Piano"), role="melody"),), bars))
        self.opened.emit()
        self._tell_lost(lost)

    def forget(self) -> None:
        """The project was closed."""
        self.item, self.name, self._wanted = None, "", None
        self._versions.clear()
        self._live = None
        self.model.begin(None)
        self.opened.emit()

    # Keeping -----------------------------------------------------------------------------------------------

    def keep(self, then: Callable[[Item], object] | None = None) -> None:
        """The song becomes an item, with a recipe that says which one it was made from."""
        song = self.model.song
        if song is None:
            return
        item = self.given_item
        if item is not None:
            if then is None:
                self._context.say(tr("“{name}” is kept already.", name=item.name))
            else:
                then(item)
            return
        if not _has_notes(song):
            self._context.say(_nothing_to_keep())
            return
        parent, name = self.item, self._name_of_next()

        def done(kept: Item) -> None:
            self.remember(song, kept)
            self._context.select([kept])
            if then is None:
                self._context.say(tr("“{name}” is kept.", name=kept.name))
            else:
                then(kept)

        self._context.tasks.start(
            tr("Keeping the song"), lambda _: self._record(song, parent, name), done, owner=self
        )

    def keep_now(self) -> Item | None:
        """The same, for who needs the item at once; None where that failed, which is told."""
        song = self.model.song
        if song is None:
            return None
        item = self.given_item
        if item is None and not _has_notes(song):
            self._context.say(_nothing_to_keep())
            return None
        if item is None:
            try:
                item = self._record(song, self.item, self._name_of_next())
            except StudioError as error:
                self._context.report(error)
                return None
            self.remember(song, item)
            self._context.select([item])
        return item

    def _record(self, song: Song, parent: Item | None, name: str) -> Item:
        data = song_bytes(replace(song, title=name))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "song.mid"
            file.write_bytes(data)
            return self._context.items.record(
                EDITED,
                {"midi": base64.b64encode(data).decode()},
                file,
                kind=KIND,
                name=name,
                inputs={"song": parent} if parent is not None else {},
                parent=parent,
            )

    def _name_of_next(self) -> str:
        """Versions of a song have its name."""
        return self.name or tr("Song")

    def write_temporary(self, song: Song) -> Path:
        """A song as a file in a folder of its own, for a job that is made of it. May be called on tasks."""
        file = Path(tempfile.mkdtemp(prefix="studio-music-")) / "song.mid"
        file.write_bytes(song_bytes(song))
        return file

    # The working copy --------------------------------------------------------------------------------------

    def unfinished(self) -> Unfinished | None:
        """What would be lost in a crash."""
        song = self.model.song
        if song is None or not self.is_changed:
            return None
        return Unfinished(song, self.item.uid if self.item is not None else "", self.name)

    def bring_back(self, unfinished: Unfinished) -> None:
        """Shows what `unfinished` gave."""
        self.item, self.name = self._item(unfinished.of), unfinished.name
        self._wanted = None
        self.model.begin(unfinished.song, edited=True)
        self.opened.emit()

    def _item(self, uid: str) -> Item | None:
        try:
            return self._context.items.item(uid) if uid else None
        except ProjectError:  # it is gone
            return None

    def _tell_lost(self, lost: Unfinished | None) -> None:
        if lost is not None:
            self._context.say(
                tr("What was changed is not kept."), tr("Go back"), lambda: self.bring_back(lost)
            )

    # Within ------------------------------------------------------------------------------------------------

    def _remember(self, song: Song, item: Item) -> None:
        self._versions = [*self._versions, (song, item)][-_MOST_VERSIONS:]

    def _item_of(self, song: Song) -> Item | None:
        """History gives back the very values that it was given."""
        return next((item for known, item in reversed(self._versions) if known is song), None)

    def _on_change(self, song: Song | None, _tracks: object) -> None:
        item = self._item_of(song) if song is not None else None
        if item is not None:
            self.item, self.name = item, item.name
        self.state_changed.emit()
        if song is None or song is not self._live:
            self._context.changed()


def _has_notes(song: Song) -> bool:
    return any(track.notes for track in song.tracks)


def _nothing_to_keep() -> str:
    return tr("There are no notes to keep yet.")
