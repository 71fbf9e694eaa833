"""Whether this computer can do a job, and how: said before it starts, and held against the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from studio import settings
from studio.backends.calibration import Calibration
from studio.backends.device import Memory, device_memory
from studio.backends.plan import Choice, Demand, choices
from studio.core.generator import GeneratorDescription
from studio.core.params import applies, model_fields
from studio.core.recipe import Recipe
from studio.errors import ModelRefused
from studio.jobs.estimate import Cost, History, work_of, work_of_recipe
from studio.jobs.weights import weights_of
from studio.models.store import Model, ModelStore
from studio.plugins.catalog import Catalog
from studio.words import tr

if TYPE_CHECKING:
    from studio.project.store import Project

NOBODY = 0
"""The process id that stands for "no worker runs": nothing is held by one then."""

_TOKENS_PER_WORD = 1.4


def admit(
    recipe: Recipe,
    *,
    catalog: Catalog,
    models: ModelStore,
    history: History,
    project: Project,
    calibration: Calibration | None = None,
    worker: int | None = None,
) -> tuple[Choice, ...]:
    """The ways to compute a job that fit this computer's free memory, the best first; never empty.

    `worker` is the process that will do it: what it keeps of earlier jobs, it gives up for this one.

    Raises:
        OutOfMemory: none fits, in words with numbers.
        ModelRefused: one of its models is not in the list.
        PluginError: no plugin offers its generator.
    """
    generator = catalog.generator(recipe.generator)
    listed = {model.digest: model for model in models.models()} if recipe.models else {}
    missing = [use.name for use in recipe.models.values() if use.digest not in listed]
    if missing:
        raise ModelRefused(
            tr("The model “{name}” of this recipe is not in your list of models.", name=missing[0]),
            tr("Add it and try again."),
        )
    used = [listed[use.digest] for use in recipe.models.values()]
    cost = history.expected(work_of_recipe(project, generator, recipe))
    demand = _demand(generator, recipe.params, recipe.device, recipe.numerics.precision, used, cost, catalog)
    return choices(demand, machine_memory(catalog, worker), calibration)


def admit_values(
    generator: GeneratorDescription,
    params: Mapping[str, Any],
    device: str,
    *,
    used: Sequence[Model],
    catalog: Catalog,
    history: History,
    pixels: int | None = None,
    calibration: Calibration | None = None,
) -> tuple[Choice, ...]:
    """The same before there is a recipe: for a form with these values, in which these models are chosen.

    Raises:
        OutOfMemory: none fits, in words with numbers.
    """
    cost = history.expected(work_of(generator, _named(generator, params, used), device, pixels))
    demand = _demand(generator, params, device, "auto", used, cost, catalog)
    return choices(demand, machine_memory(catalog), calibration)


def _named(
    generator: GeneratorDescription, params: Mapping[str, Any], used: Sequence[Model]
) -> dict[str, Any]:
    """The values with the models that stand for empty fields, as the recipe will name them."""
    fields = model_fields(generator.params_schema)
    digests = {
        field: next((model.digest for model in used if rule.takes(model.format, model.instruct)), "")
        for field, rule in fields.items()
        if not params.get(field)
    }
    return {**params, **digests}


def machine_memory(catalog: Catalog, worker: int | None = None) -> dict[str, Memory]:
    """Of each device, as far as the person lets jobs have it (`settings.Computer`). What the worker holds of
    the main memory counts as free (without one: what all of ours hold). What is free on a graphics card only
    a worker can ask."""
    main, chosen = device_memory("cpu"), settings.current().computer
    found = {
        device: _share(Memory(total, total), chosen.graphics_memory)
        for device, total in catalog.device_memory.items()
    }
    free = Memory(main.total, min(main.total, main.free + held_by(worker)))
    return {**found, "cpu": _share(free, chosen.memory)}


def _share(memory: Memory, percent: int) -> Memory:
    total = memory.total * percent // 100
    return Memory(total, min(memory.free, total))


def _demand(
    generator: GeneratorDescription,
    params: Mapping[str, Any],
    device: str,
    precision: str,
    used: Sequence[Model],
    cost: Cost | None,
    catalog: Catalog,
) -> Demand:
    properties = generator.params_schema.get("properties", {})
    amounts: dict[str, float] = {}
    for name, spec in properties.items():
        unit, value = spec.get("x-ui", {}).get("unit", ""), params.get(name)
        if isinstance(value, int | float) and value > 0 and applies(spec, params):
            amounts[unit] = max(amounts.get(unit, 0), value)
    drafts = params.get("drafts")
    return Demand(
        device=device,
        precision=precision,
        weights=tuple(weights_of(model, catalog.models.get(model.spec)) for model in used),
        steps=amounts.get("steps", 0),
        tokens=int(max(amounts.get("tokens", 0), amounts.get("words", 0) * _TOKENS_PER_WORD)),
        rows=drafts if type(drafts) is int and drafts > 0 else 1,
        seconds=cost.seconds if cost is not None else None,
        memory=cost.memory if cost is not None else None,
    )


def held_by(worker: int | None) -> int:
    """Bytes of one child of this process (by its id), or of all."""
    import psutil

    own = psutil.Process()
    held = 0
    for pid in [child.pid for child in own.children()] if worker is None else [worker]:
        with suppress(psutil.Error):  # it has just ended
            process = psutil.Process(pid)
            held += int(process.memory_info().rss) if process.ppid() == own.pid else 0
    return held
