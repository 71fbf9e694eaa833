"""The models that the user has: named, hashed, checked.

The files of those that were added stay where they are; those that the studio fetched or made itself lie in
its own folder.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from studio.core.params import ModelRule, unfit
from studio.errors import ModelRefused, StudioError
from studio.given_paths import exists
from studio.models import own_files
from studio.models.floors import check_floors
from studio.models.listed import MANAGED, Listed, not_saved, read, write
from studio.models.listed import Consent as Consent
from studio.models.listed import Model as Model
from studio.models.locks import locked
from studio.models.model_files import digest_of, examined, is_whole
from studio.words import tr

_LONGEST_NAME = 100
"""Characters."""


def fitting(models: Sequence[Model], rule: ModelRule) -> list[Model]:
    """Those of the models that a field takes, in the order of `ModelStore.fitting`."""
    found = [model for model in models if rule.takes(model.format, model.instruct)]
    follows = (True, None, False)
    return sorted(
        found, key=lambda one: (follows.index(one.instruct), rule.formats.index(one.format), -one.added)
    )


class ModelStore:
    """A list in `models.json` of the folder. Window and command line may use it at the same time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._lock = threading.Lock()

    def add(
        self,
        path: Path,
        *,
        name: str = "",
        suggested: str = "",
        licence: str = "",
        spec: str = "",
        derived_from: str = "",
        made_by: str = "",
        managed: bool = False,
        consent: Consent | None = None,
        instruct: bool | None = None,
    ) -> Model:
        """Checks and hashes a model (a second per gigabyte or so) and remembers where it is.

        The same bytes are one model: adding them again updates its place, and its name and licence if given.
        A new one without a name is called as suggested, or after its file, with a number if that is taken.
        Names are a line of text. What lies in the studio's own folder is managed, whoever adds it.

        Raises:
            ModelRefused: it can run programs, is not what it says, or is nothing that the studio knows.
            StudioError: the list cannot be saved.
        """
        path = path.absolute()
        if unfit(str(path)):
            raise ModelRefused(
                tr("The name of this model's file is not text in UTF-8: {path}.", path=ascii(str(path))),
                tr("Rename it and try again."),
            )
        format, files = examined(path)
        digest = digest_of(files)
        managed = managed or any(path.is_relative_to(place) for place in self._places())
        name, licence = _line(name), _line(licence)
        with self._alone() as listed:
            known = {model.digest: model for model in listed.models}
            old = known.pop(digest, None)
            title = name or (
                old.name
                if old
                else _free_name(suggested or path.stem, {model.name for model in known.values()})
            )
            if any(model.name == title for model in known.values()):
                raise ModelRefused(
                    tr("Another model is named “{title}”.", title=title), tr("Give this one another name.")
                )
            model = Model(
                name=title,
                digest=digest,
                format=format,
                path=path,
                size=sum(file.size for file in files),
                licence=licence or (old.licence if old else ""),
                files=files,
                spec=spec or (old.spec if old else ""),
                derived_from=derived_from or (old.derived_from if old else ""),
                made_by=made_by or (old.made_by if old else ""),
                managed=managed,
                added=time.time(),
                consent=consent or (old.consent if old else None),
                instruct=instruct if instruct is not None or old is None else old.instruct,
            )
            if old is not None and old.managed and not managed and is_whole(old):
                # Ours stays the one: the other may be on a stick that is gone tomorrow.
                model = msgspec.structs.replace(model, path=old.path, files=old.files, managed=True)
            self._save(listed, [*known.values(), model])
            if old is not None and old.managed and old.path != model.path:
                with contextlib.suppress(StudioError):  # in use: then it stays, and nobody lists it
                    self._delete(old)
        return model

    @contextmanager
    def making(self, name: str) -> Iterator[Path]:
        """An empty folder of the studio's own, for a model that is fetched or made within.

        It goes again where that fails, and where the program is killed, as soon as the list changes.

        Raises:
            OSError: the folder cannot be made. StudioError: the list is damaged.
        """
        with ExitStack() as held:
            with self._alone() as listed:
                self._sweep(listed)
                folder = own_files.new_folder(self.place, name)
                mark = own_files.mark_of(folder)
                held.enter_context(locked(mark, wait=False))
            try:
                yield folder
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            finally:
                held.close()
                with contextlib.suppress(StudioError, OSError), self._alone():
                    mark.unlink()

    def reclaim(self, name: str = "", take: Callable[[Path], None] = lambda _: None) -> None:
        """Deletes what killed programs left. `take` may have what is of a model of this name before."""
        with self._alone() as listed:
            self._sweep(listed, take, name)

    def free_name(self, name: str) -> str:
        """The name, or with a number where another model has it."""
        return _free_name(name, {model.name for model in self._load()})

    def fitting(self, rule: ModelRule) -> list[Model]:
        """The models that a field takes. The first one is used where nobody chose: one that follows
        instructions before one that does not, then by the order of the formats, then the newest."""
        return fitting(self._load(), rule)

    def models(self, formats: Collection[str] = ()) -> list[Model]:
        """Sorted by name; only of these formats, if any are given."""
        found = [model for model in self._load() if not formats or model.format in formats]
        return sorted(found, key=lambda model: model.name.casefold())

    def installed(self, spec: str) -> list[Model]:
        """What there is of a catalog entry: first as it was fetched, then what was converted of it."""
        found = [model for model in self._load() if model.spec == spec]
        return sorted(found, key=lambda model: (bool(model.derived_from), -model.added))

    def remove(self, name: str) -> None:
        """Forgets a model. Its files stay, unless the studio fetched or made them itself.

        Raises:
            StudioError: its files are in use (on Windows); nothing was changed.
        """
        with self._alone() as listed:
            for model in listed.models:
                if model.name == name and model.managed:
                    self._delete(model)
            self._save(listed, [model for model in listed.models if model.name != name])
            self._sweep(listed)

    def pinned(self, key: str) -> str:
        """The digest that the first download of a file had, if there was one and nobody knew it before."""
        return read(self.folder).pins.get(key, "")

    def pin(self, key: str, digest: str) -> None:
        """From now on the file must have these bytes."""
        with self._alone() as listed:
            pins = {**listed.pins, key: digest}
            write(self.folder, msgspec.structs.replace(listed, pins=pins))

    def resolve(self, value: str, formats: Collection[str]) -> Model:
        """The model that a name, a digest or a path means. A path is added.

        Raises:
            ModelRefused: there is none, it has another format, or it is refused.
        """
        for model in self._load():
            if value in (model.name, model.digest):
                break
        else:
            path = Path(value).expanduser()
            if not value or not exists(path):
                raise ModelRefused(
                    tr("There is no model “{value}”.", value=value),
                    tr("Add it under Models, or give the path of its file or folder."),
                )
            model = self.add(path)
        if formats and model.format not in formats:
            raise ModelRefused(
                tr(
                    "“{name}” is a model in the format {format}; needed is {formats}.",
                    name=model.name,
                    format=model.format,
                    formats=", ".join(formats),
                ),
                tr("Choose another model."),
            )
        return model

    def path(self, digest: str) -> Path:
        """Where a model's file or folder is, its bytes verified: by size and time, else by reading them.

        Raises:
            ModelRefused: it is not in the list, gone, or not the same bytes any more; or a library that reads
                models is too old to be trusted with one.
        """
        check_floors()
        model = next((model for model in self._load() if model.digest == digest), None)
        if model is None:
            raise ModelRefused(
                tr("The model of this recipe is not in your list of models."),
                tr("Add it and try again."),
                digest,
            )
        if not is_whole(model):
            self._verify_anew(model)
        return model.path

    # Where the studio's own models lie ---------------------------------------------------------------------

    USUAL = MANAGED

    @property
    def place(self) -> Path:
        """The folder of the models that the studio fetches or makes."""
        return self._places()[0]

    @property
    def work(self) -> Path:
        """Where they are written while they come: on the same disk."""
        place = self.place
        return self.folder if place == self.folder / MANAGED else place

    def folder_of(self, model: Model) -> Path | None:
        """The folder of its own that a managed model has; None for one that lies elsewhere."""
        for place in self._places():
            if model.path.is_relative_to(place) and model.path != place:
                own = place / model.path.relative_to(place).parts[0]
                if own.name not in (".", "..") and own.is_dir() and not own.is_symlink():
                    return own
        return None

    def use_place(self, place: Path) -> None:
        """From now on new models go there; those that are elsewhere stay until they are moved."""
        with self._alone() as listed:
            write(self.folder, self._placed(listed, (place, *self._places())))

    def forget_places(self) -> None:
        """Those in which no model lies any more."""
        with self._alone() as listed:
            first, *others = self._places()
            managed = [model.path for model in listed.models if model.managed]
            used = [place for place in others if any(path.is_relative_to(place) for path in managed)]
            write(self.folder, self._placed(listed, (first, *used)))

    def relocate(self, model: Model, path: Path) -> None:
        """A model lies there now, with the same bytes. Raises ModelRefused where it was removed meanwhile."""
        with self._alone() as listed:
            others = [one for one in listed.models if one.digest != model.digest]
            if len(others) == len(listed.models):
                raise ModelRefused(
                    tr("“{name}” was removed meanwhile.", name=model.name), tr("Nothing more is to be done.")
                )
            moved = msgspec.structs.replace(model, path=path)
            files = tuple(
                msgspec.structs.replace(file, modified=(moved.root / file.name).stat().st_mtime_ns)
                for file in model.files
            )
            self._save(listed, [*others, msgspec.structs.replace(moved, files=files)])

    def _places(self) -> tuple[Path, ...]:
        return tuple(self.folder / place for place in read(self.folder).places) or (self.folder / MANAGED,)

    def _placed(self, listed: Listed, places: Sequence[Path]) -> Listed:
        """With these places, each once; inside of the store's own folder they are written relative to it."""
        inside = [
            place.relative_to(self.folder) if place.is_relative_to(self.folder) else place for place in places
        ]
        each = tuple(dict.fromkeys(place.as_posix() for place in inside))
        return msgspec.structs.replace(listed, places=() if each == (MANAGED,) else each)

    def _sweep(self, listed: Listed, take: Callable[[Path], None] = lambda _: None, name: str = "") -> None:
        managed = [model.path for model in listed.models if model.managed]
        for place in self._places():
            own_files.sweep(place, managed, take, name)

    def _delete(self, model: Model) -> None:
        """Removes the folder of a managed model."""
        own = self.folder_of(model)
        if own is None:
            return
        try:
            own_files.remove(own)
        except OSError as error:
            raise StudioError(
                tr("“{name}” was not removed: its files are in use.", name=model.name),
                tr("Stop the jobs that use it, or restart the studio, and try again."),
                ascii(error),
            ) from error

    def _verify_anew(self, model: Model) -> None:
        if not exists(model.path):
            raise ModelRefused(
                tr("The model “{name}” is not where it was.", name=model.name),
                tr("Put it back, or add it from its new place."),
                str(model.path),
            )
        _, files = examined(model.path)
        if digest_of(files) != model.digest:
            raise ModelRefused(
                tr("The model “{name}” changed since you added it.", name=model.name),
                tr("If you trust the new file, remove the model and add it again."),
            )
        with self._alone() as listed:
            others = [other for other in listed.models if other.digest != model.digest]
            self._save(listed, [*others, msgspec.structs.replace(model, files=files)])

    @contextmanager
    def _alone(self) -> Iterator[Listed]:
        """The list; nobody else, in whatever program, changes it meanwhile."""
        with ExitStack() as held:
            held.enter_context(self._lock)
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(locked(self.folder / "models.lock"))
            except OSError as error:
                raise not_saved(error) from error
            yield read(self.folder)

    def _load(self) -> tuple[Model, ...]:
        return read(self.folder).models

    def _save(self, listed: Listed, models: Sequence[Model]) -> None:
        write(self.folder, msgspec.structs.replace(listed, models=tuple(models)))


def _line(text: str) -> str:
    """Without what is no character in a line of text, or turns its direction; not too long."""
    plain = "".join(
        character
        for character in " ".join(text.split())
        if unicodedata.category(character)[0] != "C" or character in "\u200c\u200d"
    )
    return plain[:_LONGEST_NAME].strip()


def _free_name(name: str, taken: set[str]) -> str:
    name = _line(name) or "model"
    return next(
        candidate
        for candidate in (name, *(f"{name} {n}" for n in range(2, len(taken) + 3)))
        if candidate not in taken
    )
