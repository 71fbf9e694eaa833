"""The menus of the room: opened again and again, they and the room end cleanly; each key means one thing."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from studio_music.room.roll.model import SongModel
from studio_music.room.roll.roll import Roll
from studio_music.room.roll.toolbar import RollBar

from studio.ui.kit.theme import LIGHT
from tests.studio_music.room_songs import BAR, song
from tests.studio_music.room_window import Desk


def turn() -> None:
    """What is to be deleted later is gone, and what Python does not need is collected."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def right_click(widget: QWidget, at: QPointF) -> None:
    place = at.toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)


def openers(desk: Desk) -> list[Callable[[], object]]:
    """What opens a menu of the room."""
    page = desk.room.page
    roll, view = page.roll, page.roll.state.view
    (bar,) = page.findChildren(RollBar)
    strip = page.tracks.strips[0]
    here = QPointF(view.x_of(BAR + 100), 10)
    note = desk.song.tracks[0].notes[3]
    return [
        lambda: right_click(roll.field, QPointF(view.x_of(note.start + 9), view.y_of(note.pitch) + 2)),
        lambda: right_click(roll.ruler, here + QPointF(0, roll.ruler.height() - 15)),
        lambda: right_click(roll.chords, here),
        bar.how.click,
        strip.more.click,
        lambda: strip.instrument.list.popup(QPoint()),
        lambda: page.transport.key.list.popup(QPoint()),
        lambda: page.transport.meter.list.popup(QPoint()),
        lambda: page.tracks.add_menu.popup(QPoint()),
    ]


def opened(open_one: Callable[[], object]) -> QMenu:
    open_one()
    QApplication.processEvents()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_menus_and_the_room_are_opened_and_closed_again_and_again(desk: Desk) -> None:
    desk.open(song())
    counts = []
    for language in ("de", "en", "de", "en"):
        for _ in range(3):
            for open_one in openers(desk):
                menu = opened(open_one)
                assert menu.actions()
                del menu
                turn()
                QApplication.activePopupWidget().close()
                turn()
            counts.append(len(desk.room.page.findChildren(QObject)))
        room, before = desk.room, id(desk.room)
        desk.studio.context.change_settings("appearance", language=language)
        desk.until(lambda before=before: id(desk.room) != before)
        del room
        turn()
        desk.until(lambda: desk.room.page.shows_song)
    assert counts[2] == counts[1]  # the first time fills them


def test_an_entry_does_what_it_says_in_a_menu_that_was_opened_before(desk: Desk) -> None:
    desk.open(song())
    roll = desk.room.page.roll
    for _ in range(3):
        menu = opened(openers(desk)[1])
        turn()
        loop = menu.actions()[0]
        loop.trigger()
        menu.close()
        turn()
        assert desk.song.loop == (BAR, 2 * BAR)
        roll.model.undo()


@pytest.mark.parametrize("is_open", [True, False])
def test_a_roll_that_python_lets_go_takes_its_menus_along(qapp: QApplication, is_open: bool) -> None:
    for _ in range(20):
        model = SongModel()
        model.begin(song())
        roll = Roll(model, LIGHT)
        bar = RollBar(roll)
        roll.show()
        QApplication.processEvents()
        for menu in (roll.menu(), roll.bars_menu(), bar.how_menu(), roll.chords.menu(0)):
            menu.popup(QPoint())
            QApplication.processEvents()
            if not is_open:
                menu.close()
        menu = menu if is_open else None
        del roll, bar, model
        turn()
        del menu
        turn()


# --- keys of entries ----------------------------------------------------------------------------------------


def marks(texts: list[str]) -> dict[str, list[str]]:
    """Entries by the letter that is their key."""
    found: dict[str, list[str]] = {}
    for text in texts:
        at = text.replace("&&", "  ").find("&")
        if at >= 0:
            found.setdefault(text[at + 1].lower(), []).append(text)
    return found


def doubles(menu: QMenu) -> list[list[str]]:
    """Entries of one menu that share a key, in it and in the menus inside of it."""
    shown = [action for action in menu.actions() if action.isVisible()]
    own = [texts for texts in marks([action.text() for action in shown]).values() if len(texts) > 1]
    inner = [action.menu() for action in shown if isinstance(action.menu(), QMenu)]
    return own + [texts for one in inner for texts in doubles(one)]


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_key_of_a_menu_means_two_things(desk: Desk, language: str) -> None:
    if language != "en":
        before = desk.room
        desk.studio.context.change_settings("appearance", language=language)
        desk.until(lambda: desk.room is not before)
        del before
    desk.open(song())
    bar, room_menu = desk.studio.window.menuBar(), desk.studio.menus.bar.menus["room"]
    titles = marks([action.text() for action in bar.actions() if action.isVisible()])
    found = {"the menu bar": [texts for texts in titles.values() if len(texts) > 1]}
    found["the room"] = doubles(room_menu)
    inner = [action.text() for action in room_menu.actions() if action.menu()]
    assert inner == (["Sound", "Edit notes"] if language == "en" else ["Klang", "Noten bearbeiten"])
    for number, open_one in enumerate(openers(desk)):
        menu = opened(open_one)
        found[f"menu {number}"] = doubles(menu)
        menu.close()
    desk.studio.context.change_settings("appearance", language="en")
    assert {name: pairs for name, pairs in found.items() if pairs} == {}
