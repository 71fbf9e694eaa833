"""The protocol takes exactly its own messages, whatever comes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.backends.plan import Choice
from studio.core.generator import MAX_DRAFTS
from studio.core.kind import KIND_ID
from studio.core.model import Number, Plan
from studio.core.recipe import Recipe
from studio.errors import BadInput, OutOfMemory, StudioError
from studio.jobs import wire

anything = st.text()
names = st.text(st.characters(exclude_categories=["Cs"]))
paths = st.binary(max_size=60).filter(lambda name: b"\0" not in name).map(os.fsdecode).map(Path)
"""A path is bytes, and may be no text."""
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
recipes = st.builds(
    Recipe,
    generator=st.just("a/b"),
    generator_version=names,
    params=st.dictionaries(names, json_values, max_size=4),
    seed=st.integers(0, 2**32 - 1),
)
choices = st.builds(
    Choice,
    plan=st.builds(Plan, device=names, precision=names),
    memory=st.integers(0, 2**50),
    seconds=st.none() | st.floats(0, 1e6),
    reason=names,
)
requests = (
    st.builds(wire.Describe, skip=st.lists(names, max_size=3).map(tuple))
    | st.builds(
        wire.RunJob,
        job=names,
        recipe=recipes,
        inputs=st.dictionaries(names, paths, max_size=3),
        models=st.dictionaries(names, paths, max_size=3),
        staging=paths,
        language=names,
        choices=st.lists(choices, min_size=1, max_size=3).map(tuple),
    )
    | st.builds(
        wire.Convert,
        job=names,
        converter=names,
        source=paths,
        target=paths,
        precision=names,
        threads=st.integers(1, 64),
        language=names,
    )
    | st.builds(wire.Control, job=names, what=st.sampled_from(["cancel", "pause", "resume"]))
)
made = st.builds(wire.Made, path=paths, kind=st.from_regex(KIND_ID), name=anything)
sizes = st.integers(0, 2**62)
seconds = st.floats(0, 1e9)
answers = (
    st.builds(wire.Progress, job=names, fraction=st.floats(0, 1), message=anything)
    | st.builds(wire.Text, job=names, draft=st.integers(0, MAX_DRAFTS - 1), text=anything)
    | st.builds(wire.Planned, job=names, choice=choices)
    | st.builds(
        wire.Numbers,
        job=names,
        numbers=st.lists(
            st.builds(
                Number,
                name=names,
                title=names,
                value=st.floats(allow_nan=False, allow_infinity=False),
                unit=names,
            ),
            max_size=3,
        ).map(tuple),
    )
    | st.builds(wire.Converted, job=names, seconds=st.floats(0, 1e9), peak_memory=st.integers(0, 2**62))
    | st.builds(
        wire.Done,
        job=names,
        artifacts=st.lists(made, max_size=3).map(tuple),
        seconds=seconds,
        peak_memory=sizes,
        memory=sizes,
        loaded=st.booleans(),
        env=st.dictionaries(names, json_values, max_size=3),
    )
    | st.builds(
        wire.Failed,
        job=names,
        error=st.builds(wire.ErrorText, code=names, message=anything, hint=anything, detail=anything),
        seconds=seconds,
        peak_memory=sizes,
    )
    | st.builds(wire.Stopped, job=names)
)


@given(requests)
def test_requests_arrive_as_they_were(message: Any) -> None:
    line = wire.encode(message)
    assert line.count(b"\n") == 1
    assert wire.to_worker(line) == message


@given(answers)
def test_answers_arrive_as_they_were(message: Any) -> None:
    line = wire.encode(message)
    assert line.count(b"\n") == 1
    assert wire.from_worker(line) == message


@given(st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
def test_anything_else_is_refused(line: bytes) -> None:
    for decode in (wire.to_worker, wire.from_worker):
        with pytest.raises(wire.WireError):
            decode(line)


@given(
    answers,
    st.dictionaries(st.sampled_from(["type", "job", "more", "fraction", "seconds"]), json_values, min_size=1),
)
def test_a_changed_message_is_a_message_or_refused(message: Any, changes: dict[str, Any]) -> None:
    changed = {**json.loads(wire.encode(message)), **changes}
    try:
        decoded = wire.from_worker(json.dumps(changed).encode())
    except wire.WireError:
        return
    assert "more" not in changed
    assert wire.from_worker(wire.encode(decoded)) == decoded


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"progress","job":"a","fraction":NaN,"message":""}',
        b'{"type":"progress","job":"a","fraction":1.5,"message":""}',
        b'{"type":"progress","job":"a","fraction":"0.5","message":""}',
        b'{"type":"progress","job":1,"fraction":0.5,"message":""}',
        b'{"type":"preview","job":"a","file":"../../secret"}',
        b'{"type":"stopped","job":"a","extra":1}',
        b'{"type":"stopped"}',
        b'{"type":"ready","protocol":true}',
        b"",
        b"[" * 100_000,
    ],
)
def test_refused(line: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.from_worker(line)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "\udcff", object()])
def test_what_the_other_side_would_refuse_is_not_sent(value: Any) -> None:
    done = {"job": "a", "artifacts": (), "seconds": 0, "peak_memory": 0, "memory": 0, "loaded": False}
    with pytest.raises(wire.WireError, match="a done message cannot be written"):
        wire.encode(wire.Done(**done, env={"x": value}))


def test_a_message_that_is_no_text_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="must be a text"):
        wire.Progress(job="a", fraction=0, message=3)  # type: ignore[arg-type]


def test_lines_are_bounded() -> None:
    with pytest.raises(wire.WireError, match="too long"):
        wire.encode(wire.Describe(skip=("x" * wire.MAX_LINE,)))
    with pytest.raises(wire.WireError, match="a line of over"):
        wire.from_worker(b" " * (wire.MAX_LINE + 1))


def test_texts_from_plugins_are_made_sendable() -> None:
    message = wire.Progress(job="a", fraction=0, message="odd \udcff name" + "x" * wire.MAX_TEXT)
    assert wire.from_worker(wire.encode(message)) == message
    assert message.message.startswith("odd ? name")
    assert len(message.message) == wire.MAX_TEXT


@pytest.mark.parametrize("error", [BadInput("m", "h", "d"), OutOfMemory("m"), StudioError("\udcff")])
def test_errors_keep_their_kind(error: StudioError) -> None:
    failed = wire.Failed(job="a", error=wire.ErrorText.of(error), seconds=0, peak_memory=0)
    back = wire.from_worker(wire.encode(failed))
    assert isinstance(back, wire.Failed)
    assert type(back.error.error()) is type(error)
    assert back.error.error().hint == error.hint
