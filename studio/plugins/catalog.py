"""What the shell knows of the plugins: data, described by a worker and cached between starts."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from studio.backends.device import drivers
from studio.core.generator import ENTRY_POINTS, GeneratorDescription
from studio.core.model import ConverterDescription, Format, ModelSpec
from studio.errors import PluginError
from studio.paths import data_folder
from studio.plugins.entry_points import distributions, find_top, lines_of, package_folders, text_of
from studio.plugins.manifest import FILE as MANIFEST
from studio.words import tr

log = logging.getLogger(__name__)

DATA = "studio."
"""How the groups of entry points begin in which distributions name packages with data for plugins.

For a group `studio.NAME` that data is in the folder NAME of the package, and the user's in the data folder.
"""

_PLUGINS = ENTRY_POINTS.removeprefix(DATA)
_MOST_FILES = 1000
"""Of one folder of data; what comes after is not looked at."""
_FORMAT = 3
_FILE = "catalog.json"


class Failure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a plugin cannot be used."""

    reason: str
    traceback: str = ""


class PluginDescription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One plugin: what it offers, or why it offers nothing."""

    name: str
    """Its entry point's name, and the first half of its generators' ids."""
    distribution: str
    version: str
    licence: str = ""
    hooks: tuple[str, ...] = ()
    generators: tuple[GeneratorDescription, ...] = ()
    models: tuple[ModelSpec, ...] = ()
    converters: tuple[ConverterDescription, ...] = ()
    notes: tuple[str, ...] = ()
    """What a user should know about it as it is now."""
    import_seconds: float = 0.0
    failure: Failure | None = None

    @property
    def key(self) -> str:
        """Tells this one from others of the same name."""
        return f"{self.name} {self.distribution}"


class Catalog(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All plugins, working or not, and what the worker found to compute on."""

    plugins: tuple[PluginDescription, ...] = ()
    devices: tuple[str, ...] = ("cpu",)
    device_memory: dict[str, int] = {}
    """Bytes of each device that has its own; the CPU's is the machine's."""
    providers: tuple[str, ...] = ()
    """ONNX Runtime's execution providers, as far as the installed build offers them."""
    libraries: dict[str, str] = {}
    """Versions of the libraries that generators compute with, by distribution name."""

    @property
    def generators(self) -> dict[str, GeneratorDescription]:
        return {generator.id: generator for plugin in self.plugins for generator in plugin.generators}

    @property
    def models(self) -> dict[str, ModelSpec]:
        """By id."""
        return {model.id: model for plugin in self.plugins for model in plugin.models}

    def converters(self, format: Format) -> list[ConverterDescription]:
        """Those that can make something of a model in this format."""
        every = (converter for plugin in self.plugins for converter in plugin.converters)
        return [converter for converter in every if format in converter.sources]

    def generator(self, id: str) -> GeneratorDescription:
        """Raises `PluginError` for an id that no working plugin offers, with the reason where known."""
        found = self.generators.get(id)
        if found is not None:
            return found
        owner = id.partition("/")[0]
        for plugin in self.plugins:
            if plugin.name == owner and plugin.failure is not None:
                raise PluginError(
                    tr(
                        "The plugin “{owner}” cannot be used: {reason}",
                        owner=owner,
                        reason=plugin.failure.reason,
                    ),
                    tr("See the list of plugins for details, or reinstall it."),
                    plugin.failure.traceback,
                )
        offered = ", ".join(sorted(self.generators)) or tr("none")
        raise PluginError(
            tr("There is no generator “{id}”.", id=id),
            tr("Install the plugin that offers it. Offered now: {offered}.", offered=offered),
        )


class _Cached(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    format: int
    key: str
    catalog: Catalog


def load_cached(folder: Path) -> Catalog | None:
    """The catalog that `save_cached` wrote; None if a distribution or a plugin's source changed since."""
    try:
        cached = msgspec.json.decode((folder / _FILE).read_bytes(), type=_Cached)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return cached.catalog if (cached.format, cached.key) == (_FORMAT, installed_key()) else None


def save_cached(folder: Path, catalog: Catalog, key: str) -> None:
    """`key` is `installed_key()` from before the plugins were described: an edit meanwhile makes it stale.

    Where the disk is full or closed to us there is no cache: the plugins are described again next time.
    """
    fresh = folder / f"{_FILE}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(msgspec.json.encode(_Cached(format=_FORMAT, key=key, catalog=catalog)))
        fresh.replace(folder / _FILE)
    except OSError as error:
        log.warning("The list of plugins was not kept: %s", error)
        with contextlib.suppress(OSError):
            fresh.unlink()


def installed_key() -> str:
    """A digest of all that can change what the plugins are, found without importing any of them.

    That is the interpreter, every installed distribution (name and version, by its folder's name), the source
    files of the packages that plugins live in, by size and time, and so the files that plugins read besides
    (`DATA`), the user's too: so the edit of an author is seen without a new version. And the drivers of
    graphics cards.
    """
    digest = hashlib.sha256(f"{sys.executable}\n{sys.version}\n".encode())
    for line in sorted([*_distributions(), *drivers()]):
        digest.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return digest.hexdigest()


def _distributions() -> Iterator[str]:
    read = dict[Path, None]()
    for entry, name in distributions():
        yield name
        text = text_of(entry, name)
        if f"[{DATA}" in text:
            yield text
            read.update(dict.fromkeys(_data_folders(text)))
            for _, value in lines_of(text, ENTRY_POINTS):
                yield from _stamps(_files_of(value))
    for folder in read:
        yield from _stamps(_listed(folder))


def _data_folders(text: str) -> Iterator[Path]:
    """The folders of files that plugins read: in the packages that say so, and the user's own."""
    for group in set(re.findall(rf"^\[{re.escape(DATA)}(\w+)\]", text, re.MULTILINE)) - {_PLUGINS}:
        yield data_folder() / group
        for _, value in lines_of(text, f"{DATA}{group}"):
            inner = value.partition(":")[0].strip().split(".")[1:]
            yield from (folder.joinpath(*inner, group) for folder in package_folders(value))


def _listed(folder: Path) -> list[Path]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names only: this is on the way to the window
    except OSError:
        return []
    return [folder / name for name in names[:_MOST_FILES]]


def _stamps(files: Iterable[Path]) -> Iterator[str]:
    """A line for each file, which changes when the file does."""
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        yield f"{file}\t{status.st_size}\t{status.st_mtime_ns}"


def _files_of(value: str) -> list[Path]:
    """The source files and the manifest of the package that an entry point names, or its one module."""
    folders = package_folders(value)
    files = [file for folder in folders for file in folder.rglob("*.py")]
    if files:
        return [*files, *(folder / MANIFEST for folder in folders)]
    spec = find_top(value)
    return [Path(spec.origin or "")] if spec else []
