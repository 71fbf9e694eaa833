"""What a mesh file may ask of us, and the error of those that ask for more or cannot be understood."""

from __future__ import annotations

from studio.api.values import tr

MAX_BYTES = 512 * 10**6
"""Of a mesh file, and of what is packed in one."""
MAX_TRIANGLES = 2_000_000
"""A shape that is put on a grid of two million cells has no use for more."""


class UnreadableMesh(ValueError):
    """`reason` goes on after "“bracket.stl” cannot be used:"; an empty hint stands for the usual one."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def too_many(count: int) -> UnreadableMesh:
    """For a file with `count` triangles or more."""
    return UnreadableMesh(
        tr(
            "it has {count} million triangles, and Studio takes {most} million at most",
            count=f"{count / 1e6:.1f}",
            most=MAX_TRIANGLES // 10**6,
        ),
        tr("Reduce its triangles (“decimate”, “simplify”) in a mesh program, then try again."),
    )


def missing_vertex() -> UnreadableMesh:
    return UnreadableMesh(tr("a face in it names a vertex that is not there"))
