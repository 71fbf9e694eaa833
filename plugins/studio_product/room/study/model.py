"""The study at hand: what it is, what of it is looked at, and every step back and forward. No widget."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from studio.api.values import told
from studio_product.core.studies.study import Study
from studio_product.room.study.places import STUDY, Place, is_there

MOST_STEPS = 300


class Step(Struct, frozen=True):
    """`title` says what was done: stored (see `told`)."""

    title: str
    before: Study
    after: Study
    place_before: Place
    place_after: Place
    merge: str = ""
    """Steps in a row with the same word (a number that is being typed) become one."""


class StudyModel:
    """`changed` and `selected` are called after the study, or the place that is looked at, is another one."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.place = STUDY
        self.changed: Callable[[], object] = lambda: None
        self.selected: Callable[[], object] = lambda: None
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def load(self, study: Study) -> None:
        """Another study from elsewhere, without a way back."""
        self._done, self._undone = [], []
        self._show(study, STUDY)

    def edit(self, title: str, study: Study, place: Place | None = None, *, merge: str = "") -> None:
        """One step to this study; `place` is looked at after it. A step to the same study is none."""
        if study == self.study:
            if place is not None:
                self.select(place)
            return
        after = self.place if place is None else place
        step = Step(title, self.study, study, self.place, after, merge)
        last = self._done[-1] if self._done else None
        if last is not None and merge and last.merge == merge and not self._undone:
            self._done[-1] = Step(title, last.before, study, last.place_before, after, merge)
        else:
            self._done.append(step)
            del self._done[:-MOST_STEPS]
        self._undone = []
        self._show(study, after)

    def settle(self) -> None:
        """What comes next is a step of its own."""
        if self._done and self._done[-1].merge:
            last = self._done.pop()
            self._done.append(Step(last.title, last.before, last.after, last.place_before, last.place_after))

    def select(self, place: Place) -> None:
        if place != self.place:
            self.settle()
            self.place = place
            self.selected()

    @property
    def undo_title(self) -> str | None:
        """Of the step that can be taken back, in the current language; None where there is none."""
        return told(self._done[-1].title) if self._done else None

    @property
    def redo_title(self) -> str | None:
        return told(self._undone[-1].title) if self._undone else None

    def undo(self) -> None:
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            self._show(step.before, step.place_before)

    def redo(self) -> None:
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            self._show(step.after, step.place_after)

    def _show(self, study: Study, place: Place) -> None:
        self.study = study
        moved = self.place != place
        self.place = place if is_there(study, place) else STUDY
        self.changed()
        if moved:
            self.selected()
