"""The piano roll: keyboard, ruler, chords, notes and velocities around one view of the song."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QGridLayout, QScrollBar, QWidget

from studio.api.values import tr
from studio.ui.api import Command, KeyMenu, Theme
from studio_music.core.editing.chosen import Chosen
from studio_music.core.editing.grid import Grid, Snap
from studio_music.room.roll.chord_lane import ChordLane
from studio_music.room.roll.colors import Ink
from studio_music.room.roll.commands import commands
from studio_music.room.roll.corner import Corner
from studio_music.room.roll.edits import NoteEdits
from studio_music.room.roll.field import NoteField
from studio_music.room.roll.hotkeys import Hotkeys
from studio_music.room.roll.keyboard import Keyboard
from studio_music.room.roll.menus import bars_menu, notes_menu
from studio_music.room.roll.model import SongModel
from studio_music.room.roll.ruler import Ruler
from studio_music.room.roll.state import BEAT, RollState
from studio_music.room.roll.stepping import StepInput
from studio_music.room.roll.tool import Tool
from studio_music.room.roll.velocity_lane import VelocityLane, VelocityScale

_RING = 2
"""Pixels of the focus ring, which are free around everything."""
_WITH_VELOCITIES = 300
"""Pixels of height from which on there is room for the velocities."""


class Roll(QWidget, NoteEdits):
    """See `studio_music.room.roll` for what it offers."""

    note_on = Signal(int, int, int)
    note_off = Signal(int, int)
    seek_wanted = Signal(int)
    bars_changed = Signal()
    selection_changed = Signal()
    chord_edited = Signal(int, str)
    loop_wanted = Signal(int, int)
    drag_out_wanted = Signal(object)
    view_moved = Signal()
    tool_changed = Signal()
    snap_changed = Signal()
    steps_changed = Signal()

    def __init__(self, model: SongModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        state = RollState(model, theme, self)
        self._start_edits(state)
        self.steps = StepInput(state)
        self.follow = True
        """Whether the view turns its page with the cursor."""
        self._fitted = False
        self._ring = False
        self.field = NoteField(state)
        self.keys = Keyboard(state)
        self.ruler = Ruler(state)
        self.chords = ChordLane(state)
        self.velocities = VelocityLane(state)
        self._scale = VelocityScale(state)
        self._corner = Corner(state)
        self._across, self._up = QScrollBar(Qt.Orientation.Horizontal), QScrollBar(Qt.Orientation.Vertical)
        self.hotkeys = Hotkeys(self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.field)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time goes to the right for all
        self.setAccessibleName(tr("Piano roll"))
        self.set_theme(theme)

    def _lay_out(self) -> None:
        for bar, name in (
            (self._across, tr("Scroll through time")),
            (self._up, tr("Scroll through pitches")),
        ):
            bar.setAccessibleName(name)
            bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        grid = QGridLayout(self)
        grid.setContentsMargins(_RING, _RING, _RING, _RING)
        grid.setSpacing(0)
        grid.addWidget(self._corner, 0, 0, 2, 1)
        grid.addWidget(self.ruler, 0, 1)
        grid.addWidget(self.chords, 1, 1)
        grid.addWidget(self.keys, 2, 0)
        grid.addWidget(self.field, 2, 1)
        grid.addWidget(self._up, 2, 2)
        grid.addWidget(self._scale, 3, 0)
        grid.addWidget(self.velocities, 3, 1)
        grid.addWidget(self._across, 4, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)

    def _connect(self) -> None:
        state = self.state
        state.view.moved.connect(self._on_moved)
        state.bars_changed.connect(self.bars_changed)
        state.chosen_changed.connect(self.selection_changed)
        state.tool_changed.connect(self.tool_changed)
        state.grid_changed.connect(self.snap_changed)
        state.caret_changed.connect(self.steps_changed)
        state.note_on.connect(self.note_on)
        state.note_off.connect(self.note_off)
        self.model.begun.connect(self._on_begun)
        self.model.activated.connect(self._on_active)
        state.notes_changed.connect(self._fit_keys)
        self.ruler.seek_wanted.connect(self.seek_wanted)
        self.ruler.seek_wanted.connect(self._on_seek)
        state.loop_wanted.connect(self.loop_wanted)
        self.chords.chord_edited.connect(self.chord_edited)
        self.chords.left.connect(self.field.setFocus)
        self.field.drag_out_wanted.connect(self.drag_out_wanted)
        self.field.menu_wanted.connect(lambda at, _note: _open(self.menu(), at))
        self.ruler.menu_wanted.connect(lambda at: _open(self.bars_menu(), at))
        self.field.key_pressed.connect(self._on_key)
        self.field.pointed_row.connect(self.keys.hover)
        self.field.installEventFilter(self)
        self._across.valueChanged.connect(lambda left: self._scrolled(left=left))
        self._up.valueChanged.connect(lambda top: self._scrolled(top=top))

    # Looks -------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self.state.ink = Ink(theme)
        for part in (self.ruler, self.chords, self.velocities):
            part.setFixedHeight(part.sizeHint().height())
        self._scale.setFixedHeight(self.velocities.sizeHint().height())
        self._fit_keys()
        self.state.notes_changed.emit()
        self.update()

    def _fit_keys(self) -> None:
        """Names of drums need more room than piano keys."""
        for widget in (self._corner, self.keys, self._scale):
            widget.setFixedWidth(self.keys.sizeHint().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = self.state.ink
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), ink.panel)
            if self._ring:
                painter.setPen(QPen(ink.accent, _RING))
                inset = _RING / 2
                painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))

    # What the room uses ------------------------------------------------------------------------------------

    @property
    def chosen(self) -> Chosen:
        """The selected notes."""
        return self.state.chosen

    def choose(self, chosen: Chosen) -> None:
        self.state.choose(chosen)

    @property
    def bars(self) -> tuple[int, int] | None:
        """The first and the last of the selected bars, counted from 0."""
        return self.state.bars

    def select_bars(self, bars: tuple[int, int] | None) -> None:
        self.state.select_bars(bars)

    def span(self) -> tuple[int, int] | None:
        """From which tick to which the selected bars go, else the selected notes."""
        span = self.state.bars_span()
        if span is None and self.state.chosen:
            span = self.state.chosen.start, self.state.chosen.end
        return span

    def visible(self) -> tuple[int, int]:
        """From which tick to which is seen."""
        start, end = self.state.view.visible()
        return round(start), round(end)

    def show_tick(self, tick: float) -> None:
        self.state.view.show_tick(tick)

    def set_cursor(self, tick: float | None) -> None:
        """Where it plays. None: nowhere. Who has scrolled away from it is left there, until it jumps."""
        before, view = self.state.cursor, self.state.view
        self.state.set_cursor(tick)
        if tick is None or not self.follow or self.field.hand is not None:
            return
        if before is None or not 0 <= tick - before < BEAT or 0 <= view.x_of(before) <= view.width:
            view.show_tick(tick)

    def show_pressed(self, pitches: Collection[int]) -> None:
        self.state.press(frozenset(pitches))

    @property
    def hidden(self) -> frozenset[int]:
        """Tracks that are not drawn."""
        return self.state.hidden

    @hidden.setter
    def hidden(self, tracks: Collection[int]) -> None:
        self.state.hidden = frozenset(tracks)
        self.state.notes_changed.emit()

    @property
    def tool(self) -> Tool:
        return self.state.tool

    @tool.setter
    def tool(self, tool: Tool) -> None:
        self.state.set_tool(tool)

    def set_tool(self, tool: Tool) -> None:
        self.state.set_tool(tool)

    def toggle_pencil(self) -> None:
        self.state.set_tool(Tool.SELECT if self.tool is Tool.PENCIL else Tool.PENCIL)

    @property
    def snap(self) -> Snap:
        return self.state.snap

    @snap.setter
    def snap(self, snap: Snap) -> None:
        self.state.set_snap(snap)

    @property
    def keeps_scale(self) -> bool:
        """Whether notes that are drawn and moved stay in the scale of their key."""
        return self.state.keeps_scale

    @keeps_scale.setter
    def keeps_scale(self, on: bool) -> None:
        self.state.keep_scale(on)

    def toggle_scale(self) -> None:
        self.state.keep_scale(not self.state.keeps_scale)

    @property
    def steps_on(self) -> bool:
        """Whether letters of the computer's keyboard are notes."""
        return self.steps.is_on

    @steps_on.setter
    def steps_on(self, on: bool) -> None:
        self.steps.switch(on)

    def toggle_steps(self) -> None:
        self.steps.switch(not self.steps.is_on)
        self.field.setFocus()

    def fit(self) -> None:
        """Shows the whole song."""
        if self.model.song is not None:
            self.state.view.fit(self.model.song)

    def fit_selection(self) -> None:
        """Shows the selected bars or notes as wide as they fit; all of the song where nothing is selected."""
        span = self.span()
        if span is None:
            self.fit()
        else:
            self.state.view.fit_span(*span)
            if self.state.chosen:
                self.state.view.show_pitches(self.state.chosen.lowest, self.state.chosen.highest)

    def zoom_by(self, factor: float) -> None:
        """Makes bars wider or narrower, around the pointer where it is over the field."""
        at = self.field.mapFromGlobal(self.cursor().pos())
        inside = self.field.underMouse() and self.field.rect().contains(at)
        self.state.view.zoom(factor, float(at.x()) if inside else None)

    def write_chord(self) -> None:
        """Opens the line for a chord: at what is selected, where it plays, or at the first bar in sight."""
        song = self.model.song
        if song is None:
            return
        span = self.span()
        if span is not None:
            tick = float(span[0])
        else:
            tick = self.state.cursor if self.state.cursor is not None else self.state.view.visible()[0]
        at = Grid(song.meter.beat_ticks).snapped(song, tick, "before")
        self.chords.edit(min(at, song.bars[-1].start))

    def edit_chord(self, tick: int, text: str) -> None:
        """Opens the line for a chord with what was typed: after it could not be read."""
        self.chords.edit(tick, text)

    # Commands and keys -------------------------------------------------------------------------------------

    def commands(self) -> list[Command]:
        return commands(self)

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        """The actions that the window made of the commands: their keys, which the user may have changed,
        count from now on."""
        self.hotkeys.attach(actions)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.hotkeys.act_of(event) is not None:
                event.accept()  # the window's shortcut with the same keys does not mean the notes
                return True
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            self.steps.released(event)
        elif isinstance(event, QFocusEvent):
            reasons = Qt.FocusReason
            by_key = kind == QEvent.Type.FocusIn and event.reason() in (
                reasons.TabFocusReason,
                reasons.BacktabFocusReason,
                reasons.ShortcutFocusReason,
            )
            if by_key != self._ring:
                self._ring = by_key
                self.update()
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> None:
        if self.steps.is_on and self.steps.pressed(event):
            event.accept()
            return
        act = self.hotkeys.act_of(event)
        if act is not None:
            event.accept()
            act()

    def let_go(self) -> None:
        """Lets one thing go after another: the tool, selected notes, selected bars."""
        if self.tool is not Tool.SELECT:
            self.set_tool(Tool.SELECT)
        elif self.state.chosen:
            self.select_none()
        else:
            self.select_bars(None)

    # Menus -------------------------------------------------------------------------------------------------

    def menu(self) -> KeyMenu:
        """What can be done with the selected notes."""
        return notes_menu(self, can_paste=self._clip is not None)

    def bars_menu(self) -> KeyMenu:
        """What can be done with the selected bars."""
        return bars_menu(self)

    def select_bars_here(self) -> None:
        """The bars of the selected notes; without any one more bar, the first one where it plays."""
        song, chosen, bars = self.model.song, self.state.chosen, self.state.bars
        if song is None or not song.bars:
            return
        if chosen:
            bars = song.bar_at(chosen.start).number, song.bar_at(chosen.end - 1).number
        elif bars is not None:
            bars = bars[0], bars[1] + 1
        else:
            tick = self.state.cursor if self.state.cursor is not None else self.state.view.visible()[0]
            bars = (song.bar_at(max(0, int(tick))).number,) * 2
        self.select_bars(bars)

    # Scrolling ---------------------------------------------------------------------------------------------

    def _on_begun(self) -> None:
        self._fitted = False
        self.field.end_hand()
        self._fit_once()

    def _on_active(self, _track: int) -> None:
        """Shows the notes of a track that is chosen, where none of them is in sight."""
        notes, view = self.state.active, self.state.view
        if not len(notes):
            return
        start, end = view.visible()
        low, high = view.pitch_at(view.height), view.pitch_at(0)
        near = notes.between(start, end)
        near = near if near.any() else notes.between(0, self.state.view.length)
        if not notes.picked(near).between(0, view.length, low, high).any():
            pitches = notes.pitches[near]
            view.show_middle((int(pitches.min()) + int(pitches.max())) / 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for part in (self.velocities, self._scale):
            part.setVisible(self.height() >= _WITH_VELOCITIES)
        self._fit_once()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_once()

    def _fit_once(self) -> None:
        """A song is shown whole when it is seen first: as wide as it is then."""
        if not self._fitted and self.isVisible() and self.model.song is not None:
            self._fitted = True
            self.layout().activate()
            self.fit()

    def _on_seek(self, tick: int) -> None:
        self.paste_at(tick)
        if self.steps.is_on:
            self.state.set_caret(tick)

    def _on_moved(self) -> None:
        """The scroll bars follow the view."""
        view = self.state.view
        wide, high = view.content
        for bar, whole, page, at in (
            (self._across, wide, view.width, view.left),
            (self._up, high, view.height, view.top),
        ):
            bar.blockSignals(True)
            bar.setRange(0, max(0, round(whole - page)))
            bar.setPageStep(page)
            bar.setSingleStep(24)
            bar.setValue(round(at))
            bar.blockSignals(False)
        self.view_moved.emit()

    def _scrolled(self, left: int | None = None, top: int | None = None) -> None:
        self.state.view.scroll_to(left, top)


def _open(menu: KeyMenu, at: QPoint) -> None:
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(at)
