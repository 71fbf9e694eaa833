"""What the core of a plugin needs of the studio: errors, words, and what generators give and take as values.

It imports without pydantic, numpy and Qt, so that a plugin's room, formats and commands start at once. All
of it is in `studio.api` too.
"""

from __future__ import annotations

import studio
from studio.core.cells import plain_cell
from studio.core.export_request import ExportRequest
from studio.core.file_names import safe_name
from studio.core.generator import NAME as GENERATOR_NAME
from studio.core.generator import Cancelled, Input, NewArtifact
from studio.core.given_files import regular_file, shown
from studio.core.item import Item
from studio.core.kind import Kind
from studio.core.model import Number
from studio.core.terminal import printable
from studio.core.thumbnail import Notes, Pixels, Swatches, TextPage, Thumbnail, Wave
from studio.core.titles import stored, told
from studio.errors import BadInput, DiskFull, ModelRefused, OutOfMemory, ProjectError, StudioError
from studio.given_paths import is_file, path_of
from studio.paths import data_folder, resource
from studio.user_files import read as read_at_most
from studio.user_files import write as write_whole
from studio.words import language, mark, tr, trn

STUDIO_VERSION = studio.__version__

__all__ = [
    "GENERATOR_NAME",
    "STUDIO_VERSION",
    "BadInput",
    "Cancelled",
    "DiskFull",
    "ExportRequest",
    "Input",
    "Item",
    "Kind",
    "ModelRefused",
    "NewArtifact",
    "Notes",
    "Number",
    "OutOfMemory",
    "Pixels",
    "ProjectError",
    "StudioError",
    "Swatches",
    "TextPage",
    "Thumbnail",
    "Wave",
    "data_folder",
    "is_file",
    "language",
    "mark",
    "path_of",
    "plain_cell",
    "printable",
    "read_at_most",
    "regular_file",
    "resource",
    "safe_name",
    "shown",
    "stored",
    "told",
    "tr",
    "trn",
    "write_whole",
]
