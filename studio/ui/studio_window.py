"""The window with everything behind it: panels, flows, menus, and how they speak to each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import studio
from studio import paths
from studio.core.item import JobState
from studio.errors import StudioError
from studio.jobs.events import ItemsAdded, WorkerChanged
from studio.jobs.queue import Job
from studio.plugins.catalog import Catalog, load_cached
from studio.project.layout import sync_warning
from studio.ui import theme
from studio.ui.desk import Desk, diagnostics
from studio.ui.exchange_flow import ExchangeFlow
from studio.ui.gallery import GalleryActions, GalleryPanel
from studio.ui.gallery_model import GalleryModel
from studio.ui.generate_panel import GeneratePanel
from studio.ui.generating import GenerateFlow
from studio.ui.handing import sweep
from studio.ui.items import ItemFlow
from studio.ui.menus import Commands, Menus
from studio.ui.model_flow import ModelFlow
from studio.ui.projects import ProjectFlow
from studio.ui.queue_panel import QueuePanel
from studio.ui.recipe_model import device_words
from studio.ui.recipe_panel import RecipePanel
from studio.ui.thumbnails import Thumbnails
from studio.ui.window import MainWindow
from studio.ui.workspace import Workspace

GET_READY_MS = 1000
"""After the start: when the window has been drawn, and before a hand has found the first photo."""


class StudioWindow(QObject):
    def __init__(self, app: QApplication, desk: Desk, chosen: theme.Theme) -> None:
        super().__init__()
        self.app = app
        self.desk = desk
        self.theme = chosen
        self.thumbnails = Thumbnails(
            paths.cache_folder() / "thumbnails", desk.bridge, scale=app.devicePixelRatio()
        )
        self.models = ModelFlow(desk)
        self.panel = GeneratePanel(self.models.choices, self.theme)
        self.models.attach(self.panel)
        self.workspace = Workspace()
        self.recipe = RecipePanel(self.thumbnails.get, self.theme)
        self.queue = QueuePanel(self.theme)
        self.projects = ProjectFlow(desk)
        self.generating = GenerateFlow(desk, self.panel, self.workspace)
        self.items = ItemFlow(
            desk,
            self.projects,
            self.generating,
            panel=self.panel,
            workspace=self.workspace,
            recipe=self.recipe,
        )
        self.gallery = GalleryPanel(
            GalleryModel(self.thumbnails.get),
            self.theme,
            GalleryActions(
                look=self.items.look,
                open_on_canvas=self.items.open_on_canvas,
                compare=self.items.compare,
                reuse=self.items.reuse,
                export=self.items.export,
                copy=self.items.copy,
                show_file=self.items.show_file,
            ),
        )
        self.items.gallery = self.gallery
        self.exchange = ExchangeFlow(desk, self.projects, self.workspace.notice)
        self.window = MainWindow(
            self.theme,
            generate=self.panel,
            workspace=self.workspace,
            gallery=self.gallery,
            recipe=self.recipe,
            queue=self.queue,
            accepts=self.items.accepts,
        )
        desk.window = self.window
        self.menus = Menus(self.window, self._commands(), desk.settings.appearance.theme)
        self._wire()
        self._show_recent()
        cached = load_cached(paths.cache_folder())
        if cached is not None:
            self.set_catalog(cached)  # now, since a form costs more once its window is shown
        self.generating.refresh()

    # Life --------------------------------------------------------------------------------------------------

    def show(self, project: Path | None) -> None:
        """Shows the window; then opens `project`, or that of the last time, and looks for the plugins."""
        last = self.desk.settings.projects
        if project is None and last.reopen and last.recent:
            newest = Path(last.recent[0])
            project = newest if newest.is_dir() else None
        self.window.show_welcome(project is None)
        if project is not None:
            self.projects.open(project)  # on its thread, while the window is being drawn
        self.window.show()
        QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        if self.desk.notice:
            self.workspace.notice.say(self.desk.notice)
        if self.desk.catalog is None:
            self.look_for_plugins()
        QTimer.singleShot(
            GET_READY_MS,
            lambda: self.desk.tasks.start("Getting ready", _import_what_comes_next, lambda _: self._ready()),
        )

    def _ready(self) -> None:
        self.panel.check_remembered()

    def look_for_plugins(self) -> None:
        """Has the plugins described anew, by a worker; the window says so meanwhile."""
        self.panel.show_looking(True)
        self.desk.tasks.start(
            "Looking at the plugins",
            _discover,
            self.set_catalog,
            self._no_catalog,
        )

    def set_catalog(self, catalog: Catalog) -> None:
        self.desk.catalog = catalog
        last = self.desk.settings.generating
        self.panel.set_catalog(
            list(catalog.generators.values()), catalog.devices, last.values, last.generator
        )
        if last.seed_locked:
            self.panel.seed.set_seed(last.seed)
            self.panel.seed.lock.setChecked(True)
        else:
            self.panel.seed.roll()
        place = self.panel.device.findData(last.device)
        self.panel.device.setCurrentIndex(max(place, 0))
        broken = [plugin.name for plugin in catalog.plugins if plugin.failure is not None]
        if broken:
            self.workspace.notice.say(
                f"Not every plugin works: {', '.join(broken)}.", "Why?", self.show_plugins
            )
        self.projects.start_runner()
        self.generating.refresh()
        self.items.show_selection(self.gallery.selected())

    def end(self) -> None:
        """After the window was closed: what runs goes back to the queue, threads end."""
        panel = self.panel
        if panel.generator is not None:
            self.desk.change_settings(
                "generating",
                generator=panel.generator.id,
                values=panel.remembered(),
                seed=panel.seed.seed(),
                seed_locked=panel.seed.lock.isChecked(),
                device=panel.device.currentData() or "",
            )
        self.desk.tasks.finish(seconds=10)
        self.projects.close_now()
        self.thumbnails.close()
        self.desk.bridge.close()

    # Wiring ------------------------------------------------------------------------------------------------

    def _wire(self) -> None:
        desk, window, projects = self.desk, self.window, self.projects
        for listener in (self.queue.on_event, self.gallery.on_event, self.recipe.on_event, self.on_event):
            desk.bridge.listen(listener)
        projects.opening.connect(self._on_opening)
        projects.opened.connect(self._on_opened)
        projects.closed.connect(self._on_closed)
        projects.runner_changed.connect(self._on_runner)
        self.gallery.selection_changed.connect(self.items.show_selection)
        self.gallery.failed.connect(desk.report)
        self.queue.details_wanted.connect(self.show_job)
        self.generating.photo_changed.connect(self._on_photo)
        self.workspace.canvas.notice.connect(self.workspace.notice.say)
        window.files_dropped.connect(self.items.drop)
        window.closing.connect(self.app.quit)
        welcome = window.welcome
        welcome.new_wanted.connect(projects.ask_new)
        welcome.open_wanted.connect(projects.ask_open)
        welcome.sample_wanted.connect(projects.open_sample)
        welcome.recent_wanted.connect(projects.open)
        self.app.styleHints().colorSchemeChanged.connect(lambda _: self._follow_system())

    def _commands(self) -> Commands:
        projects = self.projects
        return Commands(
            new=projects.ask_new,
            open=projects.ask_open,
            sample=projects.open_sample,
            recent=projects.open,
            close=projects.close,
            import_photos=self.items.ask_import,
            export=self._export_selected,
            pack=self.exchange.ask_pack,
            unpack=self.exchange.ask_unpack,
            check=self.exchange.check,
            quit=self.window.close,
            theme=self.set_theme,
            generate=self.generating.generate,
            batch=self.generating.ask_batch,
            pause_all=self.queue.toggle_all,
            plugins=self.show_plugins,
            log=self.show_log,
            diagnostics=lambda: QGuiApplication.clipboard().setText(diagnostics("", self.desk.catalog)),
            about=self.show_about,
        )

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, ItemsAdded):
            self.gallery.items_added()
        elif isinstance(event, WorkerChanged):
            where = device_words(event.device)
            words = {"starting": f"{where}: starting…", "ready": f"{where}: ready", "stopped": ""}
            self.window.worker.setText(words[event.state])

    def _on_opening(self, folder: Path) -> None:
        self.window.show_welcome(False)
        self.window.say(f"Opening {folder.name.removesuffix('.studio')}…")

    def _on_opened(self) -> None:
        project = self.desk.project
        assert project is not None
        self.thumbnails.set_source(lambda item: project.blob_path(item.digest))
        self.gallery.set_project(project)
        self.window.setWindowTitle(project.name + (" (read-only)" if project.read_only else ""))
        self.window.say(str(project.folder))
        self.window.show_welcome(False)
        self.menus.set_project(open=True, writable=not project.read_only)
        self._show_recent()
        self.generating.refresh()
        self.items.begin()
        warning = "" if project.read_only else sync_warning(project.folder)
        if warning:
            what, _, advice = warning.partition(". ")
            told = StudioError(f"{what}.", advice)
            self.workspace.notice.say(told.message, "What to do", lambda: self.desk.report(told))

    def _on_closed(self) -> None:
        if self.desk.project is not None:
            return
        self.thumbnails.set_source(None)
        self.gallery.set_project(None)
        self.workspace.clear()
        self.generating.forget()
        self.window.setWindowTitle("Studio")
        self.window.say("")
        self.window.show_welcome(True)
        self.menus.set_project(open=False, writable=False)
        self._show_recent()

    def _on_runner(self) -> None:
        self.queue.set_runner(self.desk.runner)
        self.generating.refresh()
        self.items.show_selection(self.gallery.selected())

    def _on_photo(self) -> None:
        photo = self.generating.photo
        self.workspace.photo_name.setText(photo.name if photo is not None else "")

    def _show_recent(self) -> None:
        folders = [Path(entry) for entry in self.desk.settings.projects.recent]
        self.menus.set_recent(folders)
        self.window.welcome.set_recent(folders)

    def _no_catalog(self, error: BaseException) -> None:
        self.set_catalog(Catalog())
        self.desk.report(error)

    # Commands ----------------------------------------------------------------------------------------------

    def set_theme(self, choice: theme.Choice) -> None:
        self.desk.change_settings("appearance", theme=choice)
        self._dress(theme.resolve(choice, self.app))

    def _follow_system(self) -> None:
        if self.desk.settings.appearance.theme == "system":
            self._dress(theme.resolve("system", self.app))

    def _dress(self, fresh: theme.Theme) -> None:
        if fresh is self.theme:
            return
        self.theme = fresh
        theme.apply(fresh, self.app)
        for part in (self.panel, self.gallery, self.recipe, self.queue, self.window):
            part.set_theme(fresh)

    def show_job(self, job: Job) -> None:
        """Why a job failed, and what it printed."""
        from studio.ui.dialogs import TextDialog

        runner = self.desk.runner
        told = runner.log_of(job.id) if runner is not None else ""
        heading, words = job.title, ""
        if job.state is JobState.FAILED and job.error is not None:
            words = f"{job.error.message} {job.error.hint}".strip()
            told = f"{told}\n{job.error.detail}".strip()
        TextDialog(self.window, "Job", heading, words, told or "It printed nothing.").open()

    def show_plugins(self) -> None:
        if self.desk.catalog is not None:
            from studio.ui.dialogs import PluginsDialog

            PluginsDialog(self.window, self.desk.catalog, self.look_for_plugins).open()

    def show_log(self) -> None:
        from studio.ui.dialogs import TextDialog

        text = diagnostics("", self.desk.catalog)
        TextDialog(
            self.window, "Log", "Log", "What the studio is and did. Nothing is sent anywhere.", text
        ).open()

    def show_about(self) -> None:
        from studio.ui.dialogs import TextDialog

        TextDialog(
            self.window,
            "About Studio",
            f"Studio {studio.__version__}",
            "A creative studio that runs entirely on your own machine. Apache License 2.0.",
            _libraries(self.desk.catalog),
        ).open()

    def _export_selected(self) -> None:
        selected = self.gallery.selected()
        if not selected and self.workspace.result is not None:
            selected = [self.workspace.result]
        if selected:
            self.items.export(selected)
        else:
            self.desk.report(StudioError("Nothing is selected.", "Select what to export in the gallery."))


def _discover(_: object) -> Catalog:
    from studio.jobs.describe import discover

    return discover(paths.cache_folder())


def _import_what_comes_next(_: object) -> None:
    """The validator: its import would be felt at the first key in the form. And tidies up."""
    import jsonschema  # noqa: F401

    sweep(paths.handed_out_folder())


def _libraries(catalog: Catalog | None) -> str:
    lines: Sequence[str] = []
    if catalog is not None:
        lines = [f"{name} {version}" for name, version in sorted(catalog.libraries.items())]
    return "\n".join(["Built with:", "PySide6 (LGPL-3.0)", *lines])
