"""Small widgets that Qt does not have, or not like this."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QIcon,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionProgressBar,
    QStylePainter,
    QWidget,
)

from studio.ui.kit.theme import UNIT, is_still

_SPARE = 10
"""Pixels of the room around its words that a control gives away before it shortens them, on both sides."""
_OFF = 0.4
"""Opacity of a switch that cannot be used now."""
UNBOUNDED = 1e15
"""What stands for "no limit" in a number box: beyond it a float no longer holds every whole number."""


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """Plain text; `role` ("heading", "muted") is what the theme's style sheet asks for."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    _begin_where_reading_does(made)
    if role:
        made.setProperty("role", role)
    return made


def _begin_where_reading_does(made: QLabel) -> None:
    """Qt aligns a label by its letters: a Latin name in a window that reads from the right would stray."""
    if made.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        sides = Qt.AlignmentFlag
        made.setAlignment(sides.AlignRight | sides.AlignAbsolute | sides.AlignVCenter)


def button(text: str, role: str = "") -> QPushButton:
    """A push button; `role` ("primary") is what the theme's style sheet asks for."""
    made = QPushButton(text)
    if role:
        made.setProperty("role", role)
    return made


def frame(role: str) -> QFrame:
    """A frame that looks as the theme's style sheet says for this role ("panel")."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Sets a dynamic property that the style sheet asks for, and has it looked at again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class BusyBar(QProgressBar):
    """Work whose end nobody knows, until a range is set. Half full and still where motion is reduced."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, 0)
        self.setTextVisible(False)

    def initStyleOption(self, option: QStyleOptionProgressBar) -> None:
        super().initStyleOption(option)
        if self.maximum() == self.minimum() and is_still():
            option.maximum, option.progress = 2, 1


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where there is no room; the tool tip then has it whole."""

    def __init__(
        self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self._mode = mode
        self._text = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        _begin_where_reading_does(self)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._text = " ".join(text.split())
        self.setAccessibleName(self._text)
        self._elide()

    def whole_text(self) -> str:
        return self._text

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._text, self._mode, self.contentsRect().width())
        super().setText(shown)
        self.setToolTip(self._text if shown != self._text else "")


class Switch(QAbstractButton):
    """On or off, as a sliding knob."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(40, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colors = self.palette()
            if not self.isEnabled():
                painter.setOpacity(_OFF)
            track = QRectF(3, (self.height() - 18) / 2, 34, 18)
            on = self.isChecked()
            painter.setPen(colors.placeholderText().color() if not on else Qt.PenStyle.NoPen)
            painter.setBrush(colors.accent() if on else colors.base())
            painter.drawRoundedRect(track, 9, 9)
            knob = QRectF(0, 0, 12, 12)
            knob.moveCenter(track.center())
            knob.moveLeft(track.right() - 15 if on else track.left() + 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.highlightedText() if on else colors.placeholderText())
            painter.drawEllipse(knob)
            if self.hasFocus():
                painter.setPen(QPen(colors.accent(), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), 11, 11)


