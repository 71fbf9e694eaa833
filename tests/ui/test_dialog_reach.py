"""Each dialog of the window by keyboard and screen reader alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from studio.core.authoring import json_schema
from studio.ui.generate.matrix_dialog import MatrixDialog
from studio.ui.kit import accessible
from studio.ui.kit.dialogs import Dialog, TextDialog
from studio.ui.kit.form_model import FormModel
from studio.ui.models.backend import Recognised
from studio.ui.models.bundle import ExportBundleDialog, ImportBundleDialog
from studio.ui.models.consent import ConsentDialog
from studio.ui.models.own import OwnModelDialog
from studio.ui.models.prepare import PrepareDialog
from studio.ui.models.shelf import shelf
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe, picture
from tests.ui.model_building import CONVERTER, GB, GEMMA, text_catalog
from tests.ui.pictures import photo_of
from tests.ui.reach import by_tab, called, nameless, stops, unexplained, without_role
from tests.ui.test_models_shelf import model

COMMANDS = (
    "edit.preferences",
    "edit.shortcuts",
    "file.export",
    "file.recent",
    "gallery.collect",
    "gallery.rename",
    "generate.folders",
    "generate.preset_as",
    "generate.snippets",
    "help.about",
    "help.doctor",
    "help.log",
    "help.plugins",
    "models.show",
)


@pytest.fixture
def working(studio: StudioWindow, until, tmp_path: Path) -> StudioWindow:
    """A window with a project, a generator and a chosen photo."""
    accessible.install()
    studio.projects.create(tmp_path / "Test.studio")
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(describe(Sample)))
    studio.items.bring_in([picture(tmp_path / "photo.png")])
    until(lambda: not studio.context.tasks.running and photo_of(studio) is not None)
    studio.gallery.select(studio.context.project.items()[0].uid)
    until(lambda: studio.gallery.selected())
    return studio


def opened(studio: StudioWindow) -> list[QWidget]:
    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not studio.window]


def missed(dialog: QWidget) -> list[str]:
    """What Tab does not reach. Of exclusive choices it reaches the chosen one, arrow keys the others."""
    reached = list(by_tab(dialog))
    return [
        called(one)
        for one in stops(dialog)
        if one not in reached and not (isinstance(one, QAbstractButton) and one.autoExclusive())
    ]


def check(dialog: QWidget, qtbot) -> None:
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    assert nameless(dialog) == []
    assert without_role(dialog) == []
    assert unexplained(dialog) == []
    if dialog.focusWidget() is None:
        dialog.focusNextChild()
    assert missed(dialog) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_dialog_is_named_and_reached(working: StudioWindow, command: str, until, qtbot) -> None:
    action = working.actions[command]
    assert action.isEnabled()
    action.trigger()
    until(lambda: opened(working) and not working.context.tasks.running)
    try:
        check(opened(working)[0], qtbot)
    finally:
        for one in opened(working):
            one.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def text_dialog() -> Dialog:
    return TextDialog(None, "Check project", "All is well", "", "200 files")


def matrix_dialog() -> Dialog:
    return MatrixDialog(None, FormModel(json_schema(Sample)), 5, lambda _: [], str, lambda _: None)


def _entry(key: str):
    return next(one for one in shelf(text_catalog(), [model("own")], {"cpu": GB}) if one.key == key)


def consent_dialog() -> Dialog:
    return ConsentDialog(None, _entry("text/gemma"), GB, lambda _: None)


def consent_from_a_file() -> Dialog:
    made = consent_dialog()
    made.source.setCurrentIndex(1)
    made.source.activated.emit(1)
    return made


def prepare_dialog() -> Dialog:
    return PrepareDialog(None, model("own"), [CONVERTER], lambda *_: None)


def own_model_dialog() -> Dialog:
    return OwnModelDialog(None, Recognised(Path("/own.gguf"), "gguf", 1), "own", lambda *_: None)


def export_bundle_dialog() -> Dialog:
    return ExportBundleDialog(None, [model("own"), model("other", 2)], lambda *_: None)


def import_bundle_dialog() -> Dialog:
    return ImportBundleDialog(None, Path("/stick"), [("own", GB)], [GEMMA], lambda: None)


ALONE = [
    text_dialog,
    matrix_dialog,
    consent_dialog,
    consent_from_a_file,
    prepare_dialog,
    own_model_dialog,
    export_bundle_dialog,
    import_bundle_dialog,
]


@pytest.mark.parametrize("make", ALONE)
def test_a_dialog_alone_is_named_and_reached(make, dressed, qtbot) -> None:
    accessible.install()
    dialog = make()
    dialog.show()
    check(dialog, qtbot)
    dialog.close()
