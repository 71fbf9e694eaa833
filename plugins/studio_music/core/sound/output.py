"""Where the parts go: to the sound device, or nowhere by the clock where there is none."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Generator
from typing import Any

import numpy as np

from studio_music.core.sound.engine import PART, Part

__all__ = ["ClockOutput", "DeviceOutput", "Heard", "open_output"]

_DEVICE_MS = 30
Heard = tuple[Part, float]
"""A part, and when it is heard (`time.monotonic`)."""


class DeviceOutput:
    """The sound device of this machine; miniaudio asks for sound from a thread of its own."""

    def __init__(self, rate: int, is_null: bool) -> None:
        """Raises `miniaudio.MiniaudioError` where there is no device."""
        import miniaudio

        self._lock = threading.Lock()
        self._parts: deque[Part] = deque()
        self._heard: list[Heard] = []
        self._within = 0
        self.missed = 0
        """How often it was asked and there was nothing, though something played."""
        self._device = miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.FLOAT32,
            nchannels=2,
            sample_rate=rate,
            buffersize_msec=_DEVICE_MS,
            backends=[miniaudio.Backend.NULL] if is_null else None,
            app_name="Studio",
        )
        if not is_null and self._device.backend == "Null":
            self._device.close()
            raise miniaudio.MiniaudioError("no audio backend", 0)
        self._delay = 2 * _DEVICE_MS / 1000
        source = self._source()
        next(source)
        self._device.start(source)

    def write(self, part: Part) -> None:
        with self._lock:
            self._parts.append(part)

    @property
    def queued(self) -> int:
        """Parts that wait."""
        return len(self._parts)

    def heard(self) -> list[Heard]:
        """The parts that have begun since this was asked last."""
        with self._lock:
            heard, self._heard = self._heard, []
        return heard

    def close(self) -> None:
        self._device.close()

    def _source(self) -> Generator[Any, int, None]:
        frames = yield b""
        while True:
            frames = yield self._take(frames)

    def _take(self, frames: int) -> Any:
        out = np.zeros((frames, 2), np.float32)
        done = 0
        with self._lock:
            while done < frames:
                if not self._parts:
                    self.missed += 1
                    break
                part = self._parts[0]
                if self._within == 0:
                    self._heard.append((part, time.monotonic() + self._delay))
                take = min(frames - done, PART - self._within)
                out[done : done + take] = part.sound[self._within : self._within + take]
                done += take
                self._within += take
                if self._within == PART:
                    self._parts.popleft()
                    self._within = 0
        return out


class ClockOutput:
    """No device: parts pass as fast as they would sound."""

    def __init__(self, rate: int) -> None:
        self._seconds = PART / rate
        self._parts: deque[Heard] = deque()
        self._next = 0.0
        self.missed = 0

    def write(self, part: Part) -> None:
        self._next = max(self._next, time.monotonic())
        self._parts.append((part, self._next))
        self._next += self._seconds

    @property
    def queued(self) -> int:
        return sum(when > time.monotonic() for _, when in self._parts)

    def heard(self) -> list[Heard]:
        now, heard = time.monotonic(), []
        while self._parts and self._parts[0][1] <= now:
            heard.append(self._parts.popleft())
        return heard

    def close(self) -> None:
        pass


def open_output(rate: int, device: str) -> tuple[DeviceOutput | ClockOutput, str | None]:
    """The output, and why there is no device; None if there is one.

    Args:
        device: "" for the device of this machine; "null" for one that swallows everything; "none".
    """
    if device == "none":
        return ClockOutput(rate), "none is wished"
    try:
        return DeviceOutput(rate, device == "null"), None
    except Exception as error:  # noqa: BLE001 whatever sound libraries throw, the song is played silently
        return ClockOutput(rate), str(error)
