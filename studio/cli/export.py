"""studio export: writes what a project made to a folder."""

from __future__ import annotations

import argparse
import math
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli import codes
from studio.cli import generator_options as given
from studio.cli.console import Console
from studio.cli.session import media_for
from studio.core.item import Origin
from studio.core.kind import KIND_ID
from studio.errors import BadInput
from studio.export.formats import Formats
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.plugins.manifest_rows import OptionRow

_OPTION = "option_"
"""How the names of formats' options begin among the parsed ones."""


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "export",
        parents=[common],
        help=tr("write what a project made to a folder"),
        description=tr(
            "Writes what a project made to a folder, oldest first, with a manifest (JSON and CSV)."
        ),
    )
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    media = media_for(words, "export")
    given.add_naming(parser, media)
    parser.add_argument(
        "--search",
        default="",
        metavar="TEXT",
        help=tr("only what has these words in name or prompt, or fits: stars:>=3 tag:sea -is:rejected ..."),
    )
    parser.add_argument(
        "--kind",
        action="append",
        type=_kind,
        default=[],
        metavar="KIND",
        help=tr("only this kind: image, mask, text, audio or another"),
    )
    parser.add_argument(
        "--stars", type=int, default=0, choices=range(6), help=tr("only with so many stars or more")
    )
    parser.add_argument("--originals", action="store_true", help=tr("also what was brought into the project"))
    parser.add_argument(
        "--existing",
        choices=("number", "skip", "replace"),
        default="number",
        help=tr("what to do with files there"),
    )
    for option in Formats(media).options():
        _add_option(parser, option)
    parser.set_defaults(command=command)


def _kind(text: str) -> str:
    if not KIND_ID.match(text.lower()):
        raise argparse.ArgumentTypeError(tr("{text} is no kind", text=text))
    return text.lower()


def _add_option(parser: argparse.ArgumentParser, option: OptionRow) -> None:
    """An option of a format. One that is called like an option of the command cannot be given."""
    help = " ".join(filter(None, [tr(option.help or option.title), _usually(option)]))
    with suppress(argparse.ArgumentError):
        parser.add_argument(
            f"--{option.id}",
            type=lambda text: _number(text, option),
            metavar=(option.unit or "N").upper(),
            dest=f"{_OPTION}{option.id}",
            help=help.replace("%", "%%"),
        )


def _usually(option: OptionRow) -> str:
    return tr("(default: {usual})", usual=tr(option.usual)) if option.usual else ""


def _number(text: str, option: OptionRow) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not option.minimum <= value <= option.maximum:
        raise argparse.ArgumentTypeError(
            tr(
                "{text} is not a number from {minimum:g} to {maximum:g}",
                text=text,
                minimum=option.minimum,
                maximum=option.maximum,
            )
        )
    return value


def _options(options: argparse.Namespace) -> dict[str, float]:
    """The options of formats that were given."""
    return {
        name.removeprefix(_OPTION): value
        for name, value in vars(options).items()
        if name.startswith(_OPTION) and value is not None
    }


def _check_kinds(asked: Sequence[str], known: Collection[str]) -> None:
    """Raises BadInput for one that neither the project nor a plugin knows."""
    for kind in asked:
        if kind not in known:
            raise BadInput(
                tr("There is no kind “{kind}”.", kind=kind),
                tr("Choose one of {kinds}.", kinds=", ".join(sorted(known))),
            )


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import open_service
    from studio.export.batch import export
    from studio.project.order import Sort
    from studio.project.query import Query, parse
    from studio.project.store import Project

    with Project.open(options.project, read_only=True) as project, open_service() as service:
        formats = Formats(service.media)
        _check_kinds(options.kind, {*project.kinds(), *(kind.id for kind in formats.kinds)})
        asked = parse(
            options.search,
            Query(
                kinds=tuple(options.kind),
                origin=None if options.originals else Origin.ARTIFACT,
                min_stars=options.stars,
            ),
        )
        if asked.problems:
            raise BadInput(
                asked.problems[0].words, tr("Put words with a colon in quotes to search for them.")
            )
        found = project.rows(project.order(asked.query, Sort.OLDEST).ids)
        chosen = formats.everywhere(options.format)
        report = export(
            project,
            found,
            options.to,
            service,
            template=options.template,
            formats=chosen,
            options=dict.fromkeys(chosen, _options(options)),
            collision=options.existing,
            on_progress=lambda done, total: console.progress(
                done / total, tr("{done} of {all}", done=done, all=total)
            ),
        )
    document = {
        "ok": not report.failed,
        "files": [str(file.path) for file in report.files],
        "manifest": str(report.manifest) if report.manifest else None,
        "skipped": [item.name for item in report.skipped],
        "failed": [{"name": item.name, "error": error.to_json()} for item, error in report.failed],
    }
    lines = [
        trn(
            "{count} file written to {folder}",
            "{count} files written to {folder}",
            len(report.files),
            folder=report.folder,
        )
    ]
    if report.skipped:
        lines.append(tr("{count} left out, since files of that name are there", count=len(report.skipped)))
    lines += [tr("Failed: {error}", error=f"{item.name}: {error}") for item, error in report.failed]
    console.result(document, "\n".join(lines))
    return codes.SOME_FAILED if report.failed else codes.OK
