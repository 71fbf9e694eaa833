"""The first page: what one may begin with, recent work and projects, and the way back to where one was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from studio.core.item import Item
from studio.project.store import name_of
from studio.service.service import Service
from studio.ui.items.thumbnails import LARGE, ThumbnailReady
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.card_grid import CardGrid
from studio.ui.kit.controls import ElidedLabel, button, label
from studio.ui.kit.picture_card import PictureCard, picture_for
from studio.ui.kit.tasks import Task, Tasks
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.project.recent_card import Recent, RecentCard, short
from studio.words import tr

_WIDTH, _SHARE = 148 * UNIT, 0.75
"""Of the page at most: pixels, or a share of a large window."""
_TWO_ROWS = 150 * UNIT
"""From this height on recent work has two rows. It grows with the size of text."""
_MARGIN = 4 * UNIT
_COLUMN, _SMALL_COLUMN = 25 * UNIT, 17 * UNIT
"""Least widths of cards."""
_ACROSS = 6
SHOWN, WORK = 12, 2 * _ACROSS
"""Most projects, and most items of the open one."""


class Beginning(Struct, frozen=True):
    """A way to begin."""

    room: str
    """Id of the room that comes first."""
    title: str
    """What its card says."""
    about: str
    icon: str = "file"
    picture: str = ""
    """Path of a file; "" for a picture that is drawn from the icon."""


class Work(Struct, frozen=True):
    """What is told of the open project."""

    name: str
    folder: Path
    going_on: str
    """What is on the stage in front: "Shelf bracket"; "" for nothing."""
    items: tuple[tuple[Item, str], ...]
    """The newest ones, each with what it is, in words."""


class Welcome(QWidget):
    new_wanted = Signal()
    open_wanted = Signal()
    sample_wanted = Signal()
    room_wanted = Signal(str)
    """The user wants to begin in the room with this id."""
    tour_wanted = Signal()
    back_wanted = Signal()
    """The user goes on where the open project was left."""
    item_wanted = Signal(object)
    """(Item): of the open project."""
    recent_wanted = Signal(object)
    """The folder of a project."""
    pin_wanted = Signal(object, bool)
    forget_wanted = Signal(object)

    def __init__(self, theme: Theme, beginnings: Sequence[Beginning] = ()) -> None:
        """`beginnings`: of the installed media."""
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._bridge = Bridge()
        self._tasks = Tasks(self._bridge, lambda _: None)
        self._service: Service | None = None
        self._recent: Sequence[Recent] = ()
        self._work: Work | None = None
        self._thumbnail: Callable[[Item, int], QPixmap | None] = lambda *_: None
        self._beginnings = beginnings
        self._pictured = ""
        """The theme whose pictures the cards have."""
        self.projects = CardGrid(theme, _COLUMN, 4, 0.56)
        self.items = CardGrid(theme, _SMALL_COLUMN, _ACROSS, 0.66, rows=1)
        self.begin = CardGrid(theme, _COLUMN, 4, 0.56)
        self.rooms = {one.room: PictureCard(theme, one.title, one.about, one.icon) for one in beginnings}
        """Cards that begin in a room, by its id."""
        for room, card in self.rooms.items():
            card.setToolTip(card.accessibleDescription())
            card.clicked.connect(partial(self.room_wanted.emit, room))
        self.begin.set_cards([*self.rooms.values()])
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(UNIT + 4)
        column.addLayout(self._head())
        column.addSpacing(UNIT)
        self._recent_work = self._section(label(tr("Recent work"), "heading"), self.items)
        self.drop = label(tr("Or drop photos and other files anywhere on this window."), "muted", wrap=True)
        self._begin_title = label(tr("Begin something"), "heading")
        self._begin = self._section(self._begin_title, self.begin, self.sample, self.tour)
        for section in (
            self._recent_work,
            self._begin,
            self._section(label(tr("Recent projects"), "heading"), self.projects, self.new, self.open),
        ):
            column.addWidget(section)
            if section is self._begin:
                column.addWidget(self.drop)
        self.empty = label("", "muted", wrap=True)
        column.addWidget(self.empty)
        column.addStretch(1)
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._page, 100)
        row.addStretch(1)
        self._fit()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(around)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        for grid in (self.projects, self.items, self.begin):
            grid.stepped.connect(self._scroll.ensureWidgetVisible)
        self.show_work(None)

    def _head(self) -> QHBoxLayout:
        self.title = ElidedLabel("", "title")
        self.subtitle = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.go_on = button("", "primary")
        self.go_on.clicked.connect(self._go_on)
        self.new = button(tr("New project…"), "compact")
        self.open = button(tr("Open…"), "compact")
        self.sample = button(tr("Try the sample"), "quiet")
        self.tour = button(tr("Take the tour"), "quiet")
        self.tour.setToolTip(tr("Five steps with a photo of ours, in about two minutes"))
        for part, signal in (
            (self.new, self.new_wanted),
            (self.open, self.open_wanted),
            (self.sample, self.sample_wanted),
            (self.tour, self.tour_wanted),
        ):
            part.clicked.connect(signal)
        words = QVBoxLayout()
        words.setSpacing(UNIT // 2)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        row.addLayout(words, 1)
        row.addWidget(self.go_on, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def _section(self, title: QWidget, grid: CardGrid, *buttons: QPushButton) -> QWidget:
        made = QWidget()
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(title)
        head.addStretch(1)
        for part in buttons:
            head.addWidget(part)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, UNIT, 0, 0)
        column.setSpacing(UNIT)
        column.addLayout(head)
        column.addWidget(grid)
        return made

    @property
    def cards(self) -> list[RecentCard]:
        """Of recent projects."""
        return [card for card in self.projects.cards if isinstance(card, RecentCard)]

    # The open project --------------------------------------------------------------------------------------

    def show_work(
        self, work: Work | None, thumbnail: Callable[[Item, int], QPixmap | None] | None = None
    ) -> None:
        """What is told of the open project; None where there is none. `thumbnail`: as `Thumbnails.get`."""
        self._work = work
        if thumbnail is not None:
            self._thumbnail = thumbnail
        self.setAccessibleName(tr("Welcome") if work is None else tr("First page of {name}", name=work.name))
        self.title.setText(tr("Welcome to Studio") if work is None else work.name)
        self.subtitle.setText(
            tr("Make, compare and keep what you work on. All of it happens on this computer alone.")
            if work is None
            else short(work.folder)
        )
        self._begin_title.setText(tr("Begin something") if work is None else tr("Begin something new"))
        self.empty.setText(
            tr("None yet. What you make is kept in projects, and they will be listed here.")
            if work is None
            else tr("This one is the first. Others will be listed here.")
        )
        cards: list[PictureCard] = []
        for item, words in work.items if work is not None else ():
            card = PictureCard(self._theme, item.name, words)
            card.clicked.connect(partial(self.item_wanted.emit, item))
            card.setToolTip(item.name)
            self._show_thumbnail(card, item)
            cards.append(card)
        self.items.set_cards(cards)
        self._recent_work.setVisible(bool(cards))
        self._tell_going_on()
        self.drop.setVisible(work is None)
        if self.isVisible():
            self._fill()

    def on_event(self, event: object) -> None:
        """From the window's bridge."""
        if isinstance(event, ThumbnailReady) and self._work is not None:
            for card, (item, _) in zip(self.items.cards, self._work.items, strict=True):
                if item.digest == event.digest:
                    self._show_thumbnail(card, item)

    def _show_thumbnail(self, card: PictureCard, item: Item) -> None:
        pixmap = self._thumbnail(item, LARGE)
        if pixmap is not None and not pixmap.isNull():
            card.show_image(pixmap)

    def _tell_going_on(self) -> None:
        """The one step that leads on: back to the stage, to the newest work, or to the project of the last
        time."""
        last = name_of(self._recent[0].folder) if self._recent else ""
        name = last if self._work is None else self._work.going_on or next(iter(self._newest()), "")
        self.go_on.setText(tr("Continue with “{name}”", name=name))
        self.go_on.setVisible(bool(name))

    def _newest(self) -> list[str]:
        """Names of the work that is shown."""
        return [item.name for item, _ in self._work.items] if self._work is not None else []

    def _go_on(self) -> None:
        if self._work is not None and self._work.going_on:
            self.back_wanted.emit()
        elif self._work is not None:
            self.item_wanted.emit(self._work.items[0][0])
        elif self._recent:
            self.recent_wanted.emit(self._recent[0].folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.go_on.isHidden() and self._work is not None:
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        """To what leads on, else to the first card."""
        first = next(iter(self.rooms.values()), None)
        if not self.go_on.isHidden():
            self.go_on.setFocus()
        elif first is not None:
            first.setFocus()

    # Recent projects ---------------------------------------------------------------------------------------

    def set_recent(self, recent: Sequence[Recent], service: Service) -> None:
        """Shows these, those that are kept at the front first, as soon as this page is seen. `service` makes
        their pictures."""
        self._service = service
        self._recent = recent
        self._tell_going_on()
        if self.isVisible():
            self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A large window is used, without lines that are too long for the eye."""
        self._page.setMaximumWidth(max(self._theme.px(_WIDTH), round(_SHARE * self.width())))
        self.items.show_rows(2 if self.height() >= self._theme.px(_TWO_ROWS) else 1)

    def showEvent(self, event: QShowEvent) -> None:
        self._fill()
        self._show_pictures()
        super().showEvent(event)

    def _fill(self) -> None:
        """Cards for what is to be shown. Their pictures come from a thread."""
        open_one = self._work.folder if self._work is not None else None
        others = [one for one in self._recent if one.folder != open_one]
        shown = sorted(others, key=lambda one: not one.is_pinned)[:SHOWN]
        if [card.recent for card in self.cards] != shown:
            cards = []
            for one in shown:
                card = RecentCard(one, self._theme)
                card.clicked.connect(partial(self.recent_wanted.emit, one.folder))
                card.pin_wanted.connect(self.pin_wanted)
                card.forget_wanted.connect(self.forget_wanted)
                cards.append(card)
            self.projects.set_cards(cards)
        self.empty.setVisible(not shown)
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

    def _show_pictures(self) -> None:
        """Those of the beginnings, as they fit the theme, read on a thread."""
        if self._pictured == self._theme.name:
            return
        self._pictured = self._theme.name
        files, is_dark = (
            {one.room: one.picture for one in self._beginnings if one.picture},
            self._theme.is_dark,
        )

        def work(task: Task) -> dict[str, QImage]:
            return {
                room: QImage(str(picture_for(Path(file), is_dark=is_dark))) for room, file in files.items()
            }

        def done(images: dict[str, QImage]) -> None:
            for room, image in images.items():
                self.rooms[room].show_image(image)

        self._tasks.start(tr("Looking at pictures"), work, done, owner=self)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for grid in (self.projects, self.items, self.begin):
            grid.set_theme(theme)
        self._fit()
        if self.isVisible():
            self._show_pictures()

    def close_panel(self) -> None:
        """Ends what is being read, before the window goes."""
        self._bridge.close()


def recent_of(folders: Sequence[str], pinned: Sequence[str], times: dict[str, float]) -> list[Recent]:
    """What the settings remember, as cards show it."""
    return [Recent(Path(folder), times.get(folder), folder in pinned) for folder in folders]
