"""What a generator hands over, looked at before it is believed: in the worker, and again in the shell."""

from __future__ import annotations

from pathlib import Path

from studio.core.generator import NewArtifact
from studio.core.kind import KIND_ID, Kind
from studio.core.signatures import picture_format
from studio.errors import PluginError
from studio.words import tr

_EXTENSIONS = {"png": (".png",), "jpeg": (".jpg", ".jpeg"), "webp": (".webp",), "tiff": (".tif", ".tiff")}
"""Of the pictures that a generator may hand over."""


def check_artifact(artifact: NewArtifact, scratch: Path) -> None:
    """Raises `PluginError` unless it is a whole, ordinary file inside scratch, of the kind that it says."""
    path = artifact.path
    hint = tr("Tell the plugin's author.")
    if not isinstance(artifact.kind, str) or not KIND_ID.match(artifact.kind):
        raise PluginError(
            tr("The artifact {name} has no valid kind: {kind}.", name=path.name, kind=artifact.kind), hint
        )
    if path.is_symlink() or not path.is_file():
        raise PluginError(tr("An artifact is no file: {name}.", name=path.name), hint)
    if not path.resolve().is_relative_to(scratch.resolve()):
        raise PluginError(tr("An artifact lies outside the job's folder: {name}.", name=path.name), hint)
    if path.stat().st_size == 0:
        raise PluginError(tr("An artifact is empty: {name}.", name=path.name), hint)
    with path.open("rb") as file:
        start = file.read(4096)
    if not _is_kind(artifact.kind, path.suffix.lower(), start):
        raise PluginError(
            tr(
                "{name} does not hold what its kind ({kind}) and its name promise.",
                name=path.name,
                kind=artifact.kind,
            ),
            hint,
        )


def _is_kind(kind: str, suffix: str, start: bytes) -> bool:
    if kind in (Kind.IMAGE, Kind.MASK):
        return suffix in _EXTENSIONS.get(picture_format(start) or "", ())
    if kind == Kind.TEXT:
        return b"\0" not in start
    return True
