"""`execute` and what it asks of a generator, without a worker."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest

from studio.api import Field, Generator, Kind, NewArtifact, Params, Run
from studio.core.generator import Cancelled
from studio.errors import DiskFull, InvalidParams, ModelRefused, OutOfMemory, PluginError
from studio.jobs import run as run_module
from studio.jobs.run import in_words
from studio.testing import RunGenerator, run_generator

__all__ = ["run_generator"]  # the fixture

Body = Callable[[Any, Run], Iterator[NewArtifact]]


def generator(body: Body) -> type[Generator]:
    class SizeParams(Params):
        size: Annotated[int, Field(ge=1, le=9)] = 3

    class Made(Generator):
        name, title, kind = "made", "Made", Kind.TEXT
        Params = SizeParams

        def generate(self, params: SizeParams, run: Run) -> Any:
            return body(params, run)

    return Made


def write(run: Run, name: str = "a.txt", content: bytes = b"x", kind: str = Kind.TEXT) -> NewArtifact:
    path = run.scratch / name
    path.write_bytes(content)
    return NewArtifact(path, kind)


def test_params_are_instances_with_defaults(run_generator: RunGenerator) -> None:
    seen = []

    def body(params: Any, run: Run) -> Iterator[NewArtifact]:
        seen.append((params.size, run.params.size, run.seed, run.device, run.threads))  # type: ignore[attr-defined]
        yield write(run)

    run_generator(generator(body), seed=5, threads=2)
    run_generator(generator(body), {"size": 9})
    assert seen == [(3, 3, 5, "cpu", 2), (9, 9, 0, "cpu", 1)]
    with pytest.raises(InvalidParams, match="size must be at most 9"):
        run_generator(generator(body), {"size": 10})


@pytest.mark.parametrize(
    ("content", "name", "kind", "fits"),
    [
        (b"\x89PNG\r\n\x1a\n....", "a.png", Kind.IMAGE, True),
        (b"\x89PNG\r\n\x1a\n....", "a.PNG", Kind.MASK, True),
        (b"\xff\xd8\xff\xe0", "a.jpeg", Kind.IMAGE, True),
        (b"\x89PNG\r\n\x1a\n....", "a.jpg", Kind.IMAGE, False),
        (b"RIFF....WEBP", "a.webp", Kind.IMAGE, True),
        (b"RIFF....WAVE", "a.webp", Kind.IMAGE, False),
        (b"GIF89a....", "a.png", Kind.IMAGE, False),
        (b"<html>", "a.png", Kind.IMAGE, False),
        (b"hello", "a.txt", Kind.TEXT, True),
        (b"\0\0", "a.txt", Kind.TEXT, False),
        (b"RIFF....WAVE", "a.wav", Kind.AUDIO, True),
        (b"", "a.txt", Kind.TEXT, False),
    ],
)
def test_an_artifact_is_what_it_says(
    run_generator: RunGenerator,
    content: bytes,
    name: str,
    kind: str,
    fits: bool,
) -> None:
    def body(params: Any, run: Run) -> Iterator[NewArtifact]:
        yield write(run, name, content, kind)

    if fits:
        assert len(run_generator(generator(body)).artifacts) == 1
    else:
        with pytest.raises(PluginError):
            run_generator(generator(body))


def test_artifacts_lie_in_scratch_and_are_files(run_generator: RunGenerator, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")

    def elsewhere(params: Any, run: Run) -> Iterator[NewArtifact]:
        yield NewArtifact(outside, Kind.TEXT)

    def dotted(params: Any, run: Run) -> Iterator[NewArtifact]:
        yield NewArtifact(run.scratch / ".." / outside.name, Kind.TEXT)

    def link(params: Any, run: Run) -> Iterator[NewArtifact]:
        (run.scratch / "link.txt").symlink_to(outside)
        yield NewArtifact(run.scratch / "link.txt", Kind.TEXT)

    def folder(params: Any, run: Run) -> Iterator[NewArtifact]:
        yield NewArtifact(run.scratch, Kind.TEXT)

    def absent(params: Any, run: Run) -> Iterator[NewArtifact]:
        yield NewArtifact(run.scratch / "absent", Kind.TEXT)

    def twice(params: Any, run: Run) -> Iterator[NewArtifact]:
        yield write(run)
        yield write(run)

    def strange(params: Any, run: Run) -> Any:
        yield "a.txt"

    def no_generator(params: Any, run: Run) -> Any:
        return [write(run)]

    for body in (elsewhere, dotted, link, folder, absent, twice, strange, no_generator):
        with pytest.raises(PluginError):
            run_generator(generator(body))


def test_progress_is_throttled_and_always_reaches_its_end(
    run_generator: RunGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter(n * 0.01 for n in range(10_000))
    monkeypatch.setattr(run_module.time, "monotonic", lambda: next(clock))

    def body(params: Any, run: Run) -> Iterator[NewArtifact]:
        for n in range(1000):
            run.progress(n, 999, f"step {n}")
        yield write(run)

    told = run_generator(generator(body)).progress
    assert 90 <= len(told) <= 102
    assert [event.fraction for event in told] == sorted(event.fraction for event in told)
    assert (told[0].fraction, told[-1].fraction, told[-1].message) == (0, 1, "step 999")


@pytest.mark.parametrize(
    ("done", "total", "fraction"),
    [
        (1, 2, 0.5),
        (5, 2, 1),
        (-1, 2, 0),
        (1, 0, 0),
        (float("nan"), 1, 0),
        (float("inf"), 1, 0),
        (1, float("nan"), 0),
    ],
)
def test_odd_progress_is_put_right(
    run_generator: RunGenerator,
    done: float,
    total: float,
    fraction: float,
) -> None:
    def body(params: Any, run: Run) -> Iterator[NewArtifact]:
        run.progress(done, total)
        yield write(run)

    assert run_generator(generator(body)).progress[0].fraction == fraction


def test_cancel_passes_through_and_finally_runs(run_generator: RunGenerator) -> None:
    steps = []

    def body(params: Any, run: Run) -> Iterator[NewArtifact]:
        try:
            for n in range(100):
                run.check()
                steps.append(n)
        finally:
            steps.append("freed")
        yield write(run)

    with pytest.raises(Cancelled):
        run_generator(generator(body), cancel_after=3)
    assert steps == [0, 1, 2, "freed"]


def test_a_model_that_is_not_chosen(run_generator: RunGenerator, tmp_path: Path) -> None:
    def body(params: Any, run: Run) -> Iterator[NewArtifact]:
        run.note(str(run.model("net")))
        run.note(str(run.input("absent")))
        yield write(run)

    assert run_generator(generator(body), models={"net": tmp_path}).notes == [str(tmp_path), "None"]
    with pytest.raises(ModelRefused, match="No model is chosen for “net”"):
        run_generator(generator(body))


class OutOfMemoryError(RuntimeError):
    """As torch's is called."""


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (MemoryError(), OutOfMemory, "ran out of memory"),
        (OutOfMemoryError("CUDA"), OutOfMemory, "ran out of memory"),
        (OSError(errno.ENOSPC, "x"), DiskFull, "Disk full"),
        (SystemExit(1), PluginError, "tried to end the program"),
        (KeyError("x"), PluginError, "failed: 'x'"),
        (ValueError(), PluginError, "failed: ValueError"),
        (ValueError("one\ntwo"), PluginError, "failed: one"),
    ],
)
def test_exceptions_in_words(error: BaseException, kind: type[Exception], words: str) -> None:
    said = in_words(error, "X", lambda error: None)
    assert type(said) is kind
    assert words in said.message
    assert type(error).__name__ in said.detail
    assert said.hint


def test_a_broken_explanation_does_not_hide_the_error() -> None:
    def explain(error: Exception) -> str | None:
        raise RuntimeError("the hook is broken")

    said = in_words(ValueError("the cause"), "X", explain)
    assert "the cause" in said.message
    assert in_words(ValueError("x"), "X", lambda error: "Do this.").hint == "Do this."
