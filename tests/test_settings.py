from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import settings
from studio.core.params import validate
from studio.settings import (
    FORMAT,
    MAX_RECENT,
    Appearance,
    Gallery,
    Generating,
    Projects,
    Settings,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def written(folder: Path, document: Any) -> Path:
    file = folder / settings.FILE
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return file


def test_nothing_saved_is_the_default(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == (Settings(), "")


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    chosen = Settings(
        appearance=Appearance(theme="dark", language="pt_BR", font_scale=125),
        projects=Projects(recent=("/a", "/b\udcff")),
        generating=Generating(values={"image/inpaint": {"steps": 3, "prompt": "Füße", "none": None}}),
        gallery=Gallery(zoom=200, sort="stars", group="day"),
        keys={"gallery.open": "F3", "file.new": ""},
    )
    settings.save(chosen, tmp_path)
    assert settings.load(tmp_path) == (chosen, "")
    assert [file.name for file in tmp_path.iterdir()] == [settings.FILE]
    assert json.loads((tmp_path / settings.FILE).read_text())["format"] == FORMAT


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"7", b'{"format": "x"}', b"\xff\xfe\x00", b"[" * 100_000, b'{"a": ' + b"9" * 9999],
)
def test_a_broken_file_is_kept_and_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / settings.FILE).write_bytes(content)
    loaded, notice = settings.load(tmp_path)
    assert loaded == Settings()
    assert "settings.json.broken" in notice
    assert (tmp_path / "settings.json.broken").read_bytes() == content
    assert settings.load(tmp_path) == (Settings(), "")


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.settings.file.MAX_BYTES", 100)
    written(tmp_path, json.dumps({"keys": {"a": "x" * 100}}))
    assert settings.load(tmp_path)[0] == Settings()


@pytest.mark.parametrize(
    ("section", "value", "name"),
    [
        ("appearance", {"theme": "../x", "font_scale": 120}, "appearance.theme"),
        ("appearance", {"language": "../../etc/passwd", "font_scale": 120}, "appearance.language"),
        ("appearance", {"language": "de\n", "font_scale": 120}, "appearance.language"),
        ("appearance", {"reduced_motion": "no", "font_scale": 120}, "appearance.reduced_motion"),
        ("generating", {"seed": -1}, "generating.seed"),
        ("generating", {"seed": True}, "generating.seed"),
        ("generating", {"values": {"image/x": 3}}, "generating.values"),
        ("gallery", {"zoom": 10_000}, "gallery.zoom"),
        ("gallery", {"zoom": 1e999}, "gallery.zoom"),
        ("gallery", {"sort": "random"}, "gallery.sort"),
        ("keys", {"file.new": 7}, "keys.file.new"),
        ("plugins", {"image": 7}, "plugins.image"),
        ("computer", {"memory": 3}, "computer.memory"),
        ("computer", {"memory": 33}, "computer.memory"),
        ("backups", {"keep": 0}, "backups.keep"),
        ("network", {"use": "always"}, "network.use"),
        ("tour", [], "tour"),
    ],
)
def test_one_bad_value_falls_back_alone(tmp_path: Path, section: str, value: object, name: str) -> None:
    document = {"format": FORMAT, "exporting": {"template": "{name}-x"}, section: value}
    file = written(tmp_path, document)
    before = file.read_bytes()
    loaded, notice = settings.load(tmp_path)
    assert name in notice and "settings.json.broken" in notice
    assert (tmp_path / "settings.json.broken").read_bytes() == before == file.read_bytes()
    assert loaded.exporting.template == "{name}-x"
    assert getattr(loaded, name.split(".")[0]) in (
        getattr(Settings(), section),
        Appearance(font_scale=120),
    )
    settings.save(loaded, tmp_path)
    assert settings.load(tmp_path) == (loaded, "")


def test_a_notice_about_many_bad_values_is_short(tmp_path: Path) -> None:
    written(tmp_path, {"keys": dict.fromkeys((f"a.{n}" for n in range(500)), 1)})
    notice = settings.load(tmp_path)[1]
    assert "497 more" in notice and len(notice) < 250


def test_an_older_file_is_taken_over_silently(tmp_path: Path) -> None:
    """As version 0.1 wrote it."""
    old = {
        "appearance": {"theme": "dark"},
        "projects": {"recent": ["/a/Trip.studio"], "reopen": False},
        "generating": {
            "generator": "image/inpaint",
            "values": {},
            "seed": 7,
            "seed_locked": True,
            "device": "",
        },
        "exporting": {"folder": "/out", "template": "{name}"},
    }
    written(tmp_path, old)
    loaded, notice = settings.load(tmp_path)
    assert notice == ""
    assert loaded.appearance.theme == "dark" and loaded.projects.recent == ("/a/Trip.studio",)
    assert (loaded.generating.seed, loaded.generating.seed_locked, loaded.exporting.folder) == (
        7,
        True,
        "/out",
    )
    settings.save(loaded, tmp_path)
    assert settings.load(tmp_path) == (loaded, "")
    assert [file.name for file in tmp_path.iterdir()] == [settings.FILE]


def test_formats_of_an_older_file_are_taken_over_by_kind(tmp_path: Path) -> None:
    old = {"format": "webp", "text_format": "docx", "crystal_format": "", "mesh_format": 7, "folder": "/out"}
    written(tmp_path, {"format": FORMAT, "exporting": old})
    loaded, notice = settings.load(tmp_path)
    assert notice == "" and loaded.exporting.folder == "/out"
    assert loaded.exporting.formats == {"image": "webp", "mask": "webp", "text": "docx", "crystal": ""}
    settings.save(loaded, tmp_path)
    assert settings.load(tmp_path) == (loaded, "")
    written(tmp_path, {"exporting": {"formats": {"text": "pdf"}, "text_format": "docx", "options": {"x": 1}}})
    loaded, notice = settings.load(tmp_path)
    assert loaded.exporting.formats == {"text": "pdf"} and loaded.exporting.options == {}
    assert "exporting.options" in notice


