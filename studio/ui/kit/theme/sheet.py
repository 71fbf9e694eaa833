"""The one style sheet that every widget lives by.

A widget never carries a style string of its own. It names a role with the dynamic property `role`
("heading", "muted", "primary", ...); the rules for it are here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication

from studio import paths
from studio.ui.kit.theme.tokens import RADIUS, Theme

_GLYPHS = {
    "down": '<path d="M4 6l4 4 4-4" fill="none" stroke="{c}" stroke-width="1.6" stroke-linecap="round"/>',
    "check": '<path d="M4 8.5l3 3 6-6.5" fill="none" stroke="{c}" stroke-width="2" stroke-linecap="round"/>',
    "dot": '<circle cx="8" cy="8" r="3.5" fill="{c}"/>',
}


def _glyph(name: str, color: str) -> str:
    """A style sheet can only draw a picture from a file: write the recolored one to the cache, once."""
    folder = paths.cache_folder() / "theme"
    file = folder / f"{name}-{color[1:]}.svg"
    if not file.exists():
        folder.mkdir(exist_ok=True)
        drawing = _GLYPHS[name].format(c=color)
        file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">{drawing}</svg>')
    return file.as_posix()


def _mono() -> str:
    """The system's own: letters of one width, for what stands in columns."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def style_sheet(theme: Theme) -> str:
    """For the whole program. Type comes from its font: only what differs from that is said here."""
    return "".join(part(theme) for part in (_words, _frames, _buttons, _fields, _choices, _lists, _bars))


def _words(t: Theme) -> str:
    return f"""
QLabel, QCheckBox, QRadioButton {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {t.title_px}px; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: {t.heading_px}px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="group"] {{ font-size: {t.small_px}px; font-weight: 600; color: {t.muted}; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="small"] {{ font-size: {t.small_px}px; color: {t.muted}; }}
QLabel[role="error"] {{ font-size: {t.small_px}px; color: {t.danger}; }}
QLabel[role="success"] {{ color: {t.success}; }}
QLabel:disabled {{ color: {t.faint}; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.outline}; padding: 4px 8px; }}
"""


def _frames(t: Theme) -> str:
    return f"""
QMainWindow {{ background: {t.background}; }}
QDialog {{ background: {t.surface}; }}
QMainWindow::separator {{ background: {t.background}; width: 4px; height: 4px; }}
QMainWindow::separator:hover {{ background: {t.accent}; }}
QSplitter::handle {{ background: {t.background}; }}
QDockWidget {{ titlebar-close-icon: none; titlebar-normal-icon: none; }}
QFrame[role="panel"], QWidget[role="panel"] {{ background: {t.surface}; }}
QFrame[role="sunken"], QWidget[role="sunken"] {{ background: {t.sunken}; }}
QFrame[role="card"] {{ background: {t.raised}; border: 1px solid {t.border}; border-radius: {RADIUS + 2}px; }}
QFrame[role="coach"] {{ background: {t.raised}; border: 2px solid {t.accent};
  border-radius: {RADIUS + 2}px; }}
QToolButton[role="on-picture"] {{ background: {t.raised}; border: 1px solid {t.border}; padding: 4px; }}
QToolButton[role="on-picture"]:hover {{ background: {t.hover}; border: 1px solid {t.outline}; }}
QFrame[role="target"] {{ border: 2px dashed {t.outline}; border-radius: {RADIUS + 2}px; }}
QFrame[role="slot"] {{ background: {t.raised}; border: 1px dashed {t.outline}; border-radius: {RADIUS}px; }}
QFrame[role="slot"][over="true"] {{ background: {t.selected}; border: 2px solid {t.accent}; }}
QFrame[role="notice"] {{ background: {t.selected}; border: 1px solid {t.outline};
  border-radius: {RADIUS}px; }}
QFrame[role="notice"][wrong="true"] {{ border: 1px solid {t.danger}; }}
QFrame[role="line"] {{ background: {t.border}; border: none; min-height: 1px; max-height: 1px; }}
QFrame[role="bar"] {{ background: {t.surface}; border: none; border-bottom: 1px solid {t.border}; }}
QFrame[role="segments"] {{ background: {t.hover}; border: none; border-radius: {RADIUS}px; }}
QProgressBar {{ background: {t.track}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
"""


