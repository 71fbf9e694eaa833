"""The sample project: photos to try the studio on, each with a mask over something that may go."""

from __future__ import annotations

from pathlib import Path

from studio.core.kind import Kind
from studio.paths import resource
from studio.project.store import Project

_MASK = "_mask"


def sample_pairs() -> list[tuple[Path, Path]]:
    """The photos that come with the studio, each with its mask, in the order of their names."""
    masks = sorted(resource("samples").glob(f"*{_MASK}.png"))
    return [(_photo_of(mask), mask) for mask in masks]


def create_sample(folder: Path) -> Project:
    """Makes the sample project in a folder that is absent or empty, and opens it.

    Raises:
        BadInput, DiskFull: see `Project.create`.
    """
    project = Project.create(folder)
    for photo, mask in reversed(sample_pairs()):  # the gallery shows the newest first
        project.add_asset(mask, kind=Kind.MASK)
        project.add_asset(photo, kind=Kind.IMAGE)
    return project


def _photo_of(mask: Path) -> Path:
    stem = mask.stem.removesuffix(_MASK)
    return next(path for path in sorted(mask.parent.glob(f"{stem}.*")) if path.suffix in (".jpg", ".png"))
