"""The list of models as a file: `models.json`, for people to read and for the studio to keep."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from studio.core.disk import is_full, sync_file
from studio.core.model import Format, Licence
from studio.core.recipe import Digest
from studio.errors import DiskFull, ModelRefused, StudioError
from studio.words import tr

MANAGED = "files"
"""The folder, beside the list, of the models that the studio fetched or made itself."""

_FILE = "models.json"


class ModelFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a model, as it was when its bytes were last read."""

    name: str
    """Relative to the model's folder, with forward slashes."""
    digest: Digest
    size: int
    modified: int
    """Nanoseconds since 1970-01-01."""


class Consent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a person agreed to a model's terms."""

    licence: str
    """Its id."""
    digest: Digest
    """Of the terms that were shown (`Licence.digest`)."""
    time: float
    """Seconds since 1970-01-01, UTC."""

    @classmethod
    def to(cls, licence: Licence) -> Consent:
        """That a person has just agreed. Only for what somebody was shown, and said yes to."""
        return cls(licence=licence.id, digest=licence.digest, time=time.time())


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    digest: Digest
    """Of a single file its own; of several, of their names and digests."""
    format: Format
    path: Path
    size: int
    """Bytes, of all files."""
    licence: str = ""
    files: tuple[ModelFile, ...]
    spec: str = ""
    """The id of the catalog's entry that it was fetched by, if it was."""
    derived_from: str = ""
    """The digest of the model that it was converted from, if it was."""
    made_by: str = ""
    """The converter's id and the precision, if it was converted."""
    managed: bool = False
    """Whether it lies in the studio's own folder and goes with its entry."""
    added: float = 0.0
    """Seconds since 1970-01-01, UTC."""
    consent: Consent | None = None
    instruct: bool | None = None
    """Whether a language model was trained to follow instructions; None where nobody knows."""

    @property
    def root(self) -> Path:
        """The folder that the names of its files are relative to."""
        return self.path if self.format in FOLDERS else self.path.parent


FOLDERS: tuple[Format, ...] = ("diffusers", "transformers", "onnx-text")
"""The formats in which a model is a folder."""


class Listed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is in the file."""

    models: tuple[Model, ...] = ()
    pins: dict[str, Digest] = {}
    """Digests that nobody could verify beforehand, as the first download had them, by file."""
    places: tuple[str, ...] = ()
    """Folders of the models that the studio fetched or made: the one in use first, then those that still have
    some, until these were moved. None: `MANAGED`, beside the list."""


def read(folder: Path) -> Listed:
    """Empty where there is no list. Raises ModelRefused where it is damaged or cannot be read."""
    try:
        listed = msgspec.json.decode((folder / _FILE).read_bytes(), type=Listed, dec_hook=_path)
    except FileNotFoundError:
        return Listed()
    except OSError as error:
        raise ModelRefused(
            tr("The list of models cannot be read."),
            tr("Check that its disk is connected and that you may read {path}.", path=folder / _FILE),
            ascii(error),
        ) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ModelRefused(
            tr("The list of models is damaged."),
            tr(
                "Delete {path} and add your models again; what the studio fetched or made is in {folder}.",
                path=folder / _FILE,
                folder=folder / MANAGED,
            ),
            str(error),
        ) from error
    # The studio's folder may be on a stick, which is elsewhere today.
    models = tuple(
        msgspec.structs.replace(model, path=folder / model.path) if model.managed else model
        for model in listed.models
    )
    return msgspec.structs.replace(listed, models=models)


def write(folder: Path, listed: Listed) -> None:
    """Whole or not at all. Raises DiskFull, or StudioError where the system refuses."""
    models = tuple(
        msgspec.structs.replace(model, path=_inside(model.path, folder)) if model.managed else model
        for model in listed.models
    )
    saved = msgspec.json.encode(msgspec.structs.replace(listed, models=models), enc_hook=_plain)
    fresh = folder / f"{_FILE}.{os.getpid()}"
    try:
        with fresh.open("wb") as file:
            file.write(msgspec.json.format(saved, indent=1))
            file.flush()
            sync_file(file.fileno())
        fresh.replace(folder / _FILE)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise not_saved(error) from error


def not_saved(error: OSError) -> StudioError:
    """Words for what the system said when the list was to be changed."""
    if is_full(error):
        return DiskFull(
            tr("The disk is full: the list of models was not saved."),
            tr("Free some space and try again."),
            ascii(error),
        )
    return StudioError(
        tr(
            "The list of models was not saved: the system refused ({why}).",
            why=(error.strerror or tr("unknown")).lower(),
        ),
        tr("Check that the disk is connected and that you may write to it, then try again."),
        ascii(error),
    )


def _inside(path: Path, folder: Path) -> Path:
    return path.relative_to(folder) if path.is_relative_to(folder) else path


def _plain(value: object) -> str:
    return value.as_posix() if isinstance(value, Path) else str(value)


def _path(kind: type, value: object) -> Path:
    if kind is not Path or not isinstance(value, str):
        raise ValueError("not a path")
    return Path(value)
