"""A song that was edited by hand, as the recipe of its item says it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Annotated

from studio.api import BadInput, Field, Generator, Input, NewArtifact, Params, Run, mark, tr


class EditedParams(Params):
    midi: Annotated[str, Field(max_length=8_000_000)] = ""
    """The song as a MIDI file, in base 64."""


class Edited(Generator):
    """Writes a song that was edited by hand: what its recipe says."""

    name, title, kind = "edited", mark("Edited song"), "music"
    inputs = (Input(name="song", title=mark("Song"), kind="music", required=False),)
    Params = EditedParams
    listed = False

    def generate(self, params: EditedParams, run: Run) -> Iterator[NewArtifact]:
        try:
            data = base64.b64decode(params.midi, validate=True)
        except ValueError as error:
            raise BadInput(
                tr("The recipe of this song is damaged."), tr("Open the song and save it again.")
            ) from error
        path = run.scratch / "song.mid"
        path.write_bytes(data)
        yield NewArtifact(path, "music")
