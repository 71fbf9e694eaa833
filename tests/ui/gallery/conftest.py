"""A gallery over a project of a thousand items."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPixmap

from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.gallery.actions import GalleryActions
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.kit.actions import Actions
from studio.ui.kit.theme import LIGHT
from tests.ui.builders import picture
from tests.ui.gallery.driving import COUNT, Recorder, fill, met


@pytest.fixture
def filled(project: Project, tmp_path: Path) -> Project:
    digest, size = project.store_blob(picture(tmp_path / "one.png"), extension=".png")
    fill(project, COUNT, digest, size)
    return project


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def panel(qtbot, dressed, desk: WindowContext, recorder: Recorder) -> Iterator[GalleryPanel]:
    actions = {name: recorder.named(name) for name in GalleryActions.__struct_fields__}
    made = GalleryPanel(desk, lambda item, side: QPixmap(), LIGHT, GalleryActions(**actions))
    qtbot.addWidget(made)
    desk.bridge.listen(made.on_event)
    made.resize(420, 640)
    made.show()
    made.commanded = Actions(made, LIGHT, {}, lambda *_: None)
    made.commanded.add(made.commands(), made)
    made.attach_actions(made.commanded)
    made.selection_changed.connect(lambda items: met(made, selection=bool(items)))
    met(made)
    yield made
    made.close_panel()
