"""Drawings of plates, read back by others: true size, holes, and names that are no markup."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree

import ezdxf
from hypothesis import given
from hypothesis import strategies as st
from studio_product.formats.drawing import LAYER, as_dxf, as_svg

OUTLINES = [
    [(-10.0, 5.0), (50.0, 5.0), (50.0, 25.0), (-10.0, 25.0)],
    [(0.0, 10.0), (0.0, 20.0), (10.0, 20.0)],
]
SVG = "{http://www.w3.org/2000/svg}"


def test_an_svg_has_its_true_size_and_its_holes() -> None:
    root = ElementTree.fromstring(as_svg(OUTLINES, "plate"))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == (
        "60.0000mm", "20.0000mm", "0 0 60.0000 20.0000",
    )  # fmt: skip
    path = root.find(f"{SVG}path")
    assert path is not None and path.get("fill-rule") == "evenodd"
    loops = [
        loop.split(" L ") for loop in path.get("d", "").removesuffix(" Z").replace("M ", "").split(" Z ")
    ]
    points = [[tuple(map(float, point.split(","))) for point in loop] for loop in loops]
    assert points[0] == [(0, 20), (60, 20), (60, 0), (0, 0)]  # y goes down in SVG
    assert points[1] == [(10, 15), (10, 5), (20, 5)]


@given(st.text())
def test_any_name_makes_a_good_svg(name: str) -> None:
    title = ElementTree.fromstring(as_svg(OUTLINES, name)).find(f"{SVG}title")
    assert title is not None and (title.text or "") == "".join(sign for sign in name if sign.isprintable())


def test_a_dxf_has_closed_polylines_in_mm() -> None:
    drawing = ezdxf.read(io.StringIO(as_dxf(OUTLINES).decode("utf-8")))  # type: ignore[attr-defined]
    assert drawing.dxfversion == "AC1024" and drawing.units == ezdxf.units.MM
    assert not drawing.audit().errors
    lines = list(drawing.modelspace())
    assert all(line.dxftype() == "LWPOLYLINE" and line.closed and line.dxf.layer == LAYER for line in lines)
    assert [[(float(x), float(y)) for x, y in line.vertices()] for line in lines] == OUTLINES
