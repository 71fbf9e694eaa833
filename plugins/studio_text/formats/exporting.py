"""The exporter of texts, as the manifest names it."""

from __future__ import annotations

from pathlib import Path

from studio.api.values import ExportRequest
from studio_text.formats import documents


def export(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes a text as a document.

    Raises:
        BadInput: it is too large, or no text in UTF-8.
        StudioError: a PDF could not be made.
    """
    title = request.name.removesuffix(source.suffix)
    target.write_bytes(documents.convert(source, request.format, title))
    return [target]
