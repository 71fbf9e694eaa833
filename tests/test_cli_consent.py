"""The question at the terminal: nothing is agreed to by silence."""

from __future__ import annotations

import io
import sys

import pytest

from studio.cli.consent import agree
from studio.cli.console import Console
from studio.core.model import Licence
from studio.errors import LicenceRefused

TERMS = Licence(
    id="LicenseRef-X", title="X terms", text="Be kind.\x1b[2J", url="https://example.org", note="Kind."
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def console(
    monkeypatch: pytest.MonkeyPatch, typed: str, *, as_json: bool = False
) -> tuple[Console, Terminal]:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    said = Terminal()
    return Console(as_json=as_json, stdout=io.StringIO(), stderr=said), said


@pytest.mark.parametrize("typed", ["y\n", "Y\n", "yes\n", " y \n"])
def test_yes(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    asking, said = console(monkeypatch, typed)
    consent = agree(asking, TERMS, "A model", accepted=False)
    assert (consent.licence, consent.digest) == (TERMS.id, TERMS.digest)
    text = said.getvalue()
    assert "Be kind." in text and "on conditions" in text and "https://example.org" in text
    assert "\x1b[2J" not in text


@pytest.mark.parametrize("typed", ["n\n", "\n", "", "sure\n"])
def test_anything_else_is_no(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    asking, _ = console(monkeypatch, typed)
    with pytest.raises(LicenceRefused, match="was not accepted") as caught:
        agree(asking, TERMS, "A model", accepted=False)
    assert caught.value.hint


def test_nobody_is_asked_where_nobody_sits(monkeypatch: pytest.MonkeyPatch) -> None:
    asking, _ = console(monkeypatch, "y\n", as_json=True)
    with pytest.raises(LicenceRefused) as caught:
        agree(asking, TERMS, "A model", accepted=False)
    assert "--accept-licence" in caught.value.hint
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(LicenceRefused):
        agree(
            Console(as_json=False, stdout=io.StringIO(), stderr=Terminal()), TERMS, "A model", accepted=False
        )


def test_the_option_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    asking, _ = console(monkeypatch, "", as_json=True)
    assert agree(asking, TERMS, "A model", accepted=True).digest == TERMS.digest
