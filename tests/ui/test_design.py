"""Colors, style sheets and sizes of type come from the theme: nobody else brings their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QStyleOptionButton,
    QToolButton,
    QTreeView,
    QWidget,
)

from studio.ui.kit import theme
from studio.ui.kit.controls import ElidedLabel, NumberBox, Segments, Slider, Switch, label
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import BUILT_IN, DARK, LIGHT, ROLES, Theme

ROOT = Path(__file__).parents[2]
UI = ROOT / "studio" / "ui"
DESIGN = ROOT / "docs" / "design.md"

ALLOWED = {
    "looks.py": {"setStyleSheet"},  # the one place that gives the program its style sheet
    "canvas.py": {"color"},  # the color of a pixel of the photo, which is told
    "tray.py": {"type size"},  # a picture for the system's tray, of its own size
    "picture_paint.py": {"color"},  # over photos, whatever the theme
    "compare_marks.py": {"color"},
    "delegate.py": {"color"},  # the letter on a color label
    "thumbnail_drawing.py": {
        "color",
        "type size",
    },  # a sheet of paper: part of the picture, not of the window
}


def strays(source: str) -> Iterator[tuple[int, str]]:
    """(line, what) of each style that a file brings along."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"#[0-9a-fA-F]{6,8}", node.value):
                yield node.lineno, "color"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            if node.value.attr == "GlobalColor" and node.attr != "transparent":
                yield node.lineno, "color"
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            fixed = any(isinstance(arg, ast.Constant) for arg in node.args)
            if name == "setStyleSheet":
                yield node.lineno, name
            elif (
                name == "QColor"
                and len(node.args) >= 3
                and any(isinstance(arg, ast.Constant) for arg in node.args[:3])
            ):
                yield node.lineno, "color"
            elif name.startswith("setPointSize") or (name == "setPixelSize" and fixed):
                yield node.lineno, "type size"


def test_what_is_looked_for_is_found() -> None:
    source = """
a.setStyleSheet("x")
b = Color("#123456")
c = QtGui.QColor(1, 2, 3)
d = Qt.GlobalColor.red
e = Qt.GlobalColor.transparent
f.setPixelSize(12)
g.setPixelSize(theme.text_px)
h.setPointSizeF(size)
i = QColor(other)
"""
    assert sorted(strays(source)) == [
        (2, "setStyleSheet"),
        (3, "color"),
        (4, "color"),
        (5, "color"),
        (7, "type size"),
        (9, "type size"),
    ]


def test_no_file_brings_styles_of_its_own() -> None:
    found = [
        f"{file.name}:{line}: {what}"
        for file in sorted(UI.rglob("*.py"))
        if file.parent != UI / "kit" / "theme"
        for line, what in strays(file.read_text(encoding="utf-8"))
        if what not in ALLOWED.get(file.name, ())
    ]
    assert found == []


def test_every_role_that_is_named_has_a_rule() -> None:
    sheet = theme.style_sheet(LIGHT)
    known = set(re.findall(r'\[role="(\w+)"\]', sheet))
    named: set[str] = set()
    for file in UI.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'setProperty\("role", "(\w+)"\)', text))
        named |= set(re.findall(r'\bframe\("(\w+)"\)', text))
    assert named - known == set()


def test_the_design_page_shows_the_values_of_the_code() -> None:
    text = DESIGN.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE))
    for role in ROLES:
        shown = re.findall(r"#[0-9a-f]{6}", rows[role])
        assert shown == [getattr(one, role) for one in BUILT_IN], role
    for name in ("UNIT", "RADIUS", "TEXT_PX", "SMALL_PX", "HEADING_PX", "TITLE_PX"):
        assert int(rows[name].split()[0]) == getattr(theme, name), name
    assert len(text.splitlines()) < 200


CONTROLS = (
    QPushButton,
    QToolButton,
    QLineEdit,
    QSpinBox,
    QComboBox,
    QCheckBox,
    QRadioButton,
    lambda: Slider(0, 1, 0.1),
    Switch,
    QPlainTextEdit,
    lambda: NumberBox(0, 10, 1, "px", whole=True),
)


