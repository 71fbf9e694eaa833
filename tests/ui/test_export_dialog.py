from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from studio.core.kind import Kind
from studio.project.store import Project
from studio.settings import Exporting
from studio.ui.export import dialog as export_dialog
from studio.ui.export.dialog import ExportChoice, ExportDialog, field_words, formats
from tests.ui.builders import picture


@pytest.fixture
def made(qtbot, dressed, project: Project, tmp_path: Path):
    items = [
        project.add_asset(picture(tmp_path / f"{name}.jpg", (n, 0, 0)), kind=Kind.IMAGE)
        for n, name in enumerate(["beach", "a b", "c", "d"])
    ]

    def build(last: Exporting = Exporting(), count: int = 4, title: str = ""):  # noqa: B008
        chosen: list[ExportChoice] = []
        dialog = ExportDialog(None, project, items[:count], last, chosen.append, title=title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog, chosen

    return build


def names(dialog: ExportDialog) -> list[str]:
    return [line.whole_text() for line in dialog._names if line.isVisibleTo(dialog)]


def test_names_are_shown_as_they_will_be(made) -> None:
    dialog, _ = made()
    assert dialog.heading.text() == "Export 4 items"
    assert dialog.facts.text().startswith("4 pictures")
    assert names(dialog) == ["beach.jpg", "a b.jpg", "c.jpg"]
    assert dialog.more.text() == "and 1 more"
    dialog.template.setText("{project}-{n}-{name}")
    assert names(dialog)[0] == "Test-001-beach.jpg"
    dialog.format.setCurrentIndex(1)
    dialog.format.activated.emit(1)
    assert names(dialog)[0] == "Test-001-beach.png"
    dialog.template.setText("same")
    assert "get a number" in dialog.more.text()


def test_a_wrong_template_is_told_at_its_field(made) -> None:
    dialog, _ = made()
    dialog.folder.setText("/somewhere")
    assert dialog.go.isEnabled()
    assert not dialog.template_wrong.isVisibleTo(dialog)
    dialog.template.setText("{colour}")
    assert "unknown field {colour}" in dialog.template_wrong.text()
    assert dialog.template_wrong.isVisibleTo(dialog)
    assert dialog.template.property("wrong")
    assert not dialog.go.isEnabled()
    dialog.template.setText("{name}")
    assert dialog.go.isEnabled()
    assert not dialog.template.property("wrong")


def test_fields_are_put_in_by_a_click(made, qtbot) -> None:
    dialog, _ = made(Exporting(template="x-"))
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == field_words()["seed"])
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert dialog.template.text() == "x-{seed}"


def test_a_folder_that_cannot_be_is_told_at_its_field(made, project: Project, tmp_path: Path) -> None:
    dialog, _ = made(count=1)
    assert dialog.heading.text() == "Export “beach”"
    dialog.folder.clear()
    assert not dialog.go.isEnabled()
    for text, words in (
        (str(project.folder / "out"), "inside the project"),
        ("/a\0b", "No folder can have this name"),
        ("/" + "a" * 300, "No folder can have this name"),
        ("~nobody-at-all/a", "No folder can have this name"),
        (str(tmp_path / "beach.jpg"), "This is a file"),
        ("somewhere", "whole path"),
    ):
        dialog.folder.setText(text)
        assert words in dialog.folder_wrong.text()
        assert not dialog.go.isEnabled()
    dialog.folder.setText(str(tmp_path / "new folder"))
    assert dialog.go.isEnabled()
    assert not (tmp_path / "new folder").exists(), "looking makes nothing"


def test_the_first_time_it_offers_the_folder_of_pictures(made, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(export_dialog, "pictures_folder", lambda: tmp_path)
    dialog, _ = made(count=1)
    assert dialog.folder.text() == str(tmp_path)
    assert dialog.go.isEnabled()
    assert made(Exporting(folder="/there"))[0].folder.text() == "/there"


def test_one_item_is_called_by_its_name_and_the_field_is_remembered(made, qtbot) -> None:
    dialog, chosen = made(Exporting(folder="/there"), count=1)
    assert dialog.template.text() == "beach"
    assert dialog.format.itemText(0) == "As it is"
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    dialog, chosen_too = made(Exporting(folder="/there"), count=1)
    dialog.template.setText("holiday")
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert [one.template for one in (*chosen, *chosen_too)] == ["{name}", "holiday"]


def test_the_answer_is_given_and_the_last_one_remembered(made, qtbot) -> None:
    dialog, chosen = made(Exporting(folder="/there", format="webp", collision="skip"))
    assert dialog.format.currentData() == "webp"
    dialog.collision.setCurrentIndex(2)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert chosen == [ExportChoice(Path("/there"), "{name}", "webp", "replace")]


def test_a_collection_goes_by_its_name(made) -> None:
    dialog, _ = made(title="Best of all")
    assert dialog.heading.text() == "Export “Best of all”"
    assert dialog.go.text() == "Export 4"


def test_every_format_of_the_export_is_offered() -> None:
    from studio.export.convert import EXTENSIONS

    assert {value for value, _ in formats()} == {None, *EXTENSIONS}


def test_parts_have_formats_and_a_detail_of_their_own(
    qtbot, dressed, project: Project, tmp_path: Path
) -> None:
    from studio.export.formats import PARTS
    from studio.ui.export.dialog import part_formats

    assert {value for value, _ in part_formats()} == {None, *PARTS}
    (tmp_path / "bracket.stl").write_bytes(b"solid")
    part = project.add_asset(tmp_path / "bracket.stl", kind="part")
    photo = project.add_asset(picture(tmp_path / "photo.jpg", (1, 2, 3)), kind=Kind.IMAGE)
    chosen: list[ExportChoice] = []
    for items, alone in (([part], True), ([part, photo], False)):
        dialog = ExportDialog(None, project, items, Exporting(folder="/a", part_format="step"), chosen.append)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        assert dialog.facts.text().startswith("1 part" if alone else "1 picture  ·  1 part")
        assert dialog.part_format.isVisible() and dialog.format.isVisible() != alone
        assert not dialog.text_format.isVisible()
        label = dialog._form.labelForField(dialog.part_format)
        assert label.text() == ("Format" if alone else "Format of parts")  # type: ignore[attr-defined]
        assert names(dialog)[0] == "bracket.step" and dialog.detail.isVisible()
        dialog.detail.setCurrentIndex(dialog.detail.findData(0.0))
        assert (dialog.choice().part_format, dialog.choice().deviation) == ("step", 0.0)
        dialog.part_format.setCurrentIndex(dialog.part_format.findData("turntable"))
        dialog.part_format.activated.emit(0)
        assert names(dialog)[0] == "bracket.png" and not dialog.detail.isVisible()