def _buttons(t: Theme) -> str:
    """A focus ring of two pixels takes one from the padding, so that nothing moves. What was clicked needs no
    ring (see `studio.ui.kit.focus`)."""
    return f"""
QPushButton {{ background: {t.raised}; border: 1px solid {t.outline}; border-radius: {RADIUS}px;
  padding: 5px 12px; min-height: {t.px(18)}px; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.selected}; }}
QPushButton:checked {{ background: {t.selected}; border-color: {t.accent}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; padding: 4px 11px; }}
QPushButton[byMouse="true"]:focus {{ border: 1px solid {t.outline}; padding: 5px 12px; }}
QPushButton:disabled {{ color: {t.faint}; border-color: {t.border}; background: {t.surface}; }}
QPushButton[role="compact"] {{ padding: 5px 8px; }}
QPushButton[role="compact"]:focus {{ padding: 4px 7px; }}
QPushButton[role="compact"][byMouse="true"]:focus {{ padding: 5px 8px; }}
QPushButton[role="chip"] {{ padding: 1px 7px; min-height: {t.px(16)}px; border-radius: {RADIUS + 3}px;
  font-size: {t.small_px}px; }}
QPushButton[role="chip"]:focus {{ padding: 0 6px; }}
QPushButton[role="chip"][byMouse="true"]:focus {{ padding: 1px 7px; }}
QPushButton[role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent};
  font-weight: 600; }}
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed {{ background: {t.accent_hover};
  border-color: {t.accent_hover}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {t.text}; padding: 4px 11px; }}
QPushButton[role="primary"][byMouse="true"]:focus {{ border: 1px solid {t.accent}; padding: 5px 12px; }}
QPushButton[role="primary"]:disabled {{ background: {t.hover}; color: {t.faint}; border-color: {t.hover}; }}
QPushButton[role="big"] {{ background: {t.accent}; color: {t.on_accent}; border: 2px solid {t.accent};
  font-weight: 600; font-size: {t.heading_px}px; min-height: {t.px(28)}px; }}
QPushButton[role="big"]:hover, QPushButton[role="big"]:pressed {{ background: {t.accent_hover};
  border-color: {t.accent_hover}; }}
QPushButton[role="big"]:focus {{ border-color: {t.text}; padding: 5px 12px; }}
QPushButton[role="big"][byMouse="true"]:focus {{ border: 2px solid {t.accent}; }}
QPushButton[role="big"]:disabled {{ background: {t.hover}; color: {t.faint}; border-color: {t.hover}; }}
QPushButton[role="quiet"] {{ background: transparent; border: 2px solid transparent; color: {t.muted};
  padding: 4px 7px; text-align: left; }}
QPushButton[role="quiet"]:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[role="quiet"]:pressed {{ background: {t.selected}; color: {t.text}; }}
QPushButton[role="quiet"]:focus {{ border-color: {t.accent}; }}
QPushButton[role="quiet"][byMouse="true"]:focus,
QPushButton[role="disclosure"][byMouse="true"]:focus {{ border: 2px solid transparent; padding: 4px 7px; }}
QPushButton[role="disclosure"][byMouse="true"]:focus {{ padding: 3px 3px 3px 0; }}
QPushButton[role="quiet"]:disabled {{ background: transparent; color: {t.faint}; }}
QPushButton[role="quiet"]:checked {{ color: {t.text}; }}
QPushButton[role="disclosure"] {{ background: transparent; border: 2px solid transparent; color: {t.muted};
  padding: 3px 3px 3px 0; text-align: left; }}
QPushButton[role="disclosure"]:hover {{ color: {t.text}; }}
QPushButton[role="disclosure"]:focus {{ border-color: {t.accent}; }}
QPushButton[role="chooser"] {{ font-weight: 600; text-align: left; padding: 7px 28px 7px 8px; }}
QPushButton[role="chooser"]:focus {{ padding: 6px 27px 6px 7px; }}
QPushButton[role="chooser"][byMouse="true"]:focus {{ padding: 7px 28px 7px 8px; }}
QFrame[role="slot"] {{ background: {t.raised}; border: 1px solid {t.border}; border-radius: {RADIUS}px; }}
QFrame[role="slot"][over="true"] {{ border: 1px solid {t.accent}; background: {t.selected}; }}
QPushButton[role="segment"] {{ background: transparent; border: 2px solid transparent; color: {t.muted};
  padding: 2px 7px; border-radius: {RADIUS - 2}px; min-height: {t.px(16)}px; }}
QPushButton[role="segment"]:hover {{ color: {t.text}; }}
QPushButton[role="segment"]:checked {{ background: {t.raised}; color: {t.text};
  border: 1px solid {t.outline}; padding: 3px 8px; }}
QPushButton[role="segment"]:focus {{ border: 2px solid {t.accent}; padding: 2px 7px; }}
QPushButton[role="segment"][byMouse="true"]:focus {{ border: 2px solid transparent; }}
QPushButton[role="segment"][byMouse="true"]:checked:focus {{ border: 1px solid {t.outline};
  padding: 3px 8px; }}
QPushButton[role="segment"]:disabled {{ color: {t.faint}; }}
QToolButton {{ background: transparent; border: 2px solid transparent; border-radius: {RADIUS}px;
  padding: 3px; }}
QToolButton:hover {{ background: {t.hover}; }}
QToolButton:pressed {{ background: {t.selected}; }}
QToolButton:checked {{ background: {t.selected}; border: 1px solid {t.accent}; padding: 4px; }}
QToolButton:focus {{ border: 2px solid {t.accent}; padding: 3px; }}
QToolButton[byMouse="true"]:focus {{ border: 2px solid transparent; padding: 3px; }}
QToolButton[byMouse="true"]:checked:focus {{ border: 1px solid {t.accent}; padding: 4px; }}
QToolButton:disabled {{ color: {t.faint}; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _fields(t: Theme) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{ background: {t.raised};
  border: 1px solid {t.outline}; border-radius: {RADIUS}px; padding: 4px 8px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit, QAbstractSpinBox, QComboBox {{ min-height: {t.px(20)}px; }}
QPlainTextEdit, QTextEdit {{ padding: 4px; }}
QLineEdit:hover, QPlainTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {{ border-color: {t.muted}; }}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{ border: 2px solid {t.accent};
  padding: 3px 7px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {t.accent}; padding: 3px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{
  color: {t.faint}; border-color: {t.border}; background: {t.surface}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QAbstractSpinBox[wrong="true"],
QComboBox[wrong="true"] {{ border-color: {t.danger}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:hover, QAbstractSpinBox QLineEdit:focus,
QAbstractSpinBox QLineEdit:disabled {{ background: transparent; border: none; border-radius: 0;
  padding: 0 8px; min-height: 0; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url({_glyph("down", t.muted)}); width: 16px; height: 16px; }}
QComboBox::down-arrow:disabled {{ image: url({_glyph("down", t.faint)}); }}
QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.outline}; padding: 4px;
  outline: none; selection-background-color: {t.selected}; selection-color: {t.text}; }}
QComboBox QAbstractItemView::item {{ min-height: {t.px(28)}px; padding: 0 8px; border-radius: 4px; }}
QComboBox QAbstractItemView::item:selected {{ background: {t.selected}; color: {t.text}; }}
"""


