"""Model files that the user chooses for a field: checked, hashed and remembered off the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.errors import ModelRefused
from studio.ui.choosers import choose_file, choose_folder
from studio.ui.desk import Desk
from studio.ui.generate_panel import GeneratePanel
from studio.ui.tasks import Task
from studio.words import mark, tr

if TYPE_CHECKING:
    from studio.models.store import Model

MODELS = mark("Models (*.onnx *.safetensors);;All files (*)")


class ModelFlow(QObject):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._panel: GeneratePanel | None = None

    def attach(self, panel: GeneratePanel) -> None:
        self._panel = panel
        panel.model_wanted.connect(self.ask)

    def choices(self, formats: Sequence[str]) -> list[tuple[str, str]]:
        """(digest, name) of the known models that fit."""
        try:
            return [(model.digest, model.name) for model in self._desk.models.models(formats)]
        except ModelRefused as error:
            self._desk.report(error)
            return []

    def ask(self, field: str, folder: bool) -> None:
        def chosen(path: Path) -> None:
            self.add(field, path)

        if folder:
            choose_folder(self._desk.window, tr("Choose a model"), "", chosen)
        else:
            choose_file(self._desk.window, tr("Choose a model"), tr(MODELS), chosen)

    def add(self, field: str, path: Path) -> None:
        """Adds a model and puts it into the field that it was chosen for."""

        def work(_: Task) -> Model:
            return self._desk.models.add(path)

        def done(model: Model) -> None:
            if self._panel is not None and isValid(self._panel):  # the window may have been built anew
                self._panel.set_model(field, model.digest)

        self._desk.start_with_progress(tr("Checking the model"), work, done)
