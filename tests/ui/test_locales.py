"""Numbers for people."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale

from studio.ui import locales


@pytest.mark.parametrize(
    ("count", "english", "german"),
    [
        (286_000_000, "290 MB", "290 MB"),
        (1_436_000_000, "1.4 GB", "1,4 GB"),
        (99_600, "100 kB", "100 kB"),
        (12_345_678_901, "12 GB", "12 GB"),
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
