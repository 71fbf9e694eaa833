"""Icons: all of them render, in the color asked for, sharp at any scale."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, qInstallMessageHandler
from PySide6.QtGui import QColor, QIcon, QImage

from studio.paths import resource
from studio.ui.kit.icons import icon, names


def drawn(name: str, color: QColor, side: int = 24, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    pixmap = icon(name, color).pixmap(QSize(side, side), 1.0, mode)
    return pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)


def ink(image: QImage) -> list[QColor]:
    pixels = (image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width()))
    return [color for color in pixels if color.alpha() > 40]


@pytest.mark.parametrize("name", names())
def test_every_icon_draws_within_its_square(name: str, qapp: object) -> None:
    color = QColor(10, 120, 220)
    image = drawn(name, color)
    marks = ink(image)
    assert len(marks) > 12
    assert all(abs(mark.red() - 10) < 12 and abs(mark.blue() - 220) < 12 for mark in marks)
    rim = [image.pixelColor(at, side).alpha() for at in range(24) for side in (0, 23)]
    assert max(rim) == 0


@pytest.mark.parametrize("name", names())
def test_every_icon_is_of_the_one_set(name: str) -> None:
    root = ET.parse(resource("icons", f"{name}.svg")).getroot()
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.6"


def test_double_density_is_drawn_afresh(qapp: object) -> None:
    pixmap = icon("brush", QColor("black")).pixmap(QSize(24, 24), 2.0)
    assert pixmap.width() == 48 and pixmap.devicePixelRatio() == 2.0
    stretched = drawn("brush", QColor("black")).scaled(48, 48)
    assert pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32) != stretched


def test_disabled_is_fainter(qapp: object) -> None:
    normal = max(c.alpha() for c in ink(drawn("check", QColor("black"))))
    disabled = drawn("check", QColor("black"), mode=QIcon.Mode.Disabled)
    assert max(c.alpha() for c in ink(disabled)) < normal / 2


def test_icons_are_kept(qapp: object) -> None:
    assert icon("undo", QColor("red")) is icon("undo", QColor(255, 0, 0))


def test_no_room_is_no_picture(qapp: object) -> None:
    said: list[str] = []
    qInstallMessageHandler(lambda _kind, _context, words: said.append(words))
    try:
        assert icon("close", QColor("black")).pixmap(QSize(0, 16)).isNull()
    finally:
        qInstallMessageHandler(None)
    assert not said


def test_a_plugin_brings_icons_of_its_own(tmp_path: Path, qapp: object) -> None:
    color = QColor(10, 120, 220)
    own = tmp_path / "own.svg"
    own.write_text(resource("icons", "table.svg").read_text())
    assert drawn(str(own), color) == drawn("table", color) != drawn("file", color)
    assert drawn(str(tmp_path / "gone.svg"), color) == drawn("file", color)
