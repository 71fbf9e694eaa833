"""Pages of the preferences: the same forms that generators have, for settings that are in force at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studio import settings
from studio.backends.plan_words import device_words
from studio.core.params import ModelRule
from studio.export.formats import Formats
from studio.ui.generate.form import ParamsForm
from studio.ui.kit.choosers import choose_folder, pictures_folder
from studio.ui.kit.controls import button, label
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import FormField, FormModel
from studio.ui.kit.theme import UNIT
from studio.words import in_sentence, tr

if TYPE_CHECKING:
    from studio.plugins.media import Plugin
    from studio.ui.shell.faces import Program

Specs = dict[str, dict[str, Any]]
"""Fields of a form by name, as JSON Schema with `x-ui`."""


def described(session: Program) -> Specs:
    """All settings of the studio itself, by "section.field", in the current language."""
    formats = Formats(session.media)
    offered = {}
    for info in session.media.kinds:
        if choices := {format.id: tr(format.title) for format in formats.of_kind(info.id)}:
            offered[info.id] = (tr("Format ({kind})", kind=in_sentence(tr(info.plural))), choices)
    devices = session.catalog.devices if session.catalog is not None else ()
    found = settings.schema(
        session.looks.themes(),
        session.looks.languages(),
        {device: device_words(device) for device in devices},
        offered,
    )
    return found["properties"]


def groups(session: Program) -> dict[str, Specs]:
    """The settings of the studio itself by the title of their page."""
    found: dict[str, Specs] = {}
    for name, spec in described(session).items():
        found.setdefault(spec["x-ui"]["group"], {})[name] = spec
    return found


class OwnSettings:
    """Where a page of the studio's own settings reads and writes."""

    def __init__(self, session: Program) -> None:
        self._shared = session.shared

    def now(self, names: Specs) -> dict[str, Any]:
        return settings.values(self._shared.values, names)

    def set(self, name: str, value: Any) -> None:
        self._shared.set(name, value)


class PluginSettings:
    """Where the page of a plugin reads and writes: fields are "plugin.key"."""

    def __init__(self, session: Program, plugin: Plugin) -> None:
        self._session, self._plugin = session, plugin.name

    def specs(self) -> Specs:
        rows = self._session.media.settings_of(self._plugin)
        return {f"{self._plugin}.{row.key}": row.schema() for row in rows}

    def now(self, names: Specs) -> dict[str, Any]:
        set_ = self._session.shared.values.plugins
        values = self._session.media.setting_values(self._plugin, set_)
        return {f"{self._plugin}.{key}": value for key, value in values.items()}

    def set(self, name: str, value: Any) -> None:
        self._session.shared.change_plugin(self._plugin, name.partition(".")[2], value)


class FolderEditor(Editor):
    """A folder: typed, chosen, or left out."""

    def __init__(self) -> None:
        self._line = QLineEdit()
        self._line.setPlaceholderText(str(pictures_folder()))
        self._line.setClearButtonEnabled(True)
        choose = button(tr("Choose…"))
        choose.setAutoDefault(False)
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._line, 1)
        row.addWidget(choose)
        super().__init__(self._line, below=below)
        self._line.textEdited.connect(lambda text: self.changed(text))
        choose.clicked.connect(self._choose)

    def show(self, value: Any) -> None:
        if self._line.text() != value:
            self._line.setText(str(value))

    def _choose(self) -> None:
        start = self._line.text() or self._line.placeholderText()
        choose_folder(self._line.window(), tr("Folder"), start, self._take)

    def _take(self, folder: Path) -> None:
        self.show(str(folder))
        self.changed(str(folder))


class FormPage(QScrollArea):
    """The settings of one group. Its form is made when it is looked at first: all of them together would keep
    the dialog waiting.
    """

    def __init__(
        self,
        title: str,
        specs: Specs,
        kept: OwnSettings | PluginSettings,
        *,
        note: str = "",
    ) -> None:
        """`note` is a sentence above the settings."""
        super().__init__()
        self.title = title
        self._kept, self._note = kept, note
        self._below: Callable[[], QWidget] | None = None
        self._below_words = ""
        self.below: QWidget | None = None
        self._typed = ""
        self._form: ParamsForm | None = None
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._specs = {name: {**spec, "x-ui": {**spec["x-ui"], "group": ""}} for name, spec in specs.items()}
        self.model = FormModel({"type": "object", "properties": self._specs})
        self.model.take(self._now())

    @property
    def form(self) -> ParamsForm:
        if self._form is None:
            self._form = ParamsForm(self.model, _no_models, of_room=_editor_of, tells=True)
            self._form.changed.connect(self._on_changed)
            inner = QWidget()
            column = QVBoxLayout(inner)
            column.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
            column.setSpacing(2 * UNIT)
            column.addWidget(label(self.title, "heading"))
            if self._note:
                column.addWidget(label(self._note, "muted", wrap=True))
            column.addWidget(self._form)
            if self._below is not None:
                self.below = self._below()
                column.addWidget(self.below)
            column.addStretch(1)
            self.setWidget(inner)
            self._filter()
        return self._form

    def put_below(self, make: Callable[[], QWidget], words: str) -> None:
        """Makes what else stands on the page, below the settings, once it is seen; `words` are searched."""
        self._below, self._below_words = make, words

    def search(self, typed: str) -> int:
        """Shows what fits only; returns how much that is."""
        self._typed = typed
        if self._form is not None:
            self._filter()
        return sum(self._fits(field) for field in self.model.fields) + self._has_below()

    def refresh(self) -> None:
        """The settings were changed somewhere else."""
        if any(self.model.value(name) != value for name, value in self._now().items()):
            self.model.take(self._now())
            if self._form is not None:
                self._form.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        self.form.show()
        super().showEvent(event)

    def _filter(self) -> None:
        for row in self.form.rows.values():
            row.setVisible(self._fits(row.field))
        if self.below is not None:
            self.below.setVisible(self._has_below())

    def _has_below(self) -> bool:
        return self._below is not None and _has(self._typed, f"{self.title} {self._below_words}")

    def _fits(self, field: FormField) -> bool:
        choices = " ".join(choice.label for choice in field.choices)
        return _has(self._typed, f"{self.title} {field.title} {field.help} {choices}")

    def _now(self) -> dict[str, Any]:
        return self._kept.now(self._specs)

    def _on_changed(self) -> None:
        now = self._now()
        for name, value in self.model.values.items():
            if value != now[name] and name not in self.model.errors:
                self._kept.set(name, value)


def _has(typed: str, text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in typed.casefold().split())


def _editor_of(hint: str) -> Editor | None:
    return FolderEditor() if hint == "folder" else None


def _no_models(rule: ModelRule) -> list[tuple[str, str]]:
    """No setting is a model file."""
    return []
