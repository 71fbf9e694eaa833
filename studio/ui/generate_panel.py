"""The left panel: which generator, its inputs, its form, the seed, and the button."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.generator import GeneratorDescription
from studio.core.recipe import MAX_SEED
from studio.ui.controls import ComboBox, NumberBox, button, label
from studio.ui.form import ModelChoices, ParamsForm
from studio.ui.form_model import FormModel
from studio.ui.icons import icon
from studio.ui.recipe_model import device_words
from studio.ui.theme import UNIT, Theme

_EDGE = UNIT + 4


@dataclass(frozen=True)
class Ask:
    """What the form asks for."""

    generator: GeneratorDescription
    values: dict[str, Any]
    seed: int
    device: str


class SeedRow(QWidget):
    """The seed, a dice for another, and a lock that keeps it for the next time."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.box = NumberBox(0, MAX_SEED, 1, "", whole=True)
        self.box.setAccessibleName("Seed")
        self.dice = QToolButton()
        self.lock = QToolButton()
        self.lock.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        title = label("Seed")
        title.setToolTip("Another seed gives another result; the same seed gives the same one again.")
        row.addWidget(title, 1)
        for tool, name, tip in (
            (self.dice, "dice", "Another seed"),
            (self.lock, "lock", "Keep this seed: without it every result gets a new one"),
        ):
            tool.setIconSize(QSize(16, 16))
            tool.setFixedSize(28, 28)
            tool.setToolTip(tip)
            tool.setAccessibleName(tip)
            tool.setProperty("icon_name", name)
            row.addWidget(tool)
        self.box.setFixedWidth(13 * UNIT)
        row.addWidget(self.box)
        self.set_theme(theme)
        self.dice.clicked.connect(self.roll)
        self.box.valueChanged.connect(lambda _: self.changed.emit())
        self.lock.toggled.connect(lambda _: self.changed.emit())

    def set_theme(self, theme: Theme) -> None:
        for tool in (self.dice, self.lock):
            tool.setIcon(icon(tool.property("icon_name"), theme.color("text")))

    def seed(self) -> int:
        return int(self.box.number())

    def set_seed(self, seed: int) -> None:
        self.box.show_value(seed)

    def roll(self) -> None:
        self.set_seed(random.randint(0, MAX_SEED))
        self.changed.emit()

    def used(self) -> None:
        """After a job took the seed: the next one gets another unless this one is locked."""
        if not self.lock.isChecked():
            self.roll()


