"""Which sound font songs are heard with: ours, or a file of the user's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from studio.api.values import tr
from studio.ui.api import RoomContext, choose_file
from studio_music.core.own_font import choose_font, own_font
from studio_music.room.playing import Playing


class SoundFontChoice(QObject):
    """A file is read once, off the window's thread, before it is used: a broken one is told in words."""

    def __init__(self, context: RoomContext, playing: Playing) -> None:
        super().__init__()
        self._context, self._playing = context, playing

    def ask(self) -> None:
        now = own_font()
        choose_file(
            self._context.window,
            tr("Sound font"),
            tr("Sound fonts (*.sf2 *.sf3)"),
            self.use,
            str(now.parent) if now is not None else "",
        )

    def use(self, path: Path) -> None:
        """Plays with a file from now on."""

        def work(_: object) -> str:
            from studio_music.core.sound.font import SoundFont  # for speed: numpy comes with it

            with SoundFont(path) as font:
                name = font.name
            choose_font(path)
            return name

        def done(name: str) -> None:
            self._playing.set_font(path)
            self._context.say(
                tr("Songs are played with “{name}”.", name=name or path.stem), tr("Undo"), self.use_ours
            )

        self._context.tasks.start(tr("Reading the sound font"), work, done, owner=self)

    def use_ours(self) -> None:
        choose_font(None)
        self._playing.set_font(None)
        self._context.say(tr("Songs are played with the studio's sound font."))
