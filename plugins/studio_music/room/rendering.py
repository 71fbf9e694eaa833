"""A song as an audio file, for who drags it out of the window."""

from __future__ import annotations

from pathlib import Path

from studio.api.values import tr
from studio.ui.api import Task
from studio_music.core.own_font import own_font
from studio_music.core.song import Song

RATE = 44100


def write_audio(song: Song, file: Path, task: Task) -> None:
    """Renders the song as WAV, 24 bits. For a task: it ends where that is cancelled.

    Raises:
        BadInput: the sound font cannot be played.
        OSError: the file cannot be written.
    """
    import numpy as np  # for speed: the window imports this file, and seldom renders
    import soundfile

    from studio_music.core.sound.font import OUR_FONT, SoundFont
    from studio_music.core.sound.mix import mix_blocks

    with (
        SoundFont(own_font() or OUR_FONT) as font,
        soundfile.SoundFile(file, "w", RATE, 2, "PCM_24", format="WAV") as out,
    ):
        for start, frames, block in mix_blocks(song, font, RATE):
            out.write(np.clip(block, -1.0, 1.0))
            task.progress(start, frames, tr("Rendering the song"))
