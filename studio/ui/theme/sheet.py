"""The one style sheet that every widget lives by.

A widget never carries a style string of its own. It names a role with the dynamic property `role`
("heading", "muted", "primary", ...); the rules for it are here.
"""

from __future__ import annotations

from studio import paths
from studio.ui.theme.tokens import RADIUS, Theme

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


def style_sheet(theme: Theme) -> str:
    t = theme
    return f"""
* {{ font-size: {t.text_px}px; }}
QMainWindow {{ background: {t.background}; }}
QDialog {{ background: {t.surface}; }}
QMainWindow::separator {{ background: {t.background}; width: 4px; height: 4px; }}
QMainWindow::separator:hover {{ background: {t.accent}; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.outline}; padding: 4px 8px; }}

QLabel, QCheckBox, QRadioButton {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {t.title_px}px; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: {t.heading_px}px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="group"] {{ font-size: {t.small_px}px; font-weight: 600; color: {t.muted}; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="small"] {{ font-size: {t.small_px}px; color: {t.muted}; }}
QLabel[role="error"] {{ font-size: {t.small_px}px; color: {t.danger}; }}
QLabel[role="success"] {{ color: {t.success}; }}

QFrame[role="panel"], QWidget[role="panel"] {{ background: {t.surface}; }}
QFrame[role="sunken"], QWidget[role="sunken"] {{ background: {t.sunken}; }}
QFrame[role="card"] {{ background: {t.raised}; border: 1px solid {t.border}; border-radius: {RADIUS + 2}px; }}
QFrame[role="target"] {{ border: 2px dashed {t.outline}; border-radius: {RADIUS + 2}px; }}
QFrame[role="notice"] {{ background: {t.selected}; border: none; border-bottom: 1px solid {t.border}; }}
QFrame[role="line"] {{ background: {t.border}; border: none; min-height: 1px; max-height: 1px; }}
QFrame[role="bar"] {{ background: {t.surface}; border: none; border-bottom: 1px solid {t.border}; }}

QPushButton {{ background: {t.raised}; border: 1px solid {t.outline}; border-radius: {RADIUS}px;
  padding: 5px 12px; min-height: 18px; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.selected}; }}
QPushButton:focus {{ border: 1px solid {t.accent}; }}
QPushButton:disabled {{ color: {t.faint}; border-color: {t.border}; background: {t.surface}; }}
QPushButton[role="compact"] {{ padding: 5px 8px; }}
QPushButton[role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent};
  font-weight: 600; }}
QPushButton[role="primary"]:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {t.text}; padding: 4px 11px; }}
QPushButton[role="primary"]:disabled {{ background: {t.hover}; color: {t.faint}; border-color: {t.hover}; }}
QPushButton[role="big"] {{ background: {t.accent}; color: {t.on_accent}; border: 2px solid {t.accent};
  font-weight: 600; font-size: {t.heading_px}px; min-height: 28px; }}
QPushButton[role="big"]:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[role="big"]:focus {{ border-color: {t.text}; }}
QPushButton[role="big"]:disabled {{ background: {t.hover}; color: {t.faint}; border-color: {t.hover}; }}
QPushButton[role="quiet"] {{ background: transparent; border: 1px solid transparent; color: {t.muted};
  padding: 5px 8px; text-align: left; }}
QPushButton[role="quiet"]:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[role="quiet"]:focus {{ border-color: {t.accent}; }}
QPushButton[role="quiet"]:disabled {{ background: transparent; color: {t.faint}; }}
QPushButton[role="quiet"]:checked {{ color: {t.text}; }}
QPushButton[role="disclosure"] {{ background: transparent; border: 1px solid transparent; color: {t.muted};
  padding: 4px 4px 4px 0; text-align: left; }}
QPushButton[role="disclosure"]:hover {{ color: {t.text}; }}
QPushButton[role="disclosure"]:focus {{ border-color: {t.accent}; }}
QPushButton[role="segment"] {{ background: transparent; border: 1px solid transparent; color: {t.muted};
  padding: 3px 8px; border-radius: {RADIUS - 2}px; min-height: 16px; }}
QPushButton[role="segment"]:hover {{ color: {t.text}; }}
QPushButton[role="segment"]:checked {{ background: {t.raised}; color: {t.text}; border-color: {t.outline}; }}
QPushButton[role="segment"]:focus {{ border-color: {t.accent}; }}
QPushButton[role="segment"]:disabled {{ color: {t.faint}; }}
QFrame[role="segments"] {{ background: {t.hover}; border: none; border-radius: {RADIUS}px; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: {RADIUS}px;
  padding: 4px; }}
QToolButton:hover {{ background: {t.hover}; }}
QToolButton:checked {{ background: {t.selected}; border-color: {t.accent}; }}
QToolButton:focus {{ border-color: {t.accent}; }}
QToolButton::menu-indicator {{ image: none; }}
QToolBar {{ background: {t.surface}; border: none; spacing: 2px; padding: 0; }}
QToolBar::separator {{ background: {t.border}; width: 1px; margin: 6px 6px; }}

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{ background: {t.raised};
  border: 1px solid {t.outline}; border-radius: {RADIUS}px; padding: 4px 8px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit, QAbstractSpinBox, QComboBox {{ min-height: 20px; }}
QPlainTextEdit, QTextEdit {{ padding: 4px; }}
QLineEdit:hover, QPlainTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {{ border-color: {t.muted}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{
  border: 1px solid {t.accent}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{
  color: {t.faint}; border-color: {t.border}; background: {t.surface}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QAbstractSpinBox[wrong="true"],
QComboBox[wrong="true"] {{ border: 1px solid {t.danger}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:hover, QAbstractSpinBox QLineEdit:focus,
QAbstractSpinBox QLineEdit:disabled {{ background: transparent; border: none; border-radius: 0;
  padding: 0 8px; min-height: 0; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url({_glyph("down", t.muted)}); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.outline}; padding: 4px;
  outline: none; selection-background-color: {t.selected}; selection-color: {t.text}; }}
QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 8px; border-radius: 4px; }}

QCheckBox {{ spacing: 8px; }}
QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {t.muted}; border-radius: 4px;
  background: {t.raised}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
  image: url({_glyph("check", t.on_accent)}); }}
QCheckBox::indicator:focus {{ border: 2px solid {t.accent}; }}
QRadioButton::indicator {{ width: 16px; height: 16px; border: 1px solid {t.muted}; border-radius: 8px;
  background: {t.raised}; }}
QRadioButton::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
  image: url({_glyph("dot", t.on_accent)}); }}

QSlider {{ min-height: 24px; background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.outline}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {t.accent}; }}
QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
  background: {t.raised}; border: 1px solid {t.muted}; }}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ border: 2px solid {t.accent};
  margin: -7px 0; }}
QSlider::sub-page:horizontal:disabled {{ background: {t.outline}; }}

QProgressBar {{ background: {t.hover}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}

QScrollArea, QAbstractItemView {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QListView, QTableView, QTreeView {{ background: transparent; border: none; outline: none;
  selection-background-color: {t.selected}; selection-color: {t.text}; }}
QListView[role="card"], QTreeView[role="card"], QTextEdit[role="card"], QPlainTextEdit[role="card"] {{
  background: {t.raised}; border: 1px solid {t.border}; border-radius: {RADIUS}px; padding: 4px; }}
QTreeView::item, QTableView::item {{ min-height: 28px; padding: 0 4px; }}
QTreeView::item:selected {{ background: {t.selected}; color: {t.text}; }}
QHeaderView::section {{ background: transparent; color: {t.muted}; border: none; padding: 4px 8px;
  font-size: {t.small_px}px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.outline}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QMenuBar {{ background: {t.surface}; border-bottom: 1px solid {t.border}; padding: 2px 4px; }}
QMenuBar::item {{ background: transparent; padding: 5px 8px; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {t.hover}; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.outline}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.selected}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
QMenu::indicator {{ width: 16px; height: 16px; left: 4px; }}
QMenu::indicator:checked {{ image: url({_glyph("check", t.text)}); }}
QStatusBar {{ background: {t.surface}; border-top: 1px solid {t.border}; color: {t.muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {t.muted}; font-size: {t.small_px}px; }}
QDockWidget {{ titlebar-close-icon: none; titlebar-normal-icon: none; }}
QSplitter::handle {{ background: {t.background}; }}
"""
