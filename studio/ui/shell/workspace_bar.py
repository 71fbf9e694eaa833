"""The first row of the middle: the rooms, the name of what is shown, and what to do next with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QWidget

from studio.ui.kit.controls import Segments, button, restyle
from studio.ui.kit.form_parts import IconButton
from studio.ui.kit.icons import icon
from studio.ui.kit.narrow_bar import NarrowBar
from studio.ui.kit.theme import UNIT
from studio.words import tr

_NAME = 10 * UNIT
"""What the name of a photo or result should have at least."""


class WorkspaceBar(NarrowBar):
    """Where there is little room, "Go on with result" and *Compare* become icons first, then the rooms do.

    While the form is folded away, its button stands here.
    """

    def __init__(self, rooms: Segments, name: QWidget, icons: Sequence[str]) -> None:
        super().__init__()
        self._rooms, self._icons = rooms, icons
        self.edit = button(tr("Go on with result"))
        self.edit.setToolTip(tr("Brings the result onto the stage, to change more of it"))
        self.compare = button(tr("Compare"))
        self.compare.setCheckable(True)
        self.compare.setToolTip(tr("What is selected, side by side; a result beside what it was made from"))
        self._drawn: dict[QPushButton, tuple[str, str]] = {
            self.edit: (self.edit.text(), "edit"),
            self.compare: (self.compare.text(), "compare"),
        }
        for part, (words, _) in self._drawn.items():
            part.setAccessibleName(words)
            part.setIconSize(QSize(16, 16))
        self.export = button(tr("Export…"), "primary")
        self.generate = button("", "primary")
        self.generate.hide()
        self.home = IconButton("home", tr("First page"))
        self._row.addWidget(self.home)
        self._row.addWidget(rooms)
        self._row.addSpacing(UNIT)
        self._row.addWidget(name, 1)
        for part in (self.edit, self.compare, self.export, self.generate):
            self._row.addWidget(part)
        self.color()

    def offer_generate(self, on: bool) -> None:
        """The accent is that of the next step: here it is to generate, else to export."""
        if on == self.generate.isHidden():
            self.generate.setVisible(on)
            restyle(self.export, "role", "" if on else "primary")
            self.share_room()

    def tell_generate(self, words: str, tip: str, *, on: bool) -> None:
        """What the form's button says and can do, and what stands below it."""
        self.generate.setText(words)
        self.generate.setToolTip(tip)
        self.generate.setEnabled(on)
        if not self.generate.isHidden():
            self.share_room()

    def share_room(self) -> None:
        margins = self.contentsMargins()
        layout = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - layout.left() - layout.right() - 4 * UNIT
        room -= self.home.sizeHint().width() + UNIT
        rooms = self._rooms.width_with(words=True)
        shown = [part for part in self._drawn if not part.isHidden()]
        export = self._ends()
        with_words = sum(self._width(part, words=True) + UNIT for part in shown)
        words = rooms + _NAME + export + with_words <= room
        for part in shown:
            self._show(part, words=words)
        self._rooms.show_words(rooms + export + sum(self._width(part, words=words) for part in shown) <= room)

    def minimumSizeHint(self) -> QSize:
        least = self._rooms.width_with(words=False) + self._ends() - UNIT
        least += self.home.sizeHint().width() + UNIT
        least += sum(self._width(part, words=False) for part in self._drawn) + 8 * UNIT
        return QSize(least, super().minimumSizeHint().height())

    def _ends(self) -> int:
        """Of what always has words."""
        parts = (self.export, self.generate)
        return sum(
            part.sizeHint().width() + UNIT for part in parts if part is self.export or not part.isHidden()
        )

    def _width(self, part: QPushButton, *, words: bool) -> int:
        named = self.fontMetrics().horizontalAdvance(self._drawn[part][0])
        more = named - part.iconSize().width() - 4
        return part.sizeHint().width() + more * (int(words) - int(bool(part.text())))

    def _show(self, part: QPushButton, *, words: bool) -> None:
        title, drawing = self._drawn[part]
        part.setText(title if words else "")
        part.setIcon(QIcon() if words else icon(drawing, self.palette().text().color()))

    def color(self) -> None:
        muted = self.palette().placeholderText().color()
        self._rooms.set_icons([icon(name, muted) for name in self._icons])
        for part in self._drawn:
            self._show(part, words=bool(part.text()))
