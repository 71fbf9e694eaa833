"""Texts as a designer writes them: a real worker streams drafts into the real window."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.jobs.describe import discover
from studio.paths import cache_folder
from studio.ui.export.dialog import ExportDialog
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_text.room.writing import room_of

pytestmark = pytest.mark.slow

PLUGIN = '''
import time
from typing import Annotated
from studio.api import *

class WriteParams(Params):
    product: str = "Lumen"
    drafts: Annotated[int, Field(ge=1, le=6)] = 2
    pace: float = 0.01

class Write(Generator):
    """Writes slowly."""
    name, title, kind = "write", "Slow page", Kind.TEXT
    Params = WriteParams

    def generate(self, params, run):
        body = "Words and **more** words. " * 12
        texts = [f"# {params.product} {n}\\n\\n{body}" for n in range(params.drafts)]
        begin = time.monotonic()
        words = [text.split(" ") for text in texts]
        for place in range(max(map(len, words))):
            run.check()
            for draft, said in enumerate(words):
                if place < len(said):
                    run.text(said[place] + " ", draft)
            run.numbers(Number("tokens_per_second", "Speed", (place + 1) / (time.monotonic() - begin + 0.01)))
            time.sleep(params.pace)
        for number, text in enumerate(texts):
            path = run.scratch / f"{number}.md"
            path.write_text(text)
            yield NewArtifact(path, Kind.TEXT, f"Draft {number}")

@hookimpl
def register_generators():
    return [Write]
'''


@pytest.fixture
def ready(
    another: Callable[[], StudioWindow],
    until,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> StudioWindow:
    folder = tmp_path / "plugins"
    info = folder / "studio_slowly-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "plugin_slowly.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: studio-slowly\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[studio.plugins]\nslowly = plugin_slowly\n")
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    discover(cache_folder())
    studio = another()
    studio.window.resize(1500, 900)
    studio.show(None)
    until(lambda: studio.panel.generator is not None)
    studio.projects.create(tmp_path / "Test.studio")
    until(lambda: studio.context.runner is not None, 60)
    assert studio.panel.choose("slowly/write")
    return studio


def test_from_a_form_to_a_word_file(ready: StudioWindow, until, tmp_path: Path) -> None:
    ready.panel.set_value("drafts", 3)
    until(lambda: not ready.generating.missing())
    QTest.mouseClick(ready.panel.button, Qt.MouseButton.LeftButton)
    page = room_of(ready).page
    until(lambda: page.is_built and len(page.drafts.columns) == 3, 60)
    until(lambda: all(column.view.text for column in page.drafts.columns), 60)
    assert page.drafts.is_live
    until(lambda: not page.drafts.is_live, 60)
    assert "tokens per second" in page.drafts.message.whole_text()
    assert [column.item.name for column in page.drafts.columns] == ["Draft 0", "Draft 1", "Draft 2"]
    page.drafts.columns[1].use.click()
    page.pane.editor.insertPlainText("By hand. ")
    ready.workspace.export.click()
    dialog = ready.window.findChild(ExportDialog)
    dialog.folder.setText(str(tmp_path / "out"))
    choice = dialog.formats.choices["text"]
    choice.setCurrentIndex(choice.findData("docx"))
    dialog.refresh()
    dialog.go.click()
    until(lambda: list((tmp_path / "out").glob("*.docx")), 30)
    (file,) = (tmp_path / "out").glob("*.docx")
    read = docx.Document(io.BytesIO(file.read_bytes()))
    assert read.paragraphs[0].text == "Lumen 1"
    assert ready.context.settings.exporting.formats == {"text": "docx"}


def test_stop_keeps_the_words_that_came(ready: StudioWindow, until) -> None:
    ready.panel.set_value("pace", 0.2)
    until(lambda: not ready.generating.missing())
    ready.generating.generate()
    page = room_of(ready).page
    until(lambda: page.is_built and "Lumen 0" in page.drafts.columns[0].view.text, 60)
    until(ready.queue.strip.cancel.isVisible, 30)
    QTest.mouseClick(ready.queue.strip.cancel, Qt.MouseButton.LeftButton)
    until(lambda: not page.drafts.is_live, 30)
    assert "Stopped" in page.drafts.message.whole_text()
    assert page.drafts.columns[0].view.text.startswith("# Lumen 0")
    assert page.drafts.columns[0].use.isEnabled()
