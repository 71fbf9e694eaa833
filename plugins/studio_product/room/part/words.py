"""Numbers of parts as the user's language writes them."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from studio_product.core.part_numbers import Figure, figure_text


def figure_words(figure: Figure, unit: str = "") -> str:
    """ "4.30 ± 0.09 N·mm"; see `figure_text`. A count is a whole number."""
    is_count = not unit and figure.error is None and figure.value == round(figure.value)
    text = str(round(figure.value)) if is_count else figure_text(figure)
    point = QLocale().decimalPoint()
    return f"{text.replace('.', point)} {unit}".rstrip()