def _choices(t: Theme) -> str:
    mirrored = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    filled = "add-page" if mirrored else "sub-page"  # to a style sheet that is always what is on the left
    return f"""
QCheckBox, QRadioButton {{ spacing: 8px; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {t.faint}; }}
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {{ width: 16px; height: 16px;
  border: 1px solid {t.muted};
  background: {t.raised}; }}
QCheckBox::indicator, QListView::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {t.text}; }}
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QListView::indicator:checked {{
  background: {t.accent}; border-color: {t.accent}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{
  image: url({_glyph("check", t.on_accent)}); }}
QRadioButton::indicator:checked {{ image: url({_glyph("dot", t.on_accent)}); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {t.faint};
  background: {t.surface}; }}
QCheckBox::indicator:checked:disabled {{ image: url({_glyph("check", t.faint)}); }}
QRadioButton::indicator:checked:disabled {{ image: url({_glyph("dot", t.faint)}); }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ width: 14px; height: 14px;
  border: 2px solid {t.accent}; }}
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus {{ border-color: {t.text}; }}
QSlider {{ min-height: 24px; background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.track}; }}
QSlider::{filled}:horizontal {{ height: 4px; border-radius: 2px; background: {t.accent}; }}
QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
  background: {t.raised}; border: 1px solid {t.muted}; }}
QSlider::handle:horizontal:hover {{ border: 2px solid {t.muted}; width: 12px; height: 12px; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {t.accent}; margin: -7px 0; }}
QSlider::handle:horizontal:disabled {{ background: {t.surface}; border-color: {t.faint}; }}
QSlider::{filled}:horizontal:disabled, QSlider::groove:horizontal:disabled {{ background: {t.border}; }}
"""


