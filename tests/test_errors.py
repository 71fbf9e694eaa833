"""Errors survive the way from the worker to the window."""

from __future__ import annotations

import pytest

from studio import errors


@pytest.mark.parametrize("kind", [errors.StudioError, *errors._ALL], ids=lambda kind: kind.code)
def test_round_trip(kind: type[errors.StudioError]) -> None:
    error = kind("What.", "Do this.", "trace")
    again = errors.error_from_json(error.to_json())
    assert type(again) is kind
    assert (again.message, again.hint, again.detail) == ("What.", "Do this.", "trace")
    assert str(again) == "What. Do this."


def test_an_unknown_code_is_still_an_error_with_its_words() -> None:
    again = errors.error_from_json({"code": "from-the-future", "message": "What."})
    assert type(again) is errors.StudioError
    assert again.message == "What."
