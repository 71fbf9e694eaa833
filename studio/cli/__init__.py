"""The command line: everything that the window does, through the same functions.

Each command is a module with `add(subparsers, ...)`; it imports what it works with when it runs, so that
`studio plugins` does not wait for a library that only `studio run` needs.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

import studio
from studio.cli import (
    batch,
    codes,
    demo,
    doctor,
    exchange,
    export,
    gui,
    models,
    plugins,
    projects,
    resume,
    run,
    studies,
    support,
    templates,
)
from studio.cli.console import LOG, Console
from studio.errors import BadInput, StudioError
from studio.words import tr

_PROGRAM = "studio"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        words = ["gui"]
    as_json = "--json" in words  # also for what goes wrong before the words are understood
    console = Console(as_json=as_json)
    try:
        if words[0] != "gui":  # the window speaks for itself
            _speak(console)
        parser = build_parser(words)
        options = parser.parse_args(words)
        code: int = options.command(options, console)
        return code
    except StudioError as error:
        _tell(console, error)
        return codes.code_of(error)
    except KeyboardInterrupt:
        _tell(console, StudioError(tr("Interrupted.")))
        return codes.INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone; there is nobody to tell
        return codes.OK
    except Exception as error:  # noqa: BLE001 - the last resort: a defect, told in words
        _tell(console, _defect(error))
        return codes.DEFECT


def _speak(console: Console) -> None:
    from studio import paths, settings
    from studio.words import language_for, use

    folders = paths.translation_folders()
    code = language_for(settings.language(paths.config_folder()), folders)
    if notice := use(code, folders, paths.cache_folder()):
        console.note(notice)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command as everything else is said: in words, or as JSON."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(
            f"{message[:1].upper()}{message[1:]}.",
            tr("See {prog} --help.", prog=self.prog),
        )


def build_parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of every command. `words` is looked at because a generator's settings are options too."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=tr("one JSON document on stdout, for scripts"))
    parser = _Parser(
        prog=_PROGRAM,
        description=tr("A creative studio that runs entirely on your own machine."),
        epilog=tr(codes.EXPLAINED),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"studio {studio.__version__}")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(title=tr("commands"), metavar="COMMAND", required=True)
    for module in (
        gui,
        run,
        batch,
        resume,
        export,
        plugins,
        models,
        doctor,
        templates,
        studies,
        projects,
        exchange,
        demo,
        support,
    ):
        module.add(commands, common, words)
    return parser


def _tell(console: Console, error: StudioError) -> None:
    with contextlib.suppress(BrokenPipeError):  # whoever read us has gone
        if console.as_json:
            console.result({"ok": False, "error": error.to_json()}, "")
        else:
            console.note(f"{_PROGRAM}: {error.message}" + (f"\n  {error.hint}" if error.hint else ""))


def _defect(error: Exception) -> StudioError:
    from studio.paths import log_folder

    trace = traceback.format_exc()
    message = tr("Studio made a mistake: {error}", error=f"{type(error).__name__}: {error}")
    try:
        file = log_folder() / LOG
        with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{trace}\n")
    except (OSError, StudioError):
        return StudioError(message, tr("Report it with the details below.") + f"\n{trace}")
    return StudioError(message, tr("The details are in {file}.", file=file), trace)
