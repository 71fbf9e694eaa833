"""A combo box shows its words whole, or with an ellipsis, and never cut."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from studio.ui.kit.controls import ComboBox

WORDS = "Automatic: the best one (int4)"


def field_of(box: ComboBox) -> tuple[int, int]:
    """Left and width of the place for its words."""
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    rect = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    return rect.left(), rect.width()


def ending(box: ComboBox, left: int) -> list[int]:
    """The pixels of the last character."""
    image: QImage = box.grab().toImage()
    end = left + box.fontMetrics().horizontalAdvance(WORDS)
    middle = range(box.height() // 4, 3 * box.height() // 4)
    return [image.pixel(x, y) for x in range(end - 6, end) for y in middle]


def test_the_last_character_is_whole_where_the_words_just_fit(dressed, qtbot) -> None:
    box = ComboBox()
    qtbot.addWidget(box)
    box.addItem(WORDS)
    box.resize(400, 30)
    box.show()
    left, width = field_of(box)
    whole = ending(box, left)
    assert len(set(whole)) > 1
    lacking = 4
    box.resize(400 - (width - box.fontMetrics().horizontalAdvance(WORDS)) - lacking, 30)
    assert field_of(box)[1] < box.fontMetrics().horizontalAdvance(WORDS)
    assert ending(box, left) == whole
