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


class MusicModel:
    """A loaded model. Serves one piece of music at a time: start it, then feed it rows."""

    def __init__(self, session: Any) -> None:
        import onnxruntime  # for speed: see `load`

        self._session = session
        self._value = onnxruntime.OrtValue.ortvalue_from_numpy
        self._inputs = [given.name for given in session.get_inputs()[1:]]
        self._outputs = [given.name for given in session.get_outputs()]
        _, heads, _, size = session.get_inputs()[1].shape
        self._empty = [self._value(np.zeros((1, heads, 0, size), np.float32)) for _ in self._inputs]
        self._past = self._empty

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
        fits = list(inputs)[:2] == ["rows", "past0"] and inputs["rows"][2] == len(v.FEATURES)
        fits = fits and logits == [v.SIZE]
        if not fits:
            raise BadInput(tr("{name} is no music model of this version.", name=file.name), tr(_HINT))
        return cls(session)

    def start(self) -> None:
        """Forgets what was fed."""
        self._past = self._empty

    def feed(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Feeds rows (count, features), and gives the logits (vocabulary) of the token after them."""
        # The caches stay onnxruntime's own values, so that they are not copied to and fro.
        given = {"rows": self._value(rows[None]), **dict(zip(self._inputs, self._past, strict=True))}
        logits, *self._past = self._session.run_with_ort_values(self._outputs, given)
        found: NDArray[np.float32] = logits.numpy()
        return found


def shipped_facts() -> dict[str, Any]:
    """What `model.toml` says of the model that ships."""
    return tomllib.loads(SHIPPED.with_name("model.toml").read_text("utf8"))
