"""Manifests: what is read, what is left out with a note, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.core.kind import STOCK
from studio.errors import PluginError
from studio.plugins.manifest import MAX_BYTES, Manifest, read_manifest
from studio.plugins.manifest_checks import MAX_ICON, MOST_ROWS, is_title
from studio.plugins.manifest_rows import (
    CommandRow,
    ExporterRow,
    ImporterRow,
    KindRow,
    OptionRow,
    ReaderRow,
    RoomRow,
)

ROWS = (CommandRow, ExporterRow, ImporterRow, KindRow, ReaderRow, RoomRow)

GOOD = """
manifest = 1
title = "Palettes"

[[kinds]]
id = "palette"
title = "Palette"
plural = "Palettes"
icon = "icons/palette.svg"
extensions = [".PAL", ".ase"]
magic = ["41534546"]
room = "palettes"
thumbnail = "studio_palette.formats:thumbnail"

[[rooms]]
id = "palettes"
title = "Palettes"
icon = "photo"
room = "studio_palette.room.room:PaletteRoom"
kinds = ["palette", "image"]
generators = ["palette/*"]
hints = ["swatches"]

[[importers]]
extensions = [".ase"]
kind = "palette"
load = "studio_palette.formats:load"

[[exporters]]
id = "css"
kind = "palette"
title = "CSS"
extension = ".css"
export = "studio_palette.formats:css"

[[commands]]
name = "palettes"
help = "Show palettes"
main = "studio_palette.formats:main"

[[readers]]
hint = "swatches"
read = "studio_palette.formats:read"

[i18n]
folder = "i18n"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return _package(tmp_path)


def _package(place: Path) -> Path:
    folder = place / "studio_palette"
    for name in ("room", "icons", "i18n"):
        (folder / name).mkdir(parents=True)
    for name in ("__init__.py", "formats.py", "room/__init__.py", "room/room.py", "icons/palette.svg"):
        (folder / name).write_text("raise SystemExit('imported')" if name.endswith(".py") else "<svg/>")
    return folder


def read(package: Path, text: str | bytes) -> Manifest:
    file = package / "medium.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_manifest(file, "palette")


def kind(**changes: object) -> str:
    """A manifest with one kind."""
    values = {"id": "palette", "title": "Palette", "plural": "Palettes", **changes}
    lines = [f"{name} = {msgspec.json.encode(value).decode()}" for name, value in values.items()]
    return "\n".join(['manifest = 1\ntitle = "Palettes"\n[[kinds]]', *lines])


def only_note(manifest: Manifest) -> str:
    assert len(manifest.notes) == 1, manifest.notes
    assert "“palette”" in manifest.notes[0]
    return manifest.notes[0]


def test_a_whole_manifest(package: Path) -> None:
    found = read(package, GOOD)
    assert found.notes == ()
    assert (found.title, found.plugin, found.folder) == ("Palettes", "palette", package)
    [row] = found.kinds
    info = row.info()
    assert (info.id, info.plugin, info.room) == ("palette", "palette", "palettes")
    assert info.extensions == (".pal", ".ase")
    assert info.magic == (b"ASEF",)
    assert info.icon == str(package / "icons" / "palette.svg")
    assert row.thumbnail == "studio_palette.formats:thumbnail"
    assert found.rooms[0].kinds == ("palette", "image")
    assert found.rooms[0].generators == ("palette/*",)
    assert found.importers[0].load == "studio_palette.formats:load"
    assert found.exporters[0].options == ()
    assert found.commands[0].name == "palettes"
    assert found.readers[0].hint == "swatches"
    assert found.translations == package / "i18n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("manifest = ", "it is not TOML"),
        ("a = [[[[" * 2000, "it is not TOML"),
        (b"\xff\xfe", "it is not TOML"),
        ("", "it has no line “manifest = 1”"),
        ("title = 'x'", "it has no line “manifest = 1”"),
        ("manifest = true", "it has no line “manifest = 1”"),
        ("manifest = '1'", "it has no line “manifest = 1”"),
        ("manifest = 0", "it has no line “manifest = 1”"),
        ("manifest = 1", "title is missing"),
        ("manifest = 1\ntitle = 7", "title is missing"),
        ("manifest = 1\ntitle = 'x'\n#" + "x" * MAX_BYTES, "more than 64 KB"),
    ],
)
def test_what_is_no_manifest_is_refused(package: Path, text: str | bytes, reason: str) -> None:
    with pytest.raises(PluginError, match="plugin “palette”") as caught:
        read(package, text)
    assert reason in caught.value.message
    assert caught.value.hint