@pytest.fixture
def shown(qtbot):
    """Shows a control in a theme, big enough that nothing is cut."""

    def show(make, chosen: Theme) -> tuple[QWidget, QWidget]:
        app = QApplication.instance()
        theme.apply(chosen, app)
        place = QWidget()
        place.setProperty("role", "panel")
        place.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        qtbot.addWidget(place)
        other = QLineEdit(place)
        other.move(0, 200)
        control = make()
        control.setParent(place)
        if hasattr(control, "setText"):
            control.setText("Words")
        if isinstance(control, QToolButton):
            control.setText("W")
        control.move(20, 20)
        place.resize(300, 260)
        place.show()
        with qtbot.waitActive(place):
            place.activateWindow()
        other.setFocus()
        return place, control

    yield show
    QApplication.instance().setStyleSheet("")


def colors_of(control: QWidget) -> set[str]:
    image = control.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=lambda one: one.name)
@pytest.mark.parametrize("make", CONTROLS)
def test_the_focus_is_seen(make, chosen: Theme, shown) -> None:
    _, control = shown(make, chosen)
    hint = control.sizeHint()
    assert chosen.accent not in colors_of(control)
    before = control.grab().toImage()
    control.setFocus(Qt.FocusReason.TabFocusReason)
    assert control.hasFocus()
    after = control.grab().toImage()
    assert chosen.accent in colors_of(control)
    ring = sum(
        before.pixelColor(x, y) != after.pixelColor(x, y)
        for x in range(after.width())
        for y in range(after.height())
    )
    assert ring >= 40
    assert control.sizeHint() == hint


@pytest.mark.parametrize("make", CONTROLS)
def test_what_is_off_looks_so(make, shown) -> None:
    _, control = shown(make, LIGHT)
    if isinstance(control, (Slider, QSpinBox, NumberBox)):
        control.setValue(5)
    before = control.grab().toImage()
    control.setEnabled(False)
    assert control.grab().toImage() != before


def test_type_grows_on_every_control(qapp: QApplication, qtbot) -> None:
    large, _ = theme.choose("light", qapp, font_scale=200)
    theme.apply(large, qapp)
    try:
        for make in (*CONTROLS, QLabel, QMenu, QTreeView, QListWidget):
            control = make()
            qtbot.addWidget(control)
            control.ensurePolished()
            assert control.font().pixelSize() == large.text_px, type(control)
        segments = Segments(["One", "Two"])
        qtbot.addWidget(segments)
        assert segments.sizeHint().height() >= segments.part(0).fontMetrics().height() + 8
    finally:
        theme.apply(LIGHT, qapp)
        qapp.setStyleSheet("")


def test_segments_end_in_an_ellipsis_where_there_is_no_room(qtbot, dressed: Theme) -> None:
    segments = Segments(["Results of today", "Photographs"])
    qtbot.addWidget(segments)
    part = segments.part(0)
    segments.show()
    option = QStyleOptionButton()
    part.initStyleOption(option)
    assert option.text == "Results of today"
    part.resize(part.width() - 8, part.height())
    part.initStyleOption(option)
    assert option.text == "Results of today", "the room around the words goes first"
    part.resize(part.width() - 40, part.height())
    part.initStyleOption(option)
    assert option.text.endswith("…") and len(option.text) > 5
    assert part.text() == part.toolTip() == "Results of today"
    segments.show_icon(1, icon("trash", dressed.color("muted")))
    other = segments.part(1)
    assert other.accessibleName() == other.toolTip() == "Photographs" and not other.text()


@pytest.mark.parametrize("make", [label, ElidedLabel])
def test_a_latin_name_stands_where_reading_begins(make, qtbot, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        made = make("osprey")
        qtbot.addWidget(made)
        made.resize(300, 24)
        made.show()
        image = made.grab().toImage()
        blank = image.pixelColor(150, 2)
        inked = [x for x in range(300) if any(image.pixelColor(x, y) != blank for y in range(24))]
        assert min(inked) > 200
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
