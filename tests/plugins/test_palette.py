"""A medium by addition: the palette plugin, built as a wheel and installed, is all there without one line of
the studio's own changed for it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.core.images import Picture
from studio.core.item import Origin
from studio.core.png import encode_png
from studio.errors import BadInput
from studio.project.store import Project
from studio.testing import run_generator
from tests.plugins import wheels
from tests.plugins.processes import Processes

__all__ = ["run_generator"]  # the fixture

SOURCE = Path(__file__).with_name("palette")
PUBLIC = {"studio.api", "studio.api.values", "studio.ui.api"}
TRIADIC = ["#3366cc", "#cc3366", "#66cc33"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Processes:
    folder = tmp_path_factory.mktemp("palette")
    wheels.install(wheels.build(SOURCE, folder), folder / "site")
    return Processes(folder / "home", folder / "site")


@pytest.fixture(scope="module")
def project(installed: Processes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a palette in it, that the command line made."""
    folder = tmp_path_factory.mktemp("made") / "Colors.studio"
    installed.studio("new", folder)
    file = folder.with_name("colors.ase")
    words = ("run", "palette/from-color", "--base", "#3366cc", "--project", folder, "--out", file)
    done = installed.studio(*words)
    assert file.read_bytes().startswith(b"ASEF")
    assert done["ok"] and done["jobs"][0]["items"][0]["kind"] == "palette"
    return folder


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin's modules can be imported by the test itself."""
    monkeypatch.syspath_prepend(str(SOURCE))


