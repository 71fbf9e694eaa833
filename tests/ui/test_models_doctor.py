"""The report on what works without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from shiboken6 import isValid

from studio.models.doctor import Report, examine
from studio.models.floors import Floor
from studio.models.store import Model
from studio.ui.models.doctor import DoctorDialog, as_text, sections, verdict
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.model_building import CONVERTER, GB, text_catalog
from tests.ui.test_models_dialog import over
from tests.ui.test_models_shelf import model


def report(*models: Model, plugins: dict[str, str] | None = None) -> Report:
    catalog = text_catalog()
    return examine(
        generators=catalog.generators.values(),
        specs=catalog.models,
        converters=[CONVERTER],
        models=models,
        problems={},
        unfit={},
        floors=(Floor("torch", "2.10", "2.9"), Floor("onnx", "1.21", "")),
        plugins=plugins or {},
        notes=("A template could not be read.",),
        devices={"cpu": 24 * GB},
        providers=("CPUExecutionProvider",),
        disk_free=60 * GB,
    )


def test_missing_files_are_named_with_size_and_digest(qapp: object) -> None:
    told = as_text(report())
    assert "Write  No model yet: get Gemma 3 270M" in told
    digest = text_catalog().models["text/gemma"].files[0].sha256
    assert f"gemma-q4_k_m.gguf  253.1 MB  {digest}" in told
    assert "Processor  22 GB" in told and "Free for models  60.0 GB" in told
    assert "! torch  2.9 is too old: 2.10 is needed" in told and "onnx" not in told.partition("torch")[2]


def test_the_verdict_is_a_sentence(qapp: object) -> None:
    assert verdict(report()) == "Something that is installed cannot be used"
    sound = report(model("Gemma", format="onnx-text"))
    assert "Ready, with Gemma" in [line.told for line in sections(sound)[0].lines]
    newer = replace(model("Qwen", format="onnx-text"), added=9.0)
    told = [line.told for line in sections(report(model("Gemma", format="onnx-text"), newer))[0].lines]
    assert "Ready, with Qwen or 1 other" in told


@pytest.fixture
def doctor(studio: StudioWindow, until) -> Iterator[DoctorDialog]:
    studio.set_catalog(text_catalog())
    studio.actions["help.doctor"].trigger()
    made = over(DoctorDialog, until)
    yield made
    if isValid(made):
        made.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_report_is_shown_and_copied(doctor: DoctorDialog, until) -> None:
    until(lambda: doctor.report is not None)
    assert not doctor.busy.isVisible()
    assert doctor.tree.topLevelItem(0).text(0) == "Generators"
    assert doctor.tree.topLevelItem(0).childCount() == 3
    assert "generators have no model yet" in doctor.heading.text()
    doctor.copy.click()
    assert QGuiApplication.clipboard().text() == as_text(doctor.report)


def test_the_models_are_a_click_away(studio: StudioWindow, doctor: DoctorDialog, until) -> None:
    until(lambda: doctor.report is not None)
    doctor.models.click()
    assert studio.models._dialog.isVisible()
    studio.models._dialog.close()
