from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from studio.ui.items.proportions import MOST, SQUARE, USUAL, Proportions


def digest(n: int) -> str:
    return hashlib.sha256(str(n).encode()).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "proportions"


def test_what_was_learned_is_known_the_next_time(file: Path) -> None:
    first = Proportions(file)
    first.load()
    for n in range(100):
        first.learn("image", digest(n), 100 + n, 100)
    assert first.of("mask", digest(7)) == pytest.approx(1.07)
    first.close()
    again = Proportions(file)
    again.load()
    assert [again.of("image", digest(n)) for n in range(100)] == pytest.approx(
        [first.of("image", digest(n)) for n in range(100)]
    )
    assert file.stat().st_size <= 1200


def test_what_nobody_knows_is_as_usual(file: Path) -> None:
    known = Proportions(file)
    known.load()
    assert known.of("image", digest(1)) == known.of("mask", digest(1)) == USUAL
    assert known.of("text", digest(1)) == known.of("image", "no digest") == SQUARE
    known.learn("text", digest(1), 76, 100)
    assert known.of("text", digest(1)) == pytest.approx(0.76)
    assert known.of("image", digest(1)) == USUAL  # the same bytes as another kind look different


def test_a_thumbnail_of_another_size_changes_nothing(file: Path) -> None:
    known = Proportions(file)
    known.learn("image", digest(1), 160, 90)
    before = known.of("image", digest(1))
    known.learn("image", digest(1), 320, 181)
    known.learn("image", digest(1), 0, 0)
    assert known.of("image", digest(1)) == before
    known.close()
    assert file.stat().st_size == 12


def test_a_damaged_file_is_read_as_far_as_it_goes(file: Path) -> None:
    known = Proportions(file)
    known.learn("image", digest(1), 200, 100)
    known.close()
    with file.open("ab") as damaged:
        damaged.write(b"\xff" * 12 + b"half")
    again = Proportions(file)
    again.load()
    assert again.of("image", digest(1)) == 2.0
    again.learn("image", digest(2), 100, 200)
    again.close()
    third = Proportions(file)
    third.load()
    assert (third.of("image", digest(1)), third.of("image", digest(2))) == (2.0, 0.5)


def test_the_file_does_not_grow_without_end(file: Path) -> None:
    known = Proportions(file)
    known.learn("image", digest(1), 200, 100)
    known.close()
    record = file.read_bytes()
    file.write_bytes(b"\0" * 12 * MOST + record)
    again = Proportions(file)
    again.load()
    assert again.of("image", digest(1)) == 2.0
    assert file.stat().st_size == MOST // 2 * 12
