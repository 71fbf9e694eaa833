"""What is seen while no project is open: how to begin, and where one left off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.service.service import Service
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.controls import button, frame, label
from studio.ui.kit.icons import icon
from studio.ui.kit.tasks import Task, Tasks
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.project.recent_card import Recent, RecentCard
from studio.words import tr

_WIDTH = 112 * UNIT
_MARGIN = 4 * UNIT
_COLUMN = 30 * UNIT
"""About the width of a card."""
SHOWN = 12


class Beginning(Struct, frozen=True):
    """A way to begin a project."""

    room: str
    """Id of the room that comes first."""
    title: str
    """What its button says."""
    about: str


class Welcome(QWidget):
    new_wanted = Signal()
    open_wanted = Signal()
    sample_wanted = Signal()
    photos_wanted = Signal()
    """The user wants to choose photos to begin with."""
    room_wanted = Signal(str)
    """The user wants to begin a project in the room with this id."""
    tour_wanted = Signal()
    recent_wanted = Signal(object)
    """The folder of a project."""
    pin_wanted = Signal(object, bool)
    forget_wanted = Signal(object)

    def __init__(self, theme: Theme, beginnings: Sequence[Beginning] = ()) -> None:
        """`beginnings`: what else a project may begin with, of the installed media."""
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Welcome"))
        self._theme = theme
        self._bridge = Bridge()
        self._tasks = Tasks(self._bridge, lambda _: None)
        self._service: Service | None = None
        self._columns = 0
        self._shown: list[Recent] = []
        self.cards: list[RecentCard] = []
        self._page = QWidget()
        self._page.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(_MARGIN, 6 * UNIT, _MARGIN, 4 * UNIT)
        column.setSpacing(UNIT)
        column.addWidget(label(tr("Welcome to Studio"), "title"))
        column.addWidget(
            label(
                tr("Make, compare and keep what you work on. All of it happens on this computer alone."),
                "muted",
                wrap=True,
            )
        )
        column.addSpacing(2 * UNIT)
        column.addLayout(self._beginning(beginnings))
        column.addSpacing(3 * UNIT)
        column.addLayout(self._recent_projects())
        column.addStretch(1)
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._page, 100)
        row.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(around)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self.set_theme(theme)

    def _beginning(self, beginnings: Sequence[Beginning]) -> QHBoxLayout:
        target = frame("target")
        inside = QVBoxLayout(target)
        inside.setContentsMargins(2 * UNIT, 3 * UNIT, 2 * UNIT, 2 * UNIT)
        inside.setSpacing(UNIT)
        self._picture = QLabel()
        words = label(tr("Drop a photo anywhere on this window to begin"), "strong", wrap=True)
        self.photos = button(tr("Choose photos…"), "primary")
        inside.addStretch(1)
        for line in (self._picture, words):
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(line)
        inside.addWidget(self.photos, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addStretch(1)
        self.new = button(tr("New project"))
        self.open = button(tr("Open…"))
        self.rooms = {one.room: button(one.title) for one in beginnings}
        """Buttons that begin a project in a room, by its id."""
        for one in beginnings:
            self.rooms[one.room].setToolTip(one.about)
        self.sample = button(tr("Try the sample"))
        self.tour = button(tr("Take the tour"))
        self.tour.setToolTip(tr("Five steps with a photo of ours, in about two minutes"))
        buttons = QVBoxLayout()
        buttons.setSpacing(UNIT)
        for part, signal in (
            (self.new, self.new_wanted),
            (self.open, self.open_wanted),
            *((press, partial(self.room_wanted.emit, room)) for room, press in self.rooms.items()),
            (self.sample, self.sample_wanted),
            (self.tour, self.tour_wanted),
        ):
            part.setMinimumHeight(4 * UNIT)
            part.clicked.connect(signal)
            buttons.addWidget(part)
        self.photos.clicked.connect(self.photos_wanted)
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        row.addWidget(target, 3)
        row.addLayout(buttons, 1)
        return row

    def _recent_projects(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(UNIT + 4)
        column.addWidget(label(tr("Recent projects"), "heading"))
        self.empty = label(
            tr("None yet. What you make is kept in projects, and they will be listed here."),
            "muted",
            wrap=True,
        )
        column.addWidget(self.empty)
        self._grid = QGridLayout()
        self._grid.setSpacing(2 * UNIT)
        column.addLayout(self._grid)
        return column

    # Recent projects ---------------------------------------------------------------------------------------

    def set_recent(self, recent: Sequence[Recent], service: Service) -> None:
        """Shows these, those that are kept at the front first, as soon as this page is seen. `service` makes
        their pictures."""
        self._service = service
        self._shown = sorted(recent, key=lambda one: not one.is_pinned)[:SHOWN]
        if self.isVisible():
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        self._fill()
        super().showEvent(event)

    def _fill(self) -> None:
        """Cards for what is to be shown. Their pictures come from a thread."""
        shown = self._shown
        if [card.recent for card in self.cards] == shown and shown:
            self._look(shown)
            return
        focused = next((place for place, card in enumerate(self.cards) if card.hasFocus()), None)
        for old in self.cards:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = []
        for one in shown:
            card = RecentCard(one, self._theme)
            card.clicked.connect(self._open_clicked)
            card.pin_wanted.connect(self.pin_wanted)
            card.forget_wanted.connect(self.forget_wanted)
            card.step_wanted.connect(self._step)
            self.cards.append(card)
        self.empty.setVisible(not shown)
        self._columns = 0
        self._arrange()
        for card in self.cards:
            card.show()  # a hidden one takes no focus
        if focused is not None and self.cards:
            self.cards[min(focused, len(self.cards) - 1)].setFocus()
        if shown:
            self._look(shown)

    def _look(self, shown: Sequence[Recent]) -> None:
        folders, service = [one.folder for one in shown], self._service

        def work(task: Task) -> list[QImage | None]:
            from studio.ui.project.welcome_pictures import newest_picture

            assert service is not None
            return [newest_picture(folder, service) for folder in folders]

        def done(images: list[QImage | None]) -> None:
            found = dict(zip(folders, images, strict=True))
            for card in self.cards:
                if card.recent.folder in found:
                    image = found[card.recent.folder]
                    card.show_picture(image or QImage(), is_missing=image is None)

        self._tasks.start(tr("Looking at recent projects"), work, done, owner=self)

    def _open_clicked(self) -> None:
        card = self.sender()
        if isinstance(card, RecentCard):
            self.recent_wanted.emit(card.recent.folder)

    def _step(self, columns: int, rows: int) -> None:
        here = next((place for place, card in enumerate(self.cards) if card.hasFocus()), 0)
        there = here + columns + rows * max(1, self._columns)
        if 0 <= there < len(self.cards):
            self.cards[there].setFocus()
            self._scroll.ensureWidgetVisible(self.cards[there])

    def _arrange(self) -> None:
        room = min(_WIDTH, self.width()) - 2 * _MARGIN
        columns = max(1, min(4, room // self._theme.px(_COLUMN - 4 * UNIT)))
        if columns == self._columns:
            return
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self._columns = columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        drawing = icon("photo", theme.color("muted"))
        self._picture.setPixmap(drawing.pixmap(QSize(40, 40), self.devicePixelRatioF()))
        for card in self.cards:
            card.set_theme(theme)

    def close_panel(self) -> None:
        """Ends what is being read, before the window goes."""
        self._bridge.close()


def recent_of(folders: Sequence[str], pinned: Sequence[str], times: dict[str, float]) -> list[Recent]:
    """What the settings remember, as cards show it."""
    return [Recent(Path(folder), times.get(folder), folder in pinned) for folder in folders]
