"""A tune that is hummed, or a recording that is dropped onto the stage, becomes an item, then notes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from studio.api.values import tr
from studio.ui.api import Bridge, Item, NewFile, RoomContext
from studio_music.room.job_strip import JobStrip
from studio_music.room.transport.bar import clock

if TYPE_CHECKING:
    from studio_music.core.hum.recorder import Recorder

HUM, RECORDING = "music/hum", "recording"
_FALL = 0.85
"""What is left of the level that is shown when it gets quiet, each time that the recorder tells."""


class Humming(QObject):
    """Records the microphone until it is told to write down what was heard."""

    def __init__(self, context: RoomContext, strip: JobStrip) -> None:
        super().__init__()
        self._context, self._strip = context, strip
        self._bridge = Bridge()
        self._bridge.listen(self._on_level)
        self._recorder: Recorder | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._shown = 0.0

    @property
    def is_recording(self) -> bool:
        return self._recorder is not None

    def toggle(self) -> None:
        """Begins; pressed again, it writes down what was heard."""
        if self.is_recording:
            self.finish()
        else:
            self._context.new_project(self._begin)

    def finish(self) -> None:
        """The recording becomes an item, and its notes are written down."""
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        self._strip.hide()

        def work(_: object) -> Item:
            recorder.stop()
            return self._context.items.bring_in([NewFile(recorder.path, "audio", tr("Hummed tune"))])[0]

        self._context.tasks.start(tr("Keeping the recording"), work, self._write_down, owner=self._strip)

    def cancel(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            self._strip.hide()
            self._context.tasks.start(
                tr("Ending the recording"), lambda _: recorder.stop(), lambda _: None, lambda _: None
            )

    def bring_in(self, file: Path) -> None:
        """A recording of the user's."""

        def work(_: object) -> Item:
            return self._context.items.bring_in([NewFile(file, "audio")])[0]

        self._context.new_project(
            lambda: self._context.tasks.start(
                tr("Bringing the recording in"), work, self._write_down, owner=self._strip
            )
        )

    def close(self) -> None:
        self.cancel()
        self._bridge.close()

    # Within ------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        from studio_music.core.hum.recorder import Recorder  # for speed: numpy comes with it

        self._folder = tempfile.TemporaryDirectory(prefix="studio-music-")
        recorder = Recorder(Path(self._folder.name) / "hum.wav", self._bridge.post)

        def work(_: object) -> None:
            recorder.start()

        def done(_: object) -> None:
            self._recorder, self._shown = recorder, 0.0
            self._on_level(0.0)

        self._context.tasks.start(tr("Opening the microphone"), work, done, owner=self._strip)

    def _on_level(self, level: object) -> None:
        recorder = self._recorder
        if recorder is None or not isinstance(level, float):
            return
        if recorder.is_full:
            QTimer.singleShot(0, self, self.finish)
            return
        self._shown = max(level, self._shown * _FALL)
        words = tr("Hum or sing: {time}", time=clock(recorder.seconds, tenths=True))
        self._strip.show_recording(words, self._shown)

    def _write_down(self, item: Item) -> None:
        context = self._context
        context.use(item, HUM, RECORDING)
        form = context.form
        if form.generator is not None and form.generator.id == HUM and not form.missing():
            context.jobs.generate()
