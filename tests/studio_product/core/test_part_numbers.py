"""Numbers of a part as data and as words."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_product.core.part_numbers import Figure, PartNumber, PartNumbers, figure_text


@pytest.mark.parametrize(
    ("figure", "unit", "words"),
    [
        (Figure(4.3012, 0.0912), "N·mm", "4.301 ± 0.091 N·mm"),
        (Figure(1234.567, 12.3), "MPa", "1235 ± 12 MPa"),
        (Figure(98765.4, 1234.0), "", "98800 ± 1200"),
        (Figure(12.5), "g", "12.50 g"),
        (Figure(0.0031), "mm", "0.003100 mm"),
        (Figure(0.0), "%", "0 %"),
        (Figure(0.18543268, 6.6e-6), "mm", "0.185433 ± 0.000007 mm"),
        (Figure(185.177, 1e-9), "", "185.177"),
        (Figure(0.02, 4.0), "", "0.0 ± 4.0"),
        (Figure(123456.0, 0.0), "", "123500"),
        (Figure(3.2e-12), "", "3.2e-12"),
    ],
)
def test_figures_read_as_people_write_them(figure: Figure, unit: str, words: str) -> None:
    assert figure_text(figure, unit) == words


_FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30)


@given(_FINITE, st.none() | st.floats(0, 1e30))
def test_every_figure_has_words(value: float, error: float | None) -> None:
    assert figure_text(Figure(value, error), "mm").endswith(" mm")


def test_numbers_survive_a_file() -> None:
    compliance = PartNumber(
        name="compliance",
        title="Compliance",
        unit="N·mm",
        better="less",
        worst=Figure(4.3, 0.1, "Down"),
        cases=(Figure(4.3, 0.1, "Down"), Figure(1.0, 0.1, "Side")),
    )
    numbers = PartNumbers((compliance, PartNumber(name="mass", title="Mass", unit="g", worst=Figure(12.0))))
    read = msgspec.json.decode(msgspec.json.encode(numbers), type=PartNumbers)
    assert read == numbers
    assert read.find("compliance") == compliance
    assert read.find("beauty") is None
