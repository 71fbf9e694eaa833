"""Language models on the CPU: ONNX graphs that `onnx_graph` wrote, run with a cache of keys and values.

The cache is one block of memory for each layer, which the graph reads and adds to in place. A prompt is read
once, in pieces, and its part of the cache is then copied for each draft. All drafts go on in one batch: the
weights are read from memory once for all of them, and reading the weights is what takes the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from studio.api import ModelRefused, onnx_session, tr
from studio_text.generators.engines.engine import PIECE, Check, Tokenizer
from studio_text.generators.weights.onnx_graph import GRAPH

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, OrtValue

DESCRIPTION = "text.json"
TOKENIZER = "tokenizer.json"
_TABLE_STEP = 1024
_ROOM = 512
"""Tokens that the cache grows by: texts mostly end long before the room that they were given."""


class Description(msgspec.Struct, frozen=True):
    """`text.json`: what an onnx-text folder holds, for those who run it."""

    family: str
    context: int
    vocabulary: int
    layers: int
    kv_heads: int
    head_size: int
    frequencies: tuple[float, ...]
    """Rotary angles per position."""
    local_frequencies: tuple[float, ...]
    bos: int | None
    eos: tuple[int, ...]
    chat_template: str | None
    precision: str
    source_sha256: str
    converter: str
    format: int = 1


def read_description(folder: Path) -> Description:
    """Raises `ModelRefused` when the folder's `text.json` is none."""
    try:
        found = msgspec.json.decode((folder / DESCRIPTION).read_bytes(), type=Description)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
        raise _refused(folder, str(error)) from error
    if found.format != 1:
        raise _refused(folder, f"format {found.format}")
    return found


def write_description(folder: Path, description: Description) -> None:
    (folder / DESCRIPTION).write_bytes(msgspec.json.format(msgspec.json.encode(description), indent=1))


def _refused(folder: Path, detail: str) -> ModelRefused:
    return ModelRefused(
        tr("The language model in “{name}” cannot be loaded.", name=folder.name),
        tr("Convert it again."),
        detail,
    )


