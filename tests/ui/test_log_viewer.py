from __future__ import annotations

import logging
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from studio import paths
from studio.log import set_up
from studio.ui.shell.log_tail import MAX_LINE, TAIL_BYTES, Level, Tail, clean
from studio.ui.shell.log_viewer import LogViewer

RECORD = "2026-11-24 10:00:00,123 {level} studio.jobs: {text}\n"


def note(file: Path, level: str, text: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(RECORD.format(level=level, text=text))


def test_the_end_of_a_file_then_what_is_new(tmp_path: Path) -> None:
    file = tmp_path / "studio.log"
    tail = Tail(file)
    assert not tail.read().lines
    note(file, "INFO", "one")
    note(file, "ERROR", "two")
    with file.open("a") as opened:
        opened.write("Traceback: belongs to it\nunfinis")
    news = tail.read()
    assert news.is_whole
    assert [line.level for line in news.lines] == [Level.INFO, Level.ERROR, Level.ERROR]
    assert tail.unfinished() == "unfinis"
    with file.open("a") as opened:
        opened.write("hed\n")
    news = tail.read()
    assert not news.is_whole
    assert [line.text for line in news.lines] == ["unfinished"]
    assert not tail.read().lines


def test_a_file_that_was_rotated_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "studio.log"
    note(file, "INFO", "old")
    tail = Tail(file)
    tail.read()
    file.rename(tmp_path / "studio.log.1")
    assert tail.read().is_whole, "it is gone"
    note(file, "INFO", "new")
    news = tail.read()
    assert news.is_whole
    assert len(news.lines) == 1


@given(st.binary(max_size=3000))
def test_junk_is_lines_of_text(tmp_path_factory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("log") / "junk.log"
    file.write_bytes(data + b"\n")
    for line in Tail(file).read().lines:
        assert line.text.isprintable() or "\ufffd" in line.text or not line.text.isascii()
        assert "\n" not in line.text
        assert "\x00" not in line.text


def test_a_line_without_end_is_cut() -> None:
    assert len(clean(b"x" * 10**6)) == MAX_LINE + 2


@pytest.mark.slow
def test_a_hundred_megabytes_open_at_once(tmp_path: Path) -> None:
    file = tmp_path / "big.log"
    block = (RECORD.format(level="INFO", text="x" * 100) * 1000).encode()
    with file.open("wb") as opened:
        while opened.tell() < 100_000_000:
            opened.write(block)
    # In a process of its own: what other tests left over makes reading the whole file much quicker.
    alone = """
    import sys, time
    from pathlib import Path
    import studio.ui
    from studio.ui.shell.log_tail import Tail
    file = Path(sys.argv[1])
    began = time.thread_time()
    Tail(file).read()
    ours = time.thread_time() - began
    began = time.thread_time()
    file.read_text(encoding="utf-8")
    assert ours < time.thread_time() - began
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(alone), str(file)], check=True)
    news = Tail(file).read()
    assert sum(len(line.text) for line in news.lines) <= TAIL_BYTES
    assert news.skipped == file.stat().st_size - TAIL_BYTES


@pytest.fixture
def log(home: Path) -> Path:
    file = paths.log_folder() / "studio.log"
    note(file, "INFO", "Started")
    note(file, "WARNING", "Careful")
    note(file, "ERROR", "It broke")
    return file


@pytest.fixture
def viewer(qtbot, dressed, desk, log: Path, until) -> LogViewer:
    (paths.log_folder() / "jobs").mkdir()
    (paths.log_folder() / "jobs" / "0123456789ab.log").write_text("printed\nby a job\n")
    made = LogViewer(None, desk)
    made.open()
    until(lambda: made.model.rowCount() == 3 and made.source.count() == 2)
    yield made
    made.close()


def test_levels_and_search(viewer: LogViewer) -> None:
    viewer.level.setCurrentIndex(1)
    viewer.level.activated.emit(1)
    assert viewer.model.rowCount() == 2
    assert viewer.state.text() == "2 of 3 lines"
    viewer.search.setText("BROKE")
    assert viewer.model.rowCount() == 1
    viewer.search.setText("nothing like it")
    assert viewer.empty.isVisible()
    assert not viewer.isModal()


def test_lines_stand_in_columns(viewer: LogViewer, log: Path) -> None:
    letters = viewer.view.fontMetrics()
    assert letters.horizontalAdvance("iiii") == letters.horizontalAdvance("WWWW")
    handler = set_up(log.parent, name="columns.log")
    try:
        for level in (logging.INFO, logging.WARNING):
            logging.getLogger("studio.jobs").log(level, "It is so.")
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    news = Tail(log.parent / "columns.log").read()
    assert len({line.text.index("studio.jobs") for line in news.lines}) == 1
    assert [line.level for line in news.lines] == [Level.INFO, Level.WARNING]


def test_new_lines_are_followed(viewer: LogViewer, log: Path, until) -> None:
    note(log, "INFO", "More")
    until(lambda: viewer.model.rowCount() == 4)
    viewer.follow.setChecked(False)
    note(log, "INFO", "Not yet")
    viewer._follow()
    assert viewer.model.rowCount() == 4


def test_the_log_of_a_job(viewer: LogViewer, until) -> None:
    viewer.source.setCurrentIndex(1)
    viewer.source.activated.emit(1)
    until(lambda: viewer.model.rowCount() == 2)
    viewer.copy()
    assert QGuiApplication.clipboard().text() == "printed\nby a job"


def test_copies_hide_the_home(viewer: LogViewer, log: Path, until, monkeypatch) -> None:
    note(log, "INFO", f"read {Path.home()}/secret")
    viewer.read()
    until(lambda: viewer.model.rowCount() == 4)
    viewer.copy()
    assert str(Path.home()) not in QGuiApplication.clipboard().text()
    viewer.copy_diagnostics()
    told = QGuiApplication.clipboard().text()
    assert "Python" in told
    assert f"Qt {qVersion()} on offscreen, language en; 800 x 800 at 1" in told


def test_a_log_that_cannot_be_read_says_why(viewer: LogViewer, tmp_path: Path, until) -> None:
    viewer.source.addItem("Odd", tmp_path)
    viewer.source.setCurrentIndex(viewer.source.count() - 1)
    viewer._choose()
    until(lambda: viewer.empty.isVisible())
    assert viewer.empty.title.text() == "The log cannot be read"


def test_the_log_of_a_job_with_why_it_failed(desk, dressed, until) -> None:
    folder = paths.log_folder() / "jobs"
    folder.mkdir(parents=True)
    (folder / "abc.log").write_text("— began\nsteps 1 of 2\n— failed: no memory\n")
    (folder / "other.log").write_text("— began\n")
    viewer = LogViewer(None, desk)
    viewer.show_job("abc", "Lake", "There is not enough memory. Close other programs.")
    viewer.open()
    until(lambda: viewer.model.total == 3)
    assert viewer.heading.text() == "Lake"
    assert viewer.why.isVisible() and "not enough memory" in viewer.why.text()
    until(lambda: viewer.source.count() == 3)
    assert viewer.source.currentText() == "Job “Lake”"
    viewer.source.setCurrentIndex(0)
    viewer._choose()
    assert not viewer.why.isVisible()
    viewer.close()
