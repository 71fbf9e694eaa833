"""Bringing files in: one photo or ten thousand of whatever was dropped, with an account of each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from PySide6.QtCore import QMimeData, QObject, QUrl, Signal

from studio.core.item import Item
from studio.core.kind import Kind
from studio.errors import BadInput, StudioError
from studio.given_paths import path_of
from studio.project.changes import NewAsset
from studio.ui.context import WindowContext
from studio.ui.kit.local_files import local_files
from studio.ui.kit.tasks import Task, TaskCancelled
from studio.ui.project.drop_scan import Found, Refused, scan
from studio.ui.project.flow import ProjectFlow
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.project.store import Project
    from studio.service.service import Service
    from studio.ui.kit.notice import Notice

FEW = 3
"""Files that come in without a progress dialog."""
SEPARATOR = "  ·  "


class Account(Struct):
    """What became of everything that was dropped: nothing is left out."""

    added: list[Item] = field(default_factory=list)
    present: list[Item] = field(default_factory=list)
    """In the project already, or twice in the drop."""
    refused: list[Refused] = field(default_factory=list)
    left: int = 0
    """Not looked at, because the user cancelled."""
    alone: Path | None = None
    """The file, where one single file was dropped."""

    def words(self) -> str:
        added, present, refused = len(self.added), len(self.present), len(self.refused)
        parts = []
        if added or not (present or refused or self.left):
            only_photos = all(item.kind == Kind.IMAGE for item in self.added)
            parts.append(
                trn("{count} photo added", "{count} photos added", added)
                if only_photos
                else trn("{count} item added", "{count} items added", added)
            )
        if present:
            parts.append(trn("{count} was already here", "{count} were already here", present))
        if refused:
            parts.append(trn("{count} file cannot be used", "{count} files cannot be used", refused))
        if self.left:
            parts.append(trn("{count} left out", "{count} left out", self.left))
        return SEPARATOR.join(parts)


class Brought(Struct, frozen=True):
    """Files came in. An event, since the widgets may have been built anew meanwhile."""

    project: Project
    account: Account


class ImportFlow(QObject):
    brought_in = Signal(object)
    """Account."""
    unpack_wanted = Signal(object)
    """The path of a packed project."""
    preset_dropped = Signal(object)
    """The path of a preset's file."""

    def __init__(self, context: WindowContext, projects: ProjectFlow, notice: Notice) -> None:
        super().__init__()
        self._context, self._projects, self._notice = context, projects, notice

    def drop(self, data: QMimeData) -> None:
        """Files, folders, links: whatever another program lets fall on the window."""
        urls = data.urls()
        if urls:
            self._look(len(urls), lambda tell: _scan_urls(urls, tell))

    def bring_in(self, dropped: Sequence[Path]) -> None:
        """Sorts files and folders, on a thread, then does with each kind what is right for it."""
        self._look(len(dropped), lambda tell: scan(dropped, tell))

    def _look(self, count: int, look: Callable[[Callable[[int], None]], Found]) -> None:
        def work(task: Task) -> Found:
            return look(lambda seen: task.progress(0, 0, _looked(seen)))

        start = self._context.start_with_progress if count > FEW else self._context.tasks.start
        start(tr("Looking at what was dropped"), work, self._sorted)

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
        from studio.ui.kit.dialogs import QuestionDialog

        QuestionDialog(
            self._context.window,
            tr("Unpack “{name}”?", name=pack.name),
            tr(
                "It is a packed project. Unpacking puts a copy of it beside your other projects and opens it."
            ),
            [(tr("Unpack"), lambda: self.unpack_wanted.emit(pack))],
        ).open()

    def _bring(self, found: Found) -> None:
        project = self._context.project
        if project is None:
            self._projects.create_unnamed(lambda: self._bring(found))
            return
        if project.read_only:
            words = tr("This project is open read-only, so nothing can be brought in.")
            self._context.report(StudioError(words, tr("Open another project.")))
            return
        context = self._context

        def done(account: Account) -> None:
            context.bridge.post(Brought(project, account))

        title = trn("Bringing {count} file in", "Bringing {count} files in", len(found.photos))
        if len(found.photos) > FEW:
            context.start_with_progress(
                title, lambda task: take_in(project, found, task, context.service), done
            )
        else:
            context.tasks.start(title, lambda task: take_in(project, found, task, context.service), done)

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, Brought) and event.project is self._context.project:
            self.brought_in.emit(event.account)
            self._tell(event.account)

    def _tell(self, account: Account) -> None:
        nothing_came = not (account.added or account.present)
        alone = account.alone is not None or (len(account.refused) == 1 and nothing_came)
        if alone and account.refused:
            refused = account.refused[0]
            name = refused.path.name or str(refused.path)
            words = tr("“{name}” cannot be used: {reason}.", name=name, reason=refused.reason.rstrip("."))
            is_imported = self._context.media.importer_of(refused.path.suffix) is not None
            self._context.report(
                BadInput(
                    words,
                    tr("Save it anew with the program that made it.")
                    if is_imported
                    else tr("Studio reads PNG, JPEG, WebP, TIFF, GIF and BMP."),
                )
            )
        elif account.refused:
            self._notice.say(account.words(), tr("Show list"), lambda: self.show_list(account))
        elif not alone or account.present:
            self._notice.say(account.words())

    def show_list(self, account: Account) -> None:
        """Each file that could not be used, with the reason."""
        from studio.ui.kit.dialogs import TextDialog

        TextDialog(
            self._context.window,
            tr("Brought in"),
            account.words(),
            tr("These cannot be used. They stay where they are."),
            "\n".join(sorted(str(one) for one in account.refused)),
        ).open()


