"""The models: what plugins offer and what the user has, with all that can be done about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from studio.core.kind import Kinds
from studio.core.model import ConverterDescription, ModelSpec
from studio.core.params import model_fields
from studio.ui.kit.controls import ComboBox, button, label
from studio.ui.kit.dialogs import Dialog, QuestionDialog
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.models.details import ModelDetails
from studio.ui.models.facts import set_margins
from studio.ui.models.list import ModelList
from studio.ui.models.orders import Origin
from studio.ui.models.progress import OrderCard
from studio.ui.models.shelf import Entry, shelf
from studio.ui.models.work import BUNDLE, ModelWork
from studio.words import tr

if TYPE_CHECKING:
    from studio.models.store import Model, ModelStore
    from studio.plugins.catalog import Catalog

_WIDE, _HIGH = 116 * UNIT, 80 * UNIT


class Models(Protocol):
    """Which models there are, and what the dialog leaves to its window."""

    @property
    def store(self) -> ModelStore: ...
    @property
    def kinds(self) -> Kinds: ...
    @property
    def catalog(self) -> Catalog: ...
    def models(self, formats: Sequence[str] = ()) -> list[Model]: ...
    def part(self, spec: ModelSpec) -> int: ...
    def converter(self, entry: Entry) -> ConverterDescription | None: ...
    def remove(self, model: Model) -> None: ...
    def ask_own(self, parent: QWidget) -> None: ...
    def ask_import(self, parent: QWidget) -> None: ...
    def ask_export(self, parent: QWidget) -> None: ...


class ModelsDialog(Dialog):
    """Stays beside its window, which can be used meanwhile; what it has begun goes on when it is closed."""

    outlives_project = True

    def __init__(self, parent: QWidget | None, flow: Models, work: ModelWork, theme: Theme) -> None:
        super().__init__(parent, tr("Models"), width=88 * UNIT)
        self._flow, self._work, self._theme = flow, work, theme
        self._entries: list[Entry] = []
        self._memory: dict[str, int] = {}
        told = tr("Nothing is fetched until you ask for it. What is here works without a network.")
        self.body.addWidget(label(told, "muted", wrap=True))
        self.filter = ComboBox()
        self.filter.setAccessibleName(tr("Models for"))
        self.list = ModelList(theme, work, flow.kinds)
        self.own = button(tr("Add own…"))
        self.own.setAutoDefault(False)
        self.own.setToolTip(tr("A file or folder that you have; it stays where it is."))
        self.own.clicked.connect(lambda: flow.ask_own(self))
        self.details = ModelDetails(theme)
        self._arrange()
        self._add_buttons()
        self._connect()
        self.fill_filter()
        self.refresh()
        self._on_work()
        self.list.setFocus()

    # What is shown -----------------------------------------------------------------------------------------

    def fill_filter(self) -> None:
        """The generators that use a model."""
        chosen = self.filter.currentData()
        self.filter.clear()
        self.filter.addItem(tr("All generators"), "")
        catalog = self._flow.catalog
        for one in catalog.generators.values():
            if one.listed and model_fields(one.params_schema):
                self.filter.addItem(tr(one.title), one.id)
        self.filter.setCurrentIndex(max(0, self.filter.findData(chosen)))

    def show_for(self, generator: str) -> None:
        """Only what a generator can use; all of them for one that uses none."""
        self.filter.setCurrentIndex(max(0, self.filter.findData(generator)))
        self._fill_list()

    def refresh(self) -> None:
        """Plugins or models are others than before."""
        catalog = self._flow.catalog
        if not self._memory:
            from studio.jobs.checkup import memory_of

            self._memory = memory_of(catalog)
        self._entries = shelf(catalog, self._flow.models(), self._memory, self._flow.part, self._flow.kinds)
        self._fill_list()
        self.export.setEnabled(any(entry.models for entry in self._entries))

    def entry_of(self, spec: ModelSpec) -> Entry:
        return next(entry for entry in self._entries if entry.spec is not None and entry.key == spec.id)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.list.set_theme(theme)
        self._show_current()

    # What can be done --------------------------------------------------------------------------------------

    def get(self, entry: Entry | None = None) -> None:
        """Asks for consent; then the download begins."""
        from studio.ui.models.backend import free_bytes
        from studio.ui.models.consent import ConsentDialog

        entry = entry or self.list.entry()
        if entry is None or entry.spec is None or entry.source is not None:
            return
        spec, converter = entry.spec, self._flow.converter(entry)

        def agreed(origin: Origin) -> None:
            self._work.get(spec, origin, converter)

        ConsentDialog(self, entry, free_bytes(self._flow.store.work), agreed).open()

    def prepare(self) -> None:
        entry = self.list.entry()
        if entry is None or entry.source is None or not entry.converters:
            return
        from studio.ui.models.prepare import PrepareDialog

        source = entry.source
        key = entry.key

        def chosen(converter: Any, precision: str) -> None:
            self._work.prepare(key, source, converter, precision)

        PrepareDialog(self, source, entry.converters, chosen).open()

    def remove(self, model: Model) -> None:
        """Cannot be undone, and so is asked."""
        if model.managed:
            told = tr("Its files go with it: {path}. They can be fetched or made again.", path=model.path)
        else:
            told = tr("Its files stay where they are: {path}.", path=model.path)
        question = tr("Remove “{name}” from the studio?", name=model.name)
        remove = (tr("Remove"), lambda: self._flow.remove(model))
        QuestionDialog(self, question, told, [remove]).open()

    def do_next(self) -> None:
        """What Return does with the current model."""
        entry = self.list.entry()
        if entry is None or self._work.order(entry.key) is not None:
            return
        if entry.source is None and not entry.prepared:
            self.get(entry)
        elif entry.converters and not entry.prepared:
            self.prepare()

    # Within ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        set_margins(column, 0, 0, UNIT, 0)
        column.setSpacing(UNIT)
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        title = label(tr("For"), "muted")
        title.setBuddy(self.filter)
        line.addWidget(title)
        line.addWidget(self.filter, 1)
        column.addLayout(line)
        column.addWidget(self.list, 1)
        column.addWidget(self.own, 0, Qt.AlignmentFlag.AlignLeading)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.details)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 7)
        left.setMinimumWidth(28 * UNIT)
        self.details.setMinimumWidth(40 * UNIT)
        self.body.addWidget(split, 1)
        self.bundle = OrderCard()
        self.bundle.cancel.clicked.connect(lambda: self._work.cancel(BUNDLE))
        self.bundle.again.clicked.connect(lambda: self._work.again(BUNDLE))
        self.body.addWidget(self.bundle)
        self.grow(_WIDE, _HIGH)
        split.setSizes([self.width() * 5 // 12, self.width() * 7 // 12])

    def _add_buttons(self) -> None:
        flow = self._flow
        self.import_bundle = self.add_button(tr("Import…"), lambda: flow.ask_import(self))
        self.export = self.add_button(tr("Export…"), lambda: flow.ask_export(self))
        self.import_bundle.setToolTip(tr("Models from a bundle: a folder or stick from another computer."))
        self.export.setToolTip(tr("A bundle for a computer without a network."))
        for number, one in enumerate((self.import_bundle, self.export)):
            self.buttons.insertWidget(number, one)
        self.add_button(tr("Close"), self.accept)

    def _connect(self) -> None:
        self.filter.activated.connect(lambda _: self._fill_list())
        self.list.current_changed.connect(self._show_current)
        self.list.wanted.connect(self.do_next)
        details, work = self.details, self._work
        details.get_wanted.connect(lambda: self.get())
        details.prepare_wanted.connect(self.prepare)
        details.remove_wanted.connect(self.remove)
        details.cancel_wanted.connect(lambda: details.entry and work.cancel(details.entry.key))
        details.again_wanted.connect(lambda: details.entry and work.again(details.entry.key))
        work.changed.connect(self._on_work)
        work.progressed.connect(self._on_progress)
        work.watchers += 1
        self.finished.connect(self._end)

    def _end(self, _: int) -> None:
        self._work.watchers -= 1
        self._work.changed.disconnect(self._on_work)
        self._work.progressed.disconnect(self._on_progress)

    def _fill_list(self) -> None:
        wanted = self.filter.currentData()
        shown = [entry for entry in self._entries if not wanted or wanted in (one.id for one in entry.users)]
        self.list.show_entries(shown)
        self._show_current()

    def _show_current(self) -> None:
        entry = self.list.entry()
        had_focus = self.details.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        order = self._work.order(entry.key) if entry is not None else None
        self.details.show_entry(entry, order, self._theme)
        if had_focus:
            self.list.setFocus()

    def _on_work(self) -> None:
        self.list.viewport().update()
        self.bundle.show_order(self._work.order(BUNDLE))
        entry = self.details.entry
        self.details.show_order(self._work.order(entry.key) if entry is not None else None)

    def _on_progress(self, key: str) -> None:
        self.list.viewport().update()
        if key == BUNDLE:
            self.bundle.show_order(self._work.order(BUNDLE))
        if self.details.entry is not None and self.details.entry.key == key:
            self.details.show_order(self._work.order(key))
