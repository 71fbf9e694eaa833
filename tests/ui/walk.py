"""Walks through all rooms of a real window at several sizes, and tells what is cut, hidden or covered.

A program of its own, so that Qt can be told how many pixels of the screen one of the window has: Qt reads
QT_SCALE_FACTOR when it starts.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSlider,
    QWidget,
)

from studio import words
from studio.ui.kit.controls import ElidedLabel
from studio.ui.shell.studio_window import StudioWindow

PICTURES = os.environ.get("STUDIO_WALK_PICTURES", "")
"""A folder for pictures of what was walked through, for whoever wants to look at it."""
SEEN = (QAbstractButton, QLabel, QLineEdit, QComboBox, QAbstractSpinBox, QSlider)


def troubles(window: QWidget) -> Iterator[str]:
    """What of the window's buttons, labels and fields a person could not read or reach."""
    parts = [one for one in window.findChildren(QWidget) if isinstance(one, SEEN) and _is_shown(one, window)]
    for part in parts:
        for trouble in (_cut_off(part, window), _too_small(part)):
            if trouble:
                yield f"{_called(part)}: {trouble}"
    for one, other in combinations(parts, 2):
        if one.parentWidget() is other.parentWidget() and one.geometry().intersects(other.geometry()):
            yield f"{_called(one)} covers {_called(other)}"


def _is_shown(part: QWidget, window: QWidget) -> bool:
    """What a control is made of (the field in a number's box) counts with it."""
    is_inner = isinstance(part.parentWidget(), (QAbstractSpinBox, QComboBox, QLineEdit))
    is_blank = isinstance(part, QLabel) and not part.text()
    return part.isVisible() and part.window() is window and not is_inner and not is_blank


def _cut_off(part: QWidget, window: QWidget) -> str:
    """By the widgets that it lies in, the window last. What can be scrolled to is not cut off."""
    box, parent = QRect(QPoint(), part.size()), part.parentWidget()
    while parent is not None:
        box.moveTopLeft(part.mapTo(parent, QPoint()))
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and parent is area.viewport():
            sideways = area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            fits = box.left() >= 0 and box.right() < parent.width()
            return "" if sideways or fits else f"is wider than what scrolls it, {parent.width()}"
        if not parent.rect().contains(box):
            return f"{box.getRect()} is cut off by {type(parent).__name__} {parent.size().toTuple()}"
        if parent is window:
            return ""
        parent = area
    return ""


def _too_small(part: QWidget) -> str:
    """For its words, unless the tool tip tells them."""
    tall = part.fontMetrics().height()
    if isinstance(part, ElidedLabel):
        is_whole = part.text() == part.whole_text() or part.toolTip()
        return "" if is_whole else "is elided without a tool tip"
    if isinstance(part, QLabel) and part.wordWrap():
        need = part.heightForWidth(part.width())
        return "" if part.height() >= need else f"is {part.height()} high and needs {need}"
    if isinstance(part, QLabel):
        return "" if part.width() >= part.sizeHint().width() else f"is {part.width()} wide"
    if isinstance(part, QAbstractButton) and not part.text():
        least = part.iconSize() if not part.icon().isNull() else QSize(1, 1)
        return "" if part.rect().contains(QRect(QPoint(), least)) else "is too small for its icon"
    if isinstance(part, QAbstractButton):
        need = part.fontMetrics().horizontalAdvance(part.text().replace("&", ""))
        is_wide = part.width() >= need or part.toolTip()
        return "" if is_wide and part.height() >= tall else f"is {part.size().toTuple()} for “{part.text()}”"
    if isinstance(part, QAbstractSpinBox):
        need = part.fontMetrics().horizontalAdvance(part.text())
        return "" if part.width() >= need and part.height() >= tall else f"is too small for “{part.text()}”"
    return "" if part.height() >= min(tall, part.minimumSizeHint().height()) else f"is {part.height()} high"


def _called(part: QWidget) -> str:
    names, at = [], part
    while at is not None and not at.isWindow() and len(names) < 4:
        names.append(type(at).__name__)
        at = at.parentWidget()
    said = part.accessibleName() or getattr(part, "text", str)()
    return f"{' in '.join(names)} “{said}”"


def walk(studio: StudioWindow, sizes: list[tuple[int, int]], until: Callable[..., None]) -> Iterator[str]:
    """Each room at each size. A room of products shows each of its tabs."""
    for size in sizes:
        studio.window.resize(*size)
        for room in studio.workspace.rooms:
            if room == "other":
                continue
            studio.items.show_room(room)
            rest(studio, until)
            if studio.window.size().toTuple() != size:
                yield f"{room} at {size}: the window cannot be smaller than {studio.window.size().toTuple()}"
            for place, show in places(studio, room):
                show()
                rest(studio, until)
                for trouble in troubles(studio.window):
                    yield f"{place} at {size}: {trouble}"
                if PICTURES:
                    studio.window.grab().save(f"{PICTURES}/{words.language()}-{size[0]}-{place}.png")


def places(studio: StudioWindow, room: str) -> list[tuple[str, Callable[[], object]]]:
    stage = studio.parts.rooms.get(room)
    tabs = getattr(getattr(stage, "page", None), "tabs", None)
    if room != "product" or tabs is None:
        return [(room, lambda: None)]
    return [(f"{room} {tab}", lambda tab=tab: stage.page.show_tab(tab)) for tab in range(3)]  # type: ignore[union-attr, misc]


def rest(studio: StudioWindow, until: Callable[..., None]) -> None:
    """Until nothing is being laid out or read any more."""
    until(lambda: not studio.context.tasks.running)
    for _ in range(20):
        QApplication.processEvents()
        time.sleep(0.005)


def main(folder: str, languages: str, percent: str, *sizes: str) -> None:
    from studio.ui.shell.app import start

    studio = start(Path(folder))

    def until(is_so: Callable[[], object], seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError("It never became so.")
            QApplication.processEvents()
            time.sleep(0.005)

    until(lambda: studio.context.runner is not None and studio.panel.generator is not None)
    for item in studio.context.project.items():
        studio.items.open([item])
        rest(studio, until)
    wanted = [(int(width), int(height)) for width, _, height in (size.partition("x") for size in sizes)]
    found: list[str] = []
    for language in languages.split(","):
        studio.context.change_settings("appearance", language=language, font_scale=int(percent))
        until(lambda language=language: studio.session.looks.language == language)
        until(lambda: studio.theme.font_scale == int(percent))
        rest(studio, until)
        found += [f"{language}: {trouble}" for trouble in walk(studio, wanted, until)]
    studio.window.close()
    studio.end()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
