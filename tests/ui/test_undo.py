"""Undo and redo: of the project, of the mask, of what is typed; named, and across restarts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.kit.actions import plain
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import picture
from tests.ui.pictures import canvas_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "Beach.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
    return made.folder


@pytest.fixture
def opened(studio: StudioWindow, folder: Path, until) -> StudioWindow:
    studio.projects.open(folder)
    until(lambda: studio.context.project is not None and canvas_of(studio).mask_model is not None)
    studio.gallery.setFocus()
    return studio


def title(studio: StudioWindow, id: str = "edit.undo") -> str:
    return plain(studio.actions[id].text())


def rename(studio: StudioWindow, name: str) -> str:
    project = studio.context.project
    uid = project.items()[0].uid
    studio.context.bridge.post(project.rename(uid, name))
    return uid


def test_a_step_of_the_project_is_named_undone_and_done_again(opened: StudioWindow, until) -> None:
    uid = rename(opened, "Lake")
    until(lambda: "Rename" in title(opened))
    assert opened.actions["edit.undo"].isEnabled()
    assert not opened.actions["edit.redo"].isEnabled()
    heard: list[object] = []
    opened.context.bridge.listen(heard.append)
    opened.actions["edit.undo"].trigger()
    assert opened.context.project.item(uid).name == "beach"
    assert opened.workspace.notice.text.whole_text().startswith("Undone: Rename")
    until(lambda: any(uid in getattr(event, "items", ()) for event in heard))
    assert title(opened, "edit.redo").startswith("Redo Rename")
    opened.actions["edit.redo"].trigger()
    assert opened.context.project.item(uid).name == "Lake"
    assert title(opened).startswith("Undo Rename")


def test_what_is_undone_is_gone_to_and_seen(opened: StudioWindow, tmp_path: Path, until) -> None:
    project, gallery = opened.context.project, opened.gallery
    pictures = [
        project.add_asset(picture(tmp_path / f"{n}.png", (n * 5, 0, 0)), kind=Kind.IMAGE) for n in range(30)
    ]
    gallery.items_added()
    gallery.select(pictures[-1].uid)
    until(lambda: canvas_of(opened).photo is not None)
    opened.context.bridge.post(project.trash([pictures[3].uid]))
    until(lambda: pictures[3].uid not in {item.uid for item in project.items()})
    opened.undo.undo_project()
    assert [item.name for item in gallery.selected()] == ["3"]
    assert gallery.view.currentIndex().row() in gallery.view.visible()
    until(lambda: canvas_of(opened).photo.path.stem == pictures[3].digest)
    gallery.search.setText("beach")
    gallery.search.returnPressed.emit()
    until(lambda: gallery.model.rowCount() == 1)
    opened.context.bridge.post(project.set_stars([pictures[5].uid, pictures[6].uid], 4))
    opened.undo.undo_project()
    assert {item.name for item in gallery.selected()} == {"5", "6"}
    assert gallery.search.text() == "", "a search that hides it is taken off"
    assert not opened.workspace.is_comparing, "several do not take the stage"
    opened.undo.redo()
    until(lambda: {item.stars for item in gallery.selected()} == {4})


def test_across_a_restart(opened: StudioWindow, folder: Path, until, another) -> None:
    rename(opened, "Lake")
    opened.window.close()
    opened.end()
    again = another()
    again.show(None)
    until(lambda: again.context.project is not None)
    until(lambda: "Rename" in title(again))
    again.actions["edit.undo"].trigger()
    assert again.context.project.items()[0].name == "beach"


def test_the_mask_comes_first_where_the_hand_is(opened: StudioWindow, until) -> None:
    rename(opened, "Lake")
    canvas = canvas_of(opened)
    opened.window.activateWindow()
    canvas.setFocus()
    canvas.invert()
    until(lambda: title(opened) == "Undo mask edit")
    opened.actions["edit.undo"].trigger()
    assert canvas.mask_model.is_empty
    assert opened.context.project.items()[0].name == "Lake"
    assert title(opened, "edit.redo") == "Redo mask edit"
    until(lambda: title(opened).startswith("Undo Rename"))
    opened.actions["edit.undo"].trigger()
    assert opened.context.project.items()[0].name == "beach"


def test_what_is_typed_comes_first_in_its_field(opened: StudioWindow) -> None:
    rename(opened, "Lake")
    search = opened.gallery.search
    search.setFocus()
    search.insert("xyz")
    opened.undo.refresh()
    assert title(opened) == "Undo typing"
    opened.actions["edit.undo"].trigger()
    assert search.text() == ""
    assert opened.context.project.items()[0].name == "Lake"


def test_a_project_that_is_read_only_has_nothing_to_undo(studio: StudioWindow, folder: Path, until) -> None:
    with Project.open(folder) as project:
        project.rename(project.items()[0].uid, "Lake")
    studio.projects.open(folder, read_only=True)
    until(lambda: studio.context.project is not None)
    QApplication.processEvents()
    assert not studio.actions["edit.undo"].isEnabled()


def test_a_step_that_is_gone_is_told(opened: StudioWindow, until, monkeypatch) -> None:
    from studio.errors import ProjectError
    from studio.project.history import History
    from studio.ui.kit.dialogs import ErrorDialog

    rename(opened, "Lake")
    until(lambda: "Rename" in title(opened))

    def gone(_: History) -> None:
        raise ProjectError("This step cannot be undone any more.")

    monkeypatch.setattr(History, "undo", gone)
    opened.actions["edit.undo"].trigger()
    until(lambda: opened.window.findChildren(ErrorDialog))
    assert opened.context.project.items()[0].name == "Lake"


def test_a_large_step_is_taken_back_in_the_background(opened: StudioWindow, tmp_path: Path, until) -> None:
    project = opened.context.project
    files = [picture(tmp_path / f"{n}.png", (n % 256, n // 256, 7)) for n in range(500)]
    uids = [project.add_asset(file, kind=Kind.IMAGE).uid for file in files]
    opened.context.bridge.post(project.set_stars(uids, 3))
    until(lambda: "Rate 500" in title(opened))
    opened.actions["edit.undo"].trigger()
    assert opened.context.tasks.running
    until(lambda: project.item(uids[0]).stars == 0 and not opened.context.tasks.running)
    assert opened.workspace.notice.text.whole_text() == "Undone: Rate 500 items"
    until(lambda: title(opened, "edit.redo") == "Redo Rate 500 items")


def test_a_damaged_history_is_told_once(opened: StudioWindow, until, monkeypatch) -> None:
    from studio.errors import ProjectDamaged
    from studio.project.history import History
    from studio.ui.kit.dialogs import ErrorDialog

    def damaged(_: History) -> str:
        raise ProjectDamaged("The history is damaged.")

    monkeypatch.setattr(History, "undo_title", property(damaged))
    opened.undo.read()
    until(lambda: opened.window.findChildren(ErrorDialog))
    (dialog,) = opened.window.findChildren(ErrorDialog)
    dialog.accept()
    until(lambda: not opened.window.findChildren(ErrorDialog))
    opened.undo.read()
    assert not opened.window.findChildren(ErrorDialog)
    assert not opened.actions["edit.undo"].isEnabled()


def test_beside_the_canvas_the_mask_comes_first_too(opened: StudioWindow, until) -> None:
    rename(opened, "Lake")
    canvas = canvas_of(opened)
    canvas.invert()
    button = next(one for one in opened.workspace.findChildren(QAbstractButton) if one.isVisible())
    button.setFocus()
    opened.undo.refresh()
    assert title(opened) == "Undo mask edit"
    opened.gallery.view.setFocus()
    until(lambda: title(opened).startswith("Undo Rename"))