def test_a_newer_manifest_asks_for_a_newer_studio(package: Path) -> None:
    with pytest.raises(PluginError, match="“palette” was written for a newer studio") as caught:
        read(package, "manifest = 2\ntitle = 'x'\n[everything]\nother = true")
    assert "Update the studio" in caught.value.hint


def test_a_manifest_that_is_no_file_is_refused_and_not_waited_for(package: Path) -> None:
    os.mkfifo(package / "medium.toml")
    with pytest.raises(PluginError, match="it is no file"):
        read_manifest(package / "medium.toml", "palette")


@pytest.mark.parametrize("taken", [info.id for info in STOCK])
def test_a_stock_kind_cannot_be_declared(package: Path, taken: str) -> None:
    found = read(package, kind(id=taken))
    assert found.kinds == ()
    assert f"the kind “{taken}” is the studio's own" in only_note(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "Palette"},
        {"id": ""},
        {"id": "palette\n"},
        {"id": "p" * 33},
        {"id": 7},
        {"title": ""},
        {"title": "Two\nlines"},
        {"title": "bell\a"},
        {"title": "turned\u202e"},
        {"title": "x" * 81},
        {"plural": ["a", "list"]},
        {"icon": 1.5},
        {"extensions": ".ase"},
        {"extensions": [".ase", 1]},
        {"magic": [f"{n:02x}" for n in range(65)]},
    ],
)
def test_a_kind_that_breaks_a_rule_is_left_out(package: Path, changes: dict[str, object]) -> None:
    found = read(package, kind(**changes))
    assert found.kinds == ()
    assert "kinds[1]" in only_note(found)
    assert "left out" in only_note(found)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"icon": "no-such-icon"}, "the studio has no icon “no-such-icon”"),
        ({"icon": "icons/none.svg"}, "there is no icon"),
        ({"icon": "icons/large.svg"}, "more than 1 MB"),
        ({"icon": "icons/link.svg"}, "or is a link"),
        ({"icon": "linked/palette.svg"}, "or is a link"),
        ({"icon": "circle.svg"}, "“circle.svg” lies outside of the plugin's package or is a link"),
        ({"icon": "../outside.svg"}, "outside of the plugin's package"),
        ({"icon": "/etc/x.svg"}, "outside of the plugin's package"),
        ({"icon": "formats.py"}, "no SVG file"),
        ({"icon": "folder.svg"}, "there is no icon"),
        ({"icon": "x" * 5000 + ".svg"}, "cannot be read"),
        ({"icon": "\0.svg"}, "no SVG file"),
        ({"thumbnail": "os:system"}, "not in the plugin's own package studio_palette"),
        ({"thumbnail": "studio_palettes.formats:thumbnail"}, "not in the plugin's own package"),
        ({"thumbnail": "studio_palette.formats"}, "not like “package.module:name”"),
        ({"thumbnail": "studio_palette/../x:y"}, "not like “package.module:name”"),
        ({"thumbnail": "studio_palette.nothing:thumbnail"}, "there is no module"),
        ({"thumbnail": "studio_palette.formats.deeper:thumbnail"}, "there is no module"),
        ({"room": "nowhere"}, "no room “nowhere”"),
        ({"extensions": ["ase"]}, "“ase” is not like “.abc”"),
        ({"extensions": [".a/b"]}, "not like “.abc”"),
        ({"magic": ["xyz"]}, "“xyz” is not like"),
        ({"magic": [""]}, "not like “89504e47”"),
        ({"color": "red"}, "there is no such setting"),
        ({"plugin": "image"}, "there is no such setting"),
    ],
)
def test_a_kind_is_kept_without_what_is_wrong_in_it(
    package: Path, changes: dict[str, object], reason: str
) -> None:
    (package / "icons" / "large.svg").write_bytes(b" " * (MAX_ICON + 1))
    (package / "icons" / "link.svg").symlink_to(package / "icons" / "palette.svg")
    (package / "linked").symlink_to(package / "icons")
    (package / "circle.svg").symlink_to(package / "circle.svg")
    (package / "folder.svg").mkdir()
    (package.parent / "outside.svg").write_text("<svg/>")
    found = read(package, kind(**changes))
    assert reason in only_note(found)
    [row] = found.kinds
    assert (row.plugin, row.room, row.icon, row.thumbnail) == ("palette", "", "file", "")
    assert (row.extensions, row.magic) == ((), ())


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ('[[rooms]]\nid = "r"\ntitle = "R"\nroom = "studio_palette.no:R"', "rooms[1]: there is no module"),
        ('[[rooms]]\nid = "r"\ntitle = "R"', "`room`"),
        (
            '[[importers]]\nextensions = [".x"]\nkind = "image"\nload = "subprocess:run"',
            "not in the plugin's own package",
        ),
        (
            '[[exporters]]\nid = "x"\nkind = "image"\ntitle = "X"\nextension = "x"\n'
            'export = "studio_palette.formats:x"',
            "$.extension",
        ),
        (
            '[[exporters]]\nid = "x"\nkind = "image"\ntitle = "X"\nextension = ".x"\n'
            'export = "studio_palette.none:x"',
            "there is no module",
        ),
        ('[[commands]]\nname = "--force"\nhelp = "h"\nmain = "studio_palette.formats:m"', "$.name"),
        ('[[commands]]\nname = "x"\nhelp = "h\\u0007"\nmain = "studio_palette.formats:m"', "“help”"),
        ('[[readers]]\nhint = "x"\nread = ""', "$.read"),
        ("[rooms]\nid = 'r'", "no list of tables"),
        ("kinds = [1]", "it is no table"),
        ("kinds = 'all'", "no list of tables"),
        ("[i18n]\nfolder = '../..'", "outside of the plugin's package"),
        ("[i18n]\nfolder = 'none'", "there is no folder “none”"),
        ("[i18n]\nname = 'i18n'", "“folder = …”"),
        ("i18n = 3", "“folder = …”"),
        ("[surprise]\nx = 1", "there is no such setting"),
    ],
)
def test_a_wrong_entry_is_left_out_and_the_others_count(package: Path, table: str, reason: str) -> None:
    reader = '[[readers]]\nhint = "good"\nread = "studio_palette.formats:read"\n'
    found = read(package, f'manifest = 1\ntitle = "Palettes"\n{table}\n{reader}')
    assert reason in only_note(found)
    assert [row.hint for row in found.readers] == ["good"]
    assert not (found.kinds or found.rooms or found.importers or found.exporters or found.commands)


