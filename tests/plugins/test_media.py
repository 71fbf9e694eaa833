"""The manifests of several plugins together, and of those that are installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio.core.kind import STOCK, Kind
from studio.plugins.catalog import installed_key
from studio.plugins.entry_points import entry_points
from studio.plugins.manifest import read_manifest
from studio.plugins.media import Media, Plugin, installed_media

ROOT = Path(__file__).parents[2]


def plugin(place: Path, name: str, text: str, distribution: str = "other") -> Plugin:
    folder = place / name
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "medium.toml").write_text(f'manifest = 1\ntitle = "{name}"\n{text}', encoding="utf-8")
    manifest = read_manifest(folder / "medium.toml", name)
    assert manifest.notes == ()
    return Plugin(name=name, distribution=distribution, version="1", folder=folder, manifest=manifest)


def kind(id: str, *extensions: str, **more: str) -> str:
    lines = "".join(f'{name} = "{value}"\n' for name, value in more.items())
    return (
        f'[[kinds]]\nid = "{id}"\ntitle = "{id}"\nplural = "{id}"\nextensions = {list(extensions)}\n{lines}'
    )


def room(id: str, package: str, *kinds: str) -> str:
    return f'[[rooms]]\nid = "{id}"\ntitle = "{id}"\nroom = "{package}:R"\nkinds = {list(kinds)}\n'


def importer(package: str, kind: str, *extensions: str) -> str:
    return f'[[importers]]\nkind = "{kind}"\nextensions = {list(extensions)}\nload = "{package}:f"\n'


def exporter(package: str, kind: str, id: str) -> str:
    return (
        f'[[exporters]]\nkind = "{kind}"\nid = "{id}"\ntitle = "{id}"\nextension = ".{id}"\n'
        f'export = "{package}:f"\n'
    )


def texts(media: Media) -> list[str]:
    return [note.text for note in media.notes]


def test_without_plugins_the_stock_kinds_are_there() -> None:
    media = Media()
    assert list(media.kinds) == list(STOCK)
    assert media.room_of(Kind.IMAGE) is None
    assert media.thumbnail_of(Kind.IMAGE) == ""
    assert (media.exporters(Kind.IMAGE), media.importer_of(".png"), media.reader_of("x")) == ((), None, None)


def test_the_first_plugin_has_a_kind_that_two_declare(tmp_path: Path) -> None:
    rooms = room("a-room", "a", "part")
    first = plugin(tmp_path, "a", rooms + kind("part", ".stl", room="a-room", thumbnail="a:t"), "studio")
    second = plugin(tmp_path, "b", kind("part", ".obj", thumbnail="b:t") + exporter("b", "part", "obj"))
    media = Media([first, second])
    assert media.kinds.get("part").plugin == "a"
    assert media.kinds.of_extension(".obj") == Kind.FILE
    assert media.thumbnail_of("part") == "a:t"
    assert media.exporters("part") == ()
    found = media.room_of("part")
    assert found is not None and found.id == "a-room"
    taken, orphan = texts(media)
    assert "“b”" in taken and "“part” is of the plugin “a”" in taken
    assert "exporters[1]: it has no kind “part”" in orphan


def test_extensions_of_others_are_not_taken(tmp_path: Path) -> None:
    first = plugin(tmp_path, "a", kind("sketch", ".skt"))
    second = plugin(
        tmp_path, "b", kind("other", ".png", ".skt", ".oth") + importer("b", "other", ".oth", ".md", ".new")
    )
    media = Media([first, second])
    assert media.kinds.get("other").extensions == (".oth",)
    assert media.kinds.of_extension(".PNG") == Kind.IMAGE
    assert media.kinds.of_extension(".skt") == "sketch"
    assert media.importer_of(".md") is None
    read = media.importer_of(".NEW")
    assert read is not None and read.plugin == "b"
    png, skt, md = texts(media)
    assert "files “.png” are of the kind “image”" in png
    assert "files “.skt” are of the kind “sketch”" in skt
    assert "importers[1]: files “.md” are of the kind “text”" in md


def test_a_plugin_may_read_and_write_stock_kinds(tmp_path: Path) -> None:
    media = Media(
        [
            plugin(
                tmp_path,
                "words",
                importer("words", "text", ".docx")
                + exporter("words", "text", "docx")
                + room("t", "words", "text"),
            )
        ]
    )
    assert media.notes == ()
    assert [row.id for row in media.exporters(Kind.TEXT)] == ["docx"]
    assert media.importer_of(".docx") is not None
    found = media.room_of(Kind.TEXT)
    assert found is not None and found.id == "t"


def test_of_two_plugins_with_one_name_for_something_the_first_has_it(tmp_path: Path) -> None:
    both = [
        room("r", name, "image")
        + exporter(name, "image", "x")
        + importer(name, "image", ".x")
        + f'[[commands]]\nname = "c"\nhelp = "h"\nmain = "{name}:m"\n'
        + f'[[readers]]\nhint = "h"\nread = "{name}:r"\n'
        for name in ("a", "b")
    ]
    media = Media([plugin(tmp_path, "a", both[0]), plugin(tmp_path, "b", both[1])])
    assert media.rooms["r"].plugin == media.commands["c"].plugin == "a"
    assert [row.plugin for row in media.exporters("image")] == ["a"]
    assert (found := media.importer_of(".x")) and found.plugin == "a"
    assert (reader := media.reader_of("h")) and reader.plugin == "a"
    assert len(media.notes) == 5
    assert {note.plugin for note in media.notes} == {"b"}
    assert all("of the plugin “a”" in text for text in texts(media))


def test_a_kind_loses_a_room_that_another_plugin_has(tmp_path: Path) -> None:
    first = plugin(tmp_path, "a", room("r", "a", "image"))
    second = plugin(tmp_path, "b", room("r", "b") + kind("sketch", room="r"))
    media = Media([first, second])
    assert media.kinds.get("sketch").room == ""
    assert media.room_of("sketch") is None


def test_a_room_does_not_open_kinds_that_nobody_has(tmp_path: Path) -> None:
    media = Media([plugin(tmp_path, "a", room("r", "a", "image", "sketch"))])
    assert media.rooms["r"].kinds == ("image",)
    assert "rooms[1]: it has no kind “sketch”" in texts(media)[0]


def test_hints_and_generators_find_their_room(tmp_path: Path) -> None:
    media = Media([plugin(tmp_path, "a", room("r", "a") + 'hints = ["swatches"]\n')])
    found = media.room_of_hint("swatches")
    assert found is not None and found.id == "r"
    assert media.room_of_hint("other") is None


# --- installed ----------------------------------------------------------------------------------------------


def test_the_bundled_plugins_have_faultless_manifests() -> None:
    media = installed_media()
    assert [name for name, one in media.plugins.items() if one.bundled] == [
        "image",
        "music",
        "product",
        "text",
    ]
    assert [note for note in media.notes if media.plugins[note.plugin].bundled] == []
    assert all(one.manifest for one in media.plugins.values() if one.bundled)
    assert media.kinds.get("part").plugin == "product"


def test_reading_manifests_imports_no_plugin_and_no_metadata() -> None:
    script = (
        "import sys; from studio.plugins.media import installed_media; installed_media(); "
        "print([name for name in sys.modules if name.startswith(('studio_', 'pydantic', 'numpy')) "
        "or name == 'importlib.metadata'])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for packages that is on the path."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def install(site: Path, distribution: str, package: str, manifest: str | None, *, point: str) -> Path:
    info = site / f"{distribution}-1.2.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(f"[console_scripts]\nx = y\n[studio.plugins]\n{point}\n")
    folder = site / package
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('imported')")
    if manifest is not None:
        (folder / "medium.toml").write_text(manifest)
    return folder


def test_an_installed_plugin_that_does_not_import_keeps_its_kinds(site: Path) -> None:
    text = f'manifest = 1\ntitle = "T"\n{kind("sketch", ".skt")}'
    folder = install(site, "third_party", "xsketches", text, point="sketches = xsketches.hooks:plugin")
    media = installed_media()
    assert media.kinds.of_extension(".skt") == "sketch"
    found = media.plugins["sketches"]
    assert (found.folder, found.version, found.bundled) == (folder, "1.2", False)
    assert [*media.plugins][:4] == ["image", "music", "product", "text"]


def test_a_broken_manifest_is_a_note_and_the_others_are_read(site: Path) -> None:
    install(site, "third_party", "xbroken", "manifest = ", point="broken = xbroken")
    media = installed_media()
    assert media.plugins["broken"].manifest is None
    [note] = [note for note in media.notes if note.plugin == "broken"]
    assert "“broken” cannot be used: it is not TOML" in note.text
    assert "part" in media.kinds


def test_a_plugin_with_generators_only_needs_no_manifest(site: Path) -> None:
    install(site, "third_party", "xplain", None, point="plain = xplain")
    media = installed_media()
    assert media.plugins["plain"].manifest is None
    assert [note for note in media.notes if note.plugin == "plain"] == []


@pytest.mark.parametrize(
    "point", ["gone = not_there", "odd = ", "odd = a/b:c", "Bad Name = xodd", "image = xodd"]
)
def test_strange_entry_points_do_no_harm(site: Path, point: str) -> None:
    install(site, "third_party", "xodd", 'manifest = 1\ntitle = "odd"', point=point)
    media = installed_media()
    assert media.plugins["image"].bundled
    assert all(one.manifest is None for one in media.plugins.values() if not one.bundled)
    assert installed_key()


def test_entry_points_are_those_that_importlib_finds() -> None:
    import importlib.metadata

    ours = {(point.name, point.value) for point in entry_points("studio.plugins")}
    theirs = {(point.name, point.value) for point in importlib.metadata.entry_points(group="studio.plugins")}
    assert ours == theirs


def test_a_changed_manifest_makes_the_catalog_stale(site: Path) -> None:
    folder = install(site, "third_party", "xnew", 'manifest = 1\ntitle = "T"', point="new = xnew")
    before = installed_key()
    (folder / "medium.toml").write_text('manifest = 1\ntitle = "Other"')
    assert installed_key() != before


def test_every_dotted_name_of_the_bundled_manifests_resolves() -> None:
    """In a process of its own, as rooms would bring Qt with them."""
    script = (
        "import importlib\n"
        "from studio.plugins.media import installed_media\n"
        "for plugin in installed_media().plugins.values():\n"
        "    one = plugin.manifest\n"
        "    if not (one and plugin.bundled): continue\n"
        "    rows = [*one.rooms, *one.importers, *one.exporters, *one.commands, *one.readers]\n"
        "    names = [getattr(row, field) for row in rows for field in row.DOTTED]\n"
        "    for name in filter(None, [*names, *(kind.thumbnail for kind in one.kinds)]):\n"
        "        module, _, attribute = name.partition(':')\n"
        "        assert callable(getattr(importlib.import_module(module), attribute)), name\n"
        "        print(name)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