class OnnxEngine:
    def __init__(self, folder: Path, tokenizer: Tokenizer, threads: int) -> None:
        """Loads the model. Raises `ModelRefused` when it does not load."""
        self.description = read_description(folder)
        self.tokenizer = tokenizer
        self.context = self.description.context
        self.session = _session(folder, threads)
        self._tables: dict[str, NDArray[np.float32]] = {}

    def begin(self, prompt: Sequence[int], rows: int, room: int, check: Check) -> OnnxDecoding:
        """Reads the prompt, which must hold a token; `check` is called before each piece of it."""
        most = len(prompt) + room
        length = min(most, len(prompt) + _ROOM)
        cache = _Cache(self, 1, length if rows == 1 else len(prompt))
        ids = np.array([prompt], np.int64)
        for start in range(0, len(prompt), PIECE):
            check()
            stop = min(len(prompt), start + PIECE)
            logits = cache.run(ids[:, start:stop], np.array([stop]))
        if rows > 1:
            cache = cache.spread(rows, length)
        return OnnxDecoding(cache, len(prompt), most, np.repeat(logits, rows, axis=0))

    def table(self, name: str, length: int) -> NDArray[np.float32]:
        """(length, half a head): cosines or sines of all rotary angles of the first positions."""
        known = self._tables.get(name)
        if known is None or len(known) < length:
            grown = -(-length // _TABLE_STEP) * _TABLE_STEP
            local = name.startswith("local_")
            frequencies = self.description.local_frequencies if local else self.description.frequencies
            angles = np.outer(np.arange(grown), np.array(frequencies))
            known = (np.cos if name.endswith("cos") else np.sin)(angles).astype(np.float32)
            self._tables[name] = known
        return known[:length]


class _Cache:
    """Keys and values of some rows, and the one way to run the graph on them."""

    def __init__(self, engine: OnnxEngine, rows: int, length: int) -> None:
        self._engine, self.length = engine, length
        description = engine.description
        size = (rows, description.kv_heads, length, description.head_size)
        self._parts = {
            f"{layer}.{part}": np.zeros(size, np.float32)
            for layer in range(description.layers)
            for part in ("key", "value")
        }
        self._bind(rows)

    def _bind(self, rows: int) -> None:
        """Takes the first so many rows of the memory into all further runs."""
        engine = self._engine
        self._rows = rows
        self._binding = engine.session.io_binding()
        names = (
            ("cos", "sin", "local_cos", "local_sin")
            if engine.description.local_frequencies
            else ("cos", "sin")
        )
        self._held: list[OrtValue] = []
        for name in names:
            self._binding.bind_ortvalue_input(name, self._value(engine.table(name, self.length)))
        for name, part in self._parts.items():
            value = self._value(part[:rows])
            self._binding.bind_ortvalue_input(f"past.{name}", value)
            self._binding.bind_ortvalue_output(f"present.{name}", value)
        self._logits = np.zeros((rows, 1, engine.description.vocabulary), np.float32)
        self._binding.bind_ortvalue_output("logits", self._value(self._logits))

    def _value(self, array: NDArray[Any]) -> OrtValue:
        """The array's memory as the graph's; it is held until the next `_bind`."""
        from onnxruntime import OrtValue

        value = OrtValue.ortvalue_from_numpy(array)
        self._held.append(value)
        return value

    def run(self, ids: NDArray[np.int64], lengths: NDArray[np.int_]) -> NDArray[np.float32]:
        """Adds tokens, (rows, tokens), after which the rows have these lengths. Returns the memory of the
        logits, (rows, vocabulary), that the next run overwrites.
        """
        self._binding.bind_cpu_input("input_ids", np.ascontiguousarray(ids))
        self._binding.bind_cpu_input("lengths", (lengths - 1).astype(np.int32))
        self._binding.bind_cpu_input("total", np.array(lengths.max(), np.int32))
        self._engine.session.run_with_iobinding(self._binding)
        return self._logits[:, 0]

    def spread(self, rows: int, length: int) -> _Cache:
        """A longer cache with this one's rows, or its one row so many times. This one's memory is given back
        on the way.
        """
        wide = _Cache(self._engine, rows, length)
        self._held.clear()
        self._binding = None
        for name in list(self._parts):
            wide._parts[name][:, :, : self.length] = self._parts.pop(name)[: self._rows]
        return wide

    def drop(self, row: int, length: int) -> None:
        """Puts the last row, of this length, into the place of this one, and goes on with one less."""
        last = self._rows - 1
        if row != last:
            for part in self._parts.values():
                part[row, :, :length] = part[last, :, :length]
        self._bind(last)


class OnnxDecoding:
    """Rows that are done are taken out of the batch: the others go on faster."""

    def __init__(self, cache: _Cache, length: int, most: int, logits: NDArray[np.float32]) -> None:
        self.logits = logits.copy()
        self._cache, self._most = cache, most
        self._lengths = np.full(len(logits), length)
        """Tokens of each row of the cache."""
        self._places = list(range(len(logits)))
        """Which row each row of the cache belongs to."""

    def advance(self, tokens: Sequence[int]) -> None:
        if not self._places:
            return
        ids = np.array([[tokens[row]] for row in self._places], np.int64)
        self._lengths += 1
        if self._lengths.max() > self._cache.length:
            length = min(self._most, self._cache.length + _ROOM)
            self._cache = self._cache.spread(len(self._places), length)
        self.logits[self._places] = self._cache.run(ids, self._lengths)

    def rewind(self, row: int, count: int) -> None:
        self._lengths[self._places.index(row)] -= count

    def finish(self, row: int) -> None:
        place = self._places.index(row)
        last = len(self._places) - 1
        if last:
            self._cache.drop(place, int(self._lengths[last]))
        self._places[place], self._lengths[place] = self._places[last], self._lengths[last]
        self._places.pop()
        self._lengths = self._lengths[:last].copy()


def _session(folder: Path, threads: int) -> InferenceSession:
    try:
        session: InferenceSession = onnx_session(folder / GRAPH, device="cpu", threads=threads)
    except ModelRefused as error:
        raise _refused(folder, error.detail) from error
    return session