# --- the package --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: file.stem)
def test_it_lives_by_the_public_api(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.partition(".")[0] != "studio" or name in PUBLIC


def test_its_generators_make_palettes(here: None, tmp_path: Path, run_generator: Callable[..., Any]) -> None:
    from studio_palette.generators.edited import Edited
    from studio_palette.generators.from_color import FromColor
    from studio_palette.generators.from_picture import FromPicture

    (made,) = run_generator(FromColor, {"base": "#3366cc"}).artifacts
    assert json.loads(made.path.read_bytes())["colors"] == TRIADIC
    pixels = np.zeros((30, 30, 3), np.uint8)
    pixels[:, 10:] = (200, 30, 30)
    photo = tmp_path / "photo.png"
    photo.write_bytes(encode_png(Picture(pixels)))
    (made,) = run_generator(FromPicture, {"colors": 4}, inputs={"image": photo}).artifacts
    assert json.loads(made.path.read_bytes())["colors"] == ["#c81e1e", "#000000"]
    (made,) = run_generator(Edited, {"title": "Mine", "colors": ["#010203"]}).artifacts
    assert json.loads(made.path.read_bytes()) == {"palette": 1, "name": "Mine", "colors": ["#010203"]}


def test_swatch_exchange_files_are_as_published(here: None) -> None:
    from studio_palette.core.palette import Palette
    from studio_palette.formats.ase import from_ase, to_ase

    data = to_ase(Palette("A", ("#ff0000",)))
    assert data == bytes.fromhex(
        "41534546 00010000 00000003"  # ASEF, version 1.0, three blocks
        "c001 00000006 0002 0041 0000"  # a group called A
        "0001 00000024 0008 0023 0066 0066 0030 0030 0030 0030 0000"  # a color called #ff0000
        "52474220 3f800000 00000000 00000000 0000"  # RGB 1 0 0, global
        "c002 00000000"
    )
    assert from_ase(data, "a.ase") == Palette("A", ("#ff0000",))
    head = bytes.fromhex("41534546 00010000 00000001 0001")
    for body, color in (
        ("0001 0000 434d594b 00000000 3f800000 3f800000 00000000 0000", "#ff0000"),
        ("0001 0000 47726179 3f000000 0000", "#808080"),
        ("0001 0000 4c414220 3f800000 00000000 00000000 0000", "#ffffff"),
    ):
        block = bytes.fromhex(body)
        assert from_ase(head + len(block).to_bytes(4, "big") + block, "b.ase").colors == (color,)


@pytest.mark.parametrize("end", range(0, 90, 7))
def test_a_swatch_exchange_file_that_breaks_off_is_refused_in_words(here: None, end: int) -> None:
    from studio_palette.core.palette import Palette
    from studio_palette.formats.ase import from_ase, to_ase

    data = to_ase(Palette("A", ("#ff0000",)))[:end]
    try:
        assert from_ase(data, "a.ase").colors == ("#ff0000",)
    except BadInput as error:
        assert "a.ase" in error.message


# --- installed ----------------------------------------------------------------------------------------------

_MEDIA = """
import json, sys
from pathlib import Path
from studio.plugins.media import installed_media
from studio.plugins.speech import speak
from studio.service.service import Service
from studio.service.thumbnail_file import read_drawing
from studio.words import tr
media = installed_media()
kind = media.kinds.get("palette")
source, out = Path(sys.argv[1]), Path(sys.argv[2])
service = Service(media, out / "thumbnails")
try:
    thumbnail = read_drawing(service.thumbnail_now("palette", source, "0" * 64, 256).read_bytes())
    for id in ("ase", "css"):
        service.export_now("palette", id, source, out / f"colors.{id}", {}, name="My colors")
    loaded = service.load_now(out / "colors.ase", out / "loaded")
finally:
    service.close()
speak("de")
print(json.dumps({
    "notes": [note.text for note in media.notes if note.plugin == "palette"],
    "title": kind.title, "extensions": kind.extensions, "room": media.room_of("palette").id,
    "exporters": [row.id for row in media.exporters("palette")],
    "importer": media.importer_of(".ASE").kind,
    "command": media.commands["palettes"].help,
    "imported": [name for name in sys.modules if name.startswith("studio_palette")],
    "thumbnail": list(thumbnail.colors),
    "loaded": [str(path) for path in loaded],
    "german": [tr(kind.plural), tr(media.rooms["palette"].begin)],
}))
"""


def test_its_kind_and_formats_are_there_and_none_of_it_is_imported(
    installed: Processes, tmp_path: Path
) -> None:
    source = tmp_path / "colors.palette"
    source.write_text(json.dumps({"palette": 1, "name": "Sea", "colors": TRIADIC}), "utf-8")
    found = installed.script(_MEDIA, source, tmp_path)
    assert found["notes"] == [] and found["imported"] == []
    assert (found["title"], found["extensions"], found["room"]) == ("Palette", [".palette"], "palette")
    assert (found["exporters"], found["importer"]) == (["ase", "css"], "palette")
    assert found["thumbnail"] == TRIADIC
    assert (tmp_path / "colors.css").read_text("utf-8") == (
        ":root {\n  --my-colors-1: #3366cc;\n  --my-colors-2: #cc3366;\n  --my-colors-3: #66cc33;\n}\n"
    )
    (loaded,) = found["loaded"]
    assert json.loads(Path(loaded).read_text("utf-8")) == {"palette": 1, "name": "Sea", "colors": TRIADIC}
    assert found["german"] == ["Paletten", "Palette anlegen"]


@pytest.mark.slow
def test_its_command_runs_in_both_languages(installed: Processes, tmp_path: Path) -> None:
    file = tmp_path / "colors.palette"
    file.write_text(json.dumps({"palette": 1, "name": "Sea", "colors": TRIADIC}), "utf-8")
    assert installed.studio("palettes", "show", file) == {"ok": True, "name": "Sea", "colors": TRIADIC}
    wrong = installed.run(["-m", "studio", "palettes", "--help"], "de")
    assert "Zeigt, welche Farben eine Palette hat." in wrong


@pytest.mark.slow
def test_the_command_line_exports_it(installed: Processes, project: Path, tmp_path: Path) -> None:
    installed.studio("export", project, "--to", tmp_path / "out", "--format", "css")
    (css,) = (tmp_path / "out").glob("*.css")
    assert "--triadic-of-3366cc-2: #cc3366;" in css.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("command", ("run", "batch"))
def test_the_command_line_imports_an_input(
    installed: Processes, tmp_path: Path, here: None, command: str
) -> None:
    from studio_palette.core.palette import Palette
    from studio_palette.formats.ase import to_ase

    given = tmp_path / "given"
    given.mkdir()
    (given / "sea.ase").write_bytes(to_ase(Palette("Sea", ("#ff0000", "#0000ff"))))
    folder = tmp_path / "Colors.studio"
    installed.studio("new", folder)
    source = ("--input", given / "sea.ase") if command == "run" else ("--inputs", given)
    done = installed.studio(command, "palette/edited", *source, "--title", "Mine", "--project", folder)
    assert done["ok"]
    with Project.open(folder, read_only=True) as project:
        (asset,) = project.items(origin=Origin.ASSET)
        read = json.loads(project.blob_path(asset.digest).read_bytes())
    assert (asset.kind, asset.name) == ("palette", "sea")
    assert read == {"palette": 1, "name": "Sea", "colors": ["#ff0000", "#0000ff"]}


_WINDOW = """
import json, sys, time
from pathlib import Path
from studio.ui.shell import app
qt = app.make_application()
studio = app.build(qt)
errors = []
app.catch_everything(studio.context, studio.session.blame)
studio.context.report = errors.append

def until(is_so):
    end = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > end or errors:
            raise SystemExit(f"it never became so: {errors}")
        qt.processEvents()
        time.sleep(0.002)

try:
    studio.show(Path(sys.argv[1]))
    until(lambda: studio.context.project and studio.context.catalog and studio.context.runner)
    rooms = studio.parts.rooms
    (item,) = studio.context.project.items(kinds=("palette",))
    until(lambda: not studio.window.shows_welcome)
    studio.gallery.select(item.uid)
    until(lambda: rooms.current == "palette" and rooms.room.shown() == [item])
    room = rooms.room
    until(lambda: studio.panel.generator and studio.panel.generator.id.startswith("palette/"))
    studio.panel.choose("palette/from-color")
    generator = studio.context.catalog.generators[studio.panel.generator.id]
    found = {
        "swatches": [swatch.color for swatch in room.page.swatches],
        "visible": all(swatch.isVisible() for swatch in room.page.swatches),
        "generator": [generator.id, generator.kind, generator.summary],
        "missing": studio.generating.missing(),
        "button": studio.panel.button.text(),
        "room": rooms.infos["palette"].title,
        "menu": sorted(id for id in studio.actions if id.startswith("palette.")),
    }
    room.page.chosen.emit(1, "#000000")
    studio.parts.stages.keep()
    rooms.reopen("palette")
    room = rooms.room
    found["restored"] = room.steps.palette.colors
    studio.actions["palette.keep"].trigger()
    until(lambda: len(studio.context.project.items(kinds=("palette",))) == 2)
    until(lambda: room.item is not None and room.item != item)
    kept = room.item
    found["kept"] = json.loads(studio.context.project.blob_path(kept.digest).read_bytes())
    found["is made from it"] = studio.context.project.parents(kept.uid) == [item]
    found["recipe"] = studio.context.project.recipe_of(kept.uid).generator
    studio.items.bring_in([Path(sys.argv[2])])
    until(lambda: len(studio.context.project.items(kinds=("palette",))) == 3)
    brought = studio.context.project.items(kinds=("palette",))[0]
    found["brought in"] = [brought.name, brought.extension]
    until(lambda: room.shown() == [brought])
    room.page.chosen.emit(0, "#ffffff")
    studio.undo.undo()
    found["undone"] = room.steps.palette.colors
finally:
    studio.window.close()
    studio.end()
print(json.dumps(found))
"""


@pytest.mark.slow
def test_the_window_shows_its_room(installed: Processes, project: Path) -> None:
    found = installed.script(_WINDOW, project, project.with_name("colors.ase"))
    assert found["room"] == "Palettes"
    assert found["swatches"] == TRIADIC and found["visible"]
    assert found["generator"] == ["palette/from-color", "palette", "Finds the colors that go with one color."]
    assert (found["button"], found["missing"]) == ("Find matching colors", "")
    changed = ["#3366cc", "#000000", "#66cc33"]
    assert found["restored"] == changed and found["undone"] == TRIADIC
    assert found["brought in"] == ["colors", ".palette"]
    assert found["kept"] == {"palette": 1, "name": "Triadic of #3366cc", "colors": changed}
    assert found["recipe"] == "palette/edited" and found["is made from it"]
    assert found["menu"] == ["palette.add", "palette.keep", "palette.remove"]
