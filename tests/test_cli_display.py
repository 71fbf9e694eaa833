"""The window without a display: said at once, in words; and the displays that answer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.cli import codes, display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")


def _gui(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    hidden = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "STUDIO_HOME")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-m", "studio", "gui"],
        env={**kept, "STUDIO_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ":87"},
        {"DISPLAY": "127.0.0.1:87"},
        {"DISPLAY": "no display"},
        {"WAYLAND_DISPLAY": "wayland-87"},
        {"DISPLAY": ":87", "WAYLAND_DISPLAY": "wayland-87", "XDG_RUNTIME_DIR": "/nowhere"},
    ],
)
def test_without_a_display_it_ends_at_once_and_says_why(tmp_path: Path, environment: dict[str, str]) -> None:
    done = _gui(tmp_path, **environment)
    assert done.returncode == codes.BAD_INPUT
    assert done.stdout == ""
    assert done.stderr.startswith("studio: The window has no display: ")
    assert "xvfb-run studio gui" in done.stderr and "studio --help" in done.stderr
    assert "qt" not in done.stderr.lower() and "Traceback" not in done.stderr
    for value in (environment.get("DISPLAY"), environment.get("WAYLAND_DISPLAY")):
        assert value is None or value in done.stderr


@pytest.mark.slow
def test_in_german_too(tmp_path: Path) -> None:
    done = _gui(tmp_path, STUDIO_LANGUAGE="de")
    assert "Das Fenster hat keinen Bildschirm" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs a display that is none")
def test_a_display_that_answers_is_used_and_one_that_refuses_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, write = os.pipe()
    cookies = tmp_path / "refused"
    cookies.write_bytes(b"\x01\x00\x00\x00\x00\x00\x00\x12MIT-MAGIC-COOKIE-1\x00\x10" + bytes(range(16)))
    command = ["Xvfb", "-displayfd", str(write), "-nolisten", "tcp", "-auth", str(cookies)]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        environment = {"DISPLAY": f":{number}"}
        monkeypatch.setenv("XAUTHORITY", str(tmp_path / "none"))
        assert display.answering(environment) == []
        own = b"\x01\x00\x00\x00" + len(number).to_bytes(2, "big") + number.encode()
        cookies.write_bytes(
            b"\xff\xff\x00\x00" + own[4:] + b"\x00\x12MIT-MAGIC-COOKIE-1\x00\x10" + bytes(range(16))
        )
        monkeypatch.setenv("XAUTHORITY", str(cookies))
        assert display.answering(environment) == ["xcb"]
        assert display.answering({"DISPLAY": f":{number}.0"}) == ["xcb"]
    finally:
        server.terminate()
        server.wait()


def test_a_wayland_compositor_that_answers(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "w-0"))
        environment = {"WAYLAND_DISPLAY": "w-0", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert display.answering(environment) == []  # left behind by one that has ended
        compositor.listen()
        assert display.answering(environment) == ["wayland"]
        assert display.answering({"WAYLAND_DISPLAY": str(tmp_path / "w-0")}) == ["wayland"]
    assert display.answering({"WAYLAND_SOCKET": "7"}) == ["wayland"]


@given(st.text(), st.text())
def test_any_names_are_no_display(x11: str, wayland: str) -> None:
    environment = {
        "DISPLAY": f"{x11}/:7/",
        "WAYLAND_DISPLAY": f"{wayland}-none",
        "XDG_RUNTIME_DIR": "/nowhere",
    }
    assert display.answering(environment) == []
    assert display.absent(environment).hint


def test_who_told_qt_is_left_alone() -> None:
    assert display.is_chosen({"QT_QPA_PLATFORM": "offscreen"})
    assert not display.is_chosen({"DISPLAY": ":0"})