class GeneratePanel(QWidget):
    generate = Signal()
    batch = Signal()
    changed = Signal()
    model_wanted = Signal(str, bool)

    def __init__(self, models: ModelChoices, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setMinimumWidth(34 * UNIT)
        self._models = models
        self._generators: list[GeneratorDescription] = []
        self._values: dict[str, dict[str, Any]] = {}
        self.form: ParamsForm | None = None
        self.generator: GeneratorDescription | None = None

        self.chooser = ComboBox()
        self.chooser.setAccessibleName("Generator")
        self.chooser.activated.connect(lambda row: self.choose(self._generators[row].id))
        self.title = label("", "heading")
        self.summary = label("", "muted", wrap=True)
        self.looking = label("Looking at the plugins. This happens once after an update…", "muted", wrap=True)
        self._looking_bar = QProgressBar()
        self._looking_bar.setRange(0, 0)
        self._looking_bar.setTextVisible(False)
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        self.seed = SeedRow(theme)
        self.device = ComboBox()
        self.device.setAccessibleName("Compute on")
        self._device_row = QWidget()
        device_row = QHBoxLayout(self._device_row)
        device_row.setContentsMargins(0, 0, 0, 0)
        device_row.addWidget(label("Compute on"), 1)
        device_row.addWidget(self.device)
        self.device.setFixedWidth(18 * UNIT)
        self._device_row.hide()

        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(_EDGE, UNIT // 2, _EDGE, UNIT)
        column.setSpacing(UNIT)
        column.addWidget(self.chooser)
        column.addWidget(self.title)
        column.addWidget(self.summary)
        column.addWidget(self.looking)
        column.addWidget(self._looking_bar)
        column.addSpacing(UNIT)
        column.addLayout(self._place)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)

        self.button = button("Generate", "big")
        self.button.setToolTip("Ctrl+Return")
        self.button.clicked.connect(self.generate.emit)
        self.reason = label("", "small", wrap=True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.from_folders = button("Generate from folders…", "quiet")
        self.from_folders.clicked.connect(self.batch.emit)
        line = QFrame()
        line.setProperty("role", "line")
        foot = QVBoxLayout()
        foot.setContentsMargins(_EDGE, UNIT + 4, _EDGE, UNIT)
        foot.setSpacing(UNIT)
        foot.addWidget(self.seed)
        foot.addWidget(self._device_row)
        foot.addWidget(self.button)
        foot.addWidget(self.reason)
        foot.addWidget(self.from_folders, 0, Qt.AlignmentFlag.AlignHCenter)

        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(line)
        whole.addLayout(foot)
        self.seed.changed.connect(self.changed.emit)
        self.device.activated.connect(lambda _: self.changed.emit())
        self.show_looking(False)
        self.set_ready("")

    def show_looking(self, on: bool) -> None:
        """While the plugins are being described."""
        self.looking.setVisible(on)
        self._looking_bar.setVisible(on)

    def set_catalog(
        self,
        generators: Sequence[GeneratorDescription],
        devices: Sequence[str],
        values: Mapping[str, Any],
        last: str,
    ) -> None:
        """`values` are last used params by generator id; `last` is the generator to begin with."""
        self.show_looking(False)
        self._generators = list(generators)
        self._values = {name: dict(own) for name, own in values.items()}
        self.chooser.clear()
        for generator in generators:
            self.chooser.addItem(generator.title)
        self.chooser.setVisible(len(generators) > 1)
        self.title.setVisible(len(generators) == 1)
        self.device.clear()
        for device in devices:
            self.device.addItem(device_words(device), device)
        self._device_row.setVisible(len(devices) > 1)
        ids = [generator.id for generator in generators]
        if ids:
            self.choose(last if last in ids else ids[0])
        else:
            self.title.setVisible(True)
            self.title.setText("No generators")
            self.summary.setText("No plugin offers one. Help > Plugins says why.")

    def choose(self, generator_id: str) -> bool:
        """Shows a generator's form; what was set in it before is there again. False for an unknown id."""
        row = next((n for n, one in enumerate(self._generators) if one.id == generator_id), None)
        if row is None:
            return False
        self._remember()
        self.generator = generator = self._generators[row]
        self.chooser.setCurrentIndex(row)
        self.title.setText(generator.title)
        self.summary.setText(generator.summary)
        model = FormModel(generator.params_schema)
        if generator.id in self._values:
            model.take(self._values[generator.id])
        if self.form is not None:
            self._place.removeWidget(self.form)
            self.form.deleteLater()
        self.form = ParamsForm(model, self._models)
        self.form.changed.connect(self.changed.emit)
        self.form.model_wanted.connect(self.model_wanted.emit)
        self._place.addWidget(self.form)
        self.changed.emit()
        return True

    def ask(self) -> Ask:
        """What the user wants. Raises InvalidParams for a field that is shown and wrong."""
        assert self.generator is not None
        assert self.form is not None
        device = self.device.currentData() or "cpu"
        return Ask(self.generator, self.form.model.usable_values(), self.seed.seed(), device)

    def set_values(self, values: Mapping[str, Any]) -> list[str]:
        """Fills the form of the current generator; returns the names it could not take."""
        assert self.form is not None
        refused = self.form.model.set_all(values)
        self.form.refresh()
        self.changed.emit()
        return refused

    def set_model(self, field: str, value: str) -> None:
        if self.form is not None and field in self.form.rows:
            self.form.model.set(field, value)
            self.form.refresh_models()
            self.form.refresh()
            self.changed.emit()

    def check_remembered(self) -> None:
        """Validates what the form took over from the last time, once the validator has been imported."""
        if self.form is not None:
            self.form.model.set_all(self.form.model.values)
            self.form.refresh()
            self.changed.emit()

    def remembered(self) -> dict[str, dict[str, Any]]:
        """Params by generator id, for the settings."""
        self._remember()
        return self._values

    def missing(self) -> str:
        """Why these settings cannot be used yet; "" if they can."""
        if self.form is None:
            return "No generator is ready yet."
        model = self.form.model
        wrong = next(iter(model.errors), None)
        if wrong is not None:
            return (
                f"{model.field(wrong).title} {model.errors[wrong]}."
                if wrong in self.form.rows
                else model.errors[wrong]
            )
        for name in model.shown():
            if model.field(name).editor == "model" and not model.value(name):
                return f"Choose a file for “{model.field(name).title}”."
        return ""

    def set_ready(self, reason: str) -> None:
        """Enables the button, or says why it cannot be pressed."""
        self.button.setEnabled(not reason)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    def set_busy(self, on: bool) -> None:
        """While a job is being put into the queue."""
        self.button.setText("Adding to the queue…" if on else "Generate")

    def set_theme(self, theme: Theme) -> None:
        self.seed.set_theme(theme)

    def _remember(self) -> None:
        if self.form is not None and self.generator is not None:
            self._values[self.generator.id] = self.form.model.values

    def sizeHint(self) -> QSize:
        return QSize(36 * UNIT, 600)
