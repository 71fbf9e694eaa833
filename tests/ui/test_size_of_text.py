"""Text of another size in windows as they stand: all is as large as in what is built anew at that size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QVBoxLayout, QWidget
from studio_product.room.study.remarks import Remarks

from studio.ui.kit import theme
from studio.ui.kit.controls import button, label, restyle
from studio.ui.shell.about import AboutDialog
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe

SIZES = (85, 100, 150, 200)
ABOUT = 1
"""Pixels."""
WINDOW = QSize(1440, 900)


class Seen(NamedTuple):
    size: tuple[int, int]
    font: int


def seen(root: QWidget) -> dict[str, Seen]:
    """All that is visible in it, by where it is."""
    found: dict[str, Seen] = {}

    def walk(widget: QWidget, place: str) -> None:
        counts: Counter[str] = Counter()
        for child in widget.children():
            if not isinstance(child, QWidget) or not child.isVisible() or child.isWindow():
                continue
            kind = type(child).__name__
            counts[kind] += 1
            here = f"{place}/{kind} {counts[kind]}"
            found[here] = Seen(child.size().toTuple(), child.font().pixelSize())
            walk(child, here)

    walk(root, "")
    return found


def differences(grown: dict[str, Seen], made: dict[str, Seen]) -> dict[str, object]:
    found: dict[str, object] = dict.fromkeys(grown.keys() ^ made.keys(), "only one has it")
    for place in grown.keys() & made.keys():
        one, other = grown[place], made[place]
        apart = max(abs(a - b) for a, b in zip(one.size, other.size, strict=True))
        if apart > ABOUT or ("QHeaderView" not in place and one.font != other.font):
            found[place] = (one, other)
    return found


@pytest.fixture
def scaled(studio: StudioWindow, until) -> Iterator[object]:
    def scale(percent: int) -> None:
        studio.context.change_settings("appearance", font_scale=percent)
        until(lambda: studio.theme.font_scale == percent)
        rest(studio, until)

    yield scale
    scale(100)


def rest(studio: StudioWindow, until) -> None:
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        until(lambda: not studio.context.tasks.running)
    about = [one for one in QApplication.topLevelWidgets() if isinstance(one, AboutDialog)]
    until(lambda: all(one.parts() for one in about))  # the dialog reads them by itself
    studies = [one for one in studio.window.findChildren(Remarks) if one.isVisible()]
    until(lambda: all(one.is_known for one in studies))


def in_rooms(studio: StudioWindow, until) -> dict[str, dict[str, Seen]]:
    """What is seen in each room, with panels of a width."""
    studio.window.resize(WINDOW)
    found = {}
    for room in studio.workspace.rooms:
        studio.items.show_room(room)
        rest(studio, until)
        sides = [studio.window.panels["generate"], studio.window.panels["gallery"]]
        studio.window.inner.resizeDocks(sides, [400, 400], Qt.Orientation.Horizontal)
        rest(studio, until)
        found[room] = seen(studio.window)
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("percent", SIZES)
def test_all_rooms_grow_as_if_they_were_built_anew(studio: StudioWindow, scaled, until, percent: int) -> None:
    studio.set_catalog(catalog_of(describe(Sample)))
    studio.projects.open_sample()
    until(lambda: studio.context.project is not None)
    in_rooms(studio, until)
    window = studio.window
    if percent == 100:
        scaled(200)
        in_rooms(studio, until)
    scaled(percent)
    grown = in_rooms(studio, until)
    assert studio.window is window
    studio.rebuild()
    rest(studio, until)
    made = in_rooms(studio, until)
    assert studio.window is not window
    for room in grown:
        assert len(grown[room]) > 40
        assert differences(grown[room], made[room]) == {}, room


@pytest.mark.parametrize(
    "command", ["file.recent", "help.about", "help.log", "edit.shortcuts", "edit.preferences"]
)
def test_dialogs_grow_as_if_they_were_opened_anew(studio: StudioWindow, scaled, until, command: str) -> None:
    def opened() -> QDialog:
        studio.actions[command].trigger()
        rest(studio, until)
        return next(
            one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()
        )

    dialog = opened()
    before = seen(dialog)
    scaled(150)
    grown, size = seen(dialog), dialog.size()
    assert dialog.isVisible() and grown != before
    dialog.close()
    rest(studio, until)
    again = opened()
    again.resize(size)
    rest(studio, until)
    assert differences(grown, seen(again)) == {}
    again.close()


def test_type_stays_with_a_widget_that_moves_or_changes_its_role(dressed: theme.Theme, qapp) -> None:
    """Qt's style sheets give a widget that gets another parent the font that it had first."""
    homes = [QWidget(), QWidget()]
    for home in homes:
        QVBoxLayout(home)
    words, act = label("Words", "small"), button("Act", "primary")
    try:
        for part in (words, act):
            homes[0].layout().addWidget(part)
        homes[0].show()
        theme.set_type(dressed.changed(font_scale=150), qapp)
        for home in (homes[1], homes[0]):
            for part in (words, act):
                home.layout().addWidget(part)
            home.show()
            assert words.font().pixelSize() == round(theme.SMALL_PX * 1.5)
            assert act.font().pixelSize() == round(theme.TEXT_PX * 1.5)
            assert act.font().weight() == QFont.Weight.DemiBold
        restyle(words, "role", "title")
        assert words.font().pixelSize() == theme.TITLE_PX * 3 // 2
        restyle(words, "role", "muted")
        assert words.font().pixelSize() == round(theme.TEXT_PX * 1.5)
        assert words.font().weight() == QFont.Weight.Normal
    finally:
        theme.set_type(dressed, qapp)
        for home in homes:
            home.deleteLater()


def test_a_label_without_words_is_as_high_as_its_text_would_be(dressed: theme.Theme, qapp) -> None:
    empty: list[QLabel | QPushButton] = [label("", "small"), label("")]
    try:
        for part in empty:
            part.show()
        theme.set_type(dressed.changed(font_scale=200), qapp)
        assert empty[0].sizeHint().height() == label("", "small").sizeHint().height()
        assert empty[1].sizeHint().height() == label("").sizeHint().height()
    finally:
        theme.set_type(dressed, qapp)
        for part in empty:
            part.deleteLater()
