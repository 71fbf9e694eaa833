"""What a job measured while it worked, as it was kept with it."""

from __future__ import annotations

import json

import msgspec

from studio.core.model import Number
from studio.project.store import Project


def job_numbers(project: Project, job: str | None) -> list[Number]:
    """The last numbers that it told; none where it told none, or they cannot be read."""
    found = project.db.read("SELECT env FROM job WHERE id = ?", (job,))
    try:
        told = json.loads(found[0]["env"] or "{}").get("numbers", []) if found else []
        return msgspec.convert(told, list[Number])
    except (ValueError, AttributeError, msgspec.ValidationError):
        return []
