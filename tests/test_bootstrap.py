from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio import bootstrap

ROOT = Path(bootstrap.__file__).parent.parent


class Recorder:
    """Stands in for subprocess.run: remembers commands and answers each with the same exit code."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        self.commands.append(command)
        return subprocess.CompletedProcess(command, self.code)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(subprocess, "run", recorder)
    return recorder


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian with nothing installed."""
    monkeypatch.setattr(bootstrap, "_loads", lambda _: False)
    monkeypatch.setattr(bootstrap, "_works", lambda _: False)
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(
        shutil, "which", lambda name: "/usr/bin/" + name if name in ("apt-get", "sudo") else None
    )
    monkeypatch.setattr(sys, "platform", "linux")


def test_it_works_with_nothing_installed_and_reads_in_an_old_python() -> None:
    source = Path(bootstrap.__file__).read_text("utf-8")
    ast.parse(source, feature_version=(3, 7))
    subprocess.run([sys.executable, "-S", "-c", "import studio.bootstrap"], cwd=ROOT, check=True)


@pytest.mark.parametrize("version", [(3, 9), (3, 15)])
def test_another_python_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: tuple[int, int],
    runs: Recorder,
) -> None:
    monkeypatch.setattr(sys, "version_info", (*version, 2, "final", 0))
    assert bootstrap.main([]) == 2
    assert f"3.11 to 3.14; this is Python 3.{version[1]}" in capsys.readouterr().out and runs.commands == []


def test_a_mac_that_pytorch_has_left_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], runs: Recorder
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: "x86_64")
    assert bootstrap.main([]) == 2
    assert "Apple silicon" in capsys.readouterr().out and runs.commands == []


def test_an_unknown_word_is_refused_before_anything_happens(
    runs: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(["--headles"]) == 2
    assert "--headles" in capsys.readouterr().err and runs.commands == []


def test_without_a_screen_it_names_the_way_that_needs_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], runs: Recorder
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert bootstrap.main(["--yes"]) == 2
    assert "python3 -m studio.bootstrap --headless" in capsys.readouterr().err and runs.commands == []


@pytest.mark.usefixtures("bare")
def test_each_way_of_starting_needs_only_its_own_packages() -> None:
    venv = f"python3.{sys.version_info[1]}-venv"
    assert bootstrap._missing_packages(libraries=False, programs=False) == [venv]
    window = bootstrap._missing_packages(libraries=True, programs=False)
    assert {"libegl1", "libxcb-cursor0", venv} <= set(window) and "xvfb" not in window
    assert {"xvfb", "xauth", "libegl1"} <= set(bootstrap._missing_packages(libraries=True, programs=True))


def test_nothing_is_asked_where_nothing_is_missing(runs: Recorder) -> None:
    bootstrap._install_system_packages([], yes=False)
    assert runs.commands == []


@pytest.mark.usefixtures("bare")
def test_nobody_is_there_to_ask(monkeypatch: pytest.MonkeyPatch, runs: Recorder) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(bootstrap.SetupFailed) as caught:
        bootstrap._install_system_packages(["libegl1"], yes=False)
    assert "apt-get install libegl1" in str(caught.value) and "--yes" in str(caught.value)
    assert runs.commands == []


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("user", [0, 1000])
def test_yes_installs_as_root_or_with_sudo(
    monkeypatch: pytest.MonkeyPatch, runs: Recorder, user: int
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    bootstrap._install_system_packages(["libegl1", "libgl1"], yes=True)
    words = [] if user == 0 else ["sudo"]
    assert runs.commands[0] == [*words, "apt-get", "update"]
    assert runs.commands[1][: len(words) + 2] == [*words, "apt-get", "install"]
    assert runs.commands[1][-2:] == ["libegl1", "libgl1"]


@pytest.mark.usefixtures("bare")
def test_without_rights_the_command_is_told(monkeypatch: pytest.MonkeyPatch, runs: Recorder) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    with pytest.raises(bootstrap.SetupFailed, match="sudo apt-get install libegl1"):
        bootstrap._install_system_packages(["libegl1"], yes=True)
    assert runs.commands == []


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(("answer", "installs"), [("y", True), ("", False), ("n", False)])
def test_it_installs_only_after_a_yes(
    monkeypatch: pytest.MonkeyPatch, runs: Recorder, answer: str, installs: bool
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    if installs:
        bootstrap._install_system_packages(["libegl1"], yes=False)
    else:
        with pytest.raises(bootstrap.SetupFailed, match="Nothing was installed"):
            bootstrap._install_system_packages(["libegl1"], yes=False)
    assert bool(runs.commands) is installs


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "studio-setup.json")
    monkeypatch.setattr(bootstrap, "_missing_packages", lambda *_: [])
    (tmp_path / ".venv").mkdir()
    return tmp_path


def set_up(extra: str) -> None:
    bootstrap._set_up(extra=extra, libraries=True, programs=True, yes=True)


def pip_runs(runs: Recorder) -> list[list[str]]:
    return [command for command in runs.commands if "pip" in command and "install" in command]


def test_a_second_start_runs_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch, runs: Recorder) -> None:
    monkeypatch.setattr(bootstrap, "_reachable", lambda _: False)
    set_up("test")
    assert pip_runs(runs)[-1][-1] == f"{checkout}[test]"
    runs.commands.clear()
    set_up("test")
    set_up("")  # what the tests need includes what the window needs
    assert runs.commands == []


