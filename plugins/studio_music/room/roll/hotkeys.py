"""Which keys do what while the field has the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

from studio_music.room.roll.acts import RollActs
from studio_music.room.roll.commands import FIXED, commands

_ACROSS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_UP: dict[int, int] = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_LOUDER = 5
"""By how much a key changes velocities."""


class Hotkeys:
    """The keys of commands, which the user may have changed; those that every program has; and the arrows."""

    def __init__(self, roll: RollActs) -> None:
        self._roll = roll
        self._commands = commands(roll)
        self._actions: Mapping[str, QAction] = {}

    def attach(self, actions: Mapping[str, QAction]) -> None:
        """The keys of these count from now on, in place of those that the commands name."""
        self._actions = {one.id: actions[one.id] for one in self._commands if one.id in actions}

    def act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does in the field; None for nothing."""
        if self._roll.steps.is_on and not event.modifiers() and event.text().isalpha():
            return partial(self._roll.steps.pressed, event)
        combination = event.keyCombination()
        pressed = QKeySequence(combination)
        for command in self._commands:
            action = self._actions.get(command.id)
            if action is not None and pressed in action.shortcuts():
                return action.trigger if action.isEnabled() else None
            if action is None and pressed in [
                QKeySequence(keys) for keys in command.keys.split("; ") if keys
            ]:
                return command.act
        name = FIXED.get(pressed.toString(QKeySequence.SequenceFormat.PortableText))
        if name is not None:
            return getattr(self._roll, name)
        return self._arrow(event)

    def _arrow(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Arrows move notes; without selected notes they select one. Home, End and Escape."""
        roll, keys, key = self._roll, Qt.KeyboardModifier, event.key()
        held = event.modifiers() & ~keys.KeypadModifier
        view, chosen = roll.state.view, bool(roll.state.chosen)
        across, up = _ACROSS.get(key), _UP.get(key)
        if key == Qt.Key.Key_Escape:
            return roll.let_go
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and held == keys.NoModifier:
            return partial(view.scroll_to, 0.0 if key == Qt.Key.Key_Home else view.content[0])
        if across is not None:
            if held == keys.ControlModifier or not chosen:
                return partial(roll.select_next, across)
            return {
                keys.NoModifier: partial(roll.nudge, across),
                keys.ShiftModifier: partial(roll.nudge, across, bars=True),
                keys.AltModifier: partial(roll.nudge_fine, across),
                keys.ControlModifier | keys.ShiftModifier: partial(roll.lengthen, across),
            }.get(held)
        if up is not None:
            if not chosen:
                return partial(view.scroll_by, 0.0, -up * view.row)
            return {
                keys.NoModifier: partial(roll.step_pitch, up),
                keys.ShiftModifier: partial(roll.transpose, 12 * up),
                keys.AltModifier: partial(roll.transpose_in_scale, up),
                keys.ControlModifier: partial(roll.louder, up * _LOUDER),
            }.get(held)
        return None