def _lists(t: Theme) -> str:
    """Views that paint their own rows draw the ring of the current row themselves."""
    return f"""
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QScrollArea, QAbstractItemView {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QListView, QTableView, QTreeView {{ background: transparent; border: none; outline: none;
  selection-background-color: {t.selected}; selection-color: {t.text}; }}
QListView:window {{ background: {t.raised}; }}
QListView[role="card"], QTreeView[role="card"], QTextEdit[role="card"], QPlainTextEdit[role="card"] {{
  background: {t.raised}; border: 1px solid {t.border}; border-radius: {RADIUS}px; padding: 4px; }}
QListView[role="card"]:focus, QTreeView[role="card"]:focus, QTextEdit[role="card"]:focus,
QPlainTextEdit[role="card"]:focus {{ border: 2px solid {t.accent}; padding: 3px; }}
QTextEdit[role="page"], QTextEdit[role="paper"] {{ background: transparent; border: 2px solid transparent;
  border-radius: {RADIUS}px; padding: 0; }}
QTextEdit[role="paper"] {{ background: {t.raised}; border-color: {t.raised}; border-radius: 0; }}
QTextEdit[role="page"]:focus, QTextEdit[role="paper"]:focus {{ border: 2px solid {t.accent}; padding: 0; }}
QFrame[role="card"][chosen="true"] {{ border: 2px solid {t.accent}; }}
QListView[mono="true"] {{ font-family: "{_mono()}"; font-size: {t.small_px}px; }}
QTreeView::item, QTableView::item {{ min-height: {t.px(28)}px; padding: 0 4px; }}
QTreeView::item:hover, QTableView::item:hover {{ background: {t.hover}; }}
QTreeView::item:selected, QTableView::item:selected {{ background: {t.selected}; color: {t.text}; }}
QListWidget::item {{ min-height: {t.px(28)}px; padding: 0 8px; border: 1px solid transparent;
  border-radius: 4px; }}
QListWidget::item:hover {{ background: {t.hover}; }}
QListWidget::item:selected {{ background: {t.selected}; color: {t.text}; }}
QListWidget::item:focus {{ border-color: {t.accent}; }}
QHeaderView::section {{ background: transparent; color: {t.muted}; border: none; padding: 4px 8px;
  font-size: {t.small_px}px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.outline}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _bars(t: Theme) -> str:
    return f"""
QToolBar {{ background: {t.surface}; border: none; spacing: 2px; padding: 0; }}
QToolBar::separator {{ background: {t.border}; width: 1px; margin: 6px 6px; }}
QMenuBar {{ background: {t.surface}; border-bottom: 1px solid {t.border}; padding: 2px 4px; }}
QMenuBar::item {{ background: transparent; padding: 5px 8px; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {t.selected}; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.outline}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.selected}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
QMenu::indicator {{ width: 16px; height: 16px; left: 6px; }}
QMenu::indicator:checked {{ image: url({_glyph("check", t.text)}); }}
QStatusBar {{ background: {t.surface}; border-top: 1px solid {t.border}; color: {t.muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {t.muted}; font-size: {t.small_px}px; }}
QStatusBar QFrame[role="notice"] QLabel {{ color: {t.text}; }}
QStatusBar QLabel[role="running"] {{ color: {t.text}; }}
"""
