"""The music model that ships with the plugin, run by ONNX Runtime with a cache of keys and values."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, mark, tr
from studio_music.core.tokens import vocabulary as v

SHIPPED = Path(__file__).resolve().parents[2] / "model" / "model.onnx"
_HINT = mark("Reinstall the music plugin, or choose another model.")
MOST_ROWS = 8192
"""What can be fed in all: eight times what was trained on."""
_AT_ONCE = 512
"""Rows that are fed in one run: attention takes memory for each of them times all before."""
_ROOM = 1024
"""Rows that the caches have room for at first."""


class MusicModel:
    """A loaded model. Serves one piece of music at a time: start it, then feed it rows."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._names = [given.name for given in session.get_inputs()[2:]]
        _, heads, _, size = session.get_inputs()[2].shape
        self._logits = np.zeros(v.SIZE, np.float32)
        self._fed = 0
        self._keep([np.zeros((1, heads, _ROOM, size), np.float32) for _ in self._names])

    @classmethod
    def load(cls, path: Path | None = None) -> MusicModel:
        """Reads a model: the one that ships where no path is given. Takes about 0.2 s.

        It computes on one thread: its matrices are so small that a second one gains nothing, and waits for
        it cost three times as much as they save where another program is busy.

        Raises:
            BadInput: there is no model at the path, or the file is not such a model.
        """
        import onnxruntime  # for speed: it takes a quarter of a second to import

        file = path or SHIPPED
        try:
            content = file.read_bytes()
        except OSError as error:
            raise BadInput(tr("There is no music model at {path}.", path=str(file)), tr(_HINT)) from error
        if path is None and hashlib.sha256(content).hexdigest() != shipped_facts()["sha256"]:
            raise BadInput(tr("The music model is damaged: its checksum differs."), tr(_HINT))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises kinds of its own that are not importable by name
            raise BadInput(tr("{name} is no music model.", name=file.name), tr(_HINT)) from error
        inputs = {given.name: given.shape for given in session.get_inputs()}
        logits = session.get_outputs()[0].shape
        fits = list(inputs)[:3] == ["rows", "after", "past0"] and inputs["rows"][2] == len(v.FEATURES)
        fits = fits and logits == [v.SIZE]
        if not fits:
            raise BadInput(tr("{name} is no music model of this version.", name=file.name), tr(_HINT))
        return cls(session)

    def start(self) -> None:
        """Forgets what was fed."""
        self._fed = 0

    def feed(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Feeds rows (count, features), one at least, and gives the logits (vocabulary) of the token after.

        Raises:
            BadInput: with them there are more than `MOST_ROWS`.
        """
        after = self._fed + len(rows)
        if after > MOST_ROWS:
            raise BadInput(
                tr("These bars have too many notes: the model cannot read them all."),
                tr("Choose a track with fewer notes."),
            )
        while after > self._caches[0].shape[2]:
            self._keep([np.concatenate([cache, np.zeros_like(cache)], 2) for cache in self._caches])
        for first in range(0, len(rows), _AT_ONCE):
            part = np.ascontiguousarray(rows[None, first : first + _AT_ONCE])
            self._fed += part.shape[1]
            self._binding.bind_cpu_input("rows", part)
            self._binding.bind_cpu_input("after", np.array([self._fed], np.int32))
            self._session.run_with_iobinding(self._binding)
        return self._logits.copy()

    def _keep(self, caches: list[NDArray[np.float32]]) -> None:
        """Has the graph write its keys and values on in these, (1, heads, room, size) each."""
        from onnxruntime import OrtValue  # for speed: see `load`

        self._caches = caches
        self._binding = self._session.io_binding()
        for name, cache in zip(self._names, caches, strict=True):
            value = OrtValue.ortvalue_from_numpy(cache)
            self._binding.bind_ortvalue_input(name, value)
            self._binding.bind_ortvalue_output(name.replace("past", "present"), value)
        self._binding.bind_ortvalue_output("logits", OrtValue.ortvalue_from_numpy(self._logits))


def shipped_facts() -> dict[str, Any]:
    """What `model.toml` says of the model that ships."""
    return tomllib.loads(SHIPPED.with_name("model.toml").read_text("utf8"))