def _scan_urls(urls: Sequence[QUrl], tell: Callable[[int], None]) -> Found:
    """Ten thousand of them take a tenth of a second to be understood, so on the thread."""
    found = scan(local_files(urls), tell)
    words = tr("not a file on this computer")
    found.refused += [Refused(path_of(url.toString()), words) for url in urls if not url.toLocalFile()]
    return found


def take_in(project: Project, found: Found, task: Task, service: Service) -> Account:
    """Copies the files into the project, as one step. What came in before a cancel stays, and is told.

    The last comes first, so that the gallery, which begins with the newest, shows them in their order.
    """
    account = Account(refused=[*found.refused], alone=found.photos[0] if found.count == 1 else None)
    staging = project.staging()
    try:
        added = project.add_assets(_readable(found.photos[::-1], account, task, service, staging))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    new = set(added.items)
    for item in added.assets:
        (account.added if item.uid in new else account.present).append(item)
        new.discard(item.uid)
    account.added.reverse()
    account.present.reverse()
    account.refused += [Refused(asset.source, error.message) for asset, error in added.refused]
    return account


def _readable(
    files: Sequence[Path], account: Account, task: Task, service: Service, staging: Path
) -> Iterator[NewAsset]:
    """Pictures, and what plugins make of files, until the user cancels; the others go into the account."""
    for number, file in enumerate(files):
        try:
            task.progress(number, len(files), file.name)
            assets = _assets(file, service, staging / str(number))
        except TaskCancelled:
            account.left = len(files) - number
            return
        except StudioError as error:
            account.refused.append(Refused(file, error.message))
        else:
            yield from assets


def _assets(file: Path, service: Service, folder: Path) -> list[NewAsset]:
    """What comes in of one file. A plugin reads its own files, in the service process."""
    from studio.core.images import probe

    row = service.media.importer_of(file.suffix)
    if row is None:
        probe(file)
        return [NewAsset(file, Kind.IMAGE)]
    made = service.load_now(file, folder)
    names = [file.stem] if len(made) == 1 else [path.stem for path in made]
    return [NewAsset(path, row.kind, name) for path, name in zip(made, names, strict=True)]


def _looked(count: int) -> str:
    return trn("{count} file", "{count} files", count)
