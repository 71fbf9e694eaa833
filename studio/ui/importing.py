"""Bringing files in: one photo or ten thousand of whatever was dropped, with an account of each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal

from studio.core.item import Item, Kind
from studio.errors import BadInput, DiskFull, StudioError
from studio.ui import locales
from studio.ui.desk import Desk
from studio.ui.drop_scan import Found, Refused, scan
from studio.ui.projects import ProjectFlow
from studio.ui.tasks import Task, TaskCancelled
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.project.store import Project
    from studio.ui.workspace import Notice

FEW = 3
"""Files that come in without a progress dialog."""
SEPARATOR = "  ·  "


@dataclass
class Account:
    """What became of everything that was dropped: nothing is left out."""

    added: list[Item] = field(default_factory=list)
    present: list[Item] = field(default_factory=list)
    """In the project already, or twice in the drop."""
    refused: list[Refused] = field(default_factory=list)
    left: int = 0
    """Not looked at, because the user cancelled."""
    was_alone: bool = False
    """Whether one single photo was dropped."""

    def words(self) -> str:
        added, present, refused = len(self.added), len(self.present), len(self.refused)
        parts = []
        if added or not (present or refused or self.left):
            parts.append(
                trn("{count} photo added", "{count} photos added", added, count_text=locales.number(added))
            )
        if present:
            text = locales.number(present)
            parts.append(
                trn("{count} was already here", "{count} were already here", present, count_text=text)
            )
        if refused:
            text = locales.number(refused)
            parts.append(trn("{count} cannot be used", "{count} cannot be used", refused, count_text=text))
        if self.left:
            text = locales.number(self.left)
            parts.append(trn("{count} left out", "{count} left out", self.left, count_text=text))
        return SEPARATOR.join(parts)


class ImportFlow(QObject):
    photo_coming = Signal(object)
    """The path of a single photo that may be shown while it is brought in."""
    brought_in = Signal(object)
    """Account."""
    unpack_wanted = Signal(object)
    """The path of a packed project."""
    preset_dropped = Signal(object)
    """The path of a preset's file."""

    def __init__(self, desk: Desk, projects: ProjectFlow, notice: Notice) -> None:
        super().__init__()
        self._desk, self._projects, self._notice = desk, projects, notice

    def drop(self, data: QMimeData) -> None:
        """Files, folders, links: whatever another program lets fall on the window."""
        urls = data.urls()
        local = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        remote = [
            Refused(Path(url.toString()), tr("not a file on this computer"))
            for url in urls
            if not url.isLocalFile()
        ]
        if local or remote:
            self.bring_in(local, refused=remote)

    def bring_in(self, dropped: Sequence[Path], *, refused: Sequence[Refused] = ()) -> None:
        """Sorts what was dropped, on a thread, then does with each kind what is right for it."""

        def work(task: Task) -> Found:
            return scan(dropped, lambda count: task.progress(0, 0, _looked(count)))

        def done(found: Found) -> None:
            found.refused += refused
            self._sorted(found)

        if len(dropped) > FEW:
            self._desk.start_with_progress(tr("Looking at what was dropped"), work, done)
        else:
            self._desk.tasks.start(tr("Looking at what was dropped"), work, done)

    def _sorted(self, found: Found) -> None:
        for preset in found.presets:
            self.preset_dropped.emit(preset)
        alone = found.count == 1
        if found.projects and alone:
            self._projects.open(found.projects[0])
        elif found.packs and alone:
            self._ask_to_unpack(found.packs[0])
        else:
            for path in found.projects:
                found.refused.append(Refused(path, tr("a project; drop it by itself to open it")))
            for path in found.packs:
                found.refused.append(Refused(path, tr("a packed project; drop it by itself to unpack it")))
            if found.photos:
                self._bring(found)
            elif found.refused:
                self._tell(Account(refused=found.refused))

    def _ask_to_unpack(self, pack: Path) -> None:
        from studio.ui.dialogs import QuestionDialog

        QuestionDialog(
            self._desk.window,
            tr("Unpack “{name}”?", name=pack.name),
            tr(
                "It is a packed project. Unpacking puts a copy of it beside your other projects and opens it."
            ),
            [(tr("Unpack"), lambda: self.unpack_wanted.emit(pack))],
        ).open()

    def _bring(self, found: Found) -> None:
        project = self._desk.project
        if project is None:
            self._projects.create_unnamed(lambda: self._bring(found))
            return
        if project.read_only:
            words = tr("This project is open read-only, so no photo can be brought in.")
            self._desk.report(StudioError(words, tr("Open another project.")))
            return
        if found.count == 1:
            self.photo_coming.emit(found.photos[0])

        def done(account: Account) -> None:
            if self._desk.project is project:
                self.brought_in.emit(account)
                self._tell(account)

        title = trn("Bringing {count} file in", "Bringing {count} files in", len(found.photos))
        if len(found.photos) > FEW:
            self._desk.start_with_progress(title, lambda task: take_in(project, found, task), done)
        else:
            self._desk.tasks.start(title, lambda task: take_in(project, found, task), done)

    def _tell(self, account: Account) -> None:
        alone = account.was_alone or (len(account.refused) == 1 and not (account.added or account.present))
        if alone and account.refused:
            refused = account.refused[0]
            name = refused.path.name or str(refused.path)
            words = tr("“{name}” cannot be used: {reason}.", name=name, reason=refused.reason.rstrip("."))
            self._desk.report(BadInput(words, tr("Studio reads PNG, JPEG, WebP, TIFF, GIF and BMP.")))
        elif account.refused:
            self._notice.say(account.words(), tr("Show list"), lambda: self.show_list(account))
        elif not alone or account.present:
            self._notice.say(account.words())

    def show_list(self, account: Account) -> None:
        """Each file that could not be used, with the reason."""
        from studio.ui.dialogs import TextDialog

        TextDialog(
            self._desk.window,
            tr("Brought in"),
            account.words(),
            tr("These cannot be used. They stay where they are."),
            "\n".join(str(one) for one in account.refused),
        ).open()


def take_in(project: Project, found: Found, task: Task) -> Account:
    """Copies the photos into the project. What was there before a cancel stays, and is told."""
    from studio.core.images import probe

    account = Account(refused=[*found.refused], was_alone=found.count == 1)
    began = time.time()
    seen: set[str] = set()
    total = len(found.photos)
    for number, file in enumerate(found.photos):
        try:
            task.progress(number, total, file.name)
            probe(file)
            item = project.add_asset(file, kind=Kind.IMAGE)
            is_new = item.created >= began and item.uid not in seen
            seen.add(item.uid)
            (account.added if is_new else account.present).append(item)
        except TaskCancelled:
            account.left = total - number
            break
        except DiskFull as error:
            account.refused += [Refused(one, error.message) for one in found.photos[number:]]
            break
        except StudioError as error:
            account.refused.append(Refused(file, error.message))
    return account


def _looked(count: int) -> str:
    return trn("{count} file", "{count} files", count, count_text=locales.number(count))
