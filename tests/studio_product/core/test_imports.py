"""What the core needs of the studio are its values, and nothing heavy comes with it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import studio_product

TAKEN = re.compile(r"^\s*(?:from|import) (studio(?:\.[\w.]+)?)\b", re.MULTILINE)
PLUGIN = Path(studio_product.__file__).parent

CODE = """
import importlib, sys
from pathlib import Path
import studio_product
plugin = Path(studio_product.__file__).parent
for folder in ("core", "formats", "commands"):
    for path in sorted((plugin / folder).rglob("*.py")):
        parts = path.relative_to(plugin.parent).with_suffix("").parts
        importlib.import_module(".".join(parts).removesuffix(".__init__"))
print(",".join(sorted({"PySide6", "torch", "pydantic", "pluggy"} & set(sys.modules))))
"""


def test_core_formats_and_commands_are_light() -> None:
    found = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_they_take_values_only() -> None:
    for folder in ("core", "formats", "commands"):
        for path in (PLUGIN / folder).rglob("*.py"):
            taken = re.findall(
                r"^\s*(?:from|import) (studio(?:\.[\w.]+)?)\b", path.read_text("utf-8"), re.MULTILINE
            )
            assert set(taken) <= {"studio.api.values"}, path


def test_the_room_takes_values_and_what_rooms_are_offered() -> None:
    for path in (PLUGIN / "room").rglob("*.py"):
        assert set(TAKEN.findall(path.read_text("utf-8"))) <= {"studio.api.values", "studio.ui.api"}, path


def test_the_room_waits_for_nothing_that_generators_need() -> None:
    code = """
import sys
from studio_product.room.room import ProductRoom
before = "numpy" in sys.modules
ProductRoom.prepare()
print(before, sorted({"torch", "pydantic", "pluggy", "manifold3d", "pymoo"} & set(sys.modules)))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False []"
