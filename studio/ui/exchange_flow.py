"""Packing a project for others, unpacking one, and checking one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from studio.paths import projects_folder
from studio.ui.choosers import choose_file, choose_target
from studio.ui.desk import Desk
from studio.ui.projects import ProjectFlow
from studio.ui.recipe_model import size_words
from studio.ui.tasks import Task
from studio.ui.workspace import Notice

if TYPE_CHECKING:
    from studio.project.check import Report


class ExchangeFlow(QObject):
    def __init__(self, desk: Desk, projects: ProjectFlow, notice: Notice) -> None:
        super().__init__()
        self._desk, self._projects, self._notice = desk, projects, notice

    def ask_pack(self) -> None:
        project = self._desk.project
        if project is None:
            return
        suggested = project.folder.parent / f"{project.name}.zip"
        choose_target(
            self._desk.window,
            "Pack for sharing",
            suggested,
            self.pack,
            names="Packed project (*.zip)",
            words="Pack",
        )

    def pack(self, target: Path) -> None:
        project = self._desk.project
        if project is None:
            return

        def work(_: Task) -> list[str]:
            from studio.project.exchange import pack

            return pack(project, target)

        def done(missing: list[str]) -> None:
            from studio.ui.dialogs import TextDialog

            def show() -> None:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(target.parent)))

            window = self._desk.window
            if missing:
                TextDialog(
                    window,
                    "Pack",
                    f"Packed, but {len(missing)} files are missing",
                    "Their recipes are in the zip file all the same. File > Check project says more.",
                    "\n".join(missing),
                ).open()
            else:
                self._notice.say(f"Packed as {target.name} in {target.parent}", "Open folder", show)

        self._desk.start_with_progress(f"Packing {project.name}", work, done)

    def ask_unpack(self) -> None:
        choose_file(self._desk.window, "Unpack", "Packed project (*.zip)", self.unpack)

    def unpack(self, archive: Path) -> None:
        def work(_: Task) -> Path:
            from studio.project.exchange import unpack

            return unpack(archive, projects_folder())

        self._desk.start_with_progress(f"Unpacking {archive.name}", work, self._projects.open)

    def check(self) -> None:
        """Reads every file of the open project and says what it found. Repairs nothing."""
        project = self._desk.project
        if project is None:
            return

        def work(_: Task) -> Report:
            from studio.project.check import check

            return check(project.folder, repair=False)

        def done(report: Report) -> None:
            from studio.ui.dialogs import TextDialog

            count = len(report.problems)
            TextDialog(
                self._desk.window,
                "Check project",
                f"“{project.name}” is whole"
                if report.ok
                else f"{count} problem{'s' * (count != 1)} in “{project.name}”",
                f"{report.items:,} items and {report.files:,} files ({size_words(report.size)}) were read.",
                "\n".join(f"{problem.part}: {problem.message}" for problem in report.problems)
                or "Every file has the bytes that it should have.",
            ).open()

        self._desk.start_with_progress(f"Checking {project.name}", work, done)
