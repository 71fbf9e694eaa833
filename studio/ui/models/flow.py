"""Models in a window: which ones a field may choose, the dialogs about them, and what is being fetched."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from studio.core.kind import Kinds
from studio.core.model import ConverterDescription, Licence, ModelSpec
from studio.core.params import ModelRule
from studio.errors import ModelRefused
from studio.plugins.catalog import Catalog
from studio.ui.context import WindowContext
from studio.ui.kit.choosers import choose_file, choose_folder
from studio.ui.kit.commands import Command
from studio.ui.kit.tasks import Task
from studio.ui.models.work import BUNDLE
from studio.words import mark, tr

if TYPE_CHECKING:
    from studio.models.bundle_file import Bundle
    from studio.models.store import Model, ModelStore
    from studio.ui.generate.panel import GeneratePanel
    from studio.ui.kit.notice import Notice
    from studio.ui.kit.theme import Theme
    from studio.ui.models.backend import Recognised
    from studio.ui.models.dialog import ModelsDialog
    from studio.ui.models.orders import Order, OrderEnded, Teller
    from studio.ui.models.shelf import Entry

FRESH_SECONDS = 1.0
"""So long a list of choices holds: each key in a form asks for it. A command line may add a model."""
MODELS = mark("Models (*.onnx *.safetensors *.gguf);;All files (*)")


class ModelFlow(QObject):
    def __init__(self, context: WindowContext, theme: Theme) -> None:
        super().__init__()
        self._context, self._theme = context, theme
        self._work = context.model_work
        self._panel: GeneratePanel | None = None
        self._notice: Notice | None = None
        self._dialog: ModelsDialog | None = None
        self._known: dict[ModelRule, tuple[float, list[tuple[str, str]]]] = {}
        self._told = ""
        """Why the list could not be read, the last time."""
        self._work.stocked.connect(self._on_stocked)
        self._work.changed.connect(self._offer)
        self._work.progressed.connect(self._on_progress)
        self._work.audience.append(self._on_ended)

    def attach(self, panel: GeneratePanel, notice: Notice) -> None:
        self._panel, self._notice = panel, notice
        panel.model_wanted.connect(self.ask)
        panel.changed.connect(self._offer)
        panel.offer.get_wanted.connect(self.get)
        panel.offer.models_wanted.connect(self.show_models)

    # What there is -----------------------------------------------------------------------------------------

    @property
    def store(self) -> ModelStore:
        return self._context.models

    @property
    def kinds(self) -> Kinds:
        return self._context.kinds

    @property
    def catalog(self) -> Catalog:
        return self._context.catalog or Catalog()

    def models(self, formats: Sequence[str] = ()) -> list[Model]:
        """Those that the user has; none, and the reason is told once, where the list cannot be read."""
        try:
            return self.store.models(formats)
        except ModelRefused as error:
            if str(error) != self._told:
                self._told = str(error)
                self._context.report(error)
            return []

    def choices(self, rule: ModelRule) -> list[tuple[str, str]]:
        """(digest, name) of the known models that fit: first the one that is used where nobody chose."""
        since, known = self._known.get(rule, (-FRESH_SECONDS, []))
        now = time.monotonic()
        if now - since >= FRESH_SECONDS:
            found = self.store.fitting(rule) if self.models(rule.formats) else []
            known = [(model.digest, model.name) for model in found]
            self._known[rule] = now, known
        return known

    def part(self, spec: ModelSpec) -> int:
        """Bytes that an interrupted download left."""
        from studio.models.fetch import kept

        try:
            return kept(spec, self.store)
        except OSError:
            return 0

    def converter(self, entry: Entry) -> ConverterDescription | None:
        """What prepares a model right after its download: on a computer that has its processor only."""
        has_more = any(device != "cpu" for device in self.catalog.devices)
        return None if has_more or not entry.converters else entry.converters[0]

    # For a field -------------------------------------------------------------------------------------------

    def ask(self, field: str, what: str) -> None:
        """`what` the user wants for a field: a "file", a "folder", or one of the "models"."""
        if what == "models":
            self.show_models()
            return

        def chosen(path: Path) -> None:
            self.add(field, path)

        if what == "folder":
            choose_folder(self._context.window, tr("Choose a model"), "", chosen)
        else:
            choose_file(self._context.window, tr("Choose a model"), tr(MODELS), chosen)

    def add(self, field: str, path: Path) -> None:
        """Adds a model and puts it into the field that it was chosen for."""

        def done(model: Model) -> None:
            self._work.stocked.emit()
            if self._panel is not None and isValid(self._panel):  # the window may have been built anew
                self._panel.set_model(field, model.digest)

        self._context.start_with_progress(tr("Checking the model"), lambda _: self.store.add(path), done)

    # The dialogs -------------------------------------------------------------------------------------------

    def show_models(self) -> ModelsDialog:
        """All models, those for the current generator first."""
        from studio.ui.models.dialog import ModelsDialog

        if self._dialog is None or not isValid(self._dialog):
            self._dialog = ModelsDialog(self._context.window, self, self._work, self._theme)
            self._dialog.finished.connect(self._forget_dialog)
            generator = self._panel.generator if self._panel is not None else None
            if generator is not None and self._panel is not None and self._panel.needs_model():
                self._dialog.show_for(generator.id)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        return self._dialog

    def get(self, spec_id: str) -> None:
        """Begins with the consent to one model's terms, over the list of all."""
        spec = self.catalog.models.get(spec_id)
        if spec is not None:
            dialog = self.show_models()
            dialog.list.go_to(spec.id)
            dialog.get(dialog.entry_of(spec))

    def ask_own(self, parent: QWidget) -> None:
        """A file first; the system's dialog for files offers no folders, and so both are asked for."""
        from studio.ui.kit.dialogs import QuestionDialog

        def file() -> None:
            choose_file(parent, tr("Add a model"), tr(MODELS), self.look_at)

        def folder() -> None:
            choose_folder(parent, tr("Add a model"), "", self.look_at)

        told = tr(
            "A .safetensors, .onnx or .gguf file, or the folder of a diffusers or transformers model. It is "
            "looked at without being run, and stays where it is."
        )
        answers = [(tr("A file…"), file), (tr("A folder…"), folder)]
        QuestionDialog(parent, tr("Add a model that you have"), told, answers).open()

    def look_at(self, path: Path) -> None:
        """Says what a model is that the user has, and asks for its name and licence."""
        from studio.ui.models.backend import recognise

        def recognised(found: Recognised) -> None:
            from studio.ui.models.own import OwnModelDialog

            name = self.store.free_name(path.stem if found.files == 1 else path.name)
            parent = self._dialog if self._dialog is not None else self._context.window
            OwnModelDialog(parent, found, name, lambda name, licence: self._add(path, name, licence)).open()

        title = tr("Looking at the model")
        self._context.start_with_progress(title, lambda _: recognise(path), recognised)

    def _add(self, path: Path, name: str, licence: str) -> None:
        from studio.ui.models.shelf import OWN

        def work(_: Task) -> Model:
            return self.store.add(path, name=name, licence=licence)

        def done(model: Model) -> None:
            self._work.stocked.emit()
            if self._dialog is not None:
                self._dialog.list.go_to(OWN + model.digest)
            self._say(tr("“{name}” was added.", name=model.name))

        self._context.start_with_progress(tr("Checking the model"), work, done)

    def remove(self, model: Model) -> None:
        def work(_: Task) -> None:
            self.store.remove(model.name)

        def done(_: None) -> None:
            self._work.stocked.emit()
            self._say(tr("“{name}” was removed.", name=model.name))

        self._context.start_with_progress(tr("Removing the model"), work, done, stoppable=False)

    def ask_export(self, parent: QWidget) -> None:
        from studio.ui.models.bundle import ExportBundleDialog

        ExportBundleDialog(parent, self.models(), self.export_bundle).open()

    def export_bundle(self, models: Sequence[Model], folder: Path) -> None:
        specs = self.catalog.models

        def work(teller: Teller) -> str:
            from studio.ui.models.backend import write_bundle

            write_bundle(models, folder, self.store, specs, teller)
            return tr("The bundle is in “{folder}”.", folder=folder)

        self._work.start(BUNDLE, tr("Exporting models"), work)

    def ask_import(self, parent: QWidget) -> None:
        choose_folder(parent, tr("Choose a bundle"), "", self.import_bundle)

    def import_bundle(self, folder: Path) -> None:
        """Says what is in it, and asks for consent to its terms."""
        from studio.ui.models.backend import look_into

        def read(found: tuple[Bundle, list[Licence]]) -> None:
            from studio.ui.models.bundle import ImportBundleDialog

            bundle, licences = found
            models = [(one.name, one.size) for one in bundle.models]
            parent = self._dialog if self._dialog is not None else self._context.window
            ImportBundleDialog(
                parent, folder, models, licences, lambda: self._take(folder, bundle, licences)
            ).open()

        self._context.start_with_progress(tr("Reading the bundle"), lambda _: look_into(folder), read)

    def _take(self, folder: Path, bundle: Bundle, licences: list[Licence]) -> None:
        specs = self.catalog.models

        def work(teller: Teller) -> str:
            from studio.ui.models.backend import take_bundle

            take_bundle(folder, bundle, licences, self.store, specs, teller)
            return tr("The models of “{folder}” are here now.", folder=folder.name)

        self._work.start(BUNDLE, tr("Importing models"), work)

    def show_doctor(self) -> None:
        """Whether every generator could work without a network."""
        from studio.ui.models.doctor import DoctorDialog

        DoctorDialog(self._context, self._theme, self.show_models).open()

    def commands(self) -> list[Command]:
        return [
            Command(
                "models.show",
                tr("M&odels…"),
                self.show_models,
                menu="generate",
                keys="Ctrl+Shift+M",
                group="models",
                icon="model",
                words=tr("get download install add licence weights convert bundle"),
            ),
            Command(
                "help.doctor",
                tr("&Ready for offline work…"),
                self.show_doctor,
                menu="help",
                group="problems",
                words=tr("doctor check models missing network machine"),
            ),
        ]

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._dialog is not None:
            self._dialog.set_theme(theme)

    # What happens ------------------------------------------------------------------------------------------

    def close_panel(self) -> None:
        """Before the window's widgets go: what is fetched goes on and finds nobody here."""
        for signal, slot in (
            (self._work.stocked, self._on_stocked),
            (self._work.changed, self._offer),
            (self._work.progressed, self._on_progress),
        ):
            signal.disconnect(slot)
        self._work.audience.remove(self._on_ended)
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.close()
        self._dialog = None

    def catalog_changed(self) -> None:
        """The plugins were described anew."""
        if self._dialog is not None:
            self._dialog.fill_filter()
            self._dialog.refresh()
        self._offer()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _on_stocked(self) -> None:
        self._known.clear()
        if self._panel is not None and isValid(self._panel):
            self._panel.refresh_models()
        if self._dialog is not None:
            self._dialog.refresh()
        self._offer()

    def _on_progress(self, _: str) -> None:
        if self._panel is not None and not self._panel.offer.isHidden():
            self._offer()

    def _offer(self) -> None:
        """Shows or hides what stands in a form whose generator has no model."""
        panel = self._panel
        if panel is None or not isValid(panel):
            return
        rule = panel.lacks_model()
        if rule is None and not self._work.busy:
            panel.offer.hide()
            return
        from studio.core.kind import Kind
        from studio.ui.models.shelf import recommended
        from studio.ui.models.words import order_words, size_words

        if rule is None:
            made = self._being_prepared(panel)
            if made is None:
                panel.offer.hide()
            else:
                panel.offer.offer(tr("Almost ready"), made[0], going_on=order_words(made[1]))
            return
        spec = recommended(self.catalog, rule)
        is_text = panel.generator is not None and panel.generator.kind == Kind.TEXT
        order = self._work.order(spec.id) if spec is not None else None
        going_on = order_words(order) if order is not None and not order.is_over else ""
        title = tr("No text model yet") if is_text else tr("No model yet")
        panel.offer.offer(title, spec, size_words(spec) if spec is not None else "", going_on)

    def _being_prepared(self, panel: GeneratePanel) -> tuple[ModelSpec, Order] | None:
        """The only model that the form can use, and what is still done with it before it is at its best."""
        for order in self._work.orders:
            spec = self.catalog.models.get(order.key)
            if spec is None or order.is_over:
                continue
            for rule in panel.needed_models():
                found = self.store.fitting(rule) if self.models(rule.formats) else []
                if found and all(model.spec == spec.id for model in found):
                    return spec, order
        return None

    def _on_ended(self, ended: OrderEnded) -> None:
        """An error is told here only where no list of models shows it."""
        order = ended.order
        if order.state == "failed" and order.error is not None:
            if not self._work.watchers:
                self._work.cancel(order.key)
                self._context.report(order.error)
        elif order.state == "done":
            words = ended.result if isinstance(ended.result, str) else ""
            self._say(words or tr("“{name}” is ready.", name=order.title))

    def _say(self, words: str) -> None:
        if self._notice is not None and isValid(self._notice):
            self._notice.say(words)
