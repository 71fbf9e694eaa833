"""Asking a person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studio.cli import codes
from studio.cli.console import Console
from studio.errors import LicenceRefused
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.model import Licence
    from studio.models.store import Consent

_RULE = "-" * 70


def can_ask(console: Console) -> bool:
    """Whether somebody sits there: scripts and pipes get no questions."""
    return console.interactive and not console.as_json and sys.stdin is not None and sys.stdin.isatty()


def answer(console: Console, question: str) -> str:
    """What somebody typed; empty where nobody can be asked, or just pressed Enter."""
    if not can_ask(console):
        return ""
    console.note(question)
    return sys.stdin.readline().strip()


def agree(console: Console, licence: Licence, title: str, *, accepted: bool) -> Consent:
    """Shows the terms of a model and has them accepted, by an option or an answer.

    Raises:
        LicenceRefused: they were not.
    """
    from studio.models.store import Consent

    if not accepted or can_ask(console):
        console.note(_shown(licence, title))
    if not accepted:
        if not can_ask(console):
            raise LicenceRefused(
                tr("“{title}” was not fetched: its licence was not accepted.", title=title),
                tr("Read the licence, then give the command again with --accept-licence."),
                licence.text or licence.url,
            )
        yes = tr("y")
        given = answer(console, tr("Do you agree to these terms? [{yes}/n] ", yes=yes)).casefold()
        if given not in (yes.casefold(), "y", "yes"):
            raise LicenceRefused(
                tr("“{title}” was not fetched: its licence was not accepted.", title=title),
                tr("Choose another model: studio models catalog"),
            )
    return Consent.to(licence)


def _shown(licence: Licence, title: str) -> str:
    heading = f"{title}: {licence.title} ({licence.id})"
    commercial = tr("Commercial use: {answer}.", answer=commercial_words(licence.commercial))
    facts = [commercial, tr(licence.note) if licence.note else "", licence.url]
    return "\n".join(["", heading, *filter(None, facts), _RULE, licence.text or licence.url, _RULE])


def commercial_words(commercial: str) -> str:
    return {"yes": tr("yes"), "no": tr("no"), "conditions": tr("on conditions")}[commercial]


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM ends what is inside in order, as Ctrl-C does."""
    import signal

    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def interrupted(console: Console, work: Callable[[], int], kept: str) -> int:
    """Does the work; Ctrl-C and SIGTERM end it, and `kept` says what becomes of it."""
    try:
        with interruptible():
            return work()
    except KeyboardInterrupt:
        console.end_progress()
        if console.as_json:
            error = {"code": "interrupted", "message": tr("Interrupted."), "hint": kept, "detail": ""}
            console.result({"ok": False, "error": error}, "")
        else:
            console.note(f"{tr('Interrupted.')} {kept}")
        return codes.INTERRUPTED
