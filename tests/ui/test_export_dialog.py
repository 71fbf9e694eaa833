from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from studio.core.kind import Kind
from studio.export.formats import Formats
from studio.plugins.manifest import read_manifest
from studio.plugins.media import Media, Plugin
from studio.project.store import Project
from studio.settings import Exporting
from studio.ui.export import dialog as export_dialog
from studio.ui.export.dialog import ExportChoice, ExportDialog, field_words
from tests.ui.builders import picture


@pytest.fixture
def made(qtbot, dressed, project: Project, tmp_path: Path):
    items = [
        project.add_asset(picture(tmp_path / f"{name}.jpg", (n, 0, 0)), kind=Kind.IMAGE)
        for n, name in enumerate(["beach", "a b", "c", "d"])
    ]

    def build(last: Exporting = Exporting(), count: int = 4, title: str = ""):  # noqa: B008
        chosen: list[ExportChoice] = []
        dialog = ExportDialog(
            None, project, items[:count], last, chosen.append, formats=Formats(Media()), title=title
        )
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
    choice = dialog.formats.choices[Kind.IMAGE]
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
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
    assert dialog.formats.choices[Kind.IMAGE].itemText(0) == "As it is"
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    dialog, chosen_too = made(Exporting(folder="/there"), count=1)
    dialog.template.setText("holiday")
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert [one.template for one in (*chosen, *chosen_too)] == ["{name}", "holiday"]


def test_the_answer_is_given_and_the_last_one_remembered(made, qtbot) -> None:
    dialog, chosen = made(Exporting(folder="/there", formats={Kind.IMAGE: "webp"}, collision="skip"))
    assert dialog.formats.choices[Kind.IMAGE].currentData() == "webp"
    dialog.collision.setCurrentIndex(2)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert chosen == [
        ExportChoice(Path("/there"), "{name}", "replace", {Kind.IMAGE: "webp"}, {Kind.IMAGE: {}})
    ]


def test_a_collection_goes_by_its_name(made) -> None:
    dialog, _ = made(title="Best of all")
    assert dialog.heading.text() == "Export “Best of all”"
    assert dialog.go.text() == "Export 4"


CRYSTALS = """
manifest = 1
title = "Crystals"

[[kinds]]
id = "crystal"
title = "Crystal"
plural = "Crystals"

[[exporters]]
id = "cif"
kind = "crystal"
title = "CIF (for journals)"
extension = ".cif"
export = "studio_crystal:export"

[[exporters.options]]
id = "cutoff"
title = "Cut off below"
unit = "nm"
minimum = 0
maximum = 5
step = 0.1
usual = "half a cell"

[[exporters]]
id = "xyz"
kind = "crystal"
title = "XYZ"
extension = ".xyz"
export = "studio_crystal:export"
"""


@pytest.fixture
def formats(tmp_path: Path) -> Formats:
    """Of a plugin with a kind of its own, beside those of pictures."""
    folder = tmp_path / "studio_crystal"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "medium.toml").write_text(CRYSTALS)
    manifest = read_manifest(folder / "medium.toml", "crystal")
    assert manifest.notes == ()
    return Formats(Media([Plugin(name="crystal", distribution="x", version="1", manifest=manifest)]))


def test_a_kind_of_a_plugin_has_formats_and_options_of_its_own(
    qtbot, dressed, project: Project, tmp_path: Path, formats: Formats
) -> None:
    (tmp_path / "quartz.raw").write_bytes(b"SiO2")
    crystal = project.add_asset(tmp_path / "quartz.raw", kind="crystal")
    photo = project.add_asset(picture(tmp_path / "photo.jpg", (1, 2, 3)), kind=Kind.IMAGE)
    (tmp_path / "notes.csv").write_text("a")
    table = project.add_asset(tmp_path / "notes.csv", kind=Kind.TABLE)
    last = Exporting(folder="/a", formats={"crystal": "cif"}, options={"crystal": {"cutoff": 9}})
    for items, alone in (([crystal], True), ([crystal, photo, table], False)):
        dialog = ExportDialog(None, project, items, last, lambda _: None, formats=formats)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        facts = dialog.facts.text()
        assert facts.startswith("1 crystal" if alone else "1 picture  ·  1 table  ·  1 crystal")
        rows = dialog.formats
        assert [*rows.choices] == (["crystal"] if alone else [Kind.IMAGE, "crystal"])
        choice, option = rows.choices["crystal"], rows.options["crystal", "cutoff"]
        assert [choice.itemText(n) for n in range(choice.count())] == [
            "As it is",
            "CIF (for journals)",
            "XYZ",
        ]
        label = dialog._form.labelForField(choice)
        assert label.text() == ("Format" if alone else "Format (crystals)")  # type: ignore[attr-defined]
        assert names(dialog)[0] == "quartz.cif" and option.isVisible()
        assert option.choice.currentText() == "As usual (half a cell)" and not option.number.isVisible()
        assert dialog.choice().options["crystal"] == {}, "what was remembered is out of range"
        option.set_value(0.5)
        assert option.number.isVisible() and option.number.suffix() == " nm"
        assert dialog.choice().options["crystal"] == {"cutoff": 0.5}
        choice.setCurrentIndex(2)
        choice.activated.emit(2)
        assert names(dialog)[0] == "quartz.xyz" and not option.isVisible()
        assert dialog.choice().formats["crystal"] == "xyz"


def test_what_has_no_format_is_asked_for_none(qtbot, dressed, project: Project, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a")
    table = project.add_asset(tmp_path / "notes.csv", kind=Kind.TABLE)
    last = Exporting(folder="/a", formats={Kind.TABLE: "xlsx"})
    dialog = ExportDialog(None, project, [table], last, lambda _: None, formats=Formats(Media()))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    assert dialog.formats.choices == {} and dialog.choice().formats == {}
    assert dialog._names[0].whole_text() == "notes.csv" and dialog.go.isEnabled()
