from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.given_paths import exists, is_file, is_folder, path_of

NO_NAMES = ["a\0b", "a\ud800b", "a" * 5000]
"""No file can have these: a zero, half a character, more than the system takes."""


@given(st.text(st.characters(), max_size=30))
@example("a\0b")
@example("\udc7f\udd00")
def test_any_text_is_a_path_that_the_system_takes(text: str) -> None:
    path = path_of(text)
    with pytest.raises(OSError):
        (path / "not there").stat()
    assert not exists(path / "not there")


@given(st.binary(max_size=30))
def test_names_that_a_file_can_have_stay(name: bytes) -> None:
    name = name.replace(b"\0", b"")
    assert path_of(os.fsdecode(name)) == Path(os.fsdecode(name))


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_cannot_be_there_is_not_there(tmp_path: Path, name: str) -> None:
    for path in (tmp_path / name, tmp_path / name / "inside"):
        assert not exists(path)
        assert not is_file(path)
        assert not is_folder(path)


def test_what_is_there_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert exists(tmp_path / "file")
    assert is_file(tmp_path / "file")
    assert not is_folder(tmp_path / "file")
    assert is_folder(tmp_path)
