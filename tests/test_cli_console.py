from __future__ import annotations

import io
import json

import pytest

from studio.cli.console import Console, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_and_gone_before_anything_else_is_said() -> None:
    out, err = io.StringIO(), Terminal()
    console = Console(as_json=False, stdout=out, stderr=err)
    console.progress(0.5, "3 of 6")
    console.note("a.png: too dark")
    console.progress(1.0, "6 of 6")
    console.end_progress()
    console.result({"ok": True}, "done")
    assert "[##########----------]  50%  3 of 6" in err.getvalue()
    assert "\r\x1b[Ka.png: too dark\n" in err.getvalue()
    assert err.getvalue().endswith("\r\x1b[K") and out.getvalue() == "done\n"


def test_a_bar_is_no_longer_than_the_terminal_and_not_redrawn_all_the_time() -> None:
    err = Terminal()
    console = Console(as_json=False, stdout=io.StringIO(), stderr=err)
    for n in range(1000):
        console.progress(n / 2000, "x" * 500)
    frames = err.getvalue().split("\r")[1:]
    assert len(frames) < 20 and all(len(frame) < 300 for frame in frames)


def test_nothing_moves_where_there_is_no_terminal() -> None:
    err = io.StringIO()
    Console(as_json=False, stdout=io.StringIO(), stderr=err).progress(0.5, "half")
    assert err.getvalue() == ""


def test_scripts_get_one_json_document() -> None:
    out = io.StringIO()
    console = Console(as_json=True, stdout=out, stderr=io.StringIO())
    console.note("meanwhile")
    console.result({"ok": True, "name": "Zoë"}, "for people")
    assert json.loads(out.getvalue()) == {"ok": True, "name": "Zoë"} and out.getvalue().count("\n") == 1


def test_a_name_does_not_command_the_terminal() -> None:
    out, err = io.StringIO(), Terminal()
    console = Console(as_json=False, stdout=out, stderr=err)
    console.note("\x1b[31mred\x9b.png: too dark")
    console.result({}, "two\nlines\a")
    assert err.getvalue() == "\ufffd[31mred\ufffd.png: too dark\n"
    assert out.getvalue() == "two\nlines\ufffd\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_any_name_can_be_said_in_any_encoding(encoding: str) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding)
    name = "Zoë \udcff 😀"
    Console(as_json=True, stdout=out, stderr=io.StringIO()).result({"name": name}, "")
    assert json.loads(raw.getvalue()) == {"name": name}
    raw.truncate(0)
    Console(as_json=False, stdout=out, stderr=io.StringIO()).result({}, name)
    assert rb"\udcff" in raw.getvalue()


def test_durations() -> None:
    assert [duration(s) for s in (0.4, 7, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]
