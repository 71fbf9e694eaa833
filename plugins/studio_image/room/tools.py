"""The canvas with its tools around it: a strip of tools, a bar of options, a line of facts."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, Command, ElidedLabel, button, frame, label, locales, renew_tab_order
from studio_image.room.canvas import MaskCanvas
from studio_image.room.commands import REDO, TOOLS, UNDO, CanvasCommands
from studio_image.room.options import OptionBar
from studio_image.room.state import CanvasState

_ICON = QSize(20, 20)
_SWATCH = 12
_STRIP = (*TOOLS, "", UNDO, REDO, "", "mask.fit", "mask.actual")


class CanvasPanel(QWidget):
    """The canvas with all of its tools. `canvas` is the MaskCanvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.canvas = MaskCanvas()
        self.beginning = Beginning(self.canvas)
        self._commands = CanvasCommands(self.canvas)
        self.strip = ToolStrip()
        self.options = OptionBar(self.canvas)
        self.facts = FactLine(self.canvas)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addWidget(self.canvas, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.options)
        column.addLayout(row, 1)
        column.addWidget(self.facts)
        renew_tab_order(self)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """What is given to all of it goes to the canvas; a focus proxy would keep Tab from the rest."""
        self.canvas.setFocus(reason)

    def commands(self) -> list[Command]:
        return list(self._commands.all)

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        """Takes the actions that the window made of `commands`: now there is something to press."""
        self._commands.attach(actions)
        self.strip.attach(actions)
        self.options.attach(actions)

    def state(self) -> CanvasState:
        """All that is on the canvas, for the panel that takes the place of this one, which is empty then."""
        return self.canvas.take_state()

    def restore(self, state: CanvasState) -> None:
        self.canvas.restore_state(state)


class Beginning(QWidget):
    """Two buttons below the words of an empty canvas."""

    def __init__(self, canvas: MaskCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.choose = button(tr("Choose a photo…"), "primary")
        self.sample = button(tr("Open the samples"))
        self.sample.setToolTip(
            tr("A project with photos of ours, each with a mask over something that may go")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self.choose)
        row.addWidget(self.sample)
        canvas.empty_room = self.sizeHint().height() + 2 * UNIT
        canvas.installEventFilter(self)

    def eventFilter(self, canvas: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.adjustSize()
            room = self._canvas.empty_place
            self.move(room.center().x() - self.width() // 2, room.bottom() + 1 - self.height())
        return False


class ToolStrip(QFrame):
    """A column of buttons: the tools, undo and redo, zoom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAccessibleName(tr("Mask tools"))
        self.buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(2)
        for id in _STRIP:
            if id:
                one = QToolButton()
                one.setIconSize(_ICON)
                one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                self.buttons[id] = one
                column.addWidget(one)
            else:
                column.addSpacing(6)
                column.addWidget(frame("line"))
                column.addSpacing(6)
        column.addStretch(1)

    def attach(self, actions: Mapping[str, QAction]) -> None:
        for id, one in self.buttons.items():
            one.setDefaultAction(actions[id])
            one.setAccessibleName(actions[id].text().replace("&", ""))


class FactLine(QFrame):
    """The photo's size, how much is masked, and the pixel under the pointer."""

    def __init__(self, canvas: MaskCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._canvas = canvas
        self._photo = ElidedLabel("", "small")
        self._swatch = QLabel()
        self._swatch.setFixedSize(_SWATCH, _SWATCH)
        self._pixel = label("", "small")
        self._photo.setMinimumHeight(self.fontMetrics().height())  # also while there is nothing to say
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(self._photo, 1)
        row.addWidget(self._swatch)
        row.addWidget(self._pixel)
        canvas.image_changed.connect(self._show_photo)
        canvas.mask_changed.connect(self._show_photo)
        canvas.pixel_changed.connect(self._show_pixel)
        self._show_photo()

    @Slot()
    def _show_photo(self) -> None:
        model = self._canvas.mask_model
        facts = "" if model is None else f"{_size(model.size)}   ·   {_part(model.coverage)}"
        self._photo.setText(facts)
        self._canvas.setAccessibleDescription(facts)

    @Slot(object)
    def _show_pixel(self, pixel: tuple[int, int, QColor] | None) -> None:
        if pixel is None:
            self._swatch.setPixmap(QPixmap())
            self._pixel.setText("")
            return
        x, y, color = pixel
        swatch = QPixmap(_SWATCH, _SWATCH)
        swatch.fill(color)
        self._swatch.setPixmap(swatch)
        self._pixel.setText(f"{x}, {y}   {color.name()}")


def _size(size: tuple[int, int]) -> str:
    width, height = (locales.number(side) for side in size)
    return tr("{width} × {height} px", width=width, height=height)


def _part(coverage: float) -> str:
    percent = coverage * 100
    if percent == 0:
        return tr("nothing to repaint yet")
    if percent < 0.1:
        return tr("under {number} % to repaint", number=locales.number(0.1, 1))
    return tr("{number} % to repaint", number=locales.number(percent, 1))
