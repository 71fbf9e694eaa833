from __future__ import annotations

from studio.api import NewArtifact, Run
from studio_palette.core.palette import EXTENSION, KIND, Palette, to_json


def write(run: Run, palette: Palette) -> NewArtifact:
    """A palette as an artifact of the job."""
    path = run.scratch / f"palette{EXTENSION}"
    path.write_bytes(to_json(palette))
    return NewArtifact(path, KIND, palette.name)
