"""The window: generators and form left, the stage in the middle, gallery and recipe right, queue below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRect, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from studio import paths
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.generate.panel import GeneratePanel
from studio.ui.kit.controls import ElidedLabel, label
from studio.ui.kit.geometry import fitted, setup_key
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.project.lost_flow import LostBar
from studio.ui.project.welcome import Beginning, Welcome
from studio.ui.queue.panel import QueuePanel
from studio.ui.recipe.panel import RecipePanel
from studio.ui.shell.docks import Panel
from studio.ui.shell.room_host import LIBRARY
from studio.ui.shell.stepping_back import SteppingBack
from studio.ui.shell.workspace import Workspace
from studio.words import tr

_LAYOUT_VERSION = 1
_LAST = "last"
_BARS = 50
"""About the height of the menu bar and the status bar."""
_GALLERY, _LEAST_RECIPE = 52 * UNIT, 23 * UNIT
"""Heights: where there is less room for both, the recipe gives way until it is as low as this."""
_NARROW, _LOW = 144 * UNIT, 86 * UNIT
"""A narrower window has no room for the gallery and the recipe beside a stage, a lower one none for the queue
below it. Both grow with the size of text."""
_CASCADE = 4 * UNIT
_TITLE_BAR = 5 * UNIT
"""Room for what a window manager puts around a window."""


class MainWindow(QMainWindow):
    """Arranges the panels; what they do is wired in `app.py`. Files may be dropped anywhere on it."""

    closing = Signal()
    files_dropped = Signal(object)
    """QMimeData."""

    def __init__(
        self,
        theme: Theme,
        beginnings: Sequence[Beginning],
        *,
        generate: GeneratePanel,
        workspace: Workspace,
        gallery: GalleryPanel,
        recipe: RecipePanel,
        queue: QueuePanel,
        accepts: Callable[[QMimeData], bool],
    ) -> None:
        super().__init__()
        self.setWindowTitle(tr("Studio"))
        self.setMinimumSize(960, 600)
        self.resize(self.sizeHint())
        self.setAcceptDrops(True)
        self._direction = self.layoutDirection()
        self._accepts = accepts
        self.workspace = workspace
        self._gallery = gallery
        self._generate = generate
        self._queue = queue
        self.welcome = Welcome(theme, beginnings)
        self._theme = theme
        self.inner = QMainWindow()
        self.inner.setWindowFlags(Qt.WindowType.Widget)
        self.inner.setCentralWidget(workspace)
        self.inner.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks
        )
        self.panels = {
            "generate": Panel("generate", tr("Generate"), generate, theme),
            "gallery": Panel("gallery", tr("Gallery"), gallery, theme, gallery.count),
            "recipe": Panel("recipe", tr("Recipe"), recipe, theme),
            "queue": Panel("queue", tr("Queue"), queue, theme, queue.header),
        }
        self._arrange()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.welcome)
        self.stack.addWidget(self.inner)
        self.lost_bar = LostBar()
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.lost_bar)
        column.addWidget(self.stack, 1)
        self.setCentralWidget(whole)

        self.state = ElidedLabel("", "", Qt.TextElideMode.ElideMiddle)
        self.worker = label("", "small")
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(UNIT, 0, UNIT, 0)
        bar.addWidget(workspace.notice.earlier)
        bar.addWidget(workspace.notice)
        bar.addWidget(self.state, 1)
        bar.addPermanentWidget(self.worker)
        bar.addPermanentWidget(queue.strip)
        queue.strip.queue_wanted.connect(self._on_queue_wanted)
        generate.wanted.connect(self._show_form)
        generate.action_changed.connect(self._tell_action)
        workspace.head.generate.clicked.connect(generate.generate)
        self.panels["generate"].folded.connect(self._offer_generate)
        self.panels["generate"].shown.connect(self._offer_generate)
        self.panels["queue"].shown.connect(self._show_queue_open)
        self.panels["queue"].folded.connect(self._show_queue_open)
        self._default_layout = self.inner.saveState(_LAYOUT_VERSION)
        self._shows_library = self._had_form = False
        self.stepping_back = SteppingBack(self.inner, self.panels, _memory())
        workspace.room_changed.connect(self._on_room)
        self._making_room = QTimer(self, singleShot=True, interval=0)
        self._making_room.timeout.connect(self._demand_room)
        self._to_fold = ""
        """Names of panels that are folded as soon as they are seen."""
        self._is_arranged = self._restore()

    def show_welcome(self, on: bool) -> None:
        if on == self.shows_welcome:
            return
        self.stack.setCurrentWidget(self.welcome if on else self.inner)
        if self.isVisible():
            self._give_sizes()

    def _on_room(self, room: str) -> None:
        self.show_library(room == LIBRARY)
        self.stepping_back.show_room(room)

    def show_library(self, on: bool) -> None:
        """The gallery has the window for itself, and the form steps back; or all is as it was before."""
        gallery, generate = self.panels["gallery"], self.panels["generate"]
        if on == self._shows_library:
            return
        self._shows_library = on
        if on:
            self.stepping_back.come_back()
            self._had_form = not generate.isHidden()
            gallery.lend(self.workspace.library_place)
            generate.hide()
            for layout in (self.inner.layout(), self.workspace.library_place):
                layout.activate()  # so that its rows are laid out once, as wide as they will be
            self._gallery.show_library(True)
        else:
            self._gallery.show_library(False)
            gallery.take_back()
            generate.setVisible(self._had_form)

    @property
    def shows_welcome(self) -> bool:
        return self.stack.currentWidget() is self.welcome

    def _show_form(self) -> None:
        form = self.panels["generate"]
        form.set_folded(False)
        form.show()

    def _offer_generate(self) -> None:
        """Where the form is folded or hidden, its button stands above the stage."""
        form = self.panels["generate"]
        self.workspace.head.offer_generate((form.is_folded or form.isHidden()) and not self._shows_library)

    def _tell_action(self) -> None:
        form = self._generate
        self.workspace.head.tell_generate(form.button.text(), form.reason.text(), on=form.button.isEnabled())

    def _on_queue_wanted(self) -> None:
        """The strip was clicked: the queue takes the height for some rows, or gives it back."""
        queue, rows = self.panels["queue"], self._queue
        is_open = not queue.isHidden() and not queue.is_folded
        if is_open and (queue.isFloating() or rows.height() >= rows.looked_at):
            queue.close()
            return
        queue.set_folded(False)
        queue.show()
        queue.raise_()
        title = queue.titleBarWidget().sizeHint().height()
        self.inner.resizeDocks([queue], [rows.looked_at + title], Qt.Orientation.Vertical)

    def _show_queue_open(self) -> None:
        queue = self.panels["queue"]
        self._queue.strip.show_open(not queue.isHidden() and not queue.is_folded)

    def say(self, text: str) -> None:
        """In the status bar, until something else is said."""
        self.state.setText(text)

    def reset_layout(self) -> None:
        for panel in self.panels.values():
            panel.set_folded(False)
        self.inner.restoreState(self._default_layout, _LAYOUT_VERSION)
        self._sizes()
        self.stepping_back.reset()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.welcome.set_theme(theme)
        for panel in self.panels.values():
            panel.set_theme(theme)

    def save_layout(self) -> None:
        """For the next window on these screens, and as the last one for other screens."""
        library = self._shows_library
        self.show_library(False)
        self.stepping_back.come_back()
        memory = _memory()
        for group in (setup_key(_screens()), _LAST):
            memory.setValue(f"{group}/geometry", self.saveGeometry())
            memory.setValue(f"{group}/{self._layout_key()}", self.inner.saveState(_LAYOUT_VERSION))
            memory.setValue(f"{group}/folded", self._folded())
        self.show_library(library)
        self.stepping_back.apply()

    def _is_mirrored(self) -> bool:
        return self._direction is Qt.LayoutDirection.RightToLeft

    def _layout_key(self) -> str:
        return "layout mirrored" if self._is_mirrored() else "layout"

    def _folded(self) -> str:
        stepped = self.stepping_back.names
        return " ".join(name for name, one in self.panels.items() if one.is_folded and name not in stepped)

    def take_over(self, old: MainWindow) -> None:
        """The place, the size and the arrangement of a window that this one replaces."""
        old.stepping_back.come_back()
        self.restoreGeometry(old.saveGeometry())
        self.inner.resize(old.inner.size())
        if old._layout_key() == self._layout_key():
            self._is_arranged = old._is_arranged and self.inner.restoreState(
                old.inner.saveState(_LAYOUT_VERSION), _LAYOUT_VERSION
            )
        self._to_fold = old._folded() or old._to_fold

    def place_beside(self, other: MainWindow) -> None:
        """A little below and beside another window of ours, as large as that one."""
        beside = QRect(other.geometry().topLeft() + QPoint(_CASCADE, _CASCADE), other.size())
        self.setGeometry(fitted(beside, _screens(), self.minimumSize()))

    def toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._give_sizes()

    def _give_sizes(self) -> None:
        """Once, when the panels are seen for the first time: before that there is no room to share out."""
        if not self._is_arranged and not self.shows_welcome:
            self._is_arranged = True
            self.inner.resize(self.stack.size())
            self._sizes()
        if self._to_fold and not self.shows_welcome:
            names, self._to_fold = self._to_fold.split(), ""
            for name in names:
                if name in self.panels:
                    self.panels[name].set_folded(True)
        self._demand_room()
        self.stepping_back.apply()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._making_room.start()

    def _demand_room(self) -> None:
        """Where the window is small, panels step back by themselves; once there is room they are back."""
        across = ("gallery", "recipe") if self.width() < self._theme.px(_NARROW) else ()
        down = ("queue",) if self.height() < self._theme.px(_LOW) else ()
        self.stepping_back.demand(across, down)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_layout()
        self.closing.emit()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._accepts(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._accepts(event.mimeData()):
            event.acceptProposedAction()
            self.files_dropped.emit(event.mimeData())

    def _arrange(self) -> None:
        """Docks do not mirror by themselves: left and right change places where one reads from the right."""
        inner, areas = self.inner, Qt.DockWidgetArea
        start, end = areas.LeftDockWidgetArea, areas.RightDockWidgetArea
        if self._is_mirrored():
            start, end = end, start
        inner.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
        inner.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
        inner.addDockWidget(start, self.panels["generate"])
        inner.addDockWidget(end, self.panels["gallery"])
        inner.addDockWidget(end, self.panels["recipe"])
        inner.addDockWidget(areas.BottomDockWidgetArea, self.panels["queue"])
        self._sizes()

    def _sizes(self) -> None:
        panels, across, down = self.panels, Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        widths = [self._side(36 * UNIT), self._side(41 * UNIT)]
        self.inner.resizeDocks([panels["generate"], panels["gallery"]], widths, across)
        height = self.inner.height()
        recipe = round(min(0.43 * height, max(_LEAST_RECIPE, height - _GALLERY)))
        self.inner.resizeDocks([panels["gallery"], panels["recipe"]], [height - recipe, recipe], down)
        self.inner.resizeDocks([panels["queue"]], [18 * UNIT], down)

    def _side(self, width: int) -> int:
        """How wide a panel at the side begins: it grows with its words, but leaves room for the middle."""
        return min(self._theme.px(width), max(width, round(0.32 * self.inner.width())))

    def _restore(self) -> bool:
        """Puts all where it was the last time; False if there was none, or it cannot be read."""
        memory = _memory()
        group = setup_key(_screens())
        if not memory.contains(f"{group}/geometry"):
            group = _LAST
        geometry, layout = memory.value(f"{group}/geometry"), memory.value(f"{group}/{self._layout_key()}")
        if isinstance(geometry, QByteArray) and self.restoreGeometry(geometry):
            self._come_into_view()
        self._to_fold = str(memory.value(f"{group}/folded") or "")
        if isinstance(layout, QByteArray):
            self.inner.resize(self.size() - QSize(0, _BARS))  # sizes are cut to what fits
            return self.inner.restoreState(layout, _LAYOUT_VERSION)
        return False

    def _come_into_view(self) -> None:
        """The screen that it was on may be gone, or be a smaller one."""
        if not self.isMaximized() and not self.isFullScreen():
            self.setGeometry(fitted(self.geometry(), _screens(), self.minimumSize()))

    def sizeHint(self) -> QSize:
        """As much as is comfortable, and never more than the screen has beside its own bars."""
        room = self.screen().availableSize() - QSize(0, _TITLE_BAR)
        return QSize(1440, 900).boundedTo(room).expandedTo(self.minimumSize())


def _memory() -> QSettings:
    """Window geometry, and nothing else."""
    return QSettings(str(paths.config_folder() / "window.ini"), QSettings.Format.IniFormat)


def _screens() -> list[QRect]:
    return [screen.availableGeometry() for screen in QGuiApplication.screens()]
