"""Records the microphone into a WAV file."""

from __future__ import annotations

import wave
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np

from studio.api.values import BadInput, DiskFull, tr
from studio_music.core.hum.recording import LONGEST

RATE = 44_100
"""Samples per second."""
_PERIOD = 50
"""Milliseconds from one level to the next."""


class Recorder:
    """Records one channel, 16 bits, until it is stopped or `LONGEST` is reached.

    `level` is called about 20 times a second, on a thread of the recorder's own, with the loudest sample
    since the last time, 0 to 1.
    """

    def __init__(self, path: Path, level: Callable[[float], None], is_null: bool = False) -> None:
        """`is_null`: hear silence from no device at all, for tests."""
        self.path = path
        self._level = level
        self._is_null = is_null
        self._device: Any = None
        self._frames = 0
        self._error: OSError | None = None

    @property
    def seconds(self) -> float:
        """How much is recorded."""
        return self._frames / RATE

    @property
    def is_full(self) -> bool:
        """Whether nothing more is recorded."""
        return self.seconds >= LONGEST or self._error is not None

    def start(self) -> None:
        """Begins to record. Raises `BadInput` where there is no microphone."""
        import miniaudio  # for speed

        null = miniaudio.Backend.NULL
        try:
            device = miniaudio.CaptureDevice(
                input_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=RATE,
                buffersize_msec=_PERIOD,
                backends=[null] if self._is_null else [one for one in miniaudio.Backend if one != null],
                app_name="Studio",
            )
        except miniaudio.MiniaudioError as error:
            raise BadInput(
                tr("There is no microphone."),
                tr("Plug one in, or allow the studio to use it in the settings of your system."),
            ) from error
        writing = self._writing()
        next(writing)
        self._device = device
        device.start(writing)

    def stop(self) -> float:
        """Ends the recording; gives its seconds. Raises `DiskFull` where it could not be written whole."""
        if self._device is not None:
            device, self._device = self._device, None
            writing = device.callback_generator
            device.close()
            if writing is not None:
                writing.close()
        if self._error is not None:
            raise DiskFull(
                tr("The recording could not be written whole."), tr("Free some space, and record again.")
            ) from self._error
        return self.seconds

    def _writing(self) -> Generator[None, bytes, None]:
        """Is sent what was heard."""
        with wave.open(str(self.path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            while True:
                heard = np.frombuffer((yield), "<i2")
                if self.is_full:
                    continue
                try:
                    file.writeframes(heard.tobytes())
                except OSError as error:
                    self._error = error
                    continue
                self._frames += len(heard)
                self._level(float(np.abs(heard.astype(np.int32)).max(initial=0)) / 32768)
