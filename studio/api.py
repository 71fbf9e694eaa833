"""Everything that a plugin may import, and nothing else. What is not here may change at any time."""

from importlib import import_module
from typing import TYPE_CHECKING

from pydantic import Field

from studio.backends.onnx import onnx_session
from studio.backends.torch import torch_device, torch_dtype
from studio.core.authoring import Converter, Generator, Params, Ui
from studio.core.generator import Cancelled, ConvertRun, Input, NewArtifact, Run
from studio.core.images import Picture, load_image, load_mask
from studio.core.kind import Kind
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
    from studio.parts.files.mesh_files import read_mesh
    from studio.parts.files.partfile import read_part, write_part
    from studio.parts.grid import Grid
    from studio.parts.mesh import Mesh
    from studio.parts.part import Part, PartFacts
    from studio.parts.part_numbers import Better, Figure, PartNumber, PartNumbers
    from studio.parts.studies.catalog import materials, preset, presets
    from studio.parts.studies.check import check_study
    from studio.parts.studies.domain import Domain, Patch, domain_of, specific_weight, target_fraction
    from studio.parts.studies.estimate import Estimate, estimate, solver_bytes, study_bytes
    from studio.parts.studies.quality import Quality, grid_of
    from studio.parts.studies.remark import Remark
    from studio.parts.studies.voxelize import is_closed, mesh_coverage
    from studio.parts.studies.voxels import shape_coverage
    from studio.parts.surfaces.mesh_check import require_solid
    from studio.parts.surfaces.simplify import simplified
    from studio.parts.view.body import Body, body_of
    from studio.parts.view.camera import Camera
    from studio.parts.view.layers import Frame, Layer, Section
    from studio.parts.view.render import render
else:
    _PARTS = {
        "Better": "part_numbers",
        "Body": "view.body",
        "Camera": "view.camera",
        "Domain": "studies.domain",
        "Estimate": "studies.estimate",
        "Figure": "part_numbers",
        "Frame": "view.layers",
        "Grid": "grid",
        "Layer": "view.layers",
        "Mesh": "mesh",
        "Part": "part",
        "PartFacts": "part",
        "PartNumber": "part_numbers",
        "PartNumbers": "part_numbers",
        "Patch": "studies.domain",
        "Quality": "studies.quality",
        "Remark": "studies.remark",
        "Section": "view.layers",
        "body_of": "view.body",
        "check_study": "studies.check",
        "domain_of": "studies.domain",
        "estimate": "studies.estimate",
        "grid_of": "studies.quality",
        "is_closed": "studies.voxelize",
        "materials": "studies.catalog",
        "mesh_coverage": "studies.voxelize",
        "preset": "studies.catalog",
        "presets": "studies.catalog",
        "read_mesh": "files.mesh_files",
        "read_part": "files.partfile",
        "render": "view.render",
        "require_solid": "surfaces.mesh_check",
        "shape_coverage": "studies.voxels",
        "simplified": "surfaces.simplify",
        "solver_bytes": "studies.estimate",
        "specific_weight": "studies.domain",
        "study_bytes": "studies.estimate",
        "target_fraction": "studies.domain",
        "write_part": "files.partfile",
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

if not TYPE_CHECKING:
    # What a star asks for shall not import numpy: names of parts are asked for one by one.
    __all__ = [name for name in __all__ if name not in _PARTS]
