"""Everything that a plugin may import, and nothing else. What is not here may change at any time.

A name is imported when it is first asked for: a plugin's core takes `studio.api.values` and waits for none of
what generators need.
"""

from importlib import import_module
from typing import TYPE_CHECKING

# What is named here is named in _HOMES too.
if TYPE_CHECKING:
    from pydantic import Field

    from studio.backends.onnx import onnx_session
    from studio.backends.torch import torch_device, torch_dtype
    from studio.core.authoring import Converter, Generator, Ui
    from studio.core.generator import Action, Cancelled, ConvertRun, Input, NewArtifact, Run
    from studio.core.images import Picture, load_image, load_mask, read_mask
    from studio.core.kind import Kind
    from studio.core.model import Hub, Licence, ModelSpec, Need, Number, Plan, SpecFile, WheelPart
    from studio.core.params_base import Params
    from studio.core.png import encode_png
    from studio.errors import BadInput, DiskFull, ModelRefused, OutOfMemory, StudioError
    from studio.hookspecs import hookimpl
    from studio.words import mark, tr, trn
else:
    _HOMES = {
        "BadInput": "studio.errors",
        "Cancelled": "studio.core.generator",
        "ConvertRun": "studio.core.generator",
        "Converter": "studio.core.authoring",
        "DiskFull": "studio.errors",
        "Field": "pydantic",
        "Generator": "studio.core.authoring",
        "Hub": "studio.core.model",
        "Input": "studio.core.generator",
        "Kind": "studio.core.kind",
        "Licence": "studio.core.model",
        "ModelRefused": "studio.errors",
        "ModelSpec": "studio.core.model",
        "Need": "studio.core.model",
        "Action": "studio.core.generator",
        "NewArtifact": "studio.core.generator",
        "Number": "studio.core.model",
        "OutOfMemory": "studio.errors",
        "Params": "studio.core.params_base",
        "Picture": "studio.core.images",
        "Plan": "studio.core.model",
        "Run": "studio.core.generator",
        "SpecFile": "studio.core.model",
        "StudioError": "studio.errors",
        "Ui": "studio.core.authoring",
        "WheelPart": "studio.core.model",
        "encode_png": "studio.core.png",
        "hookimpl": "studio.hookspecs",
        "load_image": "studio.core.images",
        "load_mask": "studio.core.images",
        "mark": "studio.words",
        "onnx_session": "studio.backends.onnx",
        "read_mask": "studio.core.images",
        "torch_device": "studio.backends.torch",
        "torch_dtype": "studio.backends.torch",
        "tr": "studio.words",
        "trn": "studio.words",
    }

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"studio.api has no {name}")
        found = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return found


__all__ = [
    "Action",
    "BadInput",
    "Cancelled",
    "ConvertRun",
    "Converter",
    "DiskFull",
    "Field",
    "Generator",
    "Hub",
    "Input",
    "Kind",
    "Licence",
    "ModelRefused",
    "ModelSpec",
    "Need",
    "NewArtifact",
    "Number",
    "OutOfMemory",
    "Params",
    "Picture",
    "Plan",
    "Run",
    "SpecFile",
    "StudioError",
    "Ui",
    "WheelPart",
    "encode_png",
    "hookimpl",
    "load_image",
    "load_mask",
    "mark",
    "onnx_session",
    "read_mask",
    "torch_device",
    "torch_dtype",
    "tr",
    "trn",
]