def test_only_generators_of_the_plugin_belong_to_its_room(package: Path) -> None:
    found = read(package, GOOD.replace('["palette/*"]', '["palette/mix", "image/*", "*"]'))
    assert found.rooms[0].generators == ("palette/mix",)
    assert len(found.notes) == 2
    assert "“image/*” does not begin with “palette/”" in found.notes[0]


def test_of_two_entries_with_one_name_the_first_counts(package: Path) -> None:
    found = read(package, kind(title="First") + kind(title="Second").partition('"Palettes"')[2])
    assert [row.title for row in found.kinds] == ["First"]
    assert "kinds[2]: “palette” is declared twice" in only_note(found)


def test_ten_thousand_kinds_are_too_many(package: Path) -> None:
    many = "\n".join(f'[[kinds]]\nid = "k{n}"\ntitle = "K"\nplural = "K"' for n in range(10_000))
    with pytest.raises(PluginError, match="more than 64 KB"):
        read(package, f"manifest = 1\ntitle = 'x'\n{many}")
    short = f"kinds = [{'{},' * 10_000}]"
    found = read(package, f"manifest = 1\ntitle = 'x'\n{short}")
    assert found.kinds == ()
    assert f"it has 10000 entries, and {MOST_ROWS} are read" in found.notes[0]
    assert len(found.notes) == MOST_ROWS + 1