class ComboBox(QComboBox):
    """Leaves the wheel to the panel that scrolls, unless the user is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """What does not fit ends in an ellipsis, where the style would cut it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        if self.currentIndex() < 0 and self.placeholderText():
            option.palette.setBrush(QPalette.ColorRole.ButtonText, option.palette.placeholderText())
            option.currentText = self.placeholderText()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, field.width() + _SPARE // 2
        )
        option.rect = option.rect.adjusted(0, 0, _SPARE // 2, 0)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberBox(QDoubleSpinBox):
    """A number with its unit. Whole numbers are numbers without decimals, so that they may pass 2^31."""

    def __init__(
        self, minimum: float | None, maximum: float | None, step: float, unit: str, *, whole: bool
    ) -> None:
        super().__init__()
        self._step_decimals = 0 if whole else min(6, max(0, math.ceil(-math.log10(step) - 1e-9)))
        self._whole = whole
        self.setDecimals(self._step_decimals)
        self.setRange(-UNBOUNDED if minimum is None else minimum, UNBOUNDED if maximum is None else maximum)
        self.setSingleStep(step)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.lineEdit().setTextMargins(0, 0, 6, 0)
        self.setKeyboardTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if unit:
            self.setSuffix(f" {unit}")

    def show_value(self, value: float) -> None:
        """Shows a value with as many decimals as it needs, and tells nobody."""
        self.blockSignals(True)
        if not self._whole:
            needed = len(f"{value:.6f}".rstrip("0").partition(".")[2])
            self.setDecimals(max(self._step_decimals, needed))
        self.setValue(value)
        self.blockSignals(False)

    def number(self) -> int | float:
        return round(self.value()) if self._whole else self.value()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Slider(QSlider):
    """A slider over floats."""

    moved = Signal(float)

    def __init__(self, minimum: float, maximum: float, step: float) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._low, self._step = minimum, step
        count = max(1, round((maximum - minimum) / step))
        self.setRange(0, count)
        self.setSingleStep(1)
        self.setPageStep(max(1, count // 10))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(lambda position: self.moved.emit(self._low + position * self._step))

    def show_value(self, value: float) -> None:
        self.blockSignals(True)
        position = (value - self._low) / self._step
        self.setValue(round(min(max(position, self.minimum()), self.maximum())))  # Qt takes 32 bits
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


_SEGMENT_ICON = 16


class _Segment(QPushButton):
    """Ends in an ellipsis where there is no room, in place of being cut at both ends; or shows an icon alone.

    The tool tip has what is not to be seen.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("role", "segment")
        self.setCheckable(True)
        self.setAutoExclusive(True)  # a choice among others, to a screen reader too
        self.setIconSize(QSize(_SEGMENT_ICON, _SEGMENT_ICON))
        self._words, self._tip = text, ""
        self._lacking = 0

    def show_icon(self, picture: QIcon) -> None:
        self.setAccessibleName(self._words)
        self.setText("")
        self.setIcon(picture)
        self._tell()

    def show_words(self) -> None:
        self.setText(self._words)
        self.setIcon(QIcon())
        self._tell()

    def setToolTip(self, text: str) -> None:
        """What is told in place of the words that are not to be seen; and where they are, too."""
        self._tip = text
        self._tell()

    def _tell(self) -> None:
        is_whole = self.text() and self._lacking <= 0
        super().setToolTip(self._tip or ("" if is_whole else self._words))

    def words_more(self) -> int:
        """How many pixels wider it is with its words than with an icon."""
        return self.fontMetrics().horizontalAdvance(self._words) - _SEGMENT_ICON - 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lacking = self.sizeHint().width() - event.size().width() - _SPARE
        self._tell()

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        if self._lacking > 0 and self.text():
            room = self.fontMetrics().horizontalAdvance(self.text()) - self._lacking
            elided = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
            option.text = elided or self.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Its words may reach into the room around them, where the style would cut them."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        option.rect = option.rect.adjusted(-_SPARE // 2, 0, _SPARE // 2, 0)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)


class Segments(QFrame):
    """One choice of a few, side by side."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("role", "segments")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._parts = [_Segment(name) for name in names]
        self._pictures: Sequence[QIcon] = ()
        self.shows_words = True
        for number, one in enumerate(self._parts):
            self._group.addButton(one, number)
            row.addWidget(one)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen.emit)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def current(self) -> int:
        return self._group.checkedId()

    def choose(self, number: int) -> None:
        """Shows this choice, and tells nobody."""
        self._group.button(number).setChecked(True)

    def part(self, number: int) -> QAbstractButton:
        return self._group.button(number)

    def show_icon(self, number: int, picture: QIcon) -> None:
        """Shows an icon in place of a choice's words, which stay as its name and tool tip."""
        self._parts[number].show_icon(picture)

    def set_icons(self, pictures: Sequence[QIcon]) -> None:
        """One for each choice, which can be shown in place of its words: see `show_words`."""
        self._pictures = pictures
        self.show_words(self.shows_words)

    def show_words(self, on: bool) -> None:
        """Words or, once there are some, icons."""
        self.shows_words = on or not self._pictures
        for number, part in enumerate(self._parts):
            part.show_words() if self.shows_words else part.show_icon(self._pictures[number])

    def width_with(self, *, words: bool) -> int:
        """How wide all choices are with their words, or with their icons."""
        more = sum(part.words_more() for part in self._parts)
        width = self.sizeHint().width()
        return width + (more * (int(words) - int(self.shows_words)) if self._pictures else 0)


class EmptyState(QWidget):
    """What stands where there is nothing yet: what this place is for, and what to do next."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        from PySide6.QtWidgets import QVBoxLayout

        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT // 2)
        self.title = label(title, "strong")
        self.text = label(text, "muted", wrap=True)
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addStretch(2)
        self._column = column

    def offer(self, part: QPushButton) -> None:
        """A button below the words, for what to do next."""
        self._column.insertSpacing(self._column.count() - 1, UNIT)
        self._column.insertWidget(self._column.count() - 1, part, 0, Qt.AlignmentFlag.AlignHCenter)

    def say(self, title: str, text: str) -> None:
        self.title.setText(title)
        self.text.setText(text)
