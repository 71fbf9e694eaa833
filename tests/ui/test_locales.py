"""Numbers for people."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale

from studio.ui.kit import locales


@pytest.mark.parametrize(
    ("count", "english", "german"),
    [
        (286 << 20, "290 MB", "290 MB"),
        (1436 << 20, "1.4 GB", "1,4 GB"),
        (99_600, "97 kB", "97 kB"),
        (24 << 30, "24 GB", "24 GB"),
        (999 << 20, "1,000 MB", "1.000 MB"),
    ],
)
def test_an_estimate_has_two_digits(count: int, english: str, german: str) -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("en_US"))
        assert locales.rough_size(count) == english
        QLocale.setDefault(QLocale("de_DE"))
        assert locales.rough_size(count) == german
    finally:
        QLocale.setDefault(before)
