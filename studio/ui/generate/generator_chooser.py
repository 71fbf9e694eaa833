"""Which generator is used: its name and the icon of what it makes; a list with a sentence on each opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QWidget

from studio.core.generator import GeneratorDescription
from studio.core.kind import KindInfo, Kinds
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.kit.pick_popup import PickPopup

SEARCH_FROM = 10
"""With so many generators the list can be searched."""


def kind_icon(kind: KindInfo, widget: QWidget) -> QIcon:
    """The icon of a kind of items, in the quiet color of this widget's surroundings."""
    return icon(kind.icon, widget.palette().placeholderText().color())


class GeneratorChooser(QPushButton):
    chosen = Signal(str)

    def __init__(self, kinds: Kinds) -> None:
        super().__init__()
        self._kinds = kinds
        self._generators: list[GeneratorDescription] = []
        self._current = -1
        self._title = ""
        self.setProperty("role", "chooser")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)

    def set_generators(self, generators: Sequence[GeneratorDescription]) -> None:
        self._generators = list(generators)
        self._current = -1

    def show_generator(self, generator_id: str) -> None:
        """Shows one as chosen, and tells nobody."""
        ids = [generator.id for generator in self._generators]
        self._current = ids.index(generator_id)
        title = tr(self._generators[self._current].title)
        self._title = title
        self._elide()
        self.setAccessibleName(tr("Generator: {title}", title=title))
        self.setToolTip(title)
        self._draw()

    def open(self) -> PickPopup:
        from studio.ui.kit.pick_popup import Pick, PickPopup

        picks = [Pick(tr(one.title), tr(one.summary), self._icon_of(one)) for one in self._generators]
        popup = PickPopup(
            self,
            picks,
            name=tr("Generators"),
            search=tr("Search") if len(picks) >= SEARCH_FROM else "",
            current=self._current,
        )
        popup.chosen.connect(self._on_chosen)
        popup.show_below(self)
        return popup

    def keyPressEvent(self, event: object) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            self.open()
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def sizeHint(self) -> QSize:
        return QSize(24 * UNIT, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and a small arrow that says that more opens."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            edge = self.rect().adjusted(UNIT, 0, -UNIT, 0)
            arrow = QStyle.alignedRect(
                self.layoutDirection(),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                QSize(16, 16),
                edge,
            )
            icon("chevron-down", self.palette().placeholderText().color()).paint(painter, arrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - 8 * UNIT  # for the icon, the arrow and the edges
        self.setText(self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room))

    def _draw(self) -> None:
        if 0 <= self._current < len(self._generators):
            self.setIcon(self._icon_of(self._generators[self._current]))

    def _icon_of(self, generator: GeneratorDescription) -> QIcon:
        return kind_icon(self._kinds.get(generator.kind), self)

    def _on_chosen(self, number: int) -> None:
        self.chosen.emit(self._generators[number].id)
