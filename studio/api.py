"""Everything that a plugin may import, and nothing else. What is not here may change at any time."""

from pydantic import Field

from studio.backends.onnx import onnx_session
from studio.backends.torch import torch_device, torch_dtype
from studio.core.authoring import Converter, Generator, Params, Ui
from studio.core.generator import Cancelled, ConvertRun, Input, NewArtifact, Run
from studio.core.images import Picture, load_image, load_mask
from studio.core.item import Kind
from studio.core.model import Hub, Licence, ModelSpec, Need, Number, Plan, SpecFile, WheelPart
from studio.core.placeholders import fill
from studio.core.png import encode_png
from studio.core.template import Template, TemplateField, lines_of
from studio.core.template_files import find_templates
from studio.errors import BadInput, ModelRefused, OutOfMemory, StudioError
from studio.hookspecs import hookimpl
from studio.words import mark, tr

__all__ = [
    "BadInput",
    "Cancelled",
    "ConvertRun",
    "Converter",
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
    "Template",
    "TemplateField",
    "Ui",
    "WheelPart",
    "encode_png",
    "fill",
    "find_templates",
    "hookimpl",
    "lines_of",
    "load_image",
    "load_mask",
    "mark",
    "onnx_session",
    "torch_device",
    "torch_dtype",
    "tr",
]
