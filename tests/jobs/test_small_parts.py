"""Logs per job, lines, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.jobs import joblog
from studio.jobs.joblog import JobLogs
from studio.jobs.logs import MAX_LINE, LineReader
from studio.jobs.process import END_OF_JOB


def test_job_logs_are_kept_apart(tmp_path: Path) -> None:
    logs = JobLogs(tmp_path / "logs")
    assert logs.read("a") == ""
    logs.begin("a")
    logs.begin("b")
    logs.add("a", "one")
    logs.add("b", "two")
    logs.add("unknown", "three")
    assert logs.read("a") == "one\n"
    logs.end("a")
    logs.begin("a")
    logs.add("a", "again")
    logs.end("a")
    logs.end("b")
    assert (logs.read("a"), logs.read("b")) == ("one\nagain\n", "two\n")


def test_a_job_log_that_cannot_begin_ends_in_peace(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    logs = JobLogs(tmp_path / "logs")
    with pytest.raises(OSError):
        logs.begin("a")
    logs.add("a", "one")
    logs.end("a")


def test_a_job_log_that_another_program_tidied_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(joblog.KEEP + 2):
        (tmp_path / f"{n}.log").touch()
    monkeypatch.setattr(Path, "glob", lambda *_: [tmp_path / "gone.log", *tmp_path.iterdir()])
    JobLogs(tmp_path).begin("new")
    assert len(list(tmp_path.iterdir())) == joblog.KEEP + 1


def test_old_job_logs_go(tmp_path: Path) -> None:
    logs = JobLogs(tmp_path)
    for n in range(joblog.KEEP + 5):
        path = tmp_path / f"{n}.log"
        path.touch()
        os.utime(path, (n, n))
    logs.begin("new")
    logs.end("new")
    assert len(list(tmp_path.glob("*.log"))) == joblog.KEEP + 1
    assert not (tmp_path / "4.log").exists()


def read_lines(chunks: list[bytes]) -> tuple[list[str], list[str]]:
    """What a reader makes of chunks that arrive one by one."""
    lines: list[str] = []
    ends: list[str] = []
    out, into = os.pipe()
    reader = LineReader(out, lines.append, ends.append)
    thread = threading.Thread(target=reader.run)
    thread.start()
    for chunk in chunks:
        os.write(into, chunk)
    os.close(into)
    thread.join()
    os.close(out)
    return lines, ends


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), max_size=12), st.data())
def test_lines_are_found_however_they_arrive(texts: list[str], data: st.DataObject) -> None:
    raw = "".join(f"{text}\n" for text in texts).encode() + f"\n{END_OF_JOB}j\n".encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=5)))
    chunks = [raw[a:b] for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    lines, ends = read_lines(chunks)
    assert lines == [text for text in texts if text]
    assert ends == ["j"]


def test_long_lines_are_cut_across_chunks() -> None:
    lines, ends = read_lines([b"a" * 3000, b"b" * 3000, b"c\n", b"next\n", b"end without a line's end"])
    assert (
        lines[0] == "a" * 3000 + "b" * (MAX_LINE - 3000) + f" … ({6001 - MAX_LINE} more bytes on this line)"
    )
    assert lines[1:] == ["next", "end without a line's end"]
    assert ends == []


def test_peak_memory_sees_what_was_freed() -> None:
    # In a process of its own: after other tests there may be so much left over that nothing new is taken.
    alone = """
    from studio.jobs.process import PeakMemory, memory
    with PeakMemory() as peak:
        bytearray(100_000_000)
        assert peak.bytes - memory() > 80_000_000
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(alone)], check=True)
