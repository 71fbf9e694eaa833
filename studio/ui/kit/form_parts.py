"""Small parts of forms: buttons that carry an icon in the colors around them, and rows that give way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT

ICON_PX = 16


class IconButton(QToolButton):
    """A small button that shows an icon; `tip` says what it does, to the eye and to a screen reader."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self._name = name
        self._color: QColor | None = None
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setFixedSize(28, 28)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.say(tip)
        self._draw()

    def say(self, tip: str) -> None:
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        group = QPalette.ColorGroup.Active  # it may be on by the time it is seen
        color = self.palette().color(group, QPalette.ColorRole.PlaceholderText)
        if color != self._color:  # the palette is told of several times while a button comes to its place
            self._color = color
            self.setIcon(icon(self._name, color))


class Disclosure(QPushButton):
    """Folds something away and shows it again."""

    def __init__(self, text: str = "", *, is_open: bool = True) -> None:
        super().__init__(text)
        self.setProperty("role", "disclosure")
        self.setCheckable(True)
        self.setChecked(is_open)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._draw)
        self._draw()

    def open(self, on: bool) -> None:
        """Shows it open or closed, and tells nobody."""
        self.blockSignals(True)
        self.setChecked(on)
        self.blockSignals(False)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange):
            self._draw()

    def _draw(self) -> None:
        closed = (
            "chevron-left" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "chevron-right"
        )
        name = "chevron-down" if self.isChecked() else closed
        self.setIcon(icon(name, self.palette().placeholderText().color()))


class YieldingRow(QWidget):
    """Widgets side by side while there is room for them, one below the other where there is not."""

    def __init__(self, *parts: QWidget, equal: bool = False, spacing: int = UNIT) -> None:
        """`equal` gives all the same width; otherwise the first takes what the others leave."""
        super().__init__()
        self._parts, self._equal = parts, equal
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(spacing)
        for number, part in enumerate(parts):
            self._line.addWidget(part, 1 if equal or number == 0 else 0)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.StyleChange):
            self._arrange()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """The widest part alone is what it needs: it can always stack the others."""
        widest = max((part.minimumSizeHint().width() for part in self._shown()), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]

    def _arrange(self) -> None:
        shown = self._shown()
        if self._equal:
            needed = max((part.sizeHint().width() for part in shown), default=0) * len(shown)
        else:
            needed = sum(part.minimumSizeHint().width() for part in shown)
        needed += self._line.spacing() * max(0, len(shown) - 1)
        across = QBoxLayout.Direction.LeftToRight
        wanted = across if needed <= self.width() else QBoxLayout.Direction.TopToBottom
        if wanted != self._line.direction():
            self._line.setDirection(wanted)
