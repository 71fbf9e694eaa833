"""What the network basic-pitch hears: for each moment, which pitches sound and which begin.

Source: Bittner et al., A Lightweight Instrument-Agnostic Model for Polyphonic Note Transcription, ICASSP
2022. The file `nmp.onnx` is that of the Python package basic-pitch 0.4.0 (Apache-2.0, see the licence beside
it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.api.values import ModelRefused, tr

Floats = NDArray[np.float32]

MODEL = Path(__file__).parent / "nmp.onnx"
DIGEST = "2c3c1d144bfa61ad236e92e169c13535c880469a12a047d4e73451f2c059a0ec"
"""SHA-256 of the file."""
RATE = 22_050
"""Samples per second that the network takes."""
HOP = 256
"""Samples from frame to frame."""
FRAME = HOP / RATE
"""Seconds from frame to frame."""
LOWEST = 21
"""The MIDI pitch of the lowest of 88 keys, A0."""
KEYS = 88
BINS = 3
"""Of the contour, per semitone; the second bin of the first semitone is A0 minus a third of a semitone."""
_WINDOW = 2 * RATE - HOP
"""Samples that the network hears at once."""
_FRAMES = 172
"""That it answers for a window."""
_MARGIN = 15
"""Frames at each end of a window that hear too little, and are taken from the windows beside it."""
_STEP = (_FRAMES - 2 * _MARGIN) * HOP
"""Samples from window to window: whole frames, so that all frames are equally far apart."""


@dataclass(frozen=True)
class Heard:
    """What the network hears. Frame n is n * `FRAME` seconds from the beginning."""

    onset: Floats
    """(frames, 88): how likely each key begins here, 0 to 1."""
    note: Floats
    """(frames, 88): how likely each key sounds."""
    contour: Floats
    """(frames, 264): how likely each third of a semitone sounds."""


def session(threads: int = 1) -> Any:
    """The network in ONNX Runtime, on the CPU. Raises `ModelRefused` where its file is damaged."""
    import onnxruntime  # for speed

    data = MODEL.read_bytes()
    if hashlib.sha256(data).hexdigest() != DIGEST:
        raise ModelRefused(
            tr("The network that hears notes is damaged."),
            tr("Install the studio again: its file was changed."),
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def listen(
    audio: Floats, network: Any, progress: Callable[[int, int], None] = lambda done, total: None
) -> Heard:
    """Hears audio (samples at `RATE`, one channel) window by window.

    `progress` is told how many windows are done, of how many.
    """
    frames = 1 + len(audio) // HOP
    windows = -(-frames // (_FRAMES - 2 * _MARGIN))
    padded = np.zeros((windows - 1) * _STEP + _WINDOW, np.float32)
    before = _MARGIN * HOP
    padded[before : before + len(audio)] = audio
    name = network.get_inputs()[0].name
    outputs = [f"StatefulPartitionedCall:{n}" for n in (2, 1, 0)]  # onset, note, contour
    kept = _FRAMES - 2 * _MARGIN
    heard = [np.empty((windows * kept, keys), np.float32) for keys in (KEYS, KEYS, KEYS * BINS)]
    for n in range(windows):
        progress(n, windows)
        window = padded[n * _STEP : n * _STEP + _WINDOW].reshape(1, _WINDOW, 1)
        for whole, part in zip(heard, network.run(outputs, {name: window}), strict=True):
            whole[n * kept : (n + 1) * kept] = part[0, _MARGIN : _FRAMES - _MARGIN]
    progress(windows, windows)
    return Heard(*(whole[:frames] for whole in heard))
