"""The seed, a dice for another, a lock that keeps it for the next time, and the seeds of before."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from studio.core.recipe import MAX_SEED
from studio.ui.kit.controls import label
from studio.ui.kit.form_parts import IconButton, YieldingRow
from studio.ui.kit.menu_entries import clear, entry
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.number_field import NumberField
from studio.ui.kit.theme import UNIT
from studio.words import tr

MAX_RECENT = 12


class SeedRow(QWidget):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._recent: list[int] = []
        self.box = NumberField(0, MAX_SEED, 1, "", whole=True)
        self.box.setAccessibleName(tr("Seed"))
        self.box.setGroupSeparatorShown(False)
        self.dice = IconButton("dice", tr("Another seed"))
        self.lock = IconButton("lock", tr("Keep this seed: without it every result gets a new one"))
        self.lock.setCheckable(True)
        self.before = IconButton("history", tr("Seeds of before"))
        self.before.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = KeyMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.before.setMenu(self.menu)
        title = label(tr("Seed"))
        title.setToolTip(tr("Another seed gives another result; the same seed gives the same one again."))
        title.setBuddy(self.box)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(title, 1)
        for tool in (self.before, self.dice, self.lock):
            line.addWidget(tool)
        self.box.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(YieldingRow(head, self.box, spacing=UNIT // 2))
        self.dice.clicked.connect(self.roll)
        self.box.valueChanged.connect(self._on_changed)
        self.lock.toggled.connect(self._on_changed)
        self.set_recent(())

    def seed(self) -> int:
        return int(self.box.number())

    def set_seed(self, seed: int) -> None:
        self.box.show_value(seed)

    def bring_back(self, locked: int | None, recent: Sequence[int]) -> None:
        """As it was the last time: `locked` is the seed that was kept, None for none."""
        self.set_recent(recent)
        if locked is None:
            self.roll()
        else:
            self.set_seed(locked)
            self.lock.setChecked(True)

    def roll(self) -> None:
        self.set_seed(random.randint(0, MAX_SEED))
        self.changed.emit()

    def used(self) -> None:
        """After a job took the seed: the next one gets another unless this one is locked."""
        seed = self.seed()
        self.set_recent((seed, *(old for old in self._recent if old != seed)))
        if not self.lock.isChecked():
            self.roll()

    def recent(self) -> tuple[int, ...]:
        """The newest first."""
        return tuple(self._recent)

    def set_recent(self, seeds: Sequence[int]) -> None:
        self._recent = list(seeds)[:MAX_RECENT]
        self.before.setEnabled(bool(self._recent))

    def _fill_menu(self) -> None:
        clear(self.menu)
        for seed in self._recent:
            entry(self.menu, str(seed), partial(self._bring, seed))

    def _bring(self, seed: int) -> None:
        self.set_seed(seed)
        self.changed.emit()

    def _on_changed(self) -> None:
        self.changed.emit()
