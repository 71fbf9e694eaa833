"""studio models install and convert."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from studio.cli import codes
from studio.cli.consent import agree, interrupted
from studio.cli.console import Console
from studio.cli.models_words import describe, in_words, named
from studio.errors import BadInput
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.model import ModelSpec
    from studio.models.fetch import FetchProgress
    from studio.plugins.catalog import Catalog


def install(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import installed_plugins

    catalog = installed_plugins()
    spec = _chosen(catalog, options.id)

    def work() -> int:
        return _install(options, console, catalog, spec)

    return interrupted(
        console, work, tr("What was fetched is kept: the same command goes on where it stopped.")
    )


def _install(options: argparse.Namespace, console: Console, catalog: Catalog, spec: ModelSpec) -> int:
    from studio.backends.device import default_threads
    from studio.cli.session import model_store
    from studio.core.disk import in_words as size_in_words
    from studio.jobs.get_model import get_model
    from studio.models.fetch import Sources

    consent = agree(console, spec.licence, spec.title, accepted=options.accept_licence)
    source = ""

    def fetching(progress: FetchProgress) -> None:
        nonlocal source
        if progress.source and progress.source != source:
            source = progress.source
            console.note(tr("Source: {source}", source=source))
        sizes = tr("{done} of {all}", done=size_in_words(progress.done), all=size_in_words(progress.total))
        console.progress(progress.done / (progress.total or 1), f"{sizes}  {progress.words}")

    def converting(fraction: float, words: str) -> None:
        console.progress(fraction, f"{tr('Preparing it for this computer')}  {words}")

    got = get_model(
        spec,
        model_store(),
        catalog,
        Sources(local=options.local, wheels=options.wheels, only=options.source),
        consent=consent,
        threads=default_threads(),
        converts=not options.no_convert,
        on_fetch=fetching,
        on_convert=converting,
    )
    console.end_progress()
    document: dict[str, Any] = {"ok": True, "model": describe(got.model), "converted": None, "problem": None}
    lines = [tr("Installed {model}", model=in_words(got.model))]
    unknown = {file.name for file in spec.files if not file.sha256}
    document["pinned"] = {file.name: file.digest for file in got.model.files if file.name in unknown}
    for name, digest in document["pinned"].items():
        lines.append(
            tr(
                "Nobody could verify “{name}” before. From now on it has to be {digest}.",
                name=name,
                digest=digest,
            )
        )
    if got.converted is not None:
        document["converted"] = describe(got.converted)
        lines.append(tr("Prepared for this computer: {model}", model=in_words(got.converted)))
    if got.problem is not None:
        document["problem"] = got.problem.to_json()
        lines.append(
            tr("It was not prepared for this computer, and works as it is: {why}", why=str(got.problem))
        )
    lines += [tr(text) for text in (spec.purpose, spec.limits) if text]
    console.result(document, "\n".join(lines))
    return codes.OK


def _chosen(catalog: Catalog, id: str) -> ModelSpec:
    """By its id, or by the half after the slash where only one model is called so. Raises BadInput."""
    every = catalog.models
    if not id:
        found = [spec for spec in every.values() if spec.starter]
        if found:
            return found[0]
        raise BadInput(
            tr("No plugin recommends a model."), tr("Choose one: studio models catalog lists them.")
        )
    found = [spec for spec in every.values() if id in (spec.id, spec.name)]
    if len(found) == 1:
        return found[0]
    raise BadInput(
        tr("There is no model “{id}” in the catalog.", id=id),
        tr("There are: {ids}.", ids=", ".join(sorted(every)) or tr("none")),
    )


def convert(options: argparse.Namespace, console: Console) -> int:
    from studio.backends.device import default_threads
    from studio.cli.session import installed_plugins, model_store
    from studio.jobs.convert import convert as convert_model

    store = model_store()
    model = named(store, options.name)
    every = installed_plugins().converters(model.format)
    offered = [precision for converter in every for precision in converter.precisions]
    found = [one for one in every if not options.precision or options.precision in one.precisions]
    if not found:
        raise BadInput(
            tr("Nothing can convert “{name}” so.", name=model.name),
            tr("Possible precisions: {precisions}.", precisions=", ".join(offered))
            if offered
            else tr("No plugin converts models in the format {format}.", format=model.format),
        )

    def work() -> int:
        converted = convert_model(
            model,
            found[0],
            options.precision or found[0].precisions[0],
            store,
            threads=default_threads(),
            on_progress=console.progress,
        )
        console.end_progress()
        console.result(
            {"ok": True, "model": describe(converted)}, tr("Made {model}", model=in_words(converted))
        )
        return codes.OK

    return interrupted(console, work, tr("Nothing was kept."))
