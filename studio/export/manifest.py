"""What lies beside exported files: what each is, how it was made, and under which licences."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

import studio
from studio.core.cells import plain_cell
from studio.core.item import Item
from studio.core.recipe import Recipe

FORMAT = 1
_COLUMNS = (
    "file", "sha256", "bytes", "name", "kind", "origin", "created", "generator", "version", "seed",
    "models", "licences", "recipe", "beside",
)  # fmt: skip


@dataclass(frozen=True)
class FileBeside:
    """One that goes with an exported file: a table of its numbers, for one."""

    path: Path
    digest: str
    """SHA-256."""
    size: int


@dataclass(frozen=True)
class ExportedFile:
    """One file that an export wrote."""

    path: Path
    item: Item
    recipe: Recipe | None
    """None for an asset, which no generator made."""
    digest: str
    """SHA-256 of the written bytes; differs from the item's own where the file was converted."""
    size: int
    beside: tuple[FileBeside, ...] = ()


def as_json(project: str, files: Sequence[ExportedFile], when: datetime) -> str:
    """The manifest for programs: UTF-8 JSON, one object per file with its whole recipe."""
    document = {
        "format": FORMAT,
        "application": f"studio {studio.__version__}",
        "project": project,
        "created": _iso(when),
        "files": [_describe(file) for file in files],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(files: Sequence[ExportedFile]) -> str:
    """The manifest for spreadsheets. No cell can be taken for a formula (OWASP ASVS 1.2.10)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for file in files:
        recipe = file.recipe
        models = list(recipe.models.values()) if recipe else []
        row = (
            file.path.name,
            file.digest,
            str(file.size),
            file.item.name,
            file.item.kind,
            file.item.origin.value,
            _iso(datetime.fromtimestamp(file.item.created, UTC)),
            recipe.generator if recipe else "",
            recipe.generator_version if recipe else "",
            str(recipe.seed) if recipe else "",
            "; ".join(f"{model.name} {model.digest}" for model in models),
            "; ".join(model.licence or "not stated" for model in models),
            recipe.to_json() if recipe else "",
            "; ".join(other.path.name for other in file.beside),
        )
        writer.writerow([plain_cell(cell) for cell in row])
    return text.getvalue()


def _describe(file: ExportedFile) -> dict[str, Any]:
    item, recipe = file.item, file.recipe
    described: dict[str, Any] = {
        "file": file.path.name,
        "sha256": file.digest,
        "bytes": file.size,
        "uid": item.uid,
        "name": item.name,
        "kind": item.kind,
        "origin": item.origin.value,
        "created": _iso(datetime.fromtimestamp(item.created, UTC)),
        "original_sha256": item.digest,
    }
    if recipe is not None:
        described["seed"] = recipe.seed
        described["models"] = [msgspec.to_builtins(model) for model in recipe.models.values()]
        described["recipe"] = recipe.to_dict()
        described["recipe_sha256"] = recipe.digest
    if file.beside:
        described["beside"] = [
            {"file": other.path.name, "sha256": other.digest, "bytes": other.size} for other in file.beside
        ]
    return described


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
