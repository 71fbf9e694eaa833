"""Many photos at once: a folder of them, and masks for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QWidget

from studio.errors import StudioError
from studio.given_paths import path_of
from studio.ui.kit.choosers import PICTURES, choose_file, choose_folder
from studio.ui.kit.controls import Segments, button, label, restyle
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.tasks import Tasks
from studio.ui.kit.theme import UNIT
from studio.words import tr, trn

PAUSE_MS = 300
BUSY_MS = 200
"""So long a drive may take to answer before it is said that it is asked."""

Pairs = list[tuple[Path, Path]] | list[tuple[Path, Path | None]]


class BatchDialog(Dialog):
    """Calls `chosen(pairs)`. `pair(photos, masks)` is `studio.jobs.prepare.pair_folders`.

    Without `masks` only photos are asked for, and `pair` is given their folder twice.
    """

    def __init__(
        self,
        parent: QWidget | None,
        tasks: Tasks,
        generator: str,
        pair: Callable[[Path, Path], Pairs],
        chosen: Callable[[Pairs], None],
        *,
        masks: bool = True,
    ) -> None:
        super().__init__(parent, tr("Generate from folders"), width=64 * UNIT)
        self._tasks = tasks
        self._pair, self._chosen, self._with_masks = pair, chosen, masks
        self.pairs: Pairs = []
        self._asked = 0
        """Counts what was looked for: only the answer to the newest is taken."""
        self._busy = QTimer(self, singleShot=True, interval=BUSY_MS)
        self._busy.timeout.connect(self._tell_busy)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        words = tr(
            "Every photo of a folder goes through “{generator}” with the settings of the form.",
            generator=generator,
        )
        if masks:
            about_masks = tr(
                "A mask is found by its photo's name: “beach.jpg” goes with “beach.png” or “beach_mask.png”."
            )
            words = f"{words} {about_masks}"
        self.body.addWidget(label(words, "muted", wrap=True))
        self.photos = QLineEdit()
        self.photos.setAccessibleName(tr("Photos"))
        self.masks = QLineEdit()
        self.masks.setAccessibleName(tr("Masks"))
        self.kind = Segments((tr("A folder of masks"), tr("One mask for all")))
        form = QFormLayout()
        form.setHorizontalSpacing(2 * UNIT)
        form.setVerticalSpacing(UNIT + 4)
        form.addRow(tr("Photos"), self._row(self.photos, lambda: self._browse(self.photos, folder=True)))
        form.addRow("", self.kind)
        form.addRow(
            tr("Masks"),
            self._row(self.masks, lambda: self._browse(self.masks, folder=self.kind.current() == 0)),
        )
        for row in (1, 2):
            form.setRowVisible(row, masks)
        self.body.addSpacing(UNIT)
        self.body.addLayout(form)
        self.found = label("", "muted", wrap=True)
        self.body.addWidget(self.found)
        self.add_button(tr("Cancel"), self.reject)
        self.go = self.add_button(tr("Add to the queue"), self._accept, role="primary")
        for line in (self.photos, self.masks):
            line.textChanged.connect(self._wait)
        self.kind.chosen.connect(lambda _: self.masks.clear())
        self.finished.connect(self._forget)
        self.refresh()
        self.fit()

    def _wait(self, _: str) -> None:
        """Until a path is typed to its end: each folder on the way there would be listed."""
        self._forget()
        self.go.setEnabled(False)
        self._pause.start()

    def refresh(self) -> None:
        """Has the folders paired afresh, on a thread, and says what was found."""
        self._pause.stop()
        self._asked += 1
        photos = self.photos.text().strip()
        masks = self.masks.text().strip() if self._with_masks else photos
        if not photos or not masks:
            self._take(self._asked, [])
            return
        self._busy.start()
        self.go.setEnabled(False)
        pair = self._pair
        self._tasks.start(
            tr("Looking at the folders"),
            lambda _: _paired(pair, photos, masks),
            partial(self._take, self._asked),
            owner=self,
        )

    def _tell_busy(self) -> None:
        self.found.setText(tr("Looking at the folders…"))
        restyle(self.found, "role", "muted")

    def _take(self, asked: int, found: Pairs | str) -> None:
        """`found` is text where the folders cannot be paired: it says why."""
        if asked != self._asked:
            return
        self._busy.stop()
        wrong, self.pairs = (found, []) if isinstance(found, str) else ("", found)
        count = len(self.pairs)
        self.found.setText(wrong or _counted(count, with_masks=self._with_masks))
        restyle(self.found, "role", "error" if wrong else "muted")
        self.go.setEnabled(bool(self.pairs))
        words = trn("Add {count} to the queue", "Add {count} to the queue", count)
        self.go.setText(words if count else tr("Add to the queue"))

    def _row(self, line: QLineEdit, browse: Callable[[], None]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(line, 1)
        choose = button(tr("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(lambda: browse())
        row.addWidget(choose)
        return row

    def _browse(self, line: QLineEdit, *, folder: bool) -> None:
        if folder:
            choose_folder(self, tr("Choose"), line.text(), lambda path: line.setText(str(path)))
        else:
            choose_file(self, tr("Choose"), tr(PICTURES), lambda path: line.setText(str(path)), line.text())

    def _forget(self) -> None:
        """What is still being looked for is not waited for."""
        self._asked += 1
        self._busy.stop()

    def _accept(self) -> None:
        pairs = self.pairs
        self.accept()
        self._chosen(pairs)


def _paired(pair: Callable[[Path, Path], Pairs], photos: str, masks: str) -> Pairs | str:
    try:
        return pair(path_of(photos).expanduser(), path_of(masks).expanduser())
    except (StudioError, RuntimeError) as error:  # "~nobody/photos": there is no such user
        return str(error)


def _counted(count: int, *, with_masks: bool) -> str:
    if not count:
        return ""
    if with_masks:
        return trn("{count} photo with a mask", "{count} photos with a mask", count)
    return trn("{count} photo", "{count} photos", count)
