"""Whether everything works without a network: by generator, every file that is missing, the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from studio.backends.plan_words import device_words
from studio.ui.context import WindowContext
from studio.ui.kit import locales
from studio.ui.kit.controls import BusyBar, label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.models.words import short_digest
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.models.doctor import Report

_MARKS = {"good": ("done", "success"), "bad": ("error", "danger"), "open": ("get", "warning")}


class Line(Struct, frozen=True):
    """One row of the report; `mark` is one of `_MARKS`, or none."""

    title: str
    told: str = ""
    digest: str = ""
    mark: str = ""
    inside: bool = False
    """Whether it belongs to the line before that is not."""


class Section(Struct, frozen=True):
    title: str
    lines: tuple[Line, ...]


class DoctorDialog(Dialog):
    outlives_project = True

    def __init__(self, context: WindowContext, theme: Theme, show_models: Callable[[], object]) -> None:
        super().__init__(context.window, tr("Ready to work offline?"), width=88 * UNIT)
        self._theme = theme
        self.report: Report | None = None
        self.text = label(tr("Looking at models, plugins and this computer…"), "muted", wrap=True)
        self.busy = BusyBar()
        self.busy.setAccessibleName(tr("Progress"))
        self.tree = QTreeWidget()
        self.tree.setProperty("role", "card")
        self.tree.setAccessibleName(tr("Report"))
        self.tree.setHeaderLabels([tr("What"), tr("State"), "SHA-256"])
        side = theme.px(16)
        self.tree.setIconSize(QSize(side, side))
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.setMinimumHeight(40 * UNIT)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for part in (self.text, self.busy):
            self.body.addWidget(part)
        self.body.addWidget(self.tree, 1)
        self.copy = self.add_button(tr("Copy"), self._copy)
        self.copy.setEnabled(False)
        self.models = self.add_button(tr("Models…"), lambda: (self.accept(), show_models()))
        self.add_button(tr("Close"), self.accept, role="primary").setFocus()
        self.grow(104 * UNIT, 72 * UNIT)
        catalog, store = context.catalog, context.models

        def work(_: object) -> Report:
            from studio.plugins.catalog import Catalog
            from studio.ui.models.backend import look

            return look(catalog or Catalog(), store)

        context.tasks.start(tr("Looking at the models"), work, self._take, self._failed, owner=self)

    def _take(self, report: Report) -> None:
        self.report = report
        self.busy.hide()
        self.heading.setText(verdict(report))
        if report.ready:
            self.text.setText(tr("Nothing is missing. To find this out nothing was fetched or sent."))
        else:
            self.text.setText(tr("Get what is missing before you leave the network."))
        self.copy.setEnabled(True)
        for section in sections(report):
            top = QTreeWidgetItem([section.title])
            font = self.tree.font()
            font.setBold(True)
            top.setFont(0, font)
            self.tree.addTopLevelItem(top)
            above = top
            for line in section.lines:
                row = QTreeWidgetItem(
                    [line.title, line.told, short_digest(line.digest) if line.digest else ""]
                )
                for column, words in enumerate((line.title, line.told, line.digest)):
                    row.setToolTip(column, words)
                if line.mark:
                    drawing, color = _MARKS[line.mark]
                    row.setIcon(0, icon(drawing, self._theme.color(color)))
                (above if line.inside else top).addChild(row)
                above = above if line.inside else row
        self.tree.expandAll()
        for column in (0, 2):
            self.tree.resizeColumnToContents(column)
        self.tree.setColumnWidth(0, min(self.tree.columnWidth(0), self.width() * 2 // 5))
        self.tree.setCurrentIndex(self.tree.model().index(0, 0))

    def _failed(self, error: BaseException) -> None:
        self.busy.hide()
        self.heading.setText(tr("The models cannot be looked at"))
        self.text.setText(str(error))

    def _copy(self) -> None:
        if self.report is not None:
            QGuiApplication.clipboard().setText(as_text(self.report))


def verdict(report: Report) -> str:
    """In a sentence."""
    lacking = sum(not one.ready for one in report.generators)
    if not report.sound:
        return tr("Something that is installed cannot be used")
    if lacking:
        return trn("{count} generator has no model yet", "{count} generators have no model yet", lacking)
    return tr("Everything works without a network")


def as_text(report: Report) -> str:
    """To be pasted."""
    parts = [verdict(report)]
    for section in sections(report):
        rows = [f"{'    ' if line.inside else '  '}{_row(line)}" for line in section.lines]
        parts.append("\n".join([section.title, *rows]))
    return "\n\n".join(parts)


def _row(line: Line) -> str:
    signs = {"good": "+ ", "bad": "! ", "open": "- "}
    return signs.get(line.mark, "") + "  ".join(filter(None, (line.title, line.told, line.digest)))


def sections(report: Report) -> list[Section]:
    """Everything that there is to say; what is empty is left out."""
    found = [
        Section(tr("Generators"), tuple(_generators(report))),
        Section(tr("Missing models"), tuple(_missing(report))),
        Section(tr("Models"), tuple(_models(report))),
        Section(tr("Plugins"), tuple(_plugins(report))),
        Section(tr("This computer"), tuple(_machine(report))),
    ]
    return [section for section in found if section.lines]


def _generators(report: Report) -> Iterator[Line]:
    titles = {wanted.id: wanted.title for wanted in report.missing}
    for one in report.generators:
        if not one.ready:
            first = next((titles[id] for id in one.wanted if id in titles), "")
            told = tr("No model yet: get {name}", name=first) if first else tr("No model yet")
            yield Line(one.title, told, mark="open")
        elif one.models:
            name, more = one.models[0], len(one.models) - 1
            told = tr("Ready, with {name}", name=name)
            if more:
                told = trn("Ready, with {name} or {count} other", "Ready, with {name} or {count} others",
                           more, name=name)  # fmt: skip
            yield Line(one.title, told, mark="good")
        else:
            yield Line(one.title, tr("Ready, needs no model"), mark="good")


def _missing(report: Report) -> Iterator[Line]:
    for wanted in report.missing:
        size = locales.size(wanted.size) if wanted.size else tr("size not known")
        told = tr("{size}, recommended", size=size) if wanted.recommended else size
        yield Line(wanted.title, told, mark="open")
        for file in wanted.files:
            size = locales.size(file.size) if file.size else tr("size not known")
            yield Line(file.name, size, file.sha256, inside=True)


def _models(report: Report) -> Iterator[Line]:
    for model in report.models:
        if model.problem:
            yield Line(model.name, f"{model.problem} {model.hint}".strip(), mark="bad")
        elif model.unfit:
            yield Line(model.name, model.unfit, mark="open")
        else:
            yield Line(model.name, locales.size(model.size), mark="good")


def _plugins(report: Report) -> Iterator[Line]:
    for name, why in report.plugins.items():
        yield Line(name, why, mark="bad")
    for note in report.notes:
        yield Line(note)


def _machine(report: Report) -> Iterator[Line]:
    for device, memory in report.devices.items():
        yield Line(device_words(device), locales.rough_size(memory) if memory else tr("not known"))
    yield Line(tr("Free for models"), locales.size(report.disk_free))
    if report.providers:
        yield Line("ONNX Runtime", ", ".join(report.providers))
    for floor in report.floors:
        if floor.installed:
            told = tr("{version} is too old: {least} is needed", version=floor.installed, least=floor.least)
            good = floor.is_met
            yield Line(floor.distribution, floor.installed if good else told, mark="good" if good else "bad")
