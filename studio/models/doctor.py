"""What works here without a network, and every file that is missing for the rest. Nothing is asked of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from studio.core.generator import GeneratorDescription
from studio.core.model import ConverterDescription, Format, ModelSpec
from studio.core.params import model_fields
from studio.errors import ModelRefused, StudioError
from studio.models.floors import Floor
from studio.models.store import Model, ModelStore, fitting
from studio.words import tr


class MissingFile(msgspec.Struct, frozen=True):
    """A file to fetch before one leaves the network."""

    name: str
    size: int
    """Bytes; 0 where nobody knows."""
    sha256: str
    """Empty where the first download decides."""


class Wanted(msgspec.Struct, frozen=True):
    """A model that would make generators ready."""

    id: str
    """In the catalog."""
    title: str
    size: int
    recommended: bool
    files: tuple[MissingFile, ...]


class GeneratorState(msgspec.Struct, frozen=True):
    id: str
    title: str
    ready: bool
    models: tuple[str, ...]
    """The names of those that it can use now, first the one that it uses where nobody chose."""
    needs_model: bool
    wanted: tuple[str, ...] = ()
    """Ids of models that would make it ready, the recommended ones first."""


class ModelState(msgspec.Struct, frozen=True):
    name: str
    format: Format
    size: int
    licence: str
    path: str
    problem: str = ""
    """Why it cannot be used, in words."""
    hint: str = ""
    unfit: str = ""
    """Why it does not run on this computer, in words."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    generators: tuple[GeneratorState, ...]
    models: tuple[ModelState, ...]
    missing: tuple[Wanted, ...]
    """Every model that some generator wants, with its files."""
    floors: tuple[Floor, ...]
    plugins: dict[str, str]
    """Those that cannot be used, and why."""
    notes: tuple[str, ...]
    devices: dict[str, int]
    """What can compute, and its memory in bytes (0: nobody knows)."""
    providers: tuple[str, ...]
    disk_free: int
    """Bytes, where models are kept."""

    @property
    def ready(self) -> bool:
        """Whether every generator works without a network."""
        return all(generator.ready for generator in self.generators)

    @property
    def sound(self) -> bool:
        """Whether all that is installed can be used."""
        return not (
            self.plugins
            or any(model.problem for model in self.models)
            or any(floor.installed and not floor.is_met for floor in self.floors)
        )


def problems_of(store: ModelStore) -> dict[str, StudioError]:
    """What is wrong with models, by digest. Reads the files whose size or time changed, and no other."""
    found: dict[str, StudioError] = {}
    for model in store.models():
        try:
            store.path(model.digest)
        except ModelRefused as error:
            found[model.digest] = error
    return found


def examine(
    *,
    generators: Iterable[GeneratorDescription],
    specs: Mapping[str, ModelSpec],
    converters: Collection[ConverterDescription],
    models: Sequence[Model],
    problems: Mapping[str, StudioError],
    unfit: Mapping[str, str],
    floors: tuple[Floor, ...],
    plugins: Mapping[str, str],
    notes: Sequence[str],
    devices: Mapping[str, int],
    providers: tuple[str, ...],
    disk_free: int,
) -> Report:
    """The report. Pure.

    `problems` and `unfit` are by a model's digest, `plugins` (those that failed) by their names.
    """
    usable = [model for model in models if model.digest not in problems]
    states = tuple(
        _generator(generator, specs, converters, usable) for generator in generators if generator.listed
    )
    wanted = {id for state in states for id in state.wanted}
    return Report(
        generators=states,
        models=tuple(
            ModelState(
                name=model.name,
                format=model.format,
                size=model.size,
                licence=model.licence,
                path=str(model.path),
                problem=problems[model.digest].message if model.digest in problems else "",
                hint=problems[model.digest].hint if model.digest in problems else "",
                unfit=unfit.get(model.digest, ""),
            )
            for model in models
        ),
        missing=tuple(_wanted(spec) for spec in specs.values() if spec.id in wanted),
        floors=floors,
        plugins=dict(plugins),
        notes=tuple(tr(note) for note in notes),
        devices=dict(devices),
        providers=providers,
        disk_free=disk_free,
    )


def _generator(
    generator: GeneratorDescription,
    specs: Mapping[str, ModelSpec],
    converters: Collection[ConverterDescription],
    usable: Sequence[Model],
) -> GeneratorState:
    rules = model_fields(generator.params_schema).values()
    needed = [rule for rule in rules if rule.is_needed]
    lacking = [
        rule for rule in needed if not any(rule.takes(model.format, model.instruct) for model in usable)
    ]
    offered = [
        spec
        for spec in specs.values()
        if spec.kind == generator.kind
        and any(
            rule.takes(format, spec.instruct)
            for rule in lacking
            for format in (spec.format, *(one.target for one in converters if spec.format in one.sources))
        )
    ]
    return GeneratorState(
        id=generator.id,
        title=tr(generator.title),
        ready=not lacking,
        models=tuple(dict.fromkeys(model.name for rule in rules for model in fitting(usable, rule))),
        needs_model=bool(needed),
        wanted=tuple(spec.id for spec in sorted(offered, key=lambda spec: not spec.starter)),
    )


def _wanted(spec: ModelSpec) -> Wanted:
    return Wanted(
        spec.id,
        spec.title,
        spec.size,
        spec.starter,
        tuple(MissingFile(file.name, file.size, file.sha256) for file in spec.files),
    )
