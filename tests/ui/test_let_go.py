"""A window that was closed leaves nothing behind in memory."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from studio.plugins.media import installed_media
from studio.ui.kit.focus import FocusKeeper
from studio.ui.shell import app as studio_app
from studio.ui.shell.studio_window import StudioWindow


def settle(qapp: QApplication) -> None:
    qapp.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def focus_two_places(studio: StudioWindow, until: Callable[..., None]) -> None:
    studio.window.show_welcome(False)
    studio.window.activateWindow()
    able = [
        one
        for one in studio.window.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
    ]
    for place in able[:2]:
        place.setFocus()
        until(place.hasFocus)


def close_another(studio: StudioWindow, until: Callable[..., None]) -> weakref.ref[StudioWindow]:
    other = studio.session.open_in_window(None)
    focus_two_places(other, until)
    other.window.close()
    until(lambda: other._ended)
    return weakref.ref(other)


def test_a_window_beside_another_is_let_go(
    studio: StudioWindow, qapp: QApplication, until: Callable[..., None]
) -> None:
    closed = close_another(studio, until)
    settle(qapp)
    focus_two_places(studio, until)

    def is_gone() -> bool:
        settle(qapp)
        return closed() is None

    until(is_gone)


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("medium", sorted(installed_media().rooms))
def test_a_program_that_ended_is_let_go(
    home: Path, qapp: QApplication, until: Callable[..., None], medium: str, seen: bool
) -> None:
    """With a room that was shown, or that was only asked something."""
    others, before = set(qapp.topLevelWidgets()), alive()
    studio = studio_app.build(qapp)
    studio.window.show()
    focus_two_places(studio, until)
    if seen:
        studio.items.show_room(medium)
    assert studio.parts.rooms.get(medium) is not None
    session, window = weakref.ref(studio.session), weakref.ref(studio)
    studio.session.quit()
    studio.session.end()
    del studio

    def is_gone() -> bool:
        settle(qapp)
        return session() is None and window() is None

    until(is_gone)
    assert set(qapp.topLevelWidgets()) <= others
    assert alive() - before == Counter()
    qapp.setStyleSheet("")


def alive() -> Counter[str]:
    """Objects of Qt's kind that are the studio's own or its plugins', by their class."""
    found = [one for one in gc.get_objects() if isinstance(one, QObject)]
    return Counter(type(one).__name__ for one in found if type(one).__module__.startswith("studio"))


def test_the_focus_is_not_remembered_beyond_its_place(qtbot, qapp: QApplication) -> None:
    keeper = FocusKeeper(qapp)
    window, gone = QWidget(), QWidget()
    qtbot.addWidget(window)
    place = QWidget(window)
    window.show()
    for one in (gone, window, place):
        one.show()
        one.activateWindow()
        one.setFocus()
        qtbot.waitUntil(one.hasFocus)
    left = weakref.ref(gone)
    gone.deleteLater()
    del gone, one
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.setFocus()
    gc.collect()
    assert left() is None
    keeper.deleteLater()
