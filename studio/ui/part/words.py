"""Numbers of parts as the user's language writes them."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from studio.parts.part_numbers import Figure, figure_text


def figure_words(figure: Figure, unit: str = "") -> str:
    """ "4.30 ± 0.09 N·mm"; see `figure_text`."""
    text = figure_text(figure)
    point = QLocale().decimalPoint()
    return f"{text.replace('.', point)} {unit}".rstrip()
