"""A song as an audio file, for who drags it out of the window."""

from __future__ import annotations

from pathlib import Path

from studio.api.values import tr
from studio.ui.api import Task
from studio_music.core.own_font import own_font
from studio_music.core.song import Song


def write_audio(song: Song, file: Path, task: Task) -> None:
    """Writes the song as WAV, 24 bits, as an export does. For a task: it ends where that is cancelled.

    Raises:
        BadInput: the sound font cannot be played.
        OSError: the file cannot be written.
    """
    from studio_music.core.sound import files  # for speed: the window imports this file, and seldom renders
    from studio_music.core.sound.font import OUR_FONT, SoundFont

    def tell(done: float) -> None:
        task.progress(done, 1.0, tr("Rendering the song"))

    with SoundFont(own_font() or OUR_FONT) as font:
        files.write_audio(song, file, font, files.AudioOptions("wav24"), tell)
