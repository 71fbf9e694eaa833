"""When unfinished work is kept: at the end of each gesture, and 300 ms after the last key."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

KEYS_MS = 300
"""After the last key."""
MOST_MS = 3000
"""After the first change, where keys never rest or a button is held."""
_AT_ONCE_MS = 1
"""Not 0: Qt lets such a timer wait for as long as there is anything else to do."""
_HELD_MS = 20
"""How often to look whether the mouse's button was let go."""


class Soon(QObject):
    """Calls `keep` once for all changes of a gesture, or of a row of keys."""

    def __init__(self, keep: Callable[[], object], *, of_keys: bool = True) -> None:
        """`of_keys`: whether what is kept may be typed."""
        super().__init__()
        self._keep, self._of_keys = keep, of_keys
        self._since = 0.0
        """When the first change was told that is not kept yet, seconds of a clock; 0 for none."""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_time)

    def note(self) -> None:
        """Something has changed."""
        if not self._since:
            self._since = time.monotonic()
        if _is_held():
            self._timer.start(_HELD_MS)
        elif not (self._timer.isActive() and self._timer.interval() == _AT_ONCE_MS):
            self._timer.start(min(KEYS_MS, self._rest()) if self._of_keys and _is_typing() else _AT_ONCE_MS)

    def now(self) -> None:
        """Keeps what has changed, if anything has."""
        if self._since:
            self.stop()
            self._keep()

    def stop(self) -> None:
        """There is nothing to be kept any more."""
        self._timer.stop()
        self._since = 0.0

    def _on_time(self) -> None:
        if _is_held() and self._rest():
            self._timer.start(_HELD_MS)
        else:
            self.now()

    def _rest(self) -> int:
        """Milliseconds that it may still wait."""
        return max(0, MOST_MS - round((time.monotonic() - self._since) * 1000))


def _is_held() -> bool:
    return QApplication.mouseButtons() != Qt.MouseButton.NoButton


def _is_typing() -> bool:
    """Whether the keys go where text is typed."""
    focus = QApplication.focusWidget()
    return focus is not None and focus.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
