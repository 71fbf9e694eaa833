"""Without one of the bundled plugins a whole studio remains, and keeps the items that the plugin knew."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from studio.project.store import Project
from tests.plugins.house import ROOT, House
from tests.studio_product.room.part_making import part_file

BUNDLED = ("image", "music", "product", "text")
OWNER = {"image": "image", "mask": "image", "text": "text", "part": "product", "music": "music"}
"""Which plugin brings the room for items of a kind."""
KINDS = tuple(OWNER)
FILES = ("beach.png", "mask.png", "words.md", "block.glb", "tune.mid")
"""An item of each of these kinds."""
TUNE = bytes.fromhex("4d546864 00000006 0000 0001 01e0 4d54726b 0000000d 00 903c50 8740 803c00 00 ff2f00")
"""A MIDI file with one note."""

WINDOW = """
import json, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from studio.ui.shell import app

studio = app.start(Path(sys.argv[1]))
wrong = []
studio.context.show_error = lambda error: wrong.append(f"{type(error).__name__}: {error}")

def until(is_so, seconds=40):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never became so"
        QApplication.processEvents()
        time.sleep(0.01)

until(lambda: studio.context.project is not None and studio.context.catalog is not None)
shown = {}
for item in studio.context.project.items():
    studio.items.open([item])
    until(lambda: not studio.context.tasks.running)
    shown[item.kind] = studio.workspace.room
studio.items.show_room("library")
until(lambda: not studio.context.tasks.running)
print(json.dumps({
    "rooms": sorted(studio.parts.rooms.infos),
    "shown": shown,
    "wrong": wrong,
    "imported": sorted({name.partition(".")[0] for name in sys.modules if name.startswith("studio_")}),
}))
studio.window.close()
studio.end()
"""


@pytest.fixture(scope="module", params=BUNDLED)
def without(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def house(without: str, tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp(without), without)


@pytest.fixture(scope="module")
def folder(house: House) -> Path:
    """A project with an item of each kind that a bundled plugin works on."""
    place = house.home.parent
    Image.new("RGB", (40, 30), (10, 120, 90)).save(place / "beach.png")
    Image.new("L", (40, 30), 255).save(place / "mask.png")
    (place / "words.md").write_text("# Words\n\nSome of them.\n")
    part_file(place / "block.glb")
    (place / "tune.mid").write_bytes(TUNE)
    with Project.create(place / "All.studio") as project:
        for name, kind in zip(FILES, KINDS, strict=True):
            project.add_asset(place / name, kind=kind)
        return project.folder


def test_the_shell_imports_no_plugin() -> None:
    imports = re.compile(rf"(?:from|import) studio_(?:{'|'.join(BUNDLED)})\b")
    assert [path for path in (ROOT / "studio").rglob("*.py") if imports.search(path.read_text("utf-8"))] == []


@pytest.mark.slow
def test_the_other_plugins_are_described(house: House, without: str) -> None:
    told = json.loads(house.run("-m", "studio", "plugins", "--json").stdout)
    assert {one["name"] for one in told["plugins"]} == {*BUNDLED} - {without}
    assert not [one for one in told["plugins"] if one.get("failure")]


@pytest.mark.slow
def test_the_command_line_works(house: House, folder: Path, tmp_path: Path) -> None:
    assert house.run("-m", "studio", "--help").returncode == 0
    ran = house.run(
        "-m", "studio", "export", str(folder), "--to", str(tmp_path / "out"), "--originals", "--json"
    )
    assert json.loads(ran.stdout)["ok"], ran.stderr
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert set(FILES) <= names
    checked = house.run("-m", "studio", "check", str(folder), "--json")
    assert json.loads(checked.stdout)["ok"], checked.stdout


@pytest.mark.slow
def test_the_window_shows_every_item(house: House, folder: Path, without: str) -> None:
    ran = house.run("-c", WINDOW, str(folder), seconds=100)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["wrong"] == []
    assert without not in told["rooms"]
    assert set(told["rooms"]) >= {*BUNDLED} - {without}
    shown = told["shown"]
    assert {kind: room == "other" for kind, room in shown.items()} == {
        kind: OWNER[kind] == without for kind in KINDS
    }
    assert f"studio_{without}" not in told["imported"]
