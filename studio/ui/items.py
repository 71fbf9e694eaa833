"""What the user does with photos and results: bring in, look at, reuse, export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent, QGuiApplication

from studio.core.item import Item, Kind, Origin
from studio.errors import StudioError
from studio.paths import handed_out_folder
from studio.ui.choosers import PICTURES, choose_files
from studio.ui.desk import Desk
from studio.ui.gallery import GalleryPanel
from studio.ui.gallery_model import ITEM_MIME
from studio.ui.generate_panel import GeneratePanel
from studio.ui.generating import GenerateFlow
from studio.ui.handing import hand_out
from studio.ui.importing import Account, ImportFlow
from studio.ui.projects import ProjectFlow
from studio.ui.recipe_model import item_lines, recipe_lines
from studio.ui.recipe_panel import RecipePanel, Shown
from studio.ui.tasks import Task
from studio.ui.workspace import Workspace

if TYPE_CHECKING:
    from studio.export.batch import ExportReport
    from studio.ui.export_dialog import ExportChoice


class ItemFlow(QObject):
    def __init__(
        self,
        desk: Desk,
        projects: ProjectFlow,
        generating: GenerateFlow,
        *,
        panel: GeneratePanel,
        workspace: Workspace,
        recipe: RecipePanel,
    ) -> None:
        super().__init__()
        self._desk, self._projects, self._generating = desk, projects, generating
        self._panel, self._workspace, self._recipe = panel, workspace, recipe
        self.gallery: GalleryPanel | None = None
        self.importing = ImportFlow(desk, projects, workspace.notice)
        self.importing.photo_coming.connect(self._show_coming)
        self.importing.brought_in.connect(self._on_brought_in)
        generating.finished.connect(self._on_result)
        for view in (workspace.canvas, workspace.viewer):
            view.installEventFilter(self)
        workspace.canvas.failed.connect(desk.report)
        workspace.viewer.failed.connect(desk.report)
        workspace.viewer.file_to_hand = self._to_hand
        workspace.edit_result.connect(self.open_on_canvas)
        workspace.export_result.connect(lambda item: self.export([item]))
        recipe.make_again.connect(self.make_again)
        recipe.use_settings.connect(self.reuse)
        recipe.open_on_canvas.connect(self.open_on_canvas)
        recipe.item_chosen.connect(lambda item: self.gallery and self.gallery.select(item.uid))

    # In ----------------------------------------------------------------------------------------------------

    def ask_import(self) -> None:
        choose_files(self._desk.window, "Import photos", PICTURES, self.bring_in)

    def accepts(self, data: QMimeData) -> bool:
        return data.hasUrls() and any(url.isLocalFile() for url in data.urls())

    def drop(self, data: QMimeData) -> None:
        """Files were dropped on the window, or items of our own gallery."""
        if data.hasFormat(ITEM_MIME) and self._desk.project is not None:
            uid = bytes(data.data(ITEM_MIME).data()).decode().split("\n")[0]
            self.open_on_canvas(self._desk.project.item(uid))
            return
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
            if account.was_alone:  # it is on the canvas already, perhaps with strokes over it
                self._generating.set_photo(items[0])
            else:
                self.open_on_canvas(items[0])
            if self.gallery is not None:
                self.gallery.select(items[0].uid)

    def begin(self) -> None:
        """A project in which nothing has been made yet begins with its newest photo on the canvas."""
        project = self._desk.project
        assert project is not None
        if not project.items(origin=Origin.ARTIFACT, limit=1):
            for photo in project.items(kinds=(Kind.IMAGE,), limit=1):
                self.open_on_canvas(photo)
                if self.gallery is not None:
                    self.gallery.select(photo.uid)

    def open_on_canvas(self, item: Item) -> None:
        if item.kind is not Kind.IMAGE:
            return
        path = self._path(item)
        if path is not None:
            self._workspace.show_photo(path)
            self._generating.set_photo(item)

    # Looking -----------------------------------------------------------------------------------------------

    def show_selection(self, items: Sequence[Item]) -> None:
        """The recipe panel follows the gallery."""
        desk = self._desk
        if len(items) != 1 or desk.project is None:
            self._recipe.show_none(len(items))
            return
        try:
            item = items[0]
            recipe = desk.project.recipe_of(item.uid)
            generator = desk.catalog.generators.get(recipe.generator) if recipe and desk.catalog else None
            lines = [*(recipe_lines(recipe, generator) if recipe else []), *item_lines(item)]
            self._recipe.show_item(
                Shown(
                    item,
                    recipe,
                    lines,
                    parents=desk.project.parents(item.uid),
                    children=desk.project.children(item.uid),
                    can_make=desk.runner is not None and generator is not None,
                )
            )
        except StudioError as error:
            desk.report(error)

    def compare(self, item: Item) -> None:
        """The item beside what it was made from."""
        if item.kind is not Kind.IMAGE or self._desk.project is None:
            return
        after = self._path(item)
        if after is None:
            return
        parents = self._desk.project.parents(item.uid)
        before = self._path(parents[0]) if parents else None
        self._workspace.show_result(item, before, after)

    def look(self, item: Item) -> None:
        """What a double click does: a result is compared, a photo goes onto the canvas."""
        if item.origin is Origin.ARTIFACT:
            self.compare(item)
        else:
            self.open_on_canvas(item)

    # Again -------------------------------------------------------------------------------------------------

    def make_again(self, item: Item) -> None:
        recipe = self._desk.project.recipe_of(item.uid) if self._desk.project is not None else None
        if recipe is not None:
            self._generating.make_again(recipe, f"Again – {item.name}")

    def reuse(self, item: Item) -> None:
        """The form as it was for this item; the canvas too, if it is empty or shows the same photo."""
        project = self._desk.project
        recipe = project.recipe_of(item.uid) if project is not None else None
        if project is None or recipe is None:
            return
        if not self._panel.choose(recipe.generator):
            self._desk.report(
                StudioError(
                    f"The generator “{recipe.generator}” is not installed.", "See Help > Plugins for what is."
                )
            )
            return
        refused = self._panel.set_values(recipe.params)
        self._panel.seed.set_seed(recipe.seed)
        if refused:
            self._workspace.notice.say(
                "Some settings are no longer offered and stay at their default: " + ", ".join(sorted(refused))
            )
        self._reuse_canvas(item, recipe.inputs)

    def _reuse_canvas(self, item: Item, inputs: dict[str, str]) -> None:
        project, generator = self._desk.project, self._panel.generator
        assert project is not None
        assert generator is not None
        digests = {slot.kind: inputs.get(slot.name) for slot in reversed(generator.inputs)}
        parents = project.parents(item.uid)
        photo = self._generating.photo
        if photo is not None and photo.digest != digests.get(Kind.IMAGE):
            return
        if photo is None and parents:
            self.open_on_canvas(parents[0])
        mask = digests.get(Kind.MASK)
        if mask is not None:
            try:
                self._workspace.canvas.set_mask(project.blob_path(mask))
                self._workspace.show_view(0)
            except StudioError as error:
                self._desk.report(error)

    # Out ---------------------------------------------------------------------------------------------------

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

    def copy(self, items: Sequence[Item]) -> None:
        """To the clipboard, as files that a file manager or another program can paste."""
        if self.gallery is not None and items:
            QGuiApplication.clipboard().setMimeData(self.gallery.model.mime_of(items))

    def _to_hand(self, path: Path) -> Path:
        item = self._workspace.result
        return hand_out(item, path, handed_out_folder()) if item is not None else path

    def show_file(self, item: Item) -> None:
        path = self._path(item)
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _export(self, items: Sequence[Item], choice: ExportChoice) -> None:
        project = self._desk.project
        if project is None:
            return
        self._desk.change_settings("exporting", folder=str(choice.folder), template=choice.template)

        def work(task: Task) -> ExportReport:
            from studio.export.batch import export

            return export(
                project,
                items,
                choice.folder,
                template=choice.template,
                format=choice.format,
                collision=choice.collision,  # type: ignore[arg-type]
                on_progress=lambda done, total: task.progress(done, total, f"{done} of {total}"),
            )

        def done(report: ExportReport) -> None:
            count = len(report.files)
            words = f"{count} file{'s' * (count != 1)} written to {report.folder}"
            if count == 1:
                words = f"Saved as {report.files[0].path.name} in {report.folder}"
            if report.skipped:
                words += f", {len(report.skipped)} skipped"
            if report.failed:
                words += f", {len(report.failed)} failed"
                self._desk.report(_together([error for _, error in report.failed]))
            self._workspace.notice.say(
                words, "Open folder", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(report.folder)))
            )

        if len(items) > 3:
            self._desk.start_with_progress("Exporting", work, done)
        else:
            self._desk.tasks.start("Exporting", work, done)

    # Results -----------------------------------------------------------------------------------------------

    def _on_result(self, item: Item, undisturbed: bool) -> None:
        if self.gallery is not None:
            self.gallery.items_added()
            self.gallery.select(item.uid)
        if item.kind is not Kind.IMAGE:
            self._workspace.notice.say(f"“{item.name}” is ready: it is in the gallery.")
        elif undisturbed:
            self.compare(item)
        else:
            self._workspace.notice.say(f"“{item.name}” is ready.", "Compare", lambda: self.compare(item))

    def _path(self, item: Item) -> Path | None:
        assert self._desk.project is not None
        try:
            return self._desk.project.blob_path(item.digest)
        except StudioError as error:
            self._desk.report(error)
            return None


def _together(errors: Sequence[StudioError]) -> StudioError:
    """Several errors as one, the rest of them as its details."""
    if len(errors) == 1:
        return errors[0]
    listed = "\n".join(str(error) for error in errors)
    return StudioError(
        f"{errors[0].message} The same or similar for {len(errors) - 1} more.", errors[0].hint, listed
    )
