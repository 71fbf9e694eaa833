"""Reads a study from JSON, and says in plain words what is wrong with one."""

from __future__ import annotations

import msgspec

from studio.core.study import Study
from studio.errors import BadInput
from studio.words import tr

MAX_BYTES = 4 * 2**20


def study_from_json(data: bytes) -> Study:
    """The study in a file's bytes, or in the JSON text of a generator's setting.

    Raises:
        BadInput: It is no study; the message names the place in it and what is expected there.
    """
    try:
        return msgspec.json.decode(data, type=Study)
    except msgspec.DecodeError as error:
        raise BadInput(tr("The study cannot be read: {why}.", why=str(error))) from error
