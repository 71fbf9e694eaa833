"""Ctrl+V brings a picture in, wherever the gallery stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import picture


def test_pasting_works_in_the_library_and_beside_a_room(
    studio: StudioWindow, tmp_path: Path, until: Callable[..., None]
) -> None:
    with Project.create(tmp_path / "Lake.studio") as project:
        project.add_asset(picture(tmp_path / "lake.png"), kind=Kind.IMAGE)
    studio.projects.open(project.folder)
    until(lambda: studio.context.project is not None)
    pasted = []
    studio.actions["gallery.paste"].triggered.connect(lambda: pasted.append(studio.workspace.room))
    for room in ("library", "image", "library"):
        studio.items.show_room(room)
        view = studio.gallery.view
        view.setFocus()
        until(view.hasFocus)
        QTest.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert pasted == ["library", "image", "library"]
