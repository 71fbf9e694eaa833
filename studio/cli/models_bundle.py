"""studio models export-bundle and import-bundle."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from studio.cli import codes
from studio.cli.consent import agree, interrupted
from studio.cli.console import Console
from studio.cli.models_words import describe, in_words, named
from studio.words import tr

if TYPE_CHECKING:
    from studio.models.fetch import FetchProgress


def export(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import installed_plugins, model_store
    from studio.models.bundle import export_bundle

    store = model_store()
    models = [named(store, name) for name in dict.fromkeys(options.names)]
    specs = installed_plugins().models

    def work() -> int:
        bundle = export_bundle(
            models, options.folder, store, specs, on_progress=lambda told: _progress(console, told)
        )
        console.end_progress()
        lines = [tr("Written to {folder}", folder=options.folder)]
        lines += [f"  {in_words(model)}" for model in models]
        document = {
            "ok": True,
            "folder": str(options.folder),
            "models": [describe(model) for model in models],
            "bundle": [entry.name for entry in bundle.models],
        }
        console.result(document, "\n".join(lines))
        return codes.OK

    kept = tr("Models that are whole are in the bundle: the same command goes on with the others.")
    return interrupted(console, work, kept)


def take(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import installed_plugins, model_store
    from studio.models.bundle import import_bundle, models_under, read_bundle, terms_of

    bundle = read_bundle(options.folder)
    specs = installed_plugins().models

    def work() -> int:
        consents = [
            agree(console, licence, models_under(bundle, licence), accepted=options.accept_licence)
            for licence in terms_of(bundle)
        ]
        models = import_bundle(
            options.folder,
            bundle,
            model_store(),
            specs,
            consents=consents,
            on_progress=lambda told: _progress(console, told),
        )
        console.end_progress()
        text = "\n".join(in_words(model) for model in models)
        console.result(
            {"ok": True, "models": [describe(model) for model in models]},
            text or tr("There is no model in this bundle."),
        )
        return codes.OK

    kept = tr("Models that are whole stay: the same command goes on with the others.")
    return interrupted(console, work, kept)


def _progress(console: Console, told: FetchProgress) -> None:
    console.progress(told.done / (told.total or 1), told.words)
