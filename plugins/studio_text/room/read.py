"""What a project has of texts: the drafts of a job in their order, with what was measured of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.core.item import Item
from studio.core.kind import Kind
from studio.core.model import Number
from studio.errors import BadInput
from studio.ui.items.job_numbers import job_numbers
from studio.ui.kit import locales
from studio.words import tr
from studio_text.core import markdown
from studio_text.formats import documents

if TYPE_CHECKING:
    from studio.project.store import Project


LARGEST = 500_000
"""Bytes of a text that is shown: more is no reading, and the window would stand still."""


def drafts_of(project: Project, job: str | None) -> tuple[list[Item], list[Number]]:
    """The texts that a job made, without those in the trash, and the last numbers that it told."""
    rows = project.db.read("SELECT uid FROM item WHERE job = ? ORDER BY position, rowid", (job,))
    items = [project.item(row["uid"]) for row in rows]
    texts = [item for item in items if item.kind == Kind.TEXT and item.trashed is None]
    return texts, job_numbers(project, job)


def read_draft(project: Project, item: Item) -> str:
    """An item's text. Raises StudioError, with the item's name."""
    if item.size > LARGEST:
        raise BadInput(
            tr("“{name}” is too large to be shown.", name=item.name),
            tr("Texts of up to {size} can be shown. Export it to read it.", size=locales.size(LARGEST)),
        )
    try:
        return markdown.plain(documents.read(project.blob_path(item.digest)))
    except BadInput as error:
        raise BadInput(
            tr("“{name}” cannot be shown as a text: {reason}", name=item.name, reason=error.message),
            error.hint,
        ) from error
