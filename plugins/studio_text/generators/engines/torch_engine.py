"""Language models through torch and transformers: on a graphics card, or on the processor as it fits.

The decoding loop is our own. Keys and values lie in memory of a fixed size, each at its position, so that
every row goes on from where it is: to take words back is to let the next ones overwrite them.
"""

from __future__ import annotations

import gc
import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.api import OutOfMemory, Plan, tr
from studio_text.generators.engines.engine import PIECE, Check, Tokenizer
from studio_text.generators.engines.tokenizer import load_tokenizer
from studio_text.generators.engines.torch_weights import is_out_of_memory, load_model

if TYPE_CHECKING:
    import torch

_GROWTH = 64
"""Tokens: the memory that is looked at grows in such steps, which keeps the number of shapes small."""


def load_torch_engine(path: Path, plan: Plan, threads: int) -> TorchEngine:
    """A transformers folder or a GGUF file.

    Raises:
        ModelRefused: it is damaged, or of a family that is not known here.
        BadInput: it has no tokenizer.
        OutOfMemory: it does not fit the plan's device.
    """
    import torch

    tokenizer = load_tokenizer(path)
    if threads and plan.device == "cpu":
        torch.set_num_threads(threads)
    with told_if_full(plan.device):
        return TorchEngine(load_model(path, plan, tokenizer), tokenizer, plan.device)


class TorchEngine:
    """`Engine` of `engine.py`."""

    def __init__(self, model: Any, tokenizer: Tokenizer, device: str) -> None:
        """`model`: a causal language model of transformers, on its device."""
        self.tokenizer = tokenizer
        self.context: int = model.config.max_position_embeddings
        self._model = model
        self._device = device
        self._windows = _windows(model.config)
        # transformers 5 calls it by either name, depending on the release.
        names = inspect.signature(model.forward).parameters
        self._cache_name = "cache" if "cache" in names else "past_key_values"

    def begin(self, prompt: Sequence[int], rows: int, room: int, check: Check) -> TorchDecoding:
        import torch

        length = len(prompt) + room
        with told_if_full(self._device):
            cache = RowCache(1, length if rows == 1 else len(prompt))
            for start in range(0, len(prompt), PIECE):
                check()
                piece = torch.tensor([prompt[start : start + PIECE]])
                logits = self.run(piece, torch.arange(start, start + piece.shape[1])[None], cache)
            if rows > 1:
                cache = cache.spread(rows, length)
        return TorchDecoding(self, cache, len(prompt), np.repeat(logits, rows, axis=0))

    def run(self, ids: torch.Tensor, positions: torch.Tensor, cache: RowCache) -> NDArray[np.float32]:
        """Adds tokens (rows, tokens) at positions of the same shape. Returns the logits (rows, vocabulary) of
        the last ones.
        """
        import torch

        ids, positions = ids.to(self._device), positions.to(self._device)
        end = cache.begin(positions)
        with torch.inference_mode(), told_if_full(self._device):
            found = self._model(
                input_ids=ids,
                position_ids=positions,
                attention_mask=self._masks(positions, end),
                use_cache=True,
                logits_to_keep=1,
                **{self._cache_name: cache},
            )
            logits: NDArray[np.float32] = found.logits[:, -1].float().cpu().numpy()
        return logits

    def _masks(self, positions: torch.Tensor, end: int) -> Any:
        """What is added to the attention's scores, (rows, 1, tokens, end); by kind of layer."""
        masks = {kind: self._mask(positions, end, window) for kind, window in self._windows.items()}
        return masks if len(masks) > 1 else next(iter(masks.values()))

    def _mask(self, positions: torch.Tensor, end: int, window: int) -> torch.Tensor:
        import torch

        places = torch.arange(end, device=positions.device)
        seen = places <= positions[..., None]
        if window:
            seen &= places > positions[..., None] - window
        dtype = self._model.dtype
        mask = torch.zeros(seen.shape, dtype=dtype, device=positions.device)
        return mask.masked_fill_(~seen, torch.finfo(dtype).min)[:, None]


