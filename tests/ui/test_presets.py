from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import BadInput
from studio.ui.generate.presets import NewerPreset, Preset, PresetStore, dump, parse

ID = "image/inpaint"
values = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    max_size=5,
)


@pytest.fixture
def store(tmp_path: Path) -> PresetStore:
    return PresetStore(tmp_path / "presets")


def preset(generator: str = ID, **own: object) -> Preset:
    return Preset(generator, "1", own, "for skies")


@given(values, st.text(st.characters(codec="utf-8"), max_size=30))
def test_a_preset_comes_back_as_it_went(own: dict[str, object], note: str) -> None:
    before = Preset(ID, "1", own, note)
    assert parse(dump(before), "x") == before


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
members = st.fixed_dictionaries(
    {},
    optional={
        "studio_preset": st.integers(-1, 3) | json_values,
        "generator": st.just(ID) | json_values,
        "generator_version": st.text(max_size=3) | json_values,
        "note": json_values,
        "values": json_values,
    },
)


@given(st.binary(max_size=80) | members.map(lambda made: json.dumps(made).encode()))
def test_any_bytes_are_a_preset_or_told(data: bytes) -> None:
    try:
        read = parse(data, "x")
    except BadInput as error:
        assert error.message
        assert error.hint
    else:
        assert parse(dump(read), "x") == read


def test_deep_and_large_files_are_no_preset() -> None:
    with pytest.raises(BadInput):
        parse(b"[" * 100_000, "deep")
    with pytest.raises(BadInput):
        parse(b" " * 2_000_000, "large")


def test_saved_listed_read_renamed_removed(store: PresetStore) -> None:
    assert store.names(ID) == []
    assert store.write("Night", preset(steps=3)) == "Night"
    assert store.write("a/b: c?", preset(steps=4)) == "a_b_ c_"
    assert store.names(ID) == ["a_b_ c_", "Night"]
    assert store.read(ID, "Night").preset == preset(steps=3)
    assert store.rename(ID, "Night", "Day") == "Day"
    with pytest.raises(BadInput, match="already"):
        store.rename(ID, "Day", "a_b_ c_")
    assert store.rename(ID, "Day", "Day") == "Day"
    store.remove(ID, "Day")
    assert store.names(ID) == ["a_b_ c_"]
    assert store.folder.joinpath("image", "inpaint").is_dir()


def test_a_damaged_one_is_told_and_kept(store: PresetStore) -> None:
    store.write("Night", preset())
    file = store.folder / "image" / "inpaint" / "Night.json"
    file.write_text("{ not json")
    outcome = store.read(ID, "Night")
    assert outcome.preset is None
    assert "damaged" in outcome.notice
    assert (file.parent / "Night.json.broken").read_text() == "{ not json"
    assert store.names(ID) == []


def test_a_newer_one_is_told_and_left_alone(store: PresetStore) -> None:
    store.write("Night", preset())
    file = store.folder / "image" / "inpaint" / "Night.json"
    newer = json.dumps({"studio_preset": 2})
    file.write_text(newer)
    outcome = store.read(ID, "Night")
    assert outcome.preset is None
    assert "newer" in outcome.notice
    assert file.read_text() == newer
    with pytest.raises(NewerPreset):
        parse(newer.encode(), "Night")
    store.write("Night", preset(steps=1))
    assert (file.parent / "Night.json.broken").read_text() == newer


def test_one_of_another_generator_is_told(store: PresetStore) -> None:
    folder = store.folder / "image" / "inpaint"
    folder.mkdir(parents=True)
    (folder / "Tune.json").write_bytes(dump(preset("music/tune")))
    outcome = store.read(ID, "Tune")
    assert outcome.preset is None
    assert "music/tune" in outcome.notice


def test_one_that_is_gone_is_told(store: PresetStore) -> None:
    assert store.read(ID, "Gone").notice


def test_a_file_is_taken_in_under_a_free_name(store: PresetStore, tmp_path: Path) -> None:
    file = tmp_path / "Night.json"
    file.write_bytes(dump(preset(steps=9)))
    store.write("Night", preset(steps=1))
    assert store.take_in(file) == ("Night 2", preset(steps=9))
    assert store.read(ID, "Night").preset == preset(steps=1)
    file.write_bytes(dump(preset("../../evil/x")))
    with pytest.raises(BadInput, match="no generator"):
        store.take_in(file)


def test_what_is_replaced_is_kept_where_asked(store: PresetStore) -> None:
    store.write("Night", preset(steps=1, gone=2))
    store.write("Night", preset(steps=3), keep=True)
    kept = store.folder / "image" / "inpaint" / "Night.json.broken"
    assert parse(kept.read_bytes(), "x").values == {"steps": 1, "gone": 2}
