"""What the user does with photos and results: bring in, look at, compare, reuse, make again, take out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent, QGuiApplication

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.errors import ProjectError, StudioError
from studio.paths import handed_out_folder
from studio.project.changes import trash_title
from studio.project.history import Changed
from studio.ui.context import WindowContext
from studio.ui.export.flow import ExportFlow
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.generate.flow import GenerateFlow
from studio.ui.generate.panel import GeneratePanel
from studio.ui.items.compare_model import MOST, Compared
from studio.ui.items.handing import HandedOut, hand_out, uids_of
from studio.ui.items.importing import Account, ImportFlow
from studio.ui.items.organize import AT_ONCE
from studio.ui.items.shown import ItemReader
from studio.ui.kit import locales
from studio.ui.kit.choosers import PICTURES, choose_files
from studio.ui.project.flow import ProjectFlow
from studio.ui.recipe.panel import RecipePanel
from studio.ui.shell.items_again import Again
from studio.ui.shell.workspace import Workspace
from studio.words import tr, trn

SUMMED_UP = 50
"""Of how many selected items the recipes are read for what they share."""


class ItemFlow(QObject):
    def __init__(
        self,
        context: WindowContext,
        projects: ProjectFlow,
        generating: GenerateFlow,
        *,
        panel: GeneratePanel,
        workspace: Workspace,
        recipe: RecipePanel,
    ) -> None:
        super().__init__()
        self._context, self._projects, self._generating = context, projects, generating
        self._panel, self._workspace, self._recipe = panel, workspace, recipe
        self.gallery: GalleryPanel | None = None
        self.open_text: Callable[[Item], object] = lambda item: self.compare([item])
        self.text_made: Callable[[Item], object] = self.open_text
        self.open_part: Callable[[Item], object] = lambda item: self.compare([item])
        self.compare_parts: Callable[[Sequence[Item]], object] = lambda items: None
        self.part_made: Callable[[Item, bool], object] = lambda item, undisturbed: None
        self.importing = ImportFlow(context, projects, workspace.notice)
        self.importing.photo_coming.connect(self._show_coming)
        self.importing.brought_in.connect(self._on_brought_in)
        self.exporting = ExportFlow(context, workspace.notice)
        generating.finished.connect(self._on_result)
        workspace.canvas.installEventFilter(self)
        workspace.canvas.failed.connect(context.report)
        workspace.edit_result.connect(self.go_on_with)
        workspace.export_result.connect(lambda item: self.export([item]))
        compare = workspace.compare
        compare.file_to_hand = self._to_hand
        compare.failed.connect(context.report)
        compare.copy_wanted.connect(lambda item: self.copy([item]))
        workspace.paste_wanted.connect(self.paste)
        compare.rated.connect(self._rate)
        compare.rejected.connect(self._reject)
        compare.picked.connect(self._pick)
        compare.prefer(context.settings.compare.mode)
        compare.mode_changed.connect(lambda mode: context.change_settings("compare", mode=mode))
        self.again = Again(context, generating, panel, workspace, self.open_on_canvas)
        recipe.make_again.connect(self.make_again)
        recipe.vary.connect(self.vary)
        recipe.use_settings.connect(self.reuse)
        recipe.value_wanted.connect(self.reuse_value)
        recipe.input_wanted.connect(self.use_as_input)
        recipe.open_on_canvas.connect(self.open_on_canvas)
        recipe.source_wanted.connect(self.locate_source)
        recipe.item_chosen.connect(self._select)
        recipe.compare_wanted.connect(self.compare)
        context.bridge.listen(self.on_event)

    # In ----------------------------------------------------------------------------------------------------

    def ask_import(self) -> None:
        choose_files(self._context.window, tr("Import photos"), PICTURES, self.bring_in)

    def accepts(self, data: QMimeData) -> bool:
        return data.hasUrls() and any(url.isLocalFile() for url in data.urls())

    def drop(self, data: QMimeData) -> None:
        """Files were dropped on the window, or items of our own gallery."""
        ours = uids_of(data)
        if ours and self._context.project is not None:
            self._open_uid(ours[0])
        else:
            self.importing.drop(data)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A drop on the canvas means the same as one on the rest of the window, however many files it has."""
        if (
            isinstance(event, QDropEvent)
            and event.type() == QEvent.Type.Drop
            and self.accepts(event.mimeData())
        ):
            watched.dragLeaveEvent(event)  # type: ignore[attr-defined]
            event.acceptProposedAction()
            self.drop(event.mimeData())
            return True
        return False

    def bring_in(self, files: Sequence[Path]) -> None:
        """Copies photos into the project (a new one if none is open); the first goes onto the canvas."""
        self.importing.bring_in(files)

    def _show_coming(self, path: Path) -> None:
        """A single photo is on the canvas before it is in the project."""
        self._generating.set_photo(None)
        self._workspace.show_photo(path)

    def _on_brought_in(self, account: Account) -> None:
        if self.gallery is not None:
            self.gallery.items_added()
        items = account.added or account.present
        if items:
            self._show_brought(items[0], account.alone)
            self._select(items[0])

    def _show_brought(self, item: Item, alone: Path | None) -> None:
        """The one that is on the canvas already stays there, and so does whatever was painted meanwhile."""
        canvas = self._workspace.canvas
        if alone is not None and canvas.shown_path == alone:
            self._generating.set_photo(item)
        elif canvas.mask_model is None or canvas.mask_model.is_empty:
            self.open_on_canvas(item)

    def begin(self) -> None:
        """A project begins with its newest result; where there is none, with a photo on the canvas."""
        project = self._context.project
        assert project is not None
        newest = project.items(origin=Origin.ARTIFACT, limit=1)
        for result in newest:
            self._select(result)
            self.look(result)
        if not newest:
            for photo in project.items(kinds=(Kind.IMAGE,), limit=1):
                self.open_on_canvas(photo)
                self._select(photo)

    def go_on_with(self, item: Item) -> None:
        """A picture is changed on the canvas, a text where texts are written."""
        if item.kind == Kind.TEXT:
            self.open_text(item)
        else:
            self.open_on_canvas(item)

    def open_on_canvas(self, item: Item) -> None:
        path = self._path(item) if item.kind == Kind.IMAGE else None
        if path is not None:
            self._workspace.show_photo(path)
            self._generating.set_photo(item)

    def _open_uid(self, uid: str) -> None:
        try:
            if self._context.project is not None:
                self.open_on_canvas(self._context.project.item(uid))
        except StudioError as error:
            self._context.report(error)

    # Looking -----------------------------------------------------------------------------------------------

    def show_selection(self, items: Sequence[Item]) -> None:
        """The recipe panel follows the gallery."""
        if self._context.project is None or not items:
            self._recipe.show_none()
            return
        reader = ItemReader(self._context, self._context.project)
        try:
            if len(items) == 1:
                self._recipe.show_item(reader.shown(items[0]))
            elif len(items) == 2:
                first, second = ((item, reader.all_lines(item)) for item in items)
                self._recipe.show_pair(first, second)
            else:
                from studio.ui.items.recipe_diff import summary

                count = max(len(items), len(self.gallery.selected_ids()) if self.gallery is not None else 0)
                recipes = [reader.recipe_lines_of(item) for item in items] if len(items) <= SUMMED_UP else []
                self._recipe.show_many(items, count, summary(items, recipes, self._context.kinds))
        except StudioError as error:
            self._context.report(error)

    def compare(self, items: Sequence[Item]) -> None:
        """One item beside what it was made from, or two to eight together: the first is the reference."""
        chosen = list(items)
        project = self._context.project
        if project is None or not chosen:
            return
        if all(item.kind == "part" for item in chosen):
            self.compare_parts(chosen)
            return
        if len(chosen) == 1:
            chosen = [*project.parents(chosen[0].uid)[:1], *chosen]
        elif len(chosen) == 2 and chosen[0].parent == chosen[1].uid:
            chosen.reverse()  # a result is set against its original, in whichever order they were selected
        if len(chosen) > MOST:
            told = tr("Only the first {count} are compared.", count=locales.number(MOST))
            self._workspace.notice.say(told)
        chosen = chosen[:MOST]
        paths = [self._path(item) for item in chosen]
        if paths[-1] is None:
            return
        captions = self._captions(chosen)
        found = zip(chosen, paths, captions, strict=True)
        compared = [Compared(item, path, caption) for item, path, caption in found if path is not None]
        self._workspace.show_comparison(compared)

    def _captions(self, items: Sequence[Item]) -> list[str]:
        """For each of them the values in which their recipes differ."""
        from studio.ui.items.recipe_diff import differing

        assert self._context.project is not None
        reader = ItemReader(self._context, self._context.project)
        lines = [reader.recipe_lines_of(item) for item in items]
        return differing(lines) if all(lines) else [""] * len(items)

    def look(self, item: Item) -> None:
        """What a double click does: a result is compared, a photo goes onto the canvas, others are opened."""
        if item.kind == Kind.TEXT:
            self.open_text(item)
        elif item.kind == "part":
            self.open_part(item)
        elif item.origin is Origin.ARTIFACT or item.kind != Kind.IMAGE:
            self.compare([item])
        else:
            self.open_on_canvas(item)

    def locate_source(self, item: Item) -> None:
        """Selects what an item was made from in the gallery."""
        project = self._context.project
        if project is None or item.parent is None:
            return
        try:
            self._select(project.item(item.parent))
        except ProjectError:
            self._workspace.notice.say(
                tr("What “{name}” was made from is no longer in the project.", name=item.name)
            )

    def _select(self, item: Item) -> None:
        if self.gallery is not None:
            self.gallery.select(item.uid)

    # Again -------------------------------------------------------------------------------------------------

    def make_again(self, item: Item) -> None:
        self.again.make_again(item)

    def vary(self, item: Item, count: int) -> None:
        self.again.vary(item, count)

    def reuse(self, item: Item) -> None:
        self.again.reuse(item)

    def reuse_value(self, item: Item, key: str) -> None:
        """Just one value of an item's recipe, `key` as in `recipe_model.Line`."""
        self.again.reuse_value(item, key)

    def use_as_input(self, item: Item, generator_id: str, slot: str) -> None:
        self.again.use_as_input(item, generator_id, slot)

    # Out ---------------------------------------------------------------------------------------------------

    def export(self, items: Sequence[Item]) -> None:
        self.exporting.export(items)

    def export_rows(self, ids: Sequence[int], title: str = "") -> None:
        """As `ExportFlow.export_rows`."""
        self.exporting.export_rows(ids, title)

    def copy(self, items: Sequence[Item]) -> None:
        """To the clipboard: as files, and one picture as a picture too."""
        if self._context.project is not None and items:
            picture = len(items) == 1 and items[0].kind in (Kind.IMAGE, Kind.MASK)
            data = HandedOut(items, self._context.project.blob_path, picture=picture)
            QGuiApplication.clipboard().setMimeData(data)

    def paste(self) -> None:
        """A picture or files from the clipboard; anything else is told."""
        from studio.ui.items.paste import paste

        paste(self._context, self.bring_in, self._workspace.notice.say)

    def show_file(self, item: Item) -> None:
        path = self._path(item)
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _to_hand(self, path: Path) -> Path:
        comparison = self._workspace.compare.comparison
        found = (one.item for one in comparison.items if one.path == path) if comparison is not None else ()
        item = next(iter(found), None)
        return hand_out(item, path, handed_out_folder()) if item is not None else path

    # What happens ------------------------------------------------------------------------------------------

    def on_event(self, event: object) -> None:
        """From the bridge."""
        project = self._context.project
        if not isinstance(event, Changed) or project is None:
            return
        comparison = self._workspace.compare.comparison
        shown = {one.item.uid for one in comparison.items} if comparison is not None else set()
        with suppress(ProjectError):
            for uid in event.items & shown:
                self._workspace.compare.item_changed(project.item(uid))
        if "trashed" in event.fields and event.items:
            self._on_trash(event.items)

    def _on_trash(self, uids: frozenset[str]) -> None:
        """What went into the trash can be taken back at once."""
        project = self._context.project
        assert project is not None
        with suppress(ProjectError):
            first = project.item(next(iter(uids)))
            if first.trashed is None:
                return
            count = len(uids)
            step = trash_title(count, first.name)
            words = trn("{count} item moved to the trash", "{count} items moved to the trash", count)
            self._workspace.notice.offer_undo(words, lambda: self._take_back(step, uids))

    def _take_back(self, step: str, uids: frozenset[str]) -> None:
        """A step back where that was the last one, else a new one that brings the same items back."""
        project = self._context.project
        if project is None:
            return

        def work(_: object = None) -> Changed:
            return project.history.undo() if project.history.undo_title == step else project.restore([*uids])

        if len(uids) > AT_ONCE:
            self._context.start_with_progress(
                tr("Restoring"), work, self._context.bridge.post, stoppable=False
            )
            return
        try:
            self._context.bridge.post(work())
        except StudioError as error:
            self._context.report(error)

    def _rate(self, item: Item, stars: int) -> None:
        self._judge(item, stars=stars)

    def _reject(self, item: Item, on: bool) -> None:
        self._judge(item, rejected=on)

    def _pick(self, item: Item) -> None:
        """What `is:picked` finds: no longer rejected, and at least one star."""
        if item.rejected:
            self._judge(item, rejected=False)
        if not item.stars:
            self._judge(item, stars=1)

    def _judge(self, item: Item, *, stars: int | None = None, rejected: bool = False) -> None:
        project = self._context.project
        if project is None or project.read_only:
            return
        try:
            if stars is not None:
                changed = project.set_stars([item.uid], stars)
            else:
                changed = project.set_rejected([item.uid], rejected)
            self._context.bridge.post(changed)
        except StudioError as error:
            self._context.report(error)

    def _on_result(self, item: Item, undisturbed: bool) -> None:
        if self.gallery is not None:
            self.gallery.items_added()
            self._select(item)
        if item.kind == Kind.TEXT:
            self.text_made(item)
            return
        if item.kind == "part":
            self.part_made(item, undisturbed)
            return
        if item.kind != Kind.IMAGE:
            self._workspace.notice.say(tr("“{name}” is ready: it is in the gallery.", name=item.name))
        elif undisturbed:
            self.compare([item])
        else:
            told = tr("“{name}” is ready.", name=item.name)
            self._workspace.notice.say(told, tr("Compare"), lambda: self.compare([item]))

    def _path(self, item: Item) -> Path | None:
        """None too while the project is gone, of which the bar over the window tells."""
        try:
            return self._context.project.blob_path(item.digest) if self._context.project is not None else None
        except StudioError as error:
            self._context.report(error)
            return None

    # Handing over ------------------------------------------------------------------------------------------

    def state(self) -> tuple[Item, ...]:
        """What is compared."""
        comparison = self._workspace.compare.comparison
        return tuple(one.item for one in comparison.items) if comparison is not None else ()

    def restore(self, state: tuple[Item, ...]) -> None:
        """The comparison hands itself over; only its words are to be said in the new language."""
        if state and self._context.project is not None:
            self._workspace.compare.show_captions(self._captions(state))
