"""Type that differs from the program's font: the sizes and weights of roles.

It is given to the widgets as a font and is not in the style sheet, so that another size of text needs no
other sheet: with one, Qt would style every widget anew, which takes ten times as long.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.kit.theme.tokens import FAMILY, HEADING_PX, SMALL_PX, TITLE_PX, Theme

_SCALE = "fontScale"
"""The program's property that has it, in percent."""
_KEPT = "_q_styleSheetWidgetFont"
"""The property in which Qt's style sheets note a widget's font the first time that they style it. When the
widget gets another parent they give it that one again, whatever it has got since: it has to be renewed."""


class Type(NamedTuple):
    px: int = 0
    """At 100 %; 0: as the program's font."""
    strong: bool = False
    mono: bool = False
    """The system's own letters of one width, for what stands in columns."""


ROLES_OF_TYPE = {
    "title": Type(TITLE_PX, strong=True),
    "heading": Type(HEADING_PX, strong=True),
    "strong": Type(strong=True),
    "group": Type(SMALL_PX, strong=True),
    "small": Type(SMALL_PX),
    "status": Type(SMALL_PX),
    "running": Type(SMALL_PX),
    "error": Type(SMALL_PX),
    "chip": Type(SMALL_PX),
    "primary": Type(strong=True),
    "big": Type(HEADING_PX, strong=True),
    "chooser": Type(strong=True),
    "lines": Type(SMALL_PX, mono=True),
}


def set_role(widget: QWidget, role: str) -> None:
    """Names what the style sheet asks for, and gives the widget the type that belongs to it."""
    had_type = widget.property("role") in ROLES_OF_TYPE
    widget.setProperty("role", role)
    if had_type or role in ROLES_OF_TYPE:
        scale = QApplication.instance().property(_SCALE) or 100
        _give(widget, _font(ROLES_OF_TYPE.get(role, Type()), scale))


def set_type(theme: Theme, app: QApplication) -> None:
    """The program's font, and that of each widget whose role has another one."""
    app.setProperty(_SCALE, theme.font_scale)
    font = QFont(FAMILY)
    font.setPixelSize(theme.text_px)
    if app.font() == font:
        return
    app.setFont(font)
    small = QFont(font)
    small.setPixelSize(theme.small_px)
    app.setFont(small, "QHeaderView")  # type: ignore[arg-type]  # PySide takes no bytes here
    fonts = {role: _font(one, theme.font_scale) for role, one in ROLES_OF_TYPE.items() if one.px}
    # Where a style sheet is, Qt tells a window of the program's font, but not what is in it. What holds
    # others comes after them, since it may ask how large they are.
    for window in app.topLevelWidgets():
        for widget in (*reversed(window.findChildren(QWidget)), window):
            app.sendEvent(widget, QEvent(QEvent.Type.ApplicationFontChange))
            own = fonts.get(widget.property("role"))
            if own is not None:
                _give(widget, own)


def _give(widget: QWidget, font: QFont) -> None:
    widget.setFont(font)
    widget.setProperty(_KEPT, font)


def _font(one: Type, scale: int) -> QFont:
    """It has nothing but what differs; the rest stays as the widget's surroundings have it."""
    font = QFont()
    if one.px:
        font.setPixelSize(round(one.px * scale / 100))
    if one.strong:
        font.setWeight(QFont.Weight.DemiBold)
    if one.mono:
        font.setFamily(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family())
    return font
