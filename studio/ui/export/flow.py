"""Items written to a folder, with a word about what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from studio.core.item import Item
from studio.errors import StudioError
from studio.ui.context import WindowContext
from studio.ui.kit import locales
from studio.ui.kit.notice import Notice
from studio.ui.kit.tasks import Task
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.export.batch import ExportReport
    from studio.ui.export.dialog import ExportChoice

_FEW = 3
"""Items that are exported without a progress dialog."""
READ_AT_ONCE = 1000
"""Items that are read in the time of a few frames."""


class ExportFlow(QObject):
    def __init__(self, context: WindowContext, notice: Notice) -> None:
        super().__init__()
        self._context, self._notice = context, notice

    def export_rows(self, ids: Sequence[int], title: str = "") -> None:
        """Items by their row ids, however many: a large number of them is read on a thread first.

        `title` is the name of a set that has one: a collection.
        """
        project = self._context.project
        if project is None or not len(ids):
            return
        if len(ids) <= READ_AT_ONCE:
            self.export(project.rows(ids), title)
            return

        def read(task: Task) -> list[Item]:
            found: list[Item] = []
            for begin in range(0, len(ids), READ_AT_ONCE):
                found += project.rows(ids[begin : begin + READ_AT_ONCE])
                task.progress(len(found), len(ids))
            return found

        def ask(items: list[Item]) -> None:
            if self._context.project is project:
                self.export(items, title)

        words = trn("Looking at {count} item", "Looking at {count} items", len(ids))
        self._context.start_with_progress(words, read, ask)

    def export(self, items: Sequence[Item], title: str = "") -> None:
        from studio.export.formats import Formats
        from studio.ui.export.dialog import ExportDialog

        if self._context.project is not None and items:
            dialog = ExportDialog(
                self._context.window,
                self._context.project,
                items,
                self._context.settings.exporting,
                lambda choice: self._export(items, choice),
                formats=Formats(self._context.media),
                title=title,
            )
            dialog.open()

    def _export(self, items: Sequence[Item], choice: ExportChoice) -> None:
        project = self._context.project
        if project is None:
            return
        last = self._context.settings.exporting
        if last.remember:
            self._context.change_settings(
                "exporting",
                folder=str(choice.folder),
                template=self._pattern(items, choice.template),
                formats={**last.formats, **choice.formats},
                options={**last.options, **choice.options},
                collision=choice.collision,
            )

        def work(task: Task) -> ExportReport:
            from studio.export.batch import export

            def tell(done: int, total: int) -> None:
                part = {"done": locales.number(done), "total": locales.number(total)}
                task.progress(done, total, tr("{done} of {total}", **part))

            return export(
                project,
                items,
                choice.folder,
                self._context.service,
                template=choice.template,
                formats=choice.formats,
                options=choice.options,
                collision=choice.collision,  # type: ignore[arg-type]
                with_manifest=len(items) > 1,  # who takes one picture out wants this picture only
                on_progress=tell,
                check=task.check,
            )

        if len(items) > _FEW:
            self._context.start_with_progress(tr("Exporting"), work, self._on_exported)
        else:
            self._context.tasks.start(tr("Exporting"), work, self._on_exported)

    def _pattern(self, items: Sequence[Item], template: str) -> str:
        """What is offered the next time. A name of one item's own says nothing about the next one."""
        own = len(items) == 1 and "{" not in template
        return self._context.settings.exporting.template if own else template

    def _on_exported(self, report: ExportReport) -> None:
        count = len(report.files)
        folder = str(report.folder)
        words = [
            tr("Saved as {name} in {folder}", name=report.files[0].path.name, folder=folder)
            if count == 1
            else trn(
                "{count} file written to {folder}",
                "{count} files written to {folder}",
                count,
                folder=folder,
            )
        ]
        if report.skipped:
            skipped = len(report.skipped)
            words.append(trn("{count} skipped", "{count} skipped", skipped))
        if report.failed:
            failed = len(report.failed)
            words.append(trn("{count} failed", "{count} failed", failed))
            self._context.report(together([error for _, error in report.failed]))
        show = QUrl.fromLocalFile(folder)
        self._notice.say("  ·  ".join(words), tr("Open folder"), lambda: QDesktopServices.openUrl(show))


def together(errors: Sequence[StudioError]) -> StudioError:
    """Several errors as one, the rest of them as its details."""
    if len(errors) == 1:
        return errors[0]
    listed = "\n".join(str(error) for error in errors)
    rest = len(errors) - 1
    also = trn("The same or similar for {count} more.", "The same or similar for {count} more.", rest)
    return StudioError(f"{errors[0].message} {also}", errors[0].hint, listed)
