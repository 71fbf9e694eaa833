"""Items written to a folder, with a word about what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from studio.core.item import Item
from studio.errors import StudioError
from studio.ui import locales
from studio.ui.desk import Desk
from studio.ui.notice import Notice
from studio.ui.tasks import Task
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.export.batch import ExportReport
    from studio.ui.export_dialog import ExportChoice

_FEW = 3
"""Items that are exported without a progress dialog."""


class ExportFlow(QObject):
    def __init__(self, desk: Desk, notice: Notice) -> None:
        super().__init__()
        self._desk, self._notice = desk, notice

    def export(self, items: Sequence[Item]) -> None:
        from studio.ui.export_dialog import ExportDialog

        if self._desk.project is not None and items:
            dialog = ExportDialog(
                self._desk.window,
                self._desk.project,
                items,
                self._desk.settings.exporting,
                lambda choice: self._export(items, choice),
            )
            dialog.open()

    def _export(self, items: Sequence[Item], choice: ExportChoice) -> None:
        project = self._desk.project
        if project is None:
            return
        self._desk.change_settings(
            "exporting",
            folder=str(choice.folder),
            template=choice.template,
            format=choice.format or "",
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
                template=choice.template,
                format=choice.format,
                collision=choice.collision,  # type: ignore[arg-type]
                with_manifest=len(items) > 1,  # who takes one picture out wants this picture only
                on_progress=tell,
            )

        if len(items) > _FEW:
            self._desk.start_with_progress(tr("Exporting"), work, self._on_exported)
        else:
            self._desk.tasks.start(tr("Exporting"), work, self._on_exported)

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
                count_text=locales.number(count),
                folder=folder,
            )
        ]
        if report.skipped:
            skipped = len(report.skipped)
            words.append(
                trn("{count} skipped", "{count} skipped", skipped, count_text=locales.number(skipped))
            )
        if report.failed:
            failed = len(report.failed)
            words.append(trn("{count} failed", "{count} failed", failed, count_text=locales.number(failed)))
            self._desk.report(together([error for _, error in report.failed]))
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
