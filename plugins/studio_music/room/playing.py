"""What is heard: the song of the roll, or one of those that are compared; and where it plays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from studio.ui.api import Bridge
from studio_music.core.song import Song
from studio_music.core.sound.player_client import (
    Player,
)

_FRAME_MS = 16
_SETTLE_MS = 40
"""The player gets a song so long after its last change: a drag changes it at every move of the pointer."""


class Playing(QObject):
    """The player is a process of its own, begun with the first song that is to be heard.

    It tells where it is some times a second; between, the place goes on by the clock.
    """

    moved = Signal(float)
    """(tick): the cursor's place, as often as the screen is drawn while it plays."""
    changed = Signal()
    """It plays or not, it is ready or not, there is a device or not."""
    passed = Signal()
    """The loop has begun again."""
    level = Signal(float, float)
    """Peaks of left and right, 0 to 1."""
    failed = Signal(object)
    """(BaseException): the player has ended."""

    def __init__(self, make: Callable[[Callable[[object], object]], Player] = Player) -> None:
        super().__init__()
        self._make = make
        self._player: Player | None = None
        self._bridge = Bridge()
        self._bridge.listen(self._on_event)
        self.song: Song | None = None
        self._sent: Song | None = None
        self.is_playing = False
        self.silence = ""
        """Why nothing is heard; "" if it can be."""
        self._tick = 0.0
        self._at = 0.0
        """When the place was told last, of `time.monotonic`."""
        self.loops = False
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self._send)
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._on_frame)
