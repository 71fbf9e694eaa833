"""Finding, loading and describing plugins. Only a worker (or a plugin author's test) does this.

Each plugin gets a plugin manager of its own, so one that raises cannot stop another's hooks, and every answer
is known by its plugin.
"""

from __future__ import annotations

import importlib.metadata
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import pluggy

from studio import hookspecs
from studio.core.authoring import Converter, Generator, describe, describe_converter
from studio.core.generator import ENTRY_POINTS, NAME, GeneratorDescription
from studio.core.model import MODEL_NAME, ConverterDescription, ModelSpec
from studio.errors import PluginError
from studio.plugins.catalog import Failure, PluginDescription
from studio.words import tr

T = TypeVar("T")

_OURS = "studio"

log = logging.getLogger(__name__)


class Broken(Exception):
    """A plugin breaks its contract; the text says how, for its author and for people."""


@dataclass(frozen=True)
class Found:
    """An entry point, not imported yet."""

    row: PluginDescription
    """What its distribution says of it."""
    load: Callable[[], Any]
    taken_by: str = ""
    """The distribution that has this name already."""


@dataclass(frozen=True)
class Loaded:
    """A plugin that is imported and keeps its contract."""

    found: Found
    manager: pluggy.PluginManager
    generators: dict[str, type[Generator]]
    descriptions: tuple[GeneratorDescription, ...]
    converters: dict[str, type[Converter]]
    models: tuple[ModelSpec, ...]
    import_seconds: float

    @property
    def converter_descriptions(self) -> tuple[ConverterDescription, ...]:
        name = self.found.row.name
        return tuple(describe_converter(name, converter) for converter in self.converters.values())

    def notes(self) -> tuple[str, ...]:
        """What the plugin wants people to know."""
        return tuple(str(note) for note in _answers(self.manager, "plugin_notes"))

    def explain(self, error: Exception) -> str | None:
        """The plugin's own words on an exception of one of its generators."""
        said = self.manager.hook.explain_error(error=error)
        return said if isinstance(said, str) else None


def find() -> list[Found]:
    """Every entry point, ours first, then by distribution. The first one of a name has it."""
    points: dict[tuple[str, str], tuple[PluginDescription, Callable[[], Any]]] = {}
    for distribution in importlib.metadata.distributions():
        try:
            for point in distribution.entry_points.select(group=ENTRY_POINTS):
                row = PluginDescription(
                    name=point.name,
                    distribution=distribution.name,
                    version=distribution.version,
                    licence=_licence(distribution),
                )
                msgspec.convert(msgspec.to_builtins(row), PluginDescription)  # half a package has no version
                points.setdefault((row.name, row.distribution), (row, point.load))
        except Exception:
            # Whoever installed half a package (or none of ours at all) must not cost us the other plugins.
            log.exception("The metadata of an installed package cannot be read")
    ordered = sorted(points.values(), key=lambda pair: (pair[0].distribution != _OURS, pair[0].key.lower()))
    owners: dict[str, str] = {}
    found = []
    for row, load_it in ordered:
        owner = owners.setdefault(row.name, row.distribution)
        found.append(Found(row, load_it, taken_by="" if owner == row.distribution else owner))
    return found


def load(found: Found) -> Loaded:
    """Imports a plugin and asks it for its generators.

    Raises:
        Broken: it breaks the contract.
        BaseException: whatever its import or its hook raises, SystemExit included.
    """
    if found.taken_by:
        raise Broken(
            tr(
                "The name “{name}” is taken by {taken_by}; {distribution} uses it too. "
                "Uninstall one of the two.",
                name=found.row.name,
                taken_by=found.taken_by,
                distribution=found.row.distribution,
            )
        )
    if not NAME.match(found.row.name):
        raise Broken(
            tr(
                "The entry point's name must be lower-case letters, digits, - and _: {name}.",
                name=repr(found.row.name),
            )
        )
    began = time.perf_counter()
    plugin = found.load()
    import_seconds = time.perf_counter() - began
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name=found.row.name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise Broken(
            tr("A hook is not as Studio calls it: {reason}.", reason=" ".join(str(error).split()))
        ) from error
    if not manager.get_hookcallers(plugin):
        raise Broken(tr("It implements no hook of the studio: is @hookimpl missing?"))
    generators: dict[str, type[Generator]] = {}
    descriptions = []
    for generator in _classes(manager, "register_generators", Generator):
        description = _described(found.row.name, generator)
        other = generators.setdefault(description.id, generator)
        if other is not generator:
            raise Broken(
                tr(
                    "The id “{id}” is used twice: by {first} and {second}.",
                    id=description.id,
                    first=other.__name__,
                    second=generator.__name__,
                )
            )
        descriptions.append(description)
    return Loaded(
        found,
        manager,
        generators,
        tuple(descriptions),
        _converters(found.row.name, manager),
        _models(found.row.name, manager),
        import_seconds,
    )