def _windows(config: Any) -> dict[str, int]:
    """How far back the layers see, by their kind; 0: to the beginning."""
    window = int(getattr(config, "sliding_window", None) or 0)
    kinds = set(getattr(config, "layer_types", None) or ())
    if not kinds:
        return {"": window}
    return {kind: window if kind == "sliding_attention" else 0 for kind in sorted(kinds)}


class RowCache:
    """Keys and values by layer, (rows, heads, length, size), each at its position. Models call `update`."""

    is_compileable = False

    def __init__(self, rows: int, length: int) -> None:
        self._rows, self._length = rows, length
        self._layers: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}
        self._positions: torch.Tensor
        self._numbers: torch.Tensor
        self._end = 0

    def begin(self, positions: torch.Tensor) -> int:
        """Tells where the next `update`s write. Returns how many positions they give back."""
        import torch

        self._positions = positions
        self._numbers = torch.arange(self._rows, device=positions.device)[:, None]
        last = int(positions.max()) + 1
        self._end = min(self._length, -(-last // _GROWTH) * _GROWTH)
        return self._end

    def update(
        self, keys: torch.Tensor, values: torch.Tensor, layer_idx: int, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if layer_idx not in self._layers:
            self._layers[layer_idx] = self._empty(keys), self._empty(values)
        for kept, new in zip(self._layers[layer_idx], (keys, values), strict=True):
            kept[self._numbers, :, self._positions] = new.transpose(1, 2)
        known_keys, known_values = self._layers[layer_idx]
        return known_keys[: self._rows, :, : self._end], known_values[: self._rows, :, : self._end]

    def get_seq_length(self, layer_idx: int = 0) -> int:
        return self._end

    def spread(self, rows: int, length: int) -> RowCache:
        """The one row of this cache, so many times. This cache is empty afterwards."""
        wide = RowCache(rows, length)
        for layer in list(self._layers):
            keys, values = self._layers.pop(layer)
            wide._layers[layer] = wide._empty(keys), wide._empty(values)
            for kept, known in zip(wide._layers[layer], (keys, values), strict=True):
                kept[:, :, : self._length] = known
        return wide

    def drop(self, row: int) -> None:
        """Puts the last row into the place of this one, and goes on with one less."""
        self._rows -= 1
        if row == self._rows:  # a single row's tensors could not be written to here: they are for inference
            return
        for parts in self._layers.values():
            for part in parts:
                part[row] = part[self._rows]

    def _empty(self, like: torch.Tensor) -> torch.Tensor:
        return like.new_zeros((self._rows, like.shape[1], self._length, like.shape[3]))


class TorchDecoding:
    """`Decoding` of `engine.py`. Rows that are done are taken out of the batch: the others go on faster."""

    def __init__(
        self, engine: TorchEngine, cache: RowCache, length: int, logits: NDArray[np.float32]
    ) -> None:
        self.logits = logits
        self._engine, self._cache = engine, cache
        self._lengths = [length] * len(logits)
        """Tokens of each row of the cache."""
        self._places = list(range(len(logits)))
        """Which row each row of the cache belongs to."""

    def advance(self, tokens: Sequence[int]) -> None:
        import torch

        if not self._places:
            return
        ids = torch.tensor([[tokens[row]] for row in self._places])
        positions = torch.tensor([[length] for length in self._lengths])
        self.logits[self._places] = self._engine.run(ids, positions, self._cache)
        self._lengths = [length + 1 for length in self._lengths]

    def rewind(self, row: int, count: int) -> None:
        self._lengths[self._places.index(row)] -= count

    def finish(self, row: int) -> None:
        place = self._places.index(row)
        self._cache.drop(place)
        self._places[place], self._lengths[place] = self._places[-1], self._lengths[-1]
        self._places.pop()
        self._lengths.pop()


@contextmanager
def told_if_full(device: str) -> Iterator[None]:
    """Says in words that the device's memory is full, and gives back what was not needed any more."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        gc.collect()
        raise OutOfMemory(
            tr("The memory of “{device}” is not enough for this model.", device=device),
            tr("Close other programs, write fewer drafts at once, or choose a smaller model."),
            str(error),
        ) from error
