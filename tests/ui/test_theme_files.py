from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.kit import theme
from studio.ui.kit.theme import DARK, ROLES, files


def write(folder: Path, content: object, name: str = "night") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


GOOD = {"format": 1, "base": "dark", "roles": {"accent": "#FFD84D", "accent_hover": "#ffe68a"}}


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    made, notice = files.load(tmp_path, "night")
    assert made is not None
    assert notice == ""
    assert (made.name, made.accent, made.surface, made.is_dark) == ("night", "#ffd84d", DARK.surface, True)
    assert not list(tmp_path.glob("*.broken"))


def test_the_file_of_a_careful_editor_may_begin_with_a_mark(tmp_path: Path) -> None:
    write(tmp_path, b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert files.load(tmp_path, "night")[0] is not None


def test_chosen_by_its_name(tmp_path: Path, qapp) -> None:
    write(tmp_path, GOOD)
    chosen, notice = theme.choose("night", qapp, tmp_path, font_scale=150)
    assert (chosen.accent, chosen.font_scale, notice) == ("#ffd84d", 150, "")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "damaged"),
        (b"{", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b"[" * 20_000, "damaged"),
        (b"[]", "no theme"),
        ({}, "format"),
        ({"format": True, "base": "dark"}, "format"),
        ({"format": 0, "base": "dark"}, "format"),
        ({"format": 2, "base": "dark"}, "newer"),
        ({"format": 1}, "base"),
        ({"format": 1, "base": "blue"}, "base"),
        ({"format": 1, "base": ["dark"]}, "base"),
        ({"format": 1, "base": "dark", "roles": []}, "roles"),
        ({"format": 1, "base": "dark", "roles": {"backdrop": "#000000"}}, "backdrop"),
        ({"format": 1, "base": "dark", "roles": {"text": "white"}}, "#1a2b3c"),
        ({"format": 1, "base": "dark", "roles": {"text": "#ffffff\n"}}, "#1a2b3c"),
        ({"format": 1, "base": "dark", "roles": {"text": 7}}, "#1a2b3c"),
        ({"format": 1, "base": "dark", "fonts": {}}, "fonts"),
        ({"format": 1, "base": "dark", "roles": {"text": "#333333"}}, "too hard to see"),
        (b" " * 70_000, "too large"),
    ],
)
def test_a_file_that_cannot_be_used_falls_back_and_keeps_a_copy(tmp_path: Path, content, why: str) -> None:
    file = write(tmp_path, content)
    made, notice = files.load(tmp_path, "night")
    assert made is None
    assert why in notice
    assert "night" in notice
    assert (tmp_path / "night.json.broken").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", ["../night", "light", "system", "none", "", "."])
def test_only_files_of_the_folder_are_read(tmp_path: Path, name: str) -> None:
    write(tmp_path, GOOD)
    write(tmp_path / "inner", GOOD)
    write(tmp_path, GOOD, "light")
    assert files.load(tmp_path / "inner", name)[0] is None
    assert files.available(tmp_path) == ["night"]


def test_a_folder_that_is_not_there_has_no_themes(tmp_path: Path) -> None:
    assert files.available(tmp_path / "themes") == []


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "night.json").mkdir()
    made, notice = files.load(tmp_path, "night")
    assert made is None
    assert "night" in notice


colors = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True) | st.text(max_size=8)
names = st.sampled_from(ROLES) | st.text(max_size=5)
contents = st.fixed_dictionaries(
    {},
    optional={
        "format": st.integers(-1, 3) | st.none() | st.floats(),
        "base": st.sampled_from([*files.BASES, "", "x"]) | st.integers(),
        "roles": st.dictionaries(st.sampled_from(ROLES) | st.text(max_size=5), colors, max_size=4)
        | st.none(),
    },
)


@given(st.binary(max_size=200) | contents.map(lambda made: json.dumps(made).encode()))
def test_any_bytes_are_a_theme_or_a_reason(data: bytes) -> None:
    try:
        made = files.parse(data, "any")
    except ValueError as error:
        assert str(error)
        assert not isinstance(error, UnicodeError)
    else:
        assert made.name == "any"
        assert files.unreadable(made) == []


@given(st.integers(0, 255).map(lambda part: f"#{part:02x}{part:02x}{part:02x}"))
def test_a_readable_change_is_taken(gray: str) -> None:
    data = json.dumps({"format": 1, "base": "dark", "roles": {"border": gray}}).encode()
    assert files.parse(data, "any").border == gray