def load_by_name(name: str) -> Loaded:
    """The plugin that has this name. Raises `PluginError` with the reason if it is missing or broken."""
    for found in find():
        if found.row.name == name and not found.taken_by:
            try:
                return load(found)
            except BaseException as error:
                failure = failed(error)
                raise PluginError(
                    tr("The plugin “{name}” cannot be used: {reason}", name=name, reason=failure.reason),
                    tr("Reinstall it, or tell its author."),
                    failure.traceback,
                ) from error
    raise PluginError(tr("There is no plugin “{name}”.", name=name), tr("Install it and try again."))


def describe_found(found: Found) -> PluginDescription:
    """A plugin as data, working or not. Never raises."""
    began = time.perf_counter()
    try:
        loaded = load(found)
        notes = loaded.notes()
    except BaseException as error:  # noqa: BLE001 - an import may raise anything, SystemExit too
        seconds = time.perf_counter() - began
        return msgspec.structs.replace(found.row, failure=failed(error), import_seconds=seconds)
    callers = loaded.manager.get_hookcallers(loaded.manager.get_plugin(found.row.name)) or []
    return msgspec.structs.replace(
        found.row,
        hooks=tuple(sorted(caller.name for caller in callers)),
        generators=loaded.descriptions,
        models=loaded.models,
        converters=loaded.converter_descriptions,
        notes=notes,
        import_seconds=loaded.import_seconds,
    )


def failed(error: BaseException) -> Failure:
    """Why a plugin did not load, for its row in the list."""
    reason = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}".strip(": ")
    return Failure(reason=reason, traceback="".join(traceback.format_exception(error)))


def _answers(manager: pluggy.PluginManager, hook: str) -> Iterator[Any]:
    """Everything in the lists that a registration hook returns."""
    for answer in getattr(manager.hook, hook)():
        if not isinstance(answer, list | tuple):
            raise Broken(
                tr("{hook} returned {type} instead of a list.", hook=hook, type=type(answer).__name__)
            )
        yield from answer


def _classes(manager: pluggy.PluginManager, hook: str, base: type[T]) -> Iterator[type[T]]:
    for answer in _answers(manager, hook):
        if not (isinstance(answer, type) and issubclass(answer, base)):
            raise Broken(
                tr(
                    "{hook} returned {value}, which is no subclass of {base}.",
                    hook=hook,
                    value=repr(answer),
                    base=base.__name__,
                )
            )
        yield answer


def _converters(plugin: str, manager: pluggy.PluginManager) -> dict[str, type[Converter]]:
    try:
        return {
            describe_converter(plugin, converter).id: converter
            for converter in _classes(manager, "register_converters", Converter)
        }
    except ValueError as error:
        raise Broken(tr("A converter cannot be described: {error}", error=error)) from error


def _models(plugin: str, manager: pluggy.PluginManager) -> tuple[ModelSpec, ...]:
    """The plugin's models, each with its id; checked as if they came from a file."""
    models: dict[str, ModelSpec] = {}
    for answer in _answers(manager, "register_models"):
        try:
            spec = msgspec.convert(msgspec.to_builtins(answer), ModelSpec)
        except (msgspec.ValidationError, TypeError) as error:
            raise Broken(tr("A model cannot be described: {error}", error=error)) from error
        if not MODEL_NAME.match(spec.name):
            raise Broken(
                tr("A model's name must be lower-case letters, digits, ., - and _: {name}.", name=spec.name)
            )
        id = f"{plugin}/{spec.name}"
        if id in models:
            raise Broken(tr("The model “{id}” is registered twice.", id=id))
        models[id] = msgspec.structs.replace(spec, id=id)
    return tuple(models.values())


def _described(plugin: str, generator: type[Generator]) -> GeneratorDescription:
    try:
        return describe(plugin, generator)
    except Exception as error:
        raise Broken(
            tr("{type} cannot be described: {error}", type=generator.__name__, error=error)
        ) from error


def _licence(distribution: importlib.metadata.Distribution) -> str:
    metadata = distribution.metadata
    named = [metadata[key] for key in ("License-Expression", "License") if key in metadata]
    return named[0].split("\n", 1)[0][:100] if named else ""
