"""The exporter of parts, as the manifest names it."""

from __future__ import annotations

import math
from pathlib import Path

from studio.api.values import BadInput, ExportRequest, tr
from studio_product.formats import convert as parts

DEVIATION = "deviation"
"""The option that says how far the surface may be off, in mm: see `convert`."""


def export(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes a part, and beside it its numbers and study where it has them.

    Raises:
        BadInput: no part that we read, no closed solid, or no plate where a drawing is asked for.
    """
    if parts.is_already(source.suffix, request.format):
        content = source.read_bytes()
    else:
        name = request.name.removesuffix(source.suffix)
        content = parts.convert(source, request.format, name, request.created, _deviation(request))
    target.write_bytes(content)
    written = [target]
    for end, more in parts.beside(source, request.format, request.name).items():
        written.append(target.with_name(target.stem + end))
        written[-1].write_bytes(more)
    return written


def _deviation(request: ExportRequest) -> float | None:
    given = request.options.get(DEVIATION)
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < math.inf:
        raise BadInput(
            tr("{deviation} is no deviation in mm.", deviation=given),
            tr("Give a number of mm; 0 keeps all triangles."),
        )
    return float(given)
