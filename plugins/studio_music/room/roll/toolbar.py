"""The row of controls above the roll: tools, the grid, quantizing, step input, and what is selected."""

from __future__ import annotations

from functools import cached_property, partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QWidget

from studio.api.values import tr, trn
from studio.ui.api import UNIT, ComboBox, ElidedLabel, IconButton, KeyMenu, NarrowBar, clear, label, locales
from studio_music.core.editing.grid import Snap
from studio_music.core.editing.timing import STRAIGHT, TRIPLET
from studio_music.room.drawings import DrawingButton
from studio_music.room.roll.roll import Roll
from studio_music.room.roll.tool import Tool
from studio_music.room.roll.words import bars_title, grid_title, snap_title

_STRENGTHS = (1.0, 0.75, 0.5, 0.25)
_SWINGS = (STRAIGHT, 0.54, 0.58, TRIPLET)


class RollBar(NarrowBar):
    """Shows what the roll is set to, and sets it."""

    def __init__(self, roll: Roll) -> None:
        super().__init__()
        self._roll = roll
        self.tools = {
            Tool.SELECT: DrawingButton("pointer", tr("Select, move and stretch notes"), checkable=True),
            Tool.PENCIL: DrawingButton("edit", tr("Draw notes"), checkable=True),
            Tool.ERASER: DrawingButton("eraser", tr("Delete notes"), checkable=True),
        }
        self.snap = ComboBox()
        self.snap.setMinimumContentsLength(10)
        self.snap.setAccessibleName(tr("Grid"))
        self.snap.setToolTip(tr("What notes keep to when they are drawn, moved and stretched"))
        self.snap.setSizePolicy(self.snap.sizePolicy().Policy.Maximum, self.snap.sizePolicy().Policy.Fixed)
        for snap in Snap:
            self.snap.addItem(snap_title(snap), snap)
        self.quantize = DrawingButton("quantize", tr("Quantize: moves notes onto the grid"))
        self.how = IconButton("chevron-down", tr("How notes are quantized"))
        self.scale = DrawingButton(
            "scale", tr("Keep to the scale: notes that are drawn and moved stay in the key"), checkable=True
        )
        self.steps = DrawingButton(
            "typing",
            tr("Step input: A W S E D F … are piano keys, Z and X change the octave"),
            checkable=True,
        )
        self.wave = DrawingButton("waveform", tr("Waveform"), checkable=True)
        self.follow = DrawingButton("follow", tr("Follow what plays"), checkable=True)
        self.fit = DrawingButton("fit-song", tr("Fit the song"))
        self.chosen = ElidedLabel("", "small")
        self._grid = label(tr("Grid"), "small")
        self._build()
        self._connect()
        self._show_tool()
        self._show_snap()
        self._show_steps()
        self._show_chosen()
        self.wave.set_on(roll.shows_wave)
        self.follow.set_on(roll.follow)

    def _build(self) -> None:
        row = self._row
        row.setSpacing(UNIT // 2)
        self._group = QButtonGroup(self)
        for one in self.tools.values():
            self._group.addButton(one)
            row.addWidget(one)
        row.addWidget(_gap())
        row.addWidget(self._grid)
        row.addWidget(self.snap)
        row.addWidget(self.quantize)
        self.how.setFixedWidth(3 * UNIT)
        row.addWidget(self.how)
        row.addWidget(_gap())
        row.addWidget(self.scale)
        row.addWidget(self.steps)
        row.addWidget(_gap())
        row.addWidget(self.chosen, 1)
        row.addWidget(self.wave)
        row.addWidget(self.follow)
        row.addWidget(self.fit)

    def _connect(self) -> None:
        roll = self._roll
        for tool, one in self.tools.items():
            one.clicked.connect(partial(roll.set_tool, tool))
        self.snap.activated.connect(self._choose_snap)
        self.quantize.clicked.connect(lambda: roll.quantize())
        self.how.clicked.connect(self._open_how)
        self.scale.clicked.connect(roll.toggle_scale)
        self.steps.clicked.connect(roll.toggle_steps)
        self.wave.clicked.connect(roll.show_wave)
        self.follow.clicked.connect(self._follow)
        self.fit.clicked.connect(roll.fit)
        roll.tool_changed.connect(self._show_tool)
        roll.snap_changed.connect(self._show_snap)
        roll.view_moved.connect(self._show_snap)
        roll.wave_changed.connect(lambda: self.wave.set_on(roll.shows_wave))
        roll.steps_changed.connect(self._show_steps)
        roll.selection_changed.connect(self._show_chosen)
        roll.bars_changed.connect(self._show_chosen)

    def color(self) -> None:
        """The buttons color themselves."""

    def share_room(self) -> None:
        """The word before the grid goes first."""
        self._grid.setVisible(self.width() >= 72 * UNIT)
        self.chosen.setVisible(self.width() >= 52 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(44 * UNIT, super().minimumSizeHint().height())

    # What it shows -----------------------------------------------------------------------------------------

    def _show_tool(self) -> None:
        self.tools[self._roll.tool].setChecked(True)
        self.scale.set_on(self._roll.keeps_scale)

    def _show_snap(self) -> None:
        """The grid that follows the zoom says how fine it is now."""
        auto = tr("Auto: {grid}", grid=grid_title(self._roll.state.auto_grid))
        if self.snap.itemText(0) != auto:
            self.snap.setItemText(0, auto)
        self.snap.setCurrentIndex(list(Snap).index(self._roll.snap))

    def _show_steps(self) -> None:
        self.steps.set_on(self._roll.steps_on)

    def _show_chosen(self) -> None:
        roll, parts = self._roll, []
        if roll.bars is not None:
            parts.append(bars_title(*roll.bars))
        chosen = roll.chosen.notes
        if len(chosen) == 1:
            note = next(iter(chosen))
            parts.append(roll.state.name_of(note.pitch, note.start))
            parts.append(tr("velocity {number}", number=locales.number(note.velocity)))
        elif chosen:
            parts.append(trn("{count} note selected", "{count} notes selected", len(chosen)))
        self.chosen.setText("   ·   ".join(parts))

    # What it sets ------------------------------------------------------------------------------------------

    def _choose_snap(self, place: int) -> None:
        self._roll.snap = list(Snap)[place]

    def _follow(self) -> None:
        self._roll.follow = self.follow.isChecked()

    def _open_how(self) -> None:
        self.how_menu().popup(self.how.mapToGlobal(self.how.rect().bottomLeft()))

    @cached_property
    def _how_menu(self) -> KeyMenu:
        return KeyMenu(self)

    def how_menu(self) -> KeyMenu:
        """Strength and swing of *Quantize*."""
        menu, roll = self._how_menu, self._roll
        clear(menu)
        for strength in _STRENGTHS:
            words = tr("Strength {percent}", percent=locales.percent(strength))
            self._choice(menu, words, roll.strength == strength, "strength", strength)
        menu.addSeparator()
        for swing in _SWINGS:
            words = tr("Swing {percent}", percent=locales.percent(swing))
            words = {STRAIGHT: tr("Straight"), TRIPLET: tr("Swing as triplets")}.get(swing, words)
            self._choice(menu, words, roll.swing == swing, "swing", swing)
        return menu

    def _choice(self, menu: KeyMenu, words: str, on: bool, name: str, value: float) -> None:
        action = QAction(words, menu)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda: setattr(self._roll, name, value))
        menu.addAction(action)


def _gap() -> QWidget:
    made = QWidget()
    made.setFixedWidth(UNIT // 2)
    return made
