"""Runs a command and tells what goes wrong in it, in words or as JSON."""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Callable

from studio.cli import codes
from studio.cli.console import LOG, Console
from studio.errors import StudioError
from studio.words import tr

PROGRAM = "studio"


def guarded(console: Console, command: Callable[[], int]) -> int:
    """The command's exit code, or that of what it raised, which is told."""
    try:
        return command()
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


def speak(console: Console) -> None:
    """In the user's language, from here on."""
    from studio import paths, settings
    from studio.plugins import speech
    from studio.words import language_for

    code = language_for(settings.language(paths.config_folder()), paths.translation_folders())
    if notice := speech.speak(code):
        console.note(notice)


def _tell(console: Console, error: StudioError) -> None:
    with contextlib.suppress(BrokenPipeError):  # whoever read us has gone
        if console.as_json:
            console.result({"ok": False, "error": error.to_json()}, "")
        else:
            console.note(f"{PROGRAM}: {error.message}" + (f"\n  {error.hint}" if error.hint else ""))


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
