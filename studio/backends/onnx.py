"""How generators that compute with ONNX Runtime use a device: the one place that picks its providers.

Builds of ONNX Runtime differ in the devices that they can use ("execution providers"). The one for the
processor is in all of them, and comes last in every session: it computes what the others cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.backends.device import is_out_of_memory, kind_of, onnx_providers
from studio.errors import ModelRefused, OutOfMemory
from studio.words import tr

_CPU = "CPUExecutionProvider"
_PROVIDERS: dict[str, tuple[str, ...]] = {
    "cuda": ("CUDAExecutionProvider", "MIGraphXExecutionProvider"),
    "mps": ("CoreMLExecutionProvider",),
    "dml": ("DmlExecutionProvider",),
    "openvino": ("OpenVINOExecutionProvider",),
}
"""For each kind of device the providers that use it, the best first. "cpu" is the processor and nothing else,
so that the same recipe means the same everywhere."""

_QUIET = 4


def providers_for(device: str, offered: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    """Which of the offered providers a session on this device is given, in order, with their options."""
    kind, _, number = device.partition(":")
    options: dict[str, dict[str, str]] = {
        "OpenVINOExecutionProvider": {"device_type": "AUTO"},
        **{name: {"device_id": number or "0"} for name in (*_PROVIDERS["cuda"], *_PROVIDERS["dml"])},
    }
    chosen = [name for name in _PROVIDERS.get(kind, ()) if name in offered][:1]
    return [(name, options.get(name, {})) for name in (*chosen, _CPU)]


def session_options(threads: int, device: str, config: Mapping[str, str] | None = None) -> Any:
    """What every session is made with: these threads, the same sums every time, no chatter, no telemetry.

    `config` are session configuration entries of ONNX Runtime.
    """
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = _QUIET
    if kind_of(device) == "dml":  # DirectML asks for both
        options.enable_mem_pattern = False
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    for key, value in (config or {}).items():
        options.add_session_config_entry(key, value)
    return options


def onnx_session(path: Path, *, device: str, threads: int, config: Mapping[str, str] | None = None) -> Any:
    """An `onnxruntime.InferenceSession` of a model on a device (`Run.device`).

    `config` are session configuration entries of ONNX Runtime ("session.intra_op.allow_spinning").

    Raises:
        ModelRefused: the model does not load.
        OutOfMemory: there is not enough memory for it.
    """
    import onnxruntime

    options = session_options(threads, device, config)
    if kind_of(device) == "cuda":
        onnxruntime.preload_dlls()  # CUDA's own libraries, where torch or pip put them
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=providers_for(device, onnx_providers())
        )
    except Exception as error:
        if is_out_of_memory(error):
            raise OutOfMemory(
                tr("There is not enough memory to load the model “{name}”.", name=path.name),
                tr("Close other programs, or choose a smaller model."),
                str(error),
            ) from error
        raise ModelRefused(
            tr("The model “{name}” cannot be loaded.", name=path.name),
            tr("Get the file again; it may be cut off."),
            str(error),
        ) from error
