"""Everything that a plugin may import, and nothing else. What is not here may change at any time."""

from importlib import import_module
from typing import TYPE_CHECKING

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
from studio.core.study import (
    Axis,
    Box,
    Cylinder,
    Face,
    Load,
    LoadCase,
    Making,
    Material,
    Method,
    Region,
    Shape,
    Side,
    Solid,
    Space,
    Sphere,
    Study,
    Support,
    Target,
)
from studio.core.study import to_json as study_to_json
from studio.core.study_file import study_from_json
from studio.core.study_value import files_of
from studio.core.template import Template, TemplateField, lines_of
from studio.core.template_files import find_templates
from studio.errors import BadInput, ModelRefused, OutOfMemory, StudioError
from studio.hookspecs import hookimpl
from studio.words import mark, tr, trn

# What is named here is named in _PARTS too.
if TYPE_CHECKING:
    from studio.parts.body import Body, body_of
    from studio.parts.camera import Camera
    from studio.parts.check import check_study
    from studio.parts.domain import Domain, Patch, domain_of, specific_weight, target_fraction
    from studio.parts.estimate import Estimate, estimate, solver_bytes, study_bytes
    from studio.parts.grid import Grid
    from studio.parts.layers import Frame, Layer, Section
    from studio.parts.library import materials, preset, presets
    from studio.parts.mesh import Mesh
    from studio.parts.mesh_check import require_solid
    from studio.parts.mesh_files import read_mesh
    from studio.parts.part import Part, PartFacts
    from studio.parts.part_numbers import Better, Figure, PartNumber, PartNumbers
    from studio.parts.partfile import read_part, write_part
    from studio.parts.quality import Quality, grid_of
    from studio.parts.remark import Remark
    from studio.parts.render import render
    from studio.parts.simplify import simplified
    from studio.parts.voxelize import is_closed, mesh_coverage
    from studio.parts.voxels import shape_coverage
else:
    _PARTS = {
        "Better": "part_numbers",
        "Body": "body",
        "Camera": "camera",
        "Domain": "domain",
        "Estimate": "estimate",
        "Figure": "part_numbers",
        "Frame": "layers",
        "Grid": "grid",
        "Layer": "layers",
        "Mesh": "mesh",
        "Part": "part",
        "PartFacts": "part",
        "PartNumber": "part_numbers",
        "PartNumbers": "part_numbers",
        "Patch": "domain",
        "Quality": "quality",
        "Remark": "remark",
        "Section": "layers",
        "body_of": "body",
        "check_study": "check",
        "domain_of": "domain",
        "estimate": "estimate",
        "grid_of": "quality",
        "is_closed": "voxelize",
        "materials": "library",
        "mesh_coverage": "voxelize",
        "preset": "library",
        "presets": "library",
        "read_mesh": "mesh_files",
        "read_part": "partfile",
        "render": "render",
        "require_solid": "mesh_check",
        "shape_coverage": "voxels",
        "simplified": "simplify",
        "solver_bytes": "estimate",
        "specific_weight": "domain",
        "study_bytes": "estimate",
        "target_fraction": "domain",
        "write_part": "partfile",
    }

    def __getattr__(name: str) -> object:
        """What deals with parts computes with numpy: it is imported when a plugin first asks for it."""
        if name not in _PARTS:
            raise AttributeError(f"studio.api has no {name}")
        found = globals()[name] = getattr(import_module(f"studio.parts.{_PARTS[name]}"), name)
        return found


__all__ = [
    "Axis",
    "BadInput",
    "Better",
    "Body",
    "Box",
    "Camera",
    "Cancelled",
    "ConvertRun",
    "Converter",
    "Cylinder",
    "Domain",
    "Estimate",
    "Face",
    "Field",
    "Figure",
    "Frame",
    "Generator",
    "Grid",
    "Hub",
    "Input",
    "Kind",
    "Layer",
    "Licence",
    "Load",
    "LoadCase",
    "Making",
    "Material",
    "Mesh",
    "Method",
    "ModelRefused",
    "ModelSpec",
    "Need",
    "NewArtifact",
    "Number",
    "OutOfMemory",
    "Params",
    "Part",
    "PartFacts",
    "PartNumber",
    "PartNumbers",
    "Patch",
    "Picture",
    "Plan",
    "Quality",
    "Region",
    "Remark",
    "Run",
    "Section",
    "Shape",
    "Side",
    "Solid",
    "Space",
    "SpecFile",
    "Sphere",
    "StudioError",
    "Study",
    "Support",
    "Target",
    "Template",
    "TemplateField",
    "Ui",
    "WheelPart",
    "body_of",
    "check_study",
    "domain_of",
    "encode_png",
    "estimate",
    "files_of",
    "fill",
    "find_templates",
    "grid_of",
    "hookimpl",
    "is_closed",
    "lines_of",
    "load_image",
    "load_mask",
    "mark",
    "materials",
    "mesh_coverage",
    "onnx_session",
    "preset",
    "presets",
    "read_mesh",
    "read_part",
    "render",
    "require_solid",
    "shape_coverage",
    "simplified",
    "solver_bytes",
    "specific_weight",
    "study_bytes",
    "study_from_json",
    "study_to_json",
    "target_fraction",
    "torch_device",
    "torch_dtype",
    "tr",
    "trn",
    "write_part",
]
