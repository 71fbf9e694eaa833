"""The program: its windows, one for each project, and what they share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.errors import StudioError
from studio.given_paths import is_folder, path_of
from studio.plugins.catalog import Catalog, load_cached
from studio.plugins.media import installed_media
from studio.service.service import Service
from studio.ui.context import WindowContext
from studio.ui.kit import theme
from studio.ui.kit.actions import plain
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.focus import FocusKeeper, FocusRings
from studio.ui.kit.tasks import Tasks
from studio.ui.models.work import ModelWork
from studio.ui.shell.heap import EVERY_MS, give_back_holes
from studio.ui.shell.looks import Looks
from studio.ui.shell.studio_window import StudioWindow
from studio.words import tr

if TYPE_CHECKING:
    from studio.models.store import ModelStore
    from studio.ui.kit.shared_settings import SharedSettings
    from studio.ui.shell.preferences import Preferences


CALM_MS = 250
"""So long a slider rests before all windows are built in another size of text."""


class Session(QObject):
    """Makes windows and knows them all. It ends with the last of them."""

    windows_changed = Signal()
    """Another window, one less, or another project in one."""

    def __init__(self, app: QApplication, shared: SharedSettings, models: ModelStore) -> None:
        super().__init__()
        self.app = app
        self.shared = shared
        self.models = models
        self._rings = FocusRings(app)
        self._keeper = FocusKeeper(app)
        self.catalog: Catalog | None = None
        self.windows: list[StudioWindow] = []
        self._leaving: list[StudioWindow] = []
        """Closed, while their projects are being closed in the background."""
        self.notices = [shared.notice] if shared.notice else []
        """What went wrong with the user's own files before there was a window to say it."""
        self.used: list[str] = []
        """Ids of what was asked for, the one used last first: for the palette."""
        self.is_quitting = False
        self._bridge = Bridge()
        self._tasks = Tasks(self._bridge, self._report)
        self._model_work = ModelWork(self._tasks, models)
        self.media = installed_media()
        self.looks = Looks(app, self.media.translations)
        self._service = Service(self.media, paths.cache_folder() / "thumbnails")
        if wrong := self.media.unfit_settings(shared.values.plugins):
            self._note(
                tr(
                    "Some settings of plugins were not right and are at their defaults: {names}.",
                    names=", ".join(wrong),
                )
            )
        self._looking = False
        self._preferences: Preferences | None = None
        self._note(self.looks.speak(shared.values.appearance))
        self._note(self.looks.dress(shared.values.appearance))
        self._built = self.looks.built()
        self._rebuilding = QTimer(self)
        self._rebuilding.setSingleShot(True)
        self._rebuilding.timeout.connect(self._rebuild)
        self._giving_back = QTimer(self, interval=EVERY_MS)
        self._giving_back.timeout.connect(give_back_holes)
        self._giving_back.start()
        shared.changed.connect(self._on_setting)
        theme.follow_system(app, self._look_again)

    # Windows -----------------------------------------------------------------------------------------------

    def new_window(self) -> StudioWindow:
        """One more, on its first page and not yet shown."""
        context = WindowContext(
            Bridge(), self.shared, self.models, self._model_work, media=self.media, service=self._service
        )
        made = StudioWindow(self, context)
        self.windows.append(made)
        self._note_broken_keys(made.actions.broken)
        if self.catalog is None:
            self.catalog = load_cached(paths.cache_folder())
        if self.catalog is not None:
            made.set_catalog(self.catalog)  # now, since a form costs more once its window is shown
        self.windows_changed.emit()
        return made

    def start(self, project: Path | None) -> None:
        """Shows the first window with `project`, or the projects of the last time, each in a window."""
        folders = [project] if project is not None else self._last_projects()
        self.windows[0].appear(folders[0] if folders else None)
        for folder in folders[1:]:
            self.open_in_window(folder)
        if self.catalog is None:
            self.look_for_plugins()

    def open_in_window(self, folder: Path | None) -> StudioWindow:
        """A window of its own for a project, unless it has one, which is raised then."""
        known = self.window_of(folder) if folder is not None else None
        if known is not None:
            known.to_front()
            return known
        made = self.new_window()
        made.window.place_beside(self.windows[-2].window)
        made.appear(folder)
        return made

    def window_of(self, folder: Path) -> StudioWindow | None:
        """The window in which this project is open or being opened."""
        wanted = folder.absolute()
        return next((one for one in self.windows if one.projects.folder == wanted), None)

    def quit(self) -> None:
        """Closes all windows; the program ends then, and the next start opens the same projects."""
        self._remember_projects()
        self.is_quitting = True
        for one in [*self.windows]:
            one.window.close()

    def on_closing(self, window: StudioWindow) -> None:
        """A window was closed: the last one ends the program, another one only its project."""
        if window not in self.windows:
            return
        if len(self.windows) == 1 or self.is_quitting:
            self._remember_projects()
            self.is_quitting = True
            self.app.quit()
            return
        self.windows.remove(window)
        self._leaving.append(window)
        self._remember_projects()
        window.leave()
        self.windows_changed.emit()

    def on_project(self) -> None:
        """A window has another project, or none."""
        self._remember_projects()
        self.windows_changed.emit()

    def on_ending(self, window: StudioWindow) -> None:
        """A window ends now: what is open is remembered before the last one has nothing open any more."""
        if self.windows == [window]:
            self._remember_projects()
            self.is_quitting = True

    def end(self) -> None:
        """After the last window was closed: what runs goes back to the queues, threads end."""
        for one in [*self._leaving, *self.windows]:
            one.end()

    def forget(self, window: StudioWindow) -> None:
        """It has ended; with the last one all that they shared ends."""
        if window in self._leaving:
            self._leaving.remove(window)
            return
        if window in self.windows:
            self.windows.remove(window)
        if not self.windows:
            self._tasks.finish(seconds=10)
            self._service.close()
            self._bridge.close()
            self._rebuilding.stop()
            self._giving_back.stop()
            self.shared.changed.disconnect(self._on_setting)
            self.shared.finish()
            self._rings.deleteLater()  # else the program keeps them, and they keep what had the focus last
            self._keeper.deleteLater()
            if self._preferences is not None:
                self._preferences.close()

    def _last_projects(self) -> list[Path]:
        last = self.shared.values.projects
        folders = [path_of(entry) for entry in last.open] if last.restore else []
        return [folder for folder in folders if is_folder(folder)]

    def _remember_projects(self) -> None:
        if not self.is_quitting:
            folders = [one.projects.folder for one in self.windows]
            self.shared.change(
                "projects", open=tuple(str(folder) for folder in folders if folder is not None)
            )

    def note_use(self, id: str) -> None:
        if id in self.used:
            self.used.remove(id)
        self.used.insert(0, id)

    # Plugins -----------------------------------------------------------------------------------------------

    def look_for_plugins(self) -> None:
        """Has the plugins described anew, by a worker; the windows say so meanwhile."""
        for one in self.windows:
            one.panel.show_looking(True)
        if not self._looking:
            self._looking = True
            self._tasks.start("Looking at the plugins", _discover, self._found, self._none_found)

    def _found(self, catalog: Catalog) -> None:
        self._looking = False
        self.catalog = catalog
        for one in self.windows:
            one.set_catalog(catalog)

    def _none_found(self, error: BaseException) -> None:
        self._found(Catalog())
        self._report(error)

    # Looks -------------------------------------------------------------------------------------------------

    def show_preferences(self, page: str = "") -> None:
        """The one window for them, of all windows; `page` is the name of the page to begin with."""
        from studio.ui.shell.preferences import Preferences

        if self._preferences is None:
            self._preferences = Preferences(self)
            self._preferences.destroyed.connect(self._forget_preferences)
        self._preferences.show_page(page)

    def _forget_preferences(self) -> None:
        self._preferences = None

    def _on_setting(self, section: str) -> None:
        if section == "appearance":
            self._look_again()
        elif section == "keys":
            for one in self.windows:
                one.actions.set_own(self.shared.values.keys)

    def _look_again(self) -> None:
        """The theme at once; what changes the size or the words of everything needs new widgets, soon.

        Not at once, since the widget in which it was chosen is still at work, and a slider goes on moving.
        """
        wanted = self.shared.values.appearance
        if (
            wanted.font_scale != self._built.font_scale
            or self.looks.would_speak(wanted) != self.looks.language
        ):
            self._rebuilding.start(CALM_MS if wanted.font_scale != self._built.font_scale else 0)
            return
        before = self.looks.theme
        self._note(self.looks.dress(wanted))
        if self.looks.theme != before:
            self.looks.finish()
            for one in self.windows:
                one.dress(self.looks.theme)
        self.tell_notices()

    def _rebuild(self) -> None:
        """Every window anew, with what it showed; the preferences too, on the page that they were on.

        It waits for a menu or a message of Qt's own to be closed: they are children of what would go, but
        live on the stack.
        """
        message = self.app.activeModalWidget()
        if self.app.activePopupWidget() is not None or (message and message.inherits("QMessageBox")):
            self._rebuilding.start(CALM_MS)
            return
        wanted = self.shared.values.appearance
        preferences = self._preferences
        page = preferences.current() if preferences is not None else None
        self.app.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            self.looks.undress()
            self._note(self.looks.speak(wanted))
            self._note(self.looks.dress(wanted))
            self._built = self.looks.built()
            shows = [one.build_anew() for one in self.windows]
        finally:
            self.looks.finish()
            self.app.restoreOverrideCursor()
        for show in shows:
            show()
        if preferences is not None and page is not None:
            preferences.destroyed.disconnect(self._forget_preferences)
            self._preferences = None
            place = preferences.geometry()
            preferences.close()
            self.show_preferences(page)
            if self._preferences is not None:
                self._preferences.setGeometry(place)
        self.windows_changed.emit()
        self.tell_notices()

    def _note_broken_keys(self, broken: list[str]) -> None:
        names = [plain(self.windows[0].actions[id].text()) for id in broken if id in self.windows[0].actions]
        if names:
            words = tr(
                "A shortcut of yours makes no sense, and the default is used: {names}.",
                names=", ".join(names),
            )
            self._note(words)

    def tell_notices(self) -> None:
        """Says once, in the first window that can, what could not be read of the user's own files."""
        if self.windows and self.notices:
            self.windows[0].workspace.notice.say(" ".join(self.notices))
            self.notices.clear()

    def blame(self, error: BaseException) -> bool:
        """Whether an exception that nobody caught came out of a room, whose stage is taken down then.

        What a room says in words, a `StudioError`, is only shown.
        """
        if isinstance(error, StudioError):
            return False
        return any(window.parts.rooms.blame(error) for window in self.windows)

    def _note(self, notice: str) -> None:
        if notice and notice not in self.notices:
            self.notices.append(notice)

    def _report(self, error: BaseException) -> None:
        if self.windows:
            self.windows[0].context.report(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)


def _discover(_: object) -> Catalog:
    from studio.jobs.describe import discover

    return discover(paths.cache_folder())
