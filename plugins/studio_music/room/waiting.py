"""The job that the user waits for: its bars as they come, and its song on the stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from studio.api.values import StudioError, tr, trn
from studio.ui.api import (
    Item,
    Job,
    JobChanged,
    JobPlanned,
    JobState,
    JobText,
    RoomContext,
)
from studio_music.core.song import Song
from studio_music.room.document import EDITED, KIND, SongDocument
from studio_music.room.live_song import LiveSong

_AT_ONCE_SECONDS = 3.0


class Waiting(QObject):
    """One job at a time. What it makes is one step of the history, unless the user edits meanwhile."""

    def __init__(
        self,
        context: RoomContext,
        document: SongDocument,
        show_song: Callable[[], object],
        fit: Callable[[], object],
        compare: Callable[[Sequence[Item]], object],
    ) -> None:
        """`fit` shows a song that is another one from its beginning to its end."""
        super().__init__()
        self._context, self._document = context, document
        self._show_song, self._fit = show_song, fit
        self._compare = compare
        self.job: Job | None = None
        self._last = ""
        """Id of the job whose result was opened last."""
        self._is_over = True
        self._live = LiveSong(None)
        self._before: Song | None = None
        """What was on the stage when the job began."""
        self._was_changed = False
        """Whether that was no item."""
        self._shown: Song | None = None
        """What of the job was shown last."""

    @property
    def is_undisturbed(self) -> bool:
        """Whether nothing else happened on the stage since the job began."""
        return self._document.model.song is (self._before if self._shown is None else self._shown)

    def follow(self, job: Job) -> None:
        if self.job is not None and self.job.id == job.id:
            return
        self.job, self._is_over = job, False
        self._before, self._shown = self._document.model.song, None
        self._live = LiveSong(self._before)
        self._was_changed = self._document.is_changed
        self._show_before()

    def on_event(self, event: object) -> None:
        """Of any job."""
        job = self.job
        if job is None or self._is_over:
            return
        if isinstance(event, JobText):
            if event.job_id == job.id and event.draft == 0:
                self._add(job, event.text)
        elif isinstance(event, JobPlanned):
            if event.job_id == job.id:
                self._live = LiveSong(self._before)
        elif isinstance(event, JobChanged) and event.job.id == job.id and event.job.state.is_final:
            self._end(failed=event.job.state is not JobState.DONE)

    def open_result(self, item: Item) -> bool:
        """Shows what the job has made; False where this item is not the one that was waited for.

        The song before can be taken back to, unless something was edited meanwhile.
        """
        job = self.job
        if job is None or item.job != job.id:
            job = self._over_at_once(item)
            if job is None:
                return False
            self.follow(job)
        self.job, self._last, self._is_over = None, job.id, True
        if not self.is_undisturbed:  # the window has asked whether it shall come onto the stage all the same
            self._document.open(item)
            return True
        is_new = not job.recipe.inputs
        step = job.title if self._before is not None else ""
        self._document.open(item, step, _merge(job), self._fit if is_new else lambda: None)
        if self._was_changed and is_new:
            self._context.say(
                tr("What was changed before is not kept."), tr("Go back"), self._document.model.undo
            )
        else:
            self._offer_others(job)
        return True

    def _over_at_once(self, item: Item) -> Job | None:
        """The job of an item, where it was over before anybody told that it began."""
        job = self._context.jobs.job(item.job) if item.job else None
        if job is None or job.id == self._last or job.finished is None or job.recipe.generator == EDITED:
            return None
        return job if time.time() - job.finished < _AT_ONCE_SECONDS else None

    def _offer_others(self, job: Job) -> None:
        """Where it has made several songs, they can be heard beside each other."""
        try:
            made = self._context.items.of_job(job.id, (KIND,))
        except StudioError:  # the project was closed
            return
        if len(made) > 1:
            self._context.say(
                trn("One song was made.", "{count} songs were made.", len(made)),
                tr("Compare"),
                lambda: self._context.decode(made, self._compare),
            )

    def forget(self) -> None:
        """The project was closed."""
        self.job = None
        self._is_over = True

    def _show_before(self) -> None:
        """The song that it works on stands in place of others that were heard beside each other."""
        if self._document.model.song is not None:
            self._show_song()

    def _add(self, job: Job, text: str) -> None:
        if not self.is_undisturbed:
            return
        song = self._live.add(text)
        if song is None:
            return
        self._document.show_live(song, job.title, _merge(job), is_first=self._before is None)
        self._shown = self._document.model.song
        self._show_song()

    def _end(self, *, failed: bool) -> None:
        if failed:
            if self._shown is not None and self.is_undisturbed:
                self._document.take_back_live(self._before)
            self.job = None
        self._is_over = True


def _merge(job: Job) -> str:
    return f"job {job.id}"
