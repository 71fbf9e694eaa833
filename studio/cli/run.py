"""studio run: one generator, one input."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from studio.cli import codes, examples
from studio.cli import generator_options as given
from studio.cli.console import Console
from studio.core.item import JobState
from studio.core.titles import stored
from studio.errors import BadInput
from studio.words import mark, tr

if TYPE_CHECKING:
    from studio.jobs.queue import Job

_EPILOG = mark(
    """\
Name a generator to see its settings and an example: studio run GENERATOR --help
Which generators there are: studio plugins
"""
)


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    generator = given.named_generator(words, "run")
    parser: argparse.ArgumentParser = commands.add_parser(
        "run",
        parents=[common],
        help=tr("run a generator on one input"),
        description=tr(generator.summary) if generator else tr("Runs a generator on one input."),
        epilog=tr("example:") + f"\n  {examples.of_run(generator)}\n" if generator else tr(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    given.add_generator(parser, generator)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help=tr("write the result here; its extension says how")
    )
    parser.add_argument("--project", type=Path, metavar="FOLDER", help=tr("keep the result in this project"))
    if generator:
        taken = given.add_inputs(parser, generator)
        given.add_settings(parser, generator, [*taken, *given.RESERVED])
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.backends.device import default_threads
    from studio.cli.session import open_service, open_session
    from studio.export.batch import check_file, export_file
    from studio.export.formats import Formats
    from studio.jobs.prepare import make_recipe
    from studio.project.intake import Intake

    if not options.out and not options.project:
        raise BadInput(tr("Nowhere to put the result."), tr("Add --out FILE, or --project FOLDER, or both."))
    with open_session(options.project, console) as session, open_service() as service:
        generator = session.catalog.generator(options.generator)
        if options.out:
            check_file(options.out, generator.kind, Formats(service.media))
        values, inputs = given.values_and_inputs(options, generator)
        assets = Intake(session.project)
        with TemporaryDirectory(prefix="studio-") as folder:
            recipe = make_recipe(
                session.project,
                generator,
                values,
                given.imported(inputs, generator, service, Path(folder)),
                seed=given.seed_of(options),
                device=given.device_of(options, session.catalog.devices),
                threads=default_threads(),
                models=session.models,
                assets=assets,
            )
        titles = [given.title_of(recipe, inputs, generator)]
        submitted = session.submit([recipe], title=stored(generator.title), titles=titles, assets=assets)
        (job,), interrupted = session.work(submitted)
        items = session.items_of([job])
        paths = export_file(session.project, items, options.out, service) if options.out and items else ()
        document = {
            "ok": job.state is JobState.DONE,
            "project": str(options.project) if options.project else None,
            "jobs": [session.report(job, items)],
            "files": [str(path) for path in paths],
        }
        words = _in_words(job, [str(path) for path in paths], session.kept(interrupted))
        told = _told(session.runner.queue.env(job.id))
        console.result(document, "\n".join([words, *told]))
        if job.error is not None:
            return codes.code_of(job.error)  # nothing else was asked for: the job's failure is the command's
        return session.exit_code([job], interrupted)


def _told(env: Mapping[str, Any]) -> list[str]:
    """What the generator measured, and what it had to say of its work."""
    numbers = (f"{tr(n['title'])}: {n['value']:g} {n['unit']}".rstrip() for n in env.get("numbers", ()))
    return [*filter(None, ["  ".join(numbers)]), *env.get("notes", ())]


def _in_words(job: Job, paths: Sequence[str], kept: str) -> str:
    from studio.cli.session import took

    if job.state is JobState.DONE:
        made = ", ".join(paths) or tr("Kept in the project")
        return tr("{made}  ({duration}, seed {seed})", made=made, duration=took(job), seed=job.recipe.seed)
    if job.error is not None:
        return tr("Failed: {error}", error=job.error)
    return kept or tr("The job is {state}.", state=job.state)
