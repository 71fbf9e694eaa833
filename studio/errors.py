"""What can go wrong, in words a designer can act on.

Every error that reaches a person says what happened, why, and what to do (`hint`). Anything that is not a
`StudioError` is a defect of ours, or of a plugin, and is shown with its traceback behind "Details".
"""

from __future__ import annotations

from typing import Any, ClassVar


class StudioError(Exception):
    """An expected failure.

    `message` says what happened and why, `hint` what to do next, and `detail` is optional text for those who
    want to look deeper (a traceback, a file list).
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, hint: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "hint": self.hint, "detail": self.detail}


class BadInput(StudioError):
    """A file or value from outside that we will not work with."""

    code = "bad-input"


class InvalidParams(BadInput):
    """Params that break their schema; `fields` maps a field's name to what is wrong with it."""

    code = "invalid-params"

    def __init__(
        self, message: str, hint: str = "", detail: str = "", fields: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, hint, detail)
        self.fields = fields or {}


class DiskFull(StudioError):
    """The disk (or a quota) refused bytes; everything saved before is safe."""

    code = "disk-full"


class ProjectError(StudioError):
    code = "project"


class ProjectDamaged(ProjectError):
    code = "project-damaged"


class ProjectNewer(ProjectError):
    code = "project-newer"


class ProjectInUse(ProjectError):
    code = "project-in-use"


class ProjectReadOnly(ProjectError):
    code = "project-read-only"


class ProjectClosed(ProjectError):
    """Something was still at work on a project that its user has closed."""

    code = "project-closed"


class MissingBlob(ProjectError):
    code = "missing-blob"


class ModelRefused(StudioError):
    """A model file that could run code, is not what it says, or changed since it was added."""

    code = "model-refused"


class FetchFailed(StudioError):
    """No source of a model could give it; the message names each with its reason."""

    code = "fetch-failed"


class LicenceRefused(StudioError):
    """Nobody agreed to a model's terms, so it was not fetched."""

    code = "licence-refused"


class PluginError(StudioError):
    code = "plugin"


class WorkerDied(StudioError):
    """The worker process ended under a job: a crash, an exit, the system's out-of-memory killer."""

    code = "worker-died"


class OutOfMemory(StudioError):
    code = "out-of-memory"


_ALL: tuple[type[StudioError], ...] = (
    BadInput, InvalidParams, DiskFull, ProjectError, ProjectDamaged, ProjectNewer, ProjectInUse,
    ProjectReadOnly, ProjectClosed, MissingBlob, ModelRefused, FetchFailed, LicenceRefused, PluginError,
    WorkerDied, OutOfMemory,
)  # fmt: skip


def error_from_json(data: dict[str, Any]) -> StudioError:
    """The error that `StudioError.to_json` wrote; an unknown code becomes a plain `StudioError`."""
    kinds = {kind.code: kind for kind in _ALL}
    kind = kinds.get(str(data.get("code", "")), StudioError)
    return kind(str(data.get("message", "")), str(data.get("hint", "")), str(data.get("detail", "")))
