"""Does one thing in each room of a real window, and tells what of it a person reads in English in German.

A program of its own, as a person starts it: in English, with a change to German in its place, or in German.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polib
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)
from studio_product.core.studies.catalog import preset

from studio.ui.shell.studio_window import StudioWindow
from tests.ui.pictures import canvas_of

ROOT = Path(__file__).parents[2]
CATALOGS = sorted([*ROOT.glob("resources/i18n/de.po"), *ROOT.glob("plugins/*/i18n/de.po")])
_PLACE = re.compile(r"\\\{\w+\\\}")
_LETTERS = re.compile(r"[A-Za-z]{3}")
_BETWEEN = re.compile(r"\n| · | – |: ")
_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole)
_MOST_ROWS = 200


class English:
    """Tells English messages of our catalogs from German ones and from what people write."""

    def __init__(self) -> None:
        entries = [one for file in CATALOGS for one in polib.pofile(str(file)) if not one.obsolete]
        german = {_bare(text) for one in entries for text in _german(one)}
        english = {_bare(text) for one in entries for text in (one.msgid, one.msgid_plural) if text}
        english -= german
        self._plain = {text for text in english if "{" not in text and _LETTERS.search(text)}
        patterns = [text for text in english if "{" in text and _LETTERS.search(re.sub(r"\{.*?\}", "", text))]
        self._patterns = [re.compile(_PLACE.sub("(.+?)", re.escape(text)), re.DOTALL) for text in patterns]
        self._german = [
            re.compile(_PLACE.sub("(.+?)", re.escape(text)), re.DOTALL) for text in german if "{" in text
        ]

    def in_text(self, text: str) -> str:
        """The part of a text that is English; "" if none is."""
        return next((part for part in [text, *_BETWEEN.split(text)] if self._is(_bare(part))), "")

    def _is(self, text: str) -> bool:
        if text in self._plain:
            return True
        found = any(one.fullmatch(text) for one in self._patterns)
        return found and not any(one.fullmatch(text) for one in self._german)


def _german(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr, *entry.msgstr_plural.values()]


def _bare(text: str) -> str:
    """Without the marks of keys, tags of HTML and blanks around."""
    return re.sub(r"<[^>]+>", "", text).replace("&", "").strip()


def shown(window: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Each text on a window, its tool tips and what a screen reader says of it too."""
    for one in [window, *window.findChildren(QWidget)]:
        if isinstance(one, QMenu):
            yield from ((one, action.text()) for action in one.actions())
        elif one.isVisible():
            yield from ((one, text) for text in _texts(one) if text)


def _texts(one: QWidget) -> Iterator[str]:
    yield from (one.toolTip(), one.statusTip(), one.accessibleName(), one.accessibleDescription())
    if one.isWindow():
        yield one.windowTitle()
    match one:
        case QAbstractButton() | QLabel():
            yield one.text()
        case QLineEdit():
            yield from (one.text(), one.placeholderText())
        case QPlainTextEdit():
            yield from (one.toPlainText(), one.placeholderText())
        case QTextEdit():
            yield from (one.toPlainText(), one.placeholderText())
        case QComboBox():
            yield from (one.itemText(row) for row in range(one.count()))
        case QGroupBox():
            yield one.title()
        case QTabBar():
            yield from (one.tabText(number) for number in range(one.count()))
        case QMenuBar():
            yield from (action.text() for action in one.actions())
        case QAbstractItemView() if one.model() is not None:
            yield from _rows(one.model(), QModelIndex())


def _rows(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    for row in range(min(model.rowCount(parent), _MOST_ROWS)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield from (said for role in _ROLES if isinstance(said := model.data(index, role), str))
        yield from _rows(model, model.index(row, 0, parent))


def until(is_so: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("It never became so.")
        QApplication.processEvents()
        time.sleep(0.005)


def rest(studio: StudioWindow) -> None:
    """Until nothing is being laid out or read any more."""
    until(lambda: not studio.context.tasks.running)
    for _ in range(20):
        QApplication.processEvents()
        time.sleep(0.005)


ROOMS = ("image", "text", "music", "product")


def work(studio: StudioWindow) -> None:
    """One thing in each room. All of it leaves something that has a title."""
    context = studio.context
    assert context.project is not None and context.runner is not None
    queue = context.runner.queue
    context.runner.pause_all()
    items = {item.kind: item for item in context.project.items()}
    for room in ROOMS:
        if room in items:
            studio.items.open([items[room]])
        else:
            studio.items.show_room(room)
        rest(studio)
        stage: Any = studio.parts.rooms.get(room)
        if room == "image":
            until(lambda: canvas_of(studio).mask_model is not None)
            canvas_of(studio).invert()
        elif room == "music":
            stage.page.roll.state.loop((0, 1920))
        elif room == "product":
            stage.study.show()
            rest(studio)
            stage.study.pane.begin(preset("cantilever"))
            stage.study.pane.add("load")
        elif room == "text":  # without a model nothing can be written
            continue
        until(lambda: not studio.generating.missing())
        before = len(queue.batches())
        studio.generating.queue()
        until(lambda before=before: len(queue.batches()) > before)
        if room == "music":
            studio.actions["music.again"].trigger()
            until(lambda before=before: len(queue.batches()) > before + 1)
    context.bridge.post(context.project.set_stars([items["image"].uid], 3))
    rest(studio)


def look(studio: StudioWindow) -> list[str]:
    """What is English in any room, on the first page and in menus."""
    english, found = English(), dict[str, None]()
    gallery = studio.parts.gallery
    gallery.parts.collections_button.setChecked(True)
    for batch in studio.context.runner.queue.batches():  # type: ignore[union-attr]
        studio.parts.queue.model.set_open(batch.id, True)
    for room in [*studio.workspace.rooms, "first page"]:
        if room == "first page":
            studio.show_home()
        else:
            studio.items.show_room(room)
        if room == "product":
            studio.parts.rooms.get(room).study.show()  # type: ignore[union-attr]
        rest(studio)
        for window in QApplication.topLevelWidgets():
            for widget, text in shown(window):
                if part := english.in_text(text):
                    found[f"{room}: {type(widget).__name__}: {part}"] = None
    return list(found)


def main(folder: str, is_begun: str) -> None:
    """Works in English and goes on in German; or begins in German, with what was made before."""
    from studio.ui.shell.app import start

    studio = start(Path(folder))
    sys.excepthook = sys.__excepthook__  # an error here belongs to nobody's window
    studio.window.resize(1600, 1000)
    until(lambda: studio.context.runner is not None and studio.context.catalog is not None)
    seen = 0
    if not is_begun:
        work(studio)
        seen = len(look(studio))
        studio.context.change_settings("appearance", language="de")
        until(lambda: studio.session.looks.language == "de")
    rest(studio)
    found = look(studio)
    studio.window.close()
    studio.end()
    print(json.dumps([seen, found]))


if __name__ == "__main__":
    main(*sys.argv[1:])