def test_a_strange_name_does_not_disturb_its_message(package: Path) -> None:
    found = read(package, 'manifest = 1\ntitle = "x"\n"\\u001b[31m\\n" = 1')
    assert only_note(found).isprintable()


def _toml(values: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {_value(value)}" for name, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_value(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


_rows = st.lists(
    st.dictionaries(
        st.sampled_from(sorted({field for row in ROWS for field in row.__struct_fields__})),
        st.one_of(
            st.sampled_from(["palette", "image", "icons/palette.svg", ".ase", "studio_palette.formats:x"]),
            st.text(max_size=12),
            st.integers(-9, 9),
            st.lists(
                st.dictionaries(
                    st.sampled_from(OptionRow.__struct_fields__),
                    st.one_of(st.text(max_size=6), st.integers(-9, 9), st.just("gap")),
                ),
                max_size=3,
            ),
            st.lists(
                st.one_of(st.text(max_size=6), st.sampled_from([".ase", "41", "palette/*"])), max_size=3
            ),
        ),
        max_size=11,
    ),
    max_size=3,
)
_tables = st.sampled_from(
    ["kinds", "rooms", "importers", "exporters", "commands", "readers", "i18n", "other"]
)


@given(st.dictionaries(_tables, st.one_of(_rows, st.integers(-9, 9), st.text(max_size=5)), max_size=8))
def test_any_values_are_read_or_noted(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    package = _package(tmp_path_factory.mktemp("any"))
    whole = {"manifest": 1, "title": "Palettes", **values}
    found = read(package, _toml(whole))
    ids = [row.id for row in found.kinds]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {info.id for info in STOCK}
    for row in found.kinds:
        assert is_title(row.title) and is_title(row.plural)
        assert row.info().icon == "file" or Path(row.icon).is_file()
        assert row.thumbnail in ("", "studio_palette.formats:x")
    for named in [*found.importers, *found.exporters, *found.commands, *found.readers]:
        for field in named.DOTTED:
            assert getattr(named, field) in (None, "studio_palette.formats:x")
    assert all(note.isprintable() for note in found.notes)


@given(st.binary(max_size=200))
@example(b"manifest = 1\ntitle = 'x'\nkinds = 99999999999999999999999999999999")
def test_any_bytes_are_a_manifest_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    package = tmp_path_factory.mktemp("bytes")
    try:
        read(package, data)
    except PluginError as error:
        assert error.message and error.hint


def test_options_of_a_format_are_numbers_with_a_range(package: Path) -> None:
    option = '[[exporters.options]]\nid = "{}"\ntitle = "{}"\nminimum = {}\nmaximum = {}\n'
    found = read(
        package,
        'manifest = 1\ntitle = "Palettes"\n[[exporters]]\nid = "3x"\nkind = "image"\ntitle = "X"\n'
        'extension = ".x"\naliases = [".XX", "y"]\nexport = "studio_palette.formats:x"\n'
        + option.format("gap", "Gap", 0, 4)
        + 'unit = "mm"\nusual = "2 mm"\n'
        + option.format("gap", "Again", 0, 4)
        + option.format("endless", "Endless", 0, "inf")
        + option.format("far", "Far", 2, 1)
        + option.format("bell", "\\u0007", 0, 1),
    )
    [row] = found.exporters
    assert (row.id, row.aliases, row.beside) == ("3x", (".xx",), False)
    [gap] = row.options
    assert (gap.id, gap.title, gap.unit, gap.minimum, gap.maximum, gap.usual) == (
        "gap", "Gap", "mm", 0, 4, "2 mm",
    )  # fmt: skip
    assert len(found.notes) == 5
    for name, told in zip(("y", "gap", "endless", "far", "bell"), found.notes, strict=True):
        assert f"“{name}”" in told or f"“.{name}”" in told
