"""Chooses a theme and dresses the program in it: style, font, palette, style sheet."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.settings import THEMES
from studio.ui.kit.theme.built_in import BASES, CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT
from studio.ui.kit.theme.sheet import style_sheet
from studio.ui.kit.theme.tokens import FAMILY, Theme

if TYPE_CHECKING:
    from collections.abc import Callable

_STILL = "still"
"""The program's property that says so."""


def choose(
    choice: str,
    app: QApplication,
    folder: Path | None = None,
    *,
    font_scale: int = 100,
    reduced_motion: bool = False,
) -> tuple[Theme, str]:
    """The theme for a choice, and what the user should know ("" if all is well).

    Args:
        choice: One of `THEMES`, or the name of a file in `folder`.
        folder: The user's own themes, `themes` in the folder of the configuration.
        font_scale: Percent, 80 to 200; beyond it the nearest of these.
        reduced_motion: Whether the user wants it; the system's own wish counts too.
    """
    notice = ""
    if choice not in THEMES:
        from studio.ui.kit.theme import files

        chosen, notice = files.load(folder, choice) if folder is not None else (None, "")
        chosen = chosen or resolve("system", app)
    else:
        chosen = resolve(choice, app)
    return chosen.changed(
        font_scale=min(max(font_scale, 80), 200),
        reduced_motion=reduced_motion or _system_reduces_motion(app),
    ), notice


def resolve(choice: str, app: QApplication) -> Theme:
    """One of the studio's own, for one of `THEMES`."""
    if choice in BASES:
        return BASES[choice]
    is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    if choice == "contrast" or _system_wants_contrast(app):
        return CONTRAST_DARK if is_dark else CONTRAST_LIGHT
    return DARK if is_dark else LIGHT


def follow_system(app: QApplication, changed: Callable[[], object]) -> None:
    """Calls `changed`, a bound method of a QObject, when the system's colors, contrast or motion change."""
    hints = app.styleHints()
    hints.colorSchemeChanged.connect(changed)
    if hasattr(hints, "accessibility"):
        wishes = hints.accessibility()
        wishes.contrastPreferenceChanged.connect(changed)
        if hasattr(wishes, "motionPreferenceChanged"):
            wishes.motionPreferenceChanged.connect(changed)


def _system_wants_contrast(app: QApplication) -> bool:
    """Qt tells from 6.10 on."""
    hints = app.styleHints()
    if not hasattr(hints, "accessibility"):
        return False
    return hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast


def _system_reduces_motion(app: QApplication) -> bool:
    """Qt tells from 6.12 on."""
    hints = app.styleHints()
    if not hasattr(hints, "accessibility") or not hasattr(Qt, "MotionPreference"):
        return False
    return hints.accessibility().motionPreference() is Qt.MotionPreference.ReducedMotion


def apply(theme: Theme, app: QApplication) -> None:
    """Dresses the whole program: style, font, palette, style sheet."""
    apply_colors(theme, app)
    app.setStyleSheet(style_sheet(theme))


def apply_colors(theme: Theme, app: QApplication) -> None:
    """All but the style sheet."""
    _prepare()
    font = QFont(FAMILY)
    font.setPixelSize(theme.text_px)
    app.setFont(font)
    app.setPalette(palette(theme))
    app.setProperty(_STILL, theme.reduced_motion)


def is_still() -> bool:
    """Whether nothing may move by itself, for widgets that are given no theme."""
    app = QApplication.instance()
    return app is not None and bool(app.property(_STILL))


@cache
def _prepare() -> None:
    """The style; and Inter, which the studio brings along, so that it looks alike everywhere.

    Other scripts fall back to fonts of the system.
    """
    QApplication.setStyle("Fusion")
    for file in ("Inter-Regular.otf", "Inter-SemiBold.otf"):
        QFontDatabase.addApplicationFont(str(paths.resource("fonts", file)))


def palette(theme: Theme) -> QPalette:
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.background,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.raised,
        QPalette.ColorRole.AlternateBase: theme.surface,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Accent: theme.accent,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.BrightText: theme.danger,
        QPalette.ColorRole.LinkVisited: theme.warning,  # stars too; nothing here is a visited link
        QPalette.ColorRole.Light: theme.raised,
        QPalette.ColorRole.Midlight: theme.hover,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Dark: theme.outline,
        QPalette.ColorRole.Shadow: theme.sunken,
    }
    for role, color in roles.items():
        made.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return made
