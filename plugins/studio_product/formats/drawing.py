"""Plates as drawings in mm: SVG for designers and laser cutters, DXF for CAD and workshops."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

Contour = Sequence[tuple[float, float]]
"""The corners of a closed outline in mm, y up, without the first one repeated at the end."""

LAYER = "PART"


def as_svg(contours: Sequence[Contour], name: str) -> bytes:
    """One filled path at its true size: what lies inside an odd number of outlines is material."""
    left, top, width, height = _box(contours)
    path = " ".join(
        "M " + " L ".join(f"{x - left:.4f},{top - y:.4f}" for x, y in contour) + " Z" for contour in contours
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.4f}mm" height="{height:.4f}mm" '
        f'viewBox="0 0 {width:.4f} {height:.4f}">\n'
        f"<title>{escape(''.join(sign for sign in name if sign.isprintable()))}</title>\n"
        f'<path fill="#949cb2" fill-rule="evenodd" stroke="#000000" stroke-width="0.1" d="{path}"/>\n'
        "</svg>\n"
    ).encode()


def as_dxf(contours: Sequence[Contour]) -> bytes:
    """AutoCAD DXF R2010: each outline a closed polyline on the layer PART, in mm."""
    import io

    import ezdxf
    from ezdxf import units

    drawing = ezdxf.new("R2010", units=units.MM)
    drawing.layers.add(LAYER)
    space = drawing.modelspace()
    for contour in contours:
        space.add_lwpolyline(list(contour), close=True, dxfattribs={"layer": LAYER})
    text = io.StringIO()
    drawing.write(text)
    return text.getvalue().encode(drawing.output_encoding, "dxfreplace")


def _box(contours: Sequence[Contour]) -> tuple[float, float, float, float]:
    """Left, top, width and height."""
    across = [x for contour in contours for x, _ in contour]
    up = [y for contour in contours for _, y in contour]
    return min(across), max(up), max(across) - min(across), max(up) - min(up)
