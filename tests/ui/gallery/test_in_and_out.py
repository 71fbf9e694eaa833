"""The menu of the gallery, the clipboard and pictures that are pasted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.gallery.panel import GalleryPanel
from tests.ui.builders import picture
from tests.ui.gallery.driving import Recorder, offered


def test_the_menu_offers_what_fits(panel: GalleryPanel, filled: Project, recorder: Recorder) -> None:
    panel.set_project(filled)
    panel.view.choose(0)
    one = panel.selected()[0]
    assert offered(panel)[:2] == ["Look at it", "Send to stage"]
    assert "Make again" not in offered(panel)
    assert "Compare" not in offered(panel)
    panel.commanded["gallery.edit"].trigger()
    assert recorder.calls == [("edit", one)]
    panel.view.choose(1, extend=True)
    assert "Compare" in offered(panel)
    assert "Send to stage" not in offered(panel)
    panel.commanded["gallery.compare"].trigger()
    assert recorder.calls[-1] == ("compare", panel.selected())
    panel.view.clearSelection()
    assert offered(panel) == ["Paste picture", "Select all", "Show everything", "Export all found…"]


def test_a_copy_is_a_picture_and_a_file(panel: GalleryPanel, home, project: Project, tmp_path: Path) -> None:
    project.add_asset(picture(tmp_path / "one.png"), kind=Kind.IMAGE)
    panel.set_project(project)
    panel.view.choose(0)
    panel.handing.copy()
    data = QGuiApplication.clipboard().mimeData()
    assert QImage(data.imageData()).width() == 96
    assert Path(data.urls()[0].toLocalFile()).name == "one.png"
    panel.handing.copy_file()
    assert not QGuiApplication.clipboard().mimeData().hasImage()


@pytest.mark.parametrize("what", ["text", "nothing", "broken", "own", "no name", "long name"])
def test_nonsense_in_the_clipboard_is_told(panel, filled, recorder, what: str) -> None:
    panel.set_project(filled)
    data = QMimeData()
    if what == "text":
        data.setText("hello")
    elif what == "broken":
        data.setImageData(QImage())
    elif what.endswith("name"):
        data.setUrls(
            [QUrl("file:///a%00b"), QUrl("file:///" + "long" * 1000 if what == "long name" else "file:")]
        )
    clipboard = QGuiApplication.clipboard()
    if what == "own":
        panel.view.choose(0)
        panel.handing.copy()
    elif what == "nothing":
        clipboard.clear()
    else:
        clipboard.setMimeData(data)
    panel.handing.paste()
    ((name, words),) = recorder.calls
    assert name == "say"
    assert "clipboard" in words or "already" in words


def test_a_picture_and_files_are_pasted(panel, filled, recorder, until, home, tmp_path: Path) -> None:
    panel.set_project(filled)
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    panel.handing.paste()
    until(lambda: recorder.calls)
    ((_, (file,)),) = recorder.calls
    assert QImage(str(file)).width() == 20
    data = QMimeData()
    data.setUrls([panel.model.mime_of([panel.model.item(0)]).urls()[0]])
    QGuiApplication.clipboard().setMimeData(data)
    panel.handing.paste()
    assert recorder.calls[-1][1][0].name == "Item 999.png"
