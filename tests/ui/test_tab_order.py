from __future__ import annotations

from PySide6.QtCore import Qt, qInstallMessageHandler
from PySide6.QtWidgets import (
    QComboBox,
    QDockWidget,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
    QWidgetItem,
)
from shiboken6 import delete, getAllValidWrappers, isValid

from studio.ui.kit.tab_order import renew_tab_order, set_tab_order
from tests.ui.reach import by_tab


def field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    return made


def names(window: QWidget, qtbot, first: QWidget) -> list[str]:
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    first.setFocus()
    return [one.objectName() for one in by_tab(window)]


def test_layouts_decide_not_what_was_made_first(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    last, middle, first = field("last"), field("middle"), field("first")
    row = QHBoxLayout()
    row.addWidget(first)
    row.addWidget(QLabel("no stop"))
    row.addWidget(middle)
    column = QVBoxLayout(window)
    column.addWidget(last)
    column.insertLayout(0, row)
    column.addStretch(1)
    set_tab_order(window)
    assert names(window, qtbot, first) == ["first", "middle", "last"]


def test_what_is_added_later_finds_its_place(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    panels = []
    outer = QHBoxLayout(window)
    for letter in "ab":
        panel = QWidget()
        QVBoxLayout(panel).addWidget(field(f"{letter}1"))
        outer.addWidget(panel)
        panels.append(panel)
    set_tab_order(*panels)
    panels[0].layout().addWidget(field("a2"))
    renew_tab_order(panels[0])
    first = panels[0].findChild(QLineEdit, "a1")
    assert names(window, qtbot, first) == ["a1", "a2", "b1"]


def test_what_is_added_in_front_comes_first_and_nothing_else_moves(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    outer = QHBoxLayout(window)
    panels = []
    for letter in "abc":
        panel = QWidget()
        QVBoxLayout(panel).addWidget(field(f"{letter}9"))
        outer.addWidget(panel)
        panels.append(panel)
    set_tab_order(*panels)
    panels[1].layout().insertWidget(0, field("b1"))
    renew_tab_order(panels[1])
    first = panels[0].findChild(QLineEdit, "a9")
    assert names(window, qtbot, first) == ["a9", "b1", "b9", "c9"]


def test_every_kind_of_holder_is_looked_into(qtbot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    scroll, splitter, stack, grid = QScrollArea(), QSplitter(), QStackedWidget(), QWidget()
    scroll.setFocusPolicy(scroll.focusPolicy().NoFocus)
    scroll.setWidget(field("scrolled"))
    splitter.addWidget(field("right"))
    splitter.insertWidget(0, field("left"))
    stack.addWidget(field("page"))
    cells = QGridLayout(grid)
    number, choice, text = QSpinBox(), QComboBox(), QPlainTextEdit()
    for place, control in enumerate((number, choice, text)):
        control.setObjectName(f"cell{place}")
        cells.addWidget(control, 0, place)
    text.setTabChangesFocus(True)
    inside = QWidget()
    column = QVBoxLayout(inside)
    for part in (scroll, splitter, stack, grid):
        column.addWidget(part)
    dock = QDockWidget("Dock")
    title = QPushButton("Fold")
    title.setObjectName("title")
    dock.setTitleBarWidget(title)
    dock.setWidget(inside)
    window.addDockWidget(dock.allowedAreas().LeftDockWidgetArea, dock)
    set_tab_order(dock)
    assert names(window, qtbot, title) == [
        *("title", "scrolled", "left", "right", "page", "cell0", "cell1", "cell2")
    ]


def test_a_panel_that_floats_is_left_out(qtbot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    first, second = QDockWidget(window), QDockWidget(window)
    for dock, name in ((first, "first"), (second, "second")):
        dock.setWidget(field(name))
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    second.setFloating(True)
    said: list[str] = []
    qInstallMessageHandler(lambda _kind, _context, words: said.append(words))
    try:
        set_tab_order(first, second)
    finally:
        qInstallMessageHandler(None)
    assert not [words for words in said if "setTabOrder" in words]


def test_nothing_belongs_to_another_afterwards(qtbot) -> None:
    """PySide's `nextInFocusChain` would make a dock a child of the button before it, which may die first."""
    window = QMainWindow()
    qtbot.addWidget(window)
    before = QPushButton("Before")
    window.setCentralWidget(before)
    dock = QDockWidget("Dock", window)
    dock.setWidget(field("inside"))
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    toggle = dock.toggleViewAction()
    set_tab_order(before, dock)
    renew_tab_order(dock)
    window.takeCentralWidget()
    delete(before)
    assert isValid(toggle)


def test_no_items_of_layouts_are_left_of_what_has_gone(qtbot) -> None:
    """PySide6 holds what `itemAt` gives. Where the item lay, something else lies later: that crashes."""
    window = QWidget()
    qtbot.addWidget(window)
    column, row = QVBoxLayout(window), QHBoxLayout()
    column.addLayout(row)
    for number in range(20):
        (column, row)[number % 2].addWidget(field(str(number)))
    before = sum(isinstance(one, QWidgetItem) for one in getAllValidWrappers())
    renew_tab_order(window)
    for one in window.findChildren(QLineEdit):
        delete(one)
    assert sum(isinstance(one, QWidgetItem) for one in getAllValidWrappers()) == before
