"""Studies that one may begin with, as cards with pictures of what they are."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, CardGrid, PictureCard, Theme, button, label, picture_for
from studio_product.core.studies.catalog import materials, presets, said
from studio_product.core.studies.study import Study
from studio_product.room.study.blank import blank

PICTURES = Path(__file__).resolve().parents[2] / "pictures"
_CARD, _MOST, _SHAPE = 22 * UNIT, 4, 0.5625


class Beginnings(QWidget):
    chosen = Signal(object)
    """Study."""
    left = Signal()
    """The user goes on with the study that is there."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Studies to begin with"))
        self._pictured: dict[PictureCard, Path] = {}
        self.back = button("", "compact")
        self.back.clicked.connect(self.left)
        self.grid = CardGrid(theme, _CARD, _MOST, _SHAPE)
        cards = [self._example(theme, key, study) for key, study in presets().items()]
        first = materials()[0]
        for title, about, study in (
            (tr("Empty space (3D)"), tr("For a part of any shape"), blank(3, first)),
            (tr("Empty plate (2D)"), tr("For what is cut from a sheet"), blank(2, first)),
        ):
            cards.append(self._card(theme, title, about, study))
        self.grid.set_cards(cards)
        head = QHBoxLayout()
        head.addWidget(label(tr("What should it become?"), "heading"), 1)
        head.addWidget(self.back)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 3 * UNIT)
        column.setSpacing(UNIT)
        column.addLayout(head)
        words = tr("Each says what it must carry and how it is held. All of it can be changed afterwards.")
        column.addWidget(label(words, "muted", wrap=True))
        column.addSpacing(UNIT)
        column.addWidget(self.grid)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self.grid.stepped.connect(self._scroll.ensureWidgetVisible)
        self._show_pictures(theme)

    def offer_back(self, name: str) -> None:
        """The way back to the study that is set up."""
        self.back.setText(tr("Keep “{name}”", name=name))

    def set_theme(self, theme: Theme) -> None:
        self.grid.set_theme(theme)
        self._show_pictures(theme)

    def take_focus(self) -> None:
        self.grid.cards[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _example(self, theme: Theme, key: str, study: Study) -> PictureCard:
        notes = said(study.notes)
        made = self._card(theme, said(study.name), notes.partition(". ")[0].rstrip("."), study)
        made.setToolTip(notes)
        self._pictured[made] = PICTURES / f"{key}.webp"
        return made

    def _card(self, theme: Theme, title: str, about: str, study: Study) -> PictureCard:
        made = PictureCard(theme, title, about, "part")
        made.clicked.connect(partial(self.chosen.emit, study))
        return made

    def _show_pictures(self, theme: Theme) -> None:
        for card, file in self._pictured.items():
            card.show_image(QImage(str(picture_for(file, is_dark=theme.is_dark))))
