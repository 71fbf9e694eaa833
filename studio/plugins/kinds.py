"""The kinds of items that this studio knows: its own, and those of the plugins that are installed."""

from __future__ import annotations

from studio.core.kind import KindInfo, Kinds
from studio.words import mark


def installed_kinds() -> Kinds:
    return Kinds([_PART])


_PART = KindInfo(
    id="part",
    title=mark("Part"),
    plural=mark("Parts"),
    icon="part",
    extensions=(".glb", ".gltf", ".stl", ".step", ".stp", ".3mf", ".obj", ".ply"),
    room="product",
    plugin="product",
)
