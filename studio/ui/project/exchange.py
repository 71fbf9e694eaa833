"""Packing a project for others, unpacking one, and checking one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from studio.paths import projects_folder
from studio.ui.context import WindowContext
from studio.ui.kit.choosers import choose_file, choose_target
from studio.ui.kit.commands import Command
from studio.ui.kit.locales import number, size
from studio.ui.kit.notice import Notice
from studio.ui.project.flow import ProjectFlow
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.project.check import Report


class ExchangeFlow(QObject):
    def __init__(self, context: WindowContext, projects: ProjectFlow, notice: Notice) -> None:
        super().__init__()
        self._context, self._projects, self._notice = context, projects, notice

    def commands(self) -> list[Command]:
        return [
            Command("file.pack", tr("&Pack for sharing…"), self.ask_pack, "file", "", "project", "share"),
            Command("file.unpack", tr("&Unpack…"), self.ask_unpack, "file", group="share"),
            Command("file.check", tr("Chec&k project…"), self.check, "file", "", "project", "share"),
        ]

    def ask_pack(self) -> None:
        project = self._context.project
        if project is None:
            return
        suggested = project.folder.parent / f"{project.name}.zip"
        choose_target(
            self._context.window,
            tr("Pack for sharing"),
            suggested,
            self.pack,
            names=_zip_files(),
            words=tr("Pack"),
        )

    def pack(self, target: Path) -> None:
        project = self._context.project
        if project is None:
            return

        def work() -> list[str]:
            from studio.project.exchange import pack

            return pack(project, target)

        def done(missing: list[str]) -> None:
            from studio.ui.kit.dialogs import TextDialog

            def show() -> None:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(target.parent)))

            window = self._context.window
            if missing:
                TextDialog(
                    window,
                    tr("Pack"),
                    trn(
                        "Packed, but {count} file is missing",
                        "Packed, but {count} files are missing",
                        len(missing),
                    ),
                    tr("Their recipes are in the zip file all the same. File > Check project says more."),
                    "\n".join(missing),
                ).open()
            else:
                told = tr("Packed as {name} in {folder}", name=target.name, folder=target.parent)
                self._notice.say(told, tr("Open folder"), show)

        title = tr("Packing {name}", name=project.name)
        self._context.start_watched(title, work, done)

    def ask_unpack(self) -> None:
        choose_file(self._context.window, tr("Unpack"), _zip_files(), self.unpack)

    def unpack(self, archive: Path) -> None:
        def work() -> Path:
            from studio.project.exchange import unpack

            return unpack(archive, projects_folder())

        title = tr("Unpacking {name}", name=archive.name)
        self._context.start_watched(title, work, self._projects.open)

    def check(self) -> None:
        """Reads every file of the open project and says what it found. Repairs nothing."""
        project = self._context.project
        if project is None:
            return

        def work() -> Report:
            from studio.project.check import check

            return check(project.folder, repair=False)

        def done(report: Report) -> None:
            from studio.ui.kit.dialogs import TextDialog

            count, name = len(report.problems), project.name
            TextDialog(
                self._context.window,
                tr("Check project"),
                tr("“{name}” is whole", name=name)
                if report.whole
                else trn(
                    "{count} problem in “{name}”",
                    "{count} problems in “{name}”",
                    count,
                    name=name,
                ),
                tr(
                    "What was read: items {items}, files {files} ({size}).",
                    items=number(report.items),
                    files=number(report.files),
                    size=size(report.size),
                ),
                "\n".join(f"{problem.part}: {problem.message}" for problem in report.problems)
                or tr("Every file has the bytes that it should have."),
            ).open()

        self._context.start_watched(tr("Checking {name}", name=project.name), work, done)


def _zip_files() -> str:
    return tr("Packed project ({endings})", endings="*.zip")
