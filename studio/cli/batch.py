"""studio batch: one generator, a folder of inputs."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from studio.cli import examples
from studio.cli import generator_options as given
from studio.cli.console import Console
from studio.cli.session import media_for
from studio.core.generator import GeneratorDescription
from studio.core.item import JobState
from studio.core.kind import Kind
from studio.core.titles import stored
from studio.errors import BadInput, InvalidParams, StudioError
from studio.given_paths import is_folder
from studio.words import mark, tr

if TYPE_CHECKING:
    from studio.cli.session import Session
    from studio.core.recipe import Recipe
    from studio.project.intake import Intake
    from studio.service.service import Service

_EPILOG = mark(
    """\
Name a generator to see its settings: studio batch GENERATOR --help

example:
  studio batch GENERATOR --inputs photos --masks masks --out fixed

A mask belongs to the photo of the same name: photo.jpg and photo.png or photo_mask.png.
With --project, an interrupted batch goes on later: studio resume FOLDER
"""
)

_PAIRS = mark("A mask belongs to the photo of the same name: photo.jpg and photo.png or photo_mask.png.")
_LATER = mark("With --project, an interrupted batch goes on later: studio resume FOLDER")


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    generator = given.named_generator(words, "batch")
    parser: argparse.ArgumentParser = commands.add_parser(
        "batch",
        parents=[common],
        help=tr("run a generator on a folder of inputs"),
        description=tr(generator.summary) if generator else tr("Runs a generator on every file of a folder."),
        epilog=_of_generator(generator) if generator else tr(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    given.add_generator(parser, generator)
    parser.add_argument(
        "--inputs", type=Path, required=True, metavar="FOLDER", help=tr("the files to work on")
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help=tr("write the results here, with a manifest")
    )
    parser.add_argument("--project", type=Path, metavar="FOLDER", help=tr("keep the results in this project"))
    given.add_naming(parser, media_for(words, "batch"))
    if generator:
        paired = 2 if _has_mask(generator) else 1
        if paired == 2:
            parser.add_argument(
                "--masks",
                type=Path,
                required=True,
                metavar="FOLDER|FILE",
                help=tr("a mask for each, or one for all"),
            )
        taken = given.add_inputs(parser, generator, skip=paired)
        given.add_settings(parser, generator, [*taken, *given.RESERVED])
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import open_service, open_session
    from studio.export.batch import check_choices, check_folder, export
    from studio.export.formats import Formats
    from studio.plugins.media import installed_media
    from studio.project.intake import Intake

    if not options.out and not options.project:
        raise BadInput(
            tr("Nowhere to put the results."), tr("Add --out FOLDER, or --project FOLDER, or both.")
        )
    formats = Formats(installed_media())
    check_choices(options.template, options.format, formats)
    with open_session(options.project, console) as session, open_service() as service:
        generator = session.catalog.generator(options.generator)
        inputs = list(_inputs(options, generator))
        if options.out:
            check_folder(session.project, options.out)
        with TemporaryDirectory(prefix="studio-") as folder:
            assets = Intake(session.project)
            recipes, titles, refused = _recipes(
                session, assets, generator, options, inputs, console, service, Path(folder)
            )
        title = stored(
            mark("{generator} – {item}"), generator=stored(generator.title), item=options.inputs.name
        )
        submitted = session.submit(recipes, title=title, titles=titles, assets=assets)
        jobs, interrupted = session.work(submitted)
        items = session.items_of(jobs)
        report = None
        if options.out and items:
            report = export(
                session.project,
                items,
                options.out,
                service,
                template=options.template,
                formats=formats.everywhere(options.format),
            )
        done = sum(job.state is JobState.DONE for job in jobs)
        document = {
            "ok": done == len(inputs),
            "project": str(options.project) if options.project else None,
            "jobs": [session.report(job, session.items_of([job])) for job in jobs],
            "refused": [{"input": name, "error": error.to_json()} for name, error in refused],
            "files": [str(file.path) for file in report.files] if report else [],
            "manifest": str(report.manifest) if report else None,
        }
        words = [
            tr("{done} of {all} done, written to {folder}", done=done, all=len(inputs), folder=options.out)
            if report
            else tr("{done} of {all} done", done=done, all=len(inputs))
        ]
        console.result(document, "\n".join([*words, *filter(None, [session.kept(interrupted)])]))
        code = session.exit_code(jobs, interrupted)
        return code or int(bool(refused or (report and report.failed)))


def _of_generator(generator: GeneratorDescription) -> str:
    """The end of its help."""
    has_masks = _has_mask(generator)
    example = examples.of_batch(generator, has_masks=has_masks)
    lines = [tr("example:"), f"  {example}", ""] if example else []
    lines += [tr(_PAIRS)] if has_masks else []
    return "\n".join([*lines, tr(_LATER)])


def _has_mask(generator: GeneratorDescription) -> bool:
    return len(generator.inputs) > 1 and generator.inputs[1].kind == Kind.MASK


def _inputs(options: argparse.Namespace, generator: GeneratorDescription) -> Iterator[dict[str, Path]]:
    """The files of each job, by the name of the input."""
    from studio.jobs.prepare import pair_folders

    if not generator.inputs:
        raise BadInput(tr("{title} takes no input.", title=tr(generator.title)), tr("Use studio run."))
    shared = given.inputs_of(options)
    first = generator.inputs[0].name
    if _has_mask(generator):
        for photo, mask in pair_folders(options.inputs, options.masks):
            yield {first: photo, generator.inputs[1].name: mask, **shared}
        return
    if not is_folder(options.inputs):
        raise BadInput(
            tr("“{inputs}” is not a folder.", inputs=options.inputs),
            tr("Give the folder that holds the inputs."),
        )
    for file in sorted(options.inputs.iterdir()):
        if file.is_file() and not file.name.startswith("."):
            yield {first: file, **shared}


def _recipes(
    session: Session,
    assets: Intake,
    generator: GeneratorDescription,
    options: argparse.Namespace,
    inputs: Sequence[Mapping[str, Path]],
    console: Console,
    service: Service,
    folder: Path,
) -> tuple[list[Recipe], list[str], list[tuple[str, StudioError]]]:
    """Recipes and titles for the inputs that can be used, and what was refused; raises if that is all."""
    from studio.backends.device import default_threads
    from studio.jobs.prepare import make_recipe

    values, seed = given.values_of(options, generator), given.seed_of(options)
    device = given.device_of(options, session.catalog.devices)
    recipes: list[Recipe] = []
    titles: list[str] = []
    refused: list[tuple[str, StudioError]] = []
    for number, files in enumerate(inputs, start=1):
        name = files[generator.inputs[0].name].name
        try:
            recipes.append(
                make_recipe(
                    session.project,
                    generator,
                    values,
                    given.imported(files, generator, service, folder / str(number)),
                    seed=seed,
                    device=device,
                    threads=default_threads(),
                    models=session.models,
                    assets=assets,
                )
            )
            titles.append(name)
        except InvalidParams:
            raise
        except BadInput as error:
            refused.append((name, error))
            console.note(f"{name}: {error}")
        console.progress(number / len(inputs), tr("reading {name}", name=name))
    if not recipes:
        raise (
            refused[0][1]
            if refused
            else BadInput(tr("“{inputs}” holds nothing to work on.", inputs=options.inputs))
        )
    return recipes, titles, refused
