"""Widgets one after the other, in as many lines as they need."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget


class FlowLayout(QLayout):
    """The last one takes what its line leaves."""

    def __init__(self, parent: QWidget, gap: int) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert(self, number: int, part: QWidget) -> None:
        self.addWidget(part)
        self._items.insert(number, self._items.pop())

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, number: int) -> QLayoutItem | None:
        return self._items[number] if 0 <= number < len(self._items) else None

    def takeAt(self, number: int) -> QLayoutItem | None:
        return self._items.pop(number) if 0 <= number < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        boxes = self._boxes(width)
        return boxes[-1].bottom() + 1 if boxes else 0

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        least = QSize()
        for item in self._items:
            least = least.expandedTo(item.minimumSize())
        return least

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        parent = self.parentWidget()
        for item, box in zip(self._items, self._boxes(rect.width()), strict=True):
            placed = box.translated(rect.topLeft())
            item.setGeometry(QStyle.visualRect(parent.layoutDirection(), rect, placed))

    def _boxes(self, width: int) -> list[QRect]:
        boxes: list[QRect] = []
        at, tall = QPoint(0, 0), 0
        for item in self._items:
            size = item.sizeHint().boundedTo(QSize(max(width, 1), 10_000))
            if at.x() and at.x() + size.width() > width:
                at, tall = QPoint(0, at.y() + tall + self._gap), 0
            boxes.append(QRect(at, size))
            at, tall = at + QPoint(size.width() + self._gap, 0), max(tall, size.height())
        if boxes:
            boxes[-1].setRight(max(boxes[-1].right(), width - 1))
        return boxes
