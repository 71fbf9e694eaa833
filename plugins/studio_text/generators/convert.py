"""Makes models for ONNX Runtime on the CPU of GGUF files and transformers folders: smaller, faster there."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from studio.api import Converter, ConvertRun, StudioError, mark, tr

if TYPE_CHECKING:
    from studio_text.generators.weights.onnx_weights import Bits
    from studio_text.generators.weights.weights import Source

_CONVERTER = "studio text-to-onnx 2"
"""Change it whenever the same source would give other bytes."""
_BITS: dict[str, Bits] = {"int4": 4, "int8": 8}
_BESIDE = 64 * 1024 * 1024
"""Bytes, at most, of what lies beside the weights."""
_PIECE = 1 << 22


class TextToOnnx(Converter):
    """Language models of the families Gemma 3, Qwen 2 and 3, Llama and Mistral."""

    name = "to-onnx"
    title = mark("Make it fast on the CPU")
    sources = ("gguf", "transformers")
    target = "onnx-text"
    precisions = ("int4", "int8")

    def convert(self, source: Path, target: Path, precision: str, run: ConvertRun) -> None:
        """Writes the graph, its weights, the tokenizer and `text.json`.

        Raises:
            ModelRefused: the source is damaged, or of a family that is not known here.
            StudioError: the disk has no room for the result.
        """
        from studio_text.generators.engines.onnx_engine import TOKENIZER, Description, write_description
        from studio_text.generators.engines.tokenizer import tokenizer_files
        from studio_text.generators.weights.onnx_graph import work, write_graph

        bits = _BITS[precision]
        run.progress(0, 1, tr("Reading the model"))
        weights = _open(source)
        total, size = work(weights, bits)
        _check_disk(target, size + _BESIDE)
        tokenizer = tokenizer_files(source)
        (target / TOKENIZER).write_text(tokenizer.tokenizer_json, encoding="utf-8", newline="\n")
        sha256 = _digest(source, run)
        done = 0

        def tell(count: int) -> None:
            nonlocal done
            done += count
            run.progress(done, total, tr("Making the weights smaller"))

        write_graph(weights, target, bits, tell)
        shape = weights.shape
        description = Description(
            family=shape.family,
            context=shape.context,
            vocabulary=shape.vocabulary,
            layers=shape.layers,
            kv_heads=shape.kv_heads,
            head_size=shape.head_size,
            frequencies=shape.frequencies,
            local_frequencies=shape.local_frequencies,
            bos=tokenizer.bos,
            eos=tokenizer.eos,
            chat_template=tokenizer.chat_template,
            precision=precision,
            source_sha256=sha256,
            converter=_CONVERTER,
        )
        write_description(target, description)


def _open(source: Path) -> Source:
    if source.is_dir():
        from studio_text.generators.weights.safetensors_source import safetensors_source

        return safetensors_source(source)
    from studio_text.generators.weights.gguf_source import gguf_source

    return gguf_source(source)


def _check_disk(target: Path, needed: int) -> None:
    free = shutil.disk_usage(target).free
    if needed > free:
        raise StudioError(
            tr(
                "The disk has no room for the converted model: {needed} MB are needed, {free} MB are free.",
                needed=needed // 1_000_000,
                free=free // 1_000_000,
            ),
            tr("Free some space, then convert again."),
        )


def _digest(source: Path, run: ConvertRun) -> str:
    """SHA-256 of the file; of a folder's description and weights, one after the other."""
    files = [source / "config.json", *sorted(source.glob("*.safetensors"))] if source.is_dir() else [source]
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                run.check()
                digest.update(piece)
    return digest.hexdigest()
