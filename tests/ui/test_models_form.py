"""A model's field, what is offered where there is none, and what is said before a job starts."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from studio.backends.plan import Choice
from studio.core.model import Plan
from studio.core.params import ModelRule
from studio.errors import OutOfMemory
from studio.jobs import admission
from studio.jobs.events import JobPlanned
from studio.ui.models.consent import ConsentDialog
from studio.ui.models.orders import Teller
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.model_building import spec, text_catalog
from tests.ui.test_models_dialog import GGUF, over

FITS = Choice(plan=Plan(device="cpu"), memory=600_000_000, total=24_000_000_000, seconds=12.0, stored="int4")


@pytest.fixture
def writing(studio: StudioWindow, until, tmp_path: Path) -> StudioWindow:
    """A window with a project and the form of a generator of texts, and no model."""
    studio.projects.create(tmp_path / "Test.studio")
    until(lambda: studio.context.project is not None)
    studio.set_catalog(text_catalog())
    studio.panel.choose("text/write")
    until(lambda: studio.context.runner is not None and not studio.context.tasks.running)
    return studio


def give_model(studio: StudioWindow, tmp_path: Path, name: str = "Gemma") -> None:
    file = tmp_path / f"{name}.gguf"
    file.write_bytes(GGUF + name.encode())
    studio.context.models.add(file, name=name)
    studio.context.model_work.stocked.emit()


def test_without_a_model_the_one_to_begin_with_is_offered(writing: StudioWindow, until, qtbot) -> None:
    panel = writing.panel
    assert panel.offer.isVisible() and panel.offer.title.text() == "No text model yet"
    assert "Gemma 3 270M" in panel.offer.text.text() and "invents facts" in panel.offer.text.text()
    assert panel.offer.get.text() == "Get it (253.1 MB)…"
    assert panel.reason.text() == "This needs a model, and none is here yet." and not panel.button.isEnabled()
    with qtbot.waitActive(writing.window):
        writing.window.activateWindow()
    writing.generating.generate()
    assert panel.offer.get.hasFocus(), "the keys lead there"
    panel.offer.get.click()
    consent = over(ConsentDialog, until)
    assert "Gemma 3 270M" in consent.heading.text()
    consent.close()
    writing.models._dialog.close()


def test_where_nothing_is_recommended_all_models_are_a_click_away(writing: StudioWindow) -> None:
    writing.set_catalog(text_catalog(spec("sd", "Stable Diffusion", format="diffusers")))
    assert writing.panel.offer.get.isHidden()
    writing.panel.offer.all.click()
    dialog = writing.models._dialog
    assert dialog.isVisible() and dialog.filter.currentText() == "Write"
    dialog.close()


def test_the_offer_goes_with_the_first_model(writing: StudioWindow, tmp_path: Path) -> None:
    give_model(writing, tmp_path)
    panel = writing.panel
    assert panel.offer.isHidden() and panel.missing() == "" and panel.button.isEnabled()
    field = panel.form.rows["model"].editor.focus
    assert field.currentText() == "Automatic: Gemma" and panel.values()["model"] == ""
    panel.choose("test/one")
    assert panel.offer.isHidden()


def test_what_is_still_done_with_the_first_model_is_told(
    writing: StudioWindow, tmp_path: Path, until
) -> None:
    file = tmp_path / "gemma.gguf"
    file.write_bytes(GGUF)
    go = threading.Event()

    def work(teller: Teller) -> None:
        writing.context.models.add(file, name="Gemma", spec="text/gemma")
        teller.tell_stocked()
        teller.tell("Preparing it for this computer", 20, 100)
        go.wait(20)

    panel = writing.panel
    writing.context.model_work.start("text/gemma", "Gemma 3 270M", work)
    until(lambda: panel.offer.title.text() == "Almost ready")
    until(lambda: panel.offer.text.text() == "Preparing it for this computer  ·  20 %")
    assert panel.offer.isVisible() and panel.offer.get.isHidden() and panel.button.isEnabled()
    assert panel.form.rows["model"].editor.focus.currentText() == "Automatic: Gemma"
    go.set()
    until(lambda: panel.offer.isHidden())


def test_the_newest_model_is_what_is_used(writing: StudioWindow, tmp_path: Path) -> None:
    give_model(writing, tmp_path)
    give_model(writing, tmp_path, "Another")
    offered = writing.models.choices(ModelRule(("gguf",)))
    assert [name for _, name in offered] == ["Another", "Gemma"]
    assert writing.panel.form.rows["model"].editor.focus.currentText() == "Automatic: Another"


def test_a_list_that_cannot_be_read_is_told_once(writing: StudioWindow, until) -> None:
    from studio.ui.kit.dialogs import ErrorDialog

    folder = writing.context.models.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models.json").write_text("{", encoding="utf-8")
    writing.context.model_work.stocked.emit()
    told = over(ErrorDialog, until)
    assert "damaged" in told.heading.text()
    told.close()
    writing.context.model_work.stocked.emit()
    writing.panel.set_value("brief", "A lamp")
    assert writing.context.take_dialog() is None and writing.panel.offer.isVisible()


def test_a_preset_with_a_model_that_is_gone_falls_back(writing: StudioWindow, tmp_path: Path) -> None:
    give_model(writing, tmp_path)
    refused = writing.panel.set_values({"model": "f" * 64, "brief": "A lamp"})
    assert refused == ["model"] and writing.panel.missing() == ""


def test_what_the_job_will_take_is_said_before(
    writing: StudioWindow, tmp_path: Path, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def admit(generator, params, device, *, used, **_: object) -> tuple[Choice, ...]:
        asked.append((generator.id, device, [model.name for model in used]))
        return (FITS,)

    monkeypatch.setattr(admission, "admit_values", admit)
    give_model(writing, tmp_path)
    until(lambda: writing.panel.reason.text() == FITS.words())
    assert asked == [("text/write", "cpu", ["Gemma"])]
    for brief in ("A", "A l", "A lamp"):
        writing.panel.set_value("brief", brief)
    until(lambda: not writing.context.tasks.running)
    assert len(asked) == 1, "the words of a prompt do not change it"


def test_why_it_does_not_fit_is_said_before(
    writing: StudioWindow, tmp_path: Path, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> tuple[Choice, ...]:
        raise OutOfMemory("It needs 48 GB, and 24 GB are there.", "Choose a smaller model.")

    monkeypatch.setattr(admission, "admit_values", refuse)
    give_model(writing, tmp_path)
    reason = writing.panel.reason
    until(lambda: reason.text().startswith("It needs"))
    assert reason.text() == "It needs 48 GB, and 24 GB are there. Choose a smaller model."
    assert reason.property("role") == "error"
    other = replace(FITS, reason="The card is full.")
    monkeypatch.setattr(admission, "admit_values", lambda *_, **__: (other,))
    give_model(writing, tmp_path, "Smaller")
    until(lambda: reason.text().startswith("Processor"))
    assert reason.text() == f"{other.words()}\nThe card is full." and reason.property("role") == "small"


def test_the_real_admission_answers(writing: StudioWindow, tmp_path: Path, until) -> None:
    give_model(writing, tmp_path)
    until(lambda: writing.panel.reason.text().startswith("Processor"))


def test_the_queue_tells_how_a_job_is_computed(writing: StudioWindow) -> None:
    model = writing.queue.model
    writing.queue.on_event(JobPlanned("job", replace(FITS, reason="The card is full.")))
    assert model._plans["job"] == f"{FITS.words()}\nThe card is full."
    model.ended("job")
    assert model._plans == {}