def test_a_newer_file_is_read_and_kept_before_it_is_written_over(tmp_path: Path) -> None:
    newer = {"format": FORMAT + 1, "appearance": {"theme": "dark", "glow": 3}, "cloud": {"a": 1}}
    file = written(tmp_path, newer)
    loaded, notice = settings.load(tmp_path)
    assert loaded.appearance.theme == "dark"
    assert "newer" in notice and "settings.json.newer" in notice
    assert [file.name for file in tmp_path.iterdir()] == [settings.FILE]
    settings.save(loaded, tmp_path)
    settings.save(loaded.with_section("appearance", {"theme": "light"}), tmp_path)
    assert json.loads((tmp_path / "settings.json.newer").read_text()) == newer
    assert json.loads(file.read_text())["format"] == FORMAT


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).mkdir()
    loaded, notice = settings.load(tmp_path)
    assert loaded == Settings()
    assert "could not be read" in notice


def test_a_byte_order_mark_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_bytes(b"\xef\xbb\xbf" + b'{"appearance": {"theme": "dark"}}')
    assert settings.load(tmp_path) == (Settings(appearance=Appearance(theme="dark")), "")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"appearance": {"language": "de"}}', "de"),
        ('{"appearance": {"language": 3}}', ""),
        ("{", ""),
        ("{}", ""),
    ],
)
def test_the_language_is_read_without_a_trace(tmp_path: Path, content: str, expected: str) -> None:
    assert settings.language(tmp_path) == ""
    file = written(tmp_path, content)
    assert settings.language(tmp_path) == expected
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


def test_sections_change_by_name() -> None:
    changed = (
        Settings().with_section("gallery", {"zoom": 99}).with_section("keys", {"a.b": "F2", "c.d": "F3"})
    )
    assert changed.gallery.zoom == 99 and changed.keys == {"a.b": "F2", "c.d": "F3"}
    assert changed.with_section("keys", {"a.b": None}).keys == {"c.d": "F3"}
    assert Settings().gallery.zoom != 99 and Settings().keys == {}


def test_the_preferences_are_a_form() -> None:
    schema = settings.schema(themes={"Slate": ""}, languages={"en": "English", "de": "Deutsch"})
    fields = schema["properties"]
    assert {"appearance.theme", "appearance.language", "appearance.font_scale", "notices.tray"} <= set(fields)
    assert not {"projects.recent", "generating.seed", "tour.done"} & set(fields)
    assert all(spec["title"] and spec["x-ui"]["group"] and "default" in spec for spec in fields.values())
    assert fields["appearance.theme"]["enum"] == [*settings.THEMES, "Slate"]
    assert fields["appearance.language"]["x-ui"]["labels"]["de"] == "Deutsch"
    assert validate(schema, settings.values(Settings())) == settings.values(Settings())
    assert set(settings.values(Settings())) == set(fields)


@given(st.binary(max_size=60))
def test_any_bytes_are_settings_or_kept(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("s")
    (folder / settings.FILE).write_bytes(content)
    loaded, _ = settings.load(folder)
    settings.save(loaded, folder)
    assert settings.load(folder) == (loaded, "")


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.dictionaries(
                st.sampled_from(
                    [
                        "theme",
                        "language",
                        "font_scale",
                        "recent",
                        "restore",
                        "pinned",
                        "values",
                        "seed",
                        "zoom",
                        "mode",
                        "done",
                    ]
                ),
                JSON,
                max_size=4,
            )
            | JSON
            for name in Settings.__struct_fields__
        },
    )
)
def test_any_document_gives_settings_that_can_be_saved(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("s")
    written(folder, document)
    loaded, notice = settings.load(folder)
    assert (notice == "") == (not (folder / "settings.json.broken").exists())
    settings.save(loaded, folder)
    assert settings.load(folder) == (loaded, "")


@given(
    st.lists(st.sampled_from([f"/p{n}" for n in range(15)]), max_size=40),
    st.sets(st.sampled_from([f"/p{n}" for n in range(15)]), max_size=4),
)
def test_recent_projects_are_few_and_each_once(opened: list[str], pinned: set[str]) -> None:
    projects = Projects(restore=False, pinned=tuple(pinned))
    for now, folder in enumerate(opened):
        projects = projects.opened(Path(folder), now)
    loose = [entry for entry in projects.recent if entry not in pinned]
    assert len(set(projects.recent)) == len(projects.recent)
    assert len(loose) <= MAX_RECENT
    assert pinned & set(opened) <= set(projects.recent)
    assert set(projects.times) == set(projects.recent)
    assert not projects.restore
    if opened:
        assert projects.recent[0] == opened[-1]
        assert projects.times[opened[-1]] == len(opened) - 1
        forgotten = projects.forgotten(Path(opened[-1]))
        assert opened[-1] not in (*forgotten.recent, *forgotten.pinned, *forgotten.times)
        assert set(projects.cleared().recent) == pinned & set(opened)
        assert projects.with_pin(Path(opened[-1]), on=True).pinned[-1] == opened[-1]
        assert opened[-1] not in projects.with_pin(Path(opened[-1]), on=False).pinned
