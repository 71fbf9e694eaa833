"""Again on each repeat: while the song loops, another one is made at each pass, until one is liked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.api.values import StudioError, mark, stored, tr, trn
from studio.ui.api import Item, Job, JobChanged, JobState, RoomContext
from studio_music.core.midi_file import read_song
from studio_music.core.song import Song
from studio_music.room.document import KIND, SongDocument
from studio_music.room.job_strip import JobStrip
from studio_music.room.marked import VARY


class Again(QObject):
    """Each try is made of what was on the stage at first, so that none strays far from it."""

    changed = Signal(bool)
    """Whether it is on."""

    def __init__(self, context: RoomContext, document: SongDocument, strip: JobStrip) -> None:
        super().__init__()
        self._context, self._document, self._strip = context, document, strip
        self.is_on = False
        self._generator, self._values = "", dict[str, Any]()
        self._inputs: dict[str, Item] = {}
        self._is_asking = False
        """Whether a job was ordered of which no id is known yet."""
        self._job = ""
        """The one that is made now; "" for none."""
        self._jobs: set[str] = set()
        self._ready: tuple[Song, Item] | None = None
        """What comes at the next repeat."""
        self._tries: list[Item] = []

    def start(self) -> None:
        """The song is kept first, where it is no item yet: every try is made of it."""
        if self._document.model.song is None or self.is_on:
            return
        form = self._context.form
        listed = {one.id: one for one in form.generators() if one.listed and one.kind == KIND}
        shown = form.generator
        generator = shown if shown is not None and shown.id in listed else listed.get(VARY)
        if generator is None:
            self._context.say(tr("Still looking at the plugins…"))
            self.changed.emit(False)
            return
        if shown is not generator:
            form.choose(generator.id)
        slot = next((slot.name for slot in generator.inputs if slot.kind == KIND), "")
        self._generator, self._values = generator.id, form.values()

        def begin(item: Item) -> None:
            if form.generator is not None and form.generator.id == generator.id:
                self._values = form.values()
            self._inputs = {**form.given(), **({slot: item} if slot else {})}
            if "count" in self._values:
                self._values["count"] = 1  # one for each repeat
            self._begin()

        self._document.keep(begin)

    def _begin(self) -> None:
        self.is_on, self._job, self._is_asking = True, "", False
        self._jobs.clear()
        self._tries, self._ready = [], None
        self.changed.emit(True)
        self._order()

    def stop(self) -> None:
        """What is heard stays; so do the others, in the gallery."""
        if not self.is_on:
            return
        self.is_on, self._ready = False, None
        if self._job:
            self._context.jobs.cancel(self._job)
            self._job = ""
        self._strip.hide()
        self.changed.emit(False)

    def keep(self) -> None:
        """The one that is heard was liked."""
        kept = self._document.given_item
        others = [item for item in self._tries if kept is None or item.uid != kept.uid]
        self.stop()
        if kept is None:
            return
        self._context.select([kept])
        if others:
            words = trn(
                "One other try is in the gallery.", "{count} other tries are in the gallery.", len(others)
            )
            self._context.say(
                tr("“{name}” is kept. {others}", name=kept.name, others=words),
                trn("Reject it", "Reject them", len(others)),
                lambda: self._context.items.reject(others, True),
            )
        else:
            self._context.say(tr("“{name}” is kept.", name=kept.name))

    def on_pass(self) -> None:
        """The loop begins again."""
        if not self.is_on:
            return
        if self._document.is_changed:
            self.stop()
            self._context.say(tr("You have changed the song: no more tries are made."))
            return
        if self._ready is not None:
            (song, item), self._ready = self._ready, None
            self._document.show(song, item, stored(mark("Again")))
        if not self._job and not self._is_asking:
            self._order()
        self._tell()

    # Jobs --------------------------------------------------------------------------------------------------

    def takes(self, job: Job) -> bool:
        """Whether a job that begins is one of these."""
        if job.id in self._jobs:
            return True
        is_ours = job.recipe.generator == self._generator and job.title == tr("Again")
        if not (self.is_on and self._is_asking and is_ours):
            return False
        self._is_asking, self._job = False, job.id
        self._jobs.add(job.id)
        self._tell()
        return True

    def has_made(self, item: Item) -> bool:
        return self.is_on and item.job is not None and item.job in self._jobs

    def on_event(self, event: object) -> None:
        if isinstance(event, JobChanged) and event.job.id == self._job and event.job.state.is_final:
            self._job = ""
            if event.job.state is JobState.FAILED:  # the window says why
                self.stop()
            else:
                self._tell()

    def on_items(self, items: Sequence[Item], job: str) -> None:
        """The project has new ones."""
        if not self.is_on or not job:
            return
        if job not in self._jobs and self._is_asking:  # it was over before anybody told that it began
            known = self._context.jobs.job(job)
            if known is not None and self.takes(known):
                self._job = ""
        if job in self._jobs:
            made = [item for item in items if item.kind == KIND]
            self._context.decode(made[:1], self._read)

    def _read(self, items: Sequence[Item]) -> None:
        for item in items:
            try:
                path = self._context.items.file(item)
            except StudioError as error:
                self._context.report(error)
                return

            def done(song: Song, item: Item = item) -> None:
                if self.is_on:
                    self._tries.append(item)
                    self._ready = (replace(song, title=item.name), item)
                    self._tell()

            self._context.tasks.start(tr("Opening the song"), partial(_read, path), done, owner=self)

    def _order(self) -> None:
        """One more, with a seed of its own."""
        self._is_asking = True
        self._context.jobs.submit(
            self._generator, self._values, self._inputs, stored(mark("Again")), failed=self._on_refused
        )
        self._tell()

    def _on_refused(self) -> None:
        self._is_asking = False
        self.stop()

    def _tell(self) -> None:
        if not self.is_on:
            return
        if self._ready is not None:
            words = tr("Another one comes with the next repeat.")
        elif self._job or self._is_asking:
            words = tr("Another one is being made.")
        else:
            words = tr("The next one is made with the next repeat.")
        number = len(self._tries) - (self._ready is not None)
        heard = tr("Try {number}.", number=number) if number else ""
        self._strip.show_again(
            f"{heard} {words}".strip(), busy=bool(self._job or self._is_asking), can_keep=number > 0
        )


def _read(path: Path, _task: object) -> Song:
    return read_song(path)