@pytest.mark.parametrize("change", ["nothing was done", "tests are wanted", "project", "folder", "stamp"])
def test_set_up_is_done_again_when_something_changed(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, runs: Recorder, change: str
) -> None:
    monkeypatch.setattr(bootstrap, "_reachable", lambda _: False)
    if change != "nothing was done":
        set_up("")
    if change == "project":
        (checkout / "pyproject.toml").write_text("[project]\nname='x'")
    elif change == "folder":
        bootstrap.STAMP.write_text(bootstrap.STAMP.read_text().replace(str(checkout), "/elsewhere"))
    elif change == "stamp":
        bootstrap.STAMP.write_text("{")
    runs.commands.clear()
    set_up("test" if change == "tests are wanted" else "")
    assert len(pip_runs(runs)) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the ordinary build has no CUDA")
@pytest.mark.parametrize(("driver", "index"), [(False, True), (False, False), (True, True)])
def test_torch_comes_from_the_cpu_index_where_it_can_be_reached_and_no_driver_is_there(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, driver: bool, index: bool
) -> None:
    runs = Recorder()
    monkeypatch.setattr(subprocess, "run", runs)
    monkeypatch.setattr(bootstrap, "_has_torch", lambda _: False)
    monkeypatch.setattr(bootstrap, "_has_nvidia_driver", lambda: driver)
    monkeypatch.setattr(bootstrap, "_reachable", lambda _: index)
    set_up("")
    installed = pip_runs(runs)
    assert any(bootstrap.TORCH_CPU_INDEX in command for command in installed) is (index and not driver)
    assert installed[-1][-2:] == ["--editable", str(checkout)]


def test_a_failed_installation_is_told_and_not_stamped(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", Recorder(code=1))
    monkeypatch.setattr(bootstrap, "_reachable", lambda _: False)
    assert bootstrap.main(["--headless", "--yes"]) == 2
    assert "could not be made" in capsys.readouterr().err
    assert not bootstrap.STAMP.exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has network namespaces")
def test_the_cut_leaves_loopback_and_nothing_else(tmp_path: Path) -> None:
    words = bootstrap._network_cut()
    if not words:
        pytest.skip("this system lets us cut no network off")
    (tmp_path / "test_inside.py").write_text(
        "import errno, socket\n"
        "def test_outside():\n"
        "    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:\n"
        "        assert s.connect_ex(('192.0.2.1', 9)) == errno.ENETUNREACH\n"
        "def test_loopback():\n"
        "    with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "        socket.create_connection(server.getsockname(), timeout=5).close()\n"
    )
    inside = [sys.executable, "-m", "studio.bootstrap", "--offline-pytest", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [*words, *inside, "--rootdir", str(tmp_path), str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


@pytest.mark.slow
def test_the_guard_fails_a_test_that_reaches_out_even_if_it_hides_it(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_inside.py").write_text(
        "import contextlib, socket\n"
        "def test_hides():\n"
        "    with contextlib.suppress(Exception):\n"
        "        socket.socket().connect(('192.0.2.1', 9))\n"
        "def test_asks():\n"
        "    with contextlib.suppress(Exception):\n"
        "        socket.getaddrinfo('example.com', 80)\n"
        "def test_stays():\n"
        "    with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "        socket.create_connection(server.getsockname(), timeout=5).close()\n"
    )
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(tmp_path),
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
    )
    assert "3 passed, 2 errors" in ran.stdout, ran.stdout + ran.stderr
    assert "reached for the network: socket.connect" in ran.stdout
