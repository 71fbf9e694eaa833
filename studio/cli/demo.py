"""studio demo: the main job on a sample photo, without a screen."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.cli.console import Console
from studio.core.generator import GeneratorDescription
from studio.core.item import JobState
from studio.core.kind import Kind
from studio.errors import PluginError
from studio.plugins.catalog import Catalog
from studio.words import tr

KINDS = (Kind.IMAGE, Kind.MASK)
"""Of the sample: a photo, and the mask of what is to go."""


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "demo",
        parents=[common],
        help=tr("repair a sample photo and export it, without a screen"),
        description=tr(
            "Makes the sample project, removes something from a sample photo and exports the result."
        ),
    )
    parser.set_defaults(command=command)


def sample_folder() -> Path:
    """Where the sample project lies; the window uses the same one."""
    from studio.paths import projects_folder

    return projects_folder() / "Sample.studio"


def generator_for(catalog: Catalog) -> GeneratorDescription:
    """The first generator that works from what the sample has. Raises `PluginError` where there is none."""
    for generator in catalog.generators.values():
        if generator.listed and tuple(slot.kind for slot in generator.inputs) == KINDS:
            return generator
    raise PluginError(
        tr("No plugin is installed that works from a photo and a mask."),
        tr("See studio plugins for what there is."),
    )


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.backends.device import default_threads
    from studio.cli.session import open_service, open_session, took
    from studio.export.batch import export
    from studio.jobs.prepare import make_recipe
    from studio.project.sample import create_sample, sample_pairs

    folder = sample_folder()
    if not folder.exists():
        create_sample(folder).close()
    with open_session(folder, console) as session, open_service() as service:
        generator = generator_for(session.catalog)
        photo, mask = sample_pairs()[0]
        image, region = (slot.name for slot in generator.inputs)
        console.note(tr("Removing what {name} covers from {photo} …", name=mask.name, photo=photo.name))
        recipe = make_recipe(
            session.project,
            generator,
            {},
            {image: photo, region: mask},
            seed=0,
            device="cpu",
            threads=default_threads(),
            models=session.models,
        )
        jobs, interrupted = session.work(session.submit([recipe], title=photo.name, titles=[photo.name]))
        items = session.items_of(jobs)
        report = export(session.project, items, folder.parent / "Sample export", service) if items else None
        document = {
            "ok": jobs[0].state is JobState.DONE,
            "project": str(folder),
            "photo": str(photo),
            "jobs": [session.report(jobs[0], items)],
            "files": [str(file.path) for file in report.files] if report else [],
        }
        if report:
            words = [
                tr("The photo:   {photo}", photo=photo),
                tr("Repaired:    {file}  ({duration})", file=report.files[0].path, duration=took(jobs[0])),
                tr("How:         {manifest}", manifest=report.manifest),
                tr("The project: {folder}", folder=folder),
            ]
        else:
            words = [session.kept(interrupted) or tr("Failed: {error}", error=jobs[0].error)]
        console.result(document, "\n".join(words))
        return session.exit_code(jobs, interrupted)
