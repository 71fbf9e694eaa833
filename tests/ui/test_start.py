"""What the window must not wait for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.project.sample import create_sample

HEAVY = {
    "pydantic", "pydantic_core", "jsonschema", "numpy", "cv2", "PIL", "torch", "onnx", "onnxruntime",
    "diffusers", "transformers", "scipy", "studio_image", "polib", "babel", "psutil", "enchant", "hypothesis",
    "pytest",
    "asyncio", "dataclasses", "unittest", "xml", "http", "email", "csv", "urllib.request", "multiprocessing",
    "concurrent", "pydoc", "doctest", "PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtPrintSupport",
}  # fmt: skip
"""Modules with a cost that nothing on the way to the shown window is worth."""

SCRIPT = """
import builtins, json, sys
from pathlib import Path
from studio.ui.shell.app import start
studio = start(Path(sys.argv[1]))
loaded = sorted(sys.modules)
print(json.dumps({"loaded": loaded, "import": builtins.__import__.__name__,
                  "read": len(sys.modules["linecache"].cache)}))
sys.stdout.flush()
import os
os._exit(0)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    home = tmp_path_factory.mktemp("home")
    create_sample(home / "Sample.studio").close()
    environment = {**os.environ, "STUDIO_HOME": str(home)}
    command = [sys.executable, "-c", SCRIPT, str(home / "Sample.studio")]
    for _ in range(2):  # the second time with caches, as every day
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_nothing_heavy_is_loaded_for_the_window(told: dict[str, list[str]]) -> None:
    assert "studio.ui.shell.studio_window" in told["loaded"]
    assert HEAVY & set(told["loaded"]) == set()


def test_pyside_reads_no_sources(told: dict[str, object]) -> None:
    """It looks for its optional features in every module that comes by way of its own `__import__`."""
    assert told["import"] != "__feature_import__"
    assert isinstance(told["read"], int) and told["read"] < 10  # what QtCore itself brings


def test_opening_a_project_needs_no_pydantic(tmp_path: Path) -> None:
    create_sample(tmp_path / "Sample.studio").close()
    script = (
        "import sys, studio.ui.shell.app, studio.jobs.runner\nfrom pathlib import Path\n"
        "from studio.project.store import Project\n"
        "with Project.open(Path(sys.argv[1])) as project: assert project.items()\n"
        "print([name for name in sys.modules if name.startswith('pydantic')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "Sample.studio")],
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.stdout.strip() == "[]", done.stderr


END = """
import sys, threading, time
from PySide6.QtCore import QTimer
from studio.ui.shell import app
begin = app.start
def start(project):
    studio = begin(project)
    threading.Thread(target=work, daemon=True).start()
    QTimer.singleShot(0, studio.app, lambda: studio.app.exit(3))
    return studio
def work():
    time.sleep(float(sys.argv[1]))
    print("read to the end")
app.start, app.LAST_SECONDS = start, float(sys.argv[2])
sys.exit(app.main())
"""


@pytest.mark.parametrize(("takes", "waits", "told"), [(1, 60, "read to the end\n"), (60, 0.1, "")])
def test_the_end_waits_for_threads_that_read_but_not_for_ever(
    takes: float, waits: float, told: str, tmp_path: Path
) -> None:
    environment = {**os.environ, "STUDIO_HOME": str(tmp_path)}
    command = [sys.executable, "-c", END, str(takes), str(waits)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
    assert (done.returncode, done.stdout) == (3, told), done.stderr
