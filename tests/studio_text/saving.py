"""Documents in projects, saved as the window does."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from studio_text.core.passages import GENERATOR, Passage, inputs_of, params_of, write

from studio.core.item import Item
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.jobs.record import record
from studio.project.store import Project


def save_document(
    project: Project,
    passages: Sequence[Passage],
    parent: Item | None = None,
    *,
    name: str = "Page",
    drafts: Sequence[Item] = (),
) -> Item:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "document.md"
        write(passages, file)
        return record(
            project,
            Recipe(
                generator=GENERATOR,
                generator_version="1",
                params=params_of(passages),
                inputs={slot: item.digest for slot, item in inputs_of(parent, drafts).items()},
            ),
            file,
            kind=Kind.TEXT,
            name=name,
            parent=parent,
        )
