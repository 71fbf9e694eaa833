"""Where there is little room, icons stand for words, and nothing is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QWidget

from studio.ui.compare.bar import CompareBar
from studio.ui.compare.widget import Option
from studio.ui.items.compare_model import Mode
from studio.ui.kit.controls import Segments
from studio.ui.kit.theme import Theme
from studio.ui.shell.workspace_bar import WorkspaceBar

MODES = (Mode.SLIDER, Mode.SIDE_BY_SIDE, Mode.FLIP, Mode.ONION, Mode.DIFFERENCE)
GERMAN = ("Schieber", "Nebeneinander", "Wechseln", "Überblenden", "Differenz")


def inside(parts: list[QWidget], bar: QWidget) -> bool:
    """Whether the parts that are seen have all the room they want, one after the other."""
    seen = [part for part in parts if part.isVisible()]
    ends = [part.geometry() for part in seen]
    wide = all(part.width() >= part.sizeHint().width() for part in seen)
    apart = all(one.right() < next_.left() for one, next_ in pairwise(ends))
    return wide and apart and ends[-1].right() < bar.width()


@pytest.fixture
def window(qtbot, dressed: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def _show_within(window: QWidget, bar: QWidget) -> None:
    """In a window that leaves the bar's size to the test."""
    window.resize(900, 60)
    bar.setParent(window)
    window.show()


@pytest.fixture
def compare_bar(window: QWidget) -> CompareBar:
    bar = CompareBar()
    bar.set_segments(Segments(GERMAN), MODES)
    _show_within(window, bar)
    return bar


def test_ways_to_compare_are_icons_where_words_have_no_room(compare_bar: CompareBar, qtbot) -> None:
    bar, segments = compare_bar, compare_bar.segments
    assert segments is not None
    bar.resize(800, 40)
    assert segments.shows_words and segments.part(1).text() == "Nebeneinander"
    assert not segments.part(1).toolTip()
    for width in (450, bar.minimumSizeHint().width()):
        bar.resize(width, 40)
        assert not segments.shows_words and not segments.part(1).icon().isNull()
        assert segments.part(1).toolTip() == segments.part(1).accessibleName() == "Nebeneinander"
        qtbot.waitUntil(lambda: inside([segments, bar.swap], bar))
    segments.part(1).setToolTip("Nebeneinander (2)")
    bar.resize(800, 40)
    assert segments.shows_words and segments.part(1).text() == "Nebeneinander"
    assert segments.part(1).toolTip() == "Nebeneinander (2)", "resizing forgets no key"


def test_an_option_has_room_beside_icons(compare_bar: CompareBar) -> None:
    compare_bar.resize(800, 40)
    compare_bar.show_option(Option("Deckkraft", 0, 100, 50, "50 %"))
    compare_bar.resize(450, 40)
    assert not compare_bar.segments.shows_words
    assert compare_bar.option_title.isVisible() and compare_bar.option_words.isVisible()


def test_the_next_step_becomes_an_icon_first(window: QWidget, qtbot) -> None:
    views = Segments(("Leinwand", "Vergleichen"))
    name = QWidget()
    bar = WorkspaceBar(views, name, ("brush", "text"))
    bar.compare.hide()
    _show_within(window, bar)
    bar.resize(800, 40)
    assert bar.edit.text() and views.shows_words
    words = bar.edit.text()
    bar.resize(450, 40)
    assert not bar.edit.text() and not bar.edit.icon().isNull() and views.shows_words
    assert bar.edit.accessibleName() == words and bar.edit.toolTip()
    qtbot.waitUntil(lambda: inside([views, name, bar.edit, bar.export], bar))
    bar.resize(bar.minimumSizeHint().width(), 40)
    assert not views.shows_words and views.part(1).accessibleName() == "Vergleichen"
    qtbot.waitUntil(lambda: inside([views, name, bar.edit, bar.export], bar))
    bar.edit.hide()
    bar.export.hide()
    bar.share_room()
    assert views.shows_words, "on the canvas there is room"
    bar.edit.show()
    bar.export.show()
    bar.resize(800, 40)
    assert bar.edit.text() == words and views.shows_words
