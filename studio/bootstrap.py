"""The two commands of the README, for a machine that has nothing but Python.

    python3 -m studio.bootstrap [--headless] [--yes]     set up, then open the studio with a sample project
    python3 -m studio.bootstrap test [--yes] [ARGS...]   set up, then run every check (ARGS go to pytest)

Only the standard library is used here, and only syntax that older Pythons read too: they get a sentence, not
a traceback. Set-up is done once; as long as pyproject.toml does not change, later runs skip it.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "studio-setup.json"
OLDEST, TOO_NEW = (3, 11), (3, 15)
IN_PARALLEL = [f"--numprocesses={min(4, (os.cpu_count() or 1) + 1)}", "--dist=loadfile"]
"""For all tests: a file's tests stay in one process. There is one process more than cores, because a fifth of
the time is waiting for programs that tests start. A part of the tests, or a benchmark, runs alone."""
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
TORCH = "torch>=2.10"

# What each part of the studio loads from the system, as Debian and Ubuntu name the package.
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
PROGRAMS = {"Xvfb": "xvfb", "xauth": "xauth"}


class SetupFailed(Exception):
    """Told to the user as it is."""


def main(arguments: list[str]) -> int:
    if not OLDEST <= sys.version_info < TOO_NEW:
        found = ".".join(str(part) for part in sys.version_info[:2])
        print(f"Studio needs Python 3.11 to 3.14; this is Python {found}. Start it with one of those.")
        return 2
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        print("Studio needs a Mac with Apple silicon and a Python built for it: PyTorch has left Intel Macs.")
        return 2
    if arguments[:1] == ["--offline-pytest"]:
        return _pytest_offline(arguments[1:])
    if "-h" in arguments or "--help" in arguments:
        print(__doc__)
        return 0
    try:
        if arguments[:1] == ["test"]:
            return _test([a for a in arguments[1:] if a != "--yes"], _may_install(arguments))
        unknown = [a for a in arguments if a not in ("--headless", "--yes")]
        if unknown:
            raise SetupFailed(f"Unknown: {' '.join(unknown)}. See python3 -m studio.bootstrap --help.")
        return _start("--headless" in arguments, _may_install(arguments))
    except SetupFailed as failure:
        sys.stdout.flush()
        print(f"\n{failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130


def _may_install(arguments: list[str]) -> bool:
    return "--yes" in arguments or bool(os.environ.get("CI"))


def _start(headless: bool, yes: bool) -> int:
    linux = sys.platform.startswith("linux")
    if linux and not headless and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise SetupFailed(
            "There is no screen here to open a window on.\n"
            "Without one, this repairs a sample photo and exports it:\n\n"
            "    python3 -m studio.bootstrap --headless"
        )
    python = _set_up(extra="", libraries=not headless, programs=False, yes=yes)
    command = [str(python), "-m", "studio"]
    return _become(command + (["demo"] if headless else ["gui", "--sample"]))


def _test(pytest_arguments: list[str], yes: bool) -> int:
    python = _set_up(extra="test", libraries=True, programs=True, yes=yes)
    failed = []
    scripts = python.parent
    for command in (["ruff", "check", "."], ["mypy"], ["lint-imports"]):
        _say(" ".join(command))
        if subprocess.run([str(scripts / command[0]), *command[1:]], cwd=ROOT).returncode:
            failed.append(command[0])
    isolation = _network_cut()
    _say(
        "pytest, with the network cut off" if isolation else "pytest (this system lets us cut no network off)"
    )
    with tempfile.TemporaryDirectory(prefix="studio-test-") as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "STUDIO_HOME": home}
        arguments = pytest_arguments or IN_PARALLEL
        command = [*isolation, str(python), "-m", "studio.bootstrap", "--offline-pytest", *arguments]
        if subprocess.run(command, cwd=ROOT, env=environment).returncode:
            failed.append("pytest")
    if failed:
        print(f"\nFailed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _network_cut() -> list[str]:
    """The words in front of a command that leave it no network but loopback; empty where none work."""
    if sys.platform.startswith("linux") and shutil.which("unshare"):
        for words in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
            if subprocess.run([*words, "true"], stderr=subprocess.DEVNULL).returncode == 0:
                return words
    return []


def _pytest_offline(arguments: list[str]) -> int:
    """Runs inside the new network namespace, whose loopback is down at first."""
    if sys.platform.startswith("linux"):
        _start_loopback()
    return _become([sys.executable, "-m", "pytest", *arguments])


def _start_loopback() -> None:
    import fcntl
    import socket
    import struct

    get_flags, set_flags, up = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, get_flags, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack_from("16sH", request)[1]
        if not flags & up:
            fcntl.ioctl(any_socket, set_flags, struct.pack("16sH14x", b"lo", flags | up))


def _set_up(*, extra: str, libraries: bool, programs: bool, yes: bool) -> Path:
    """Installs what is missing and nothing else; returns the Python to go on with."""
    if not (ROOT / "pyproject.toml").is_file():
        raise SetupFailed("This command works in a checkout of Studio, next to its pyproject.toml.")
    _install_system_packages(_missing_packages(libraries, programs), yes)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if _is_set_up(extra):
        return python
    cpu_only = sys.platform.startswith("linux") and not _has_nvidia_driver()
    print(f"Studio sets itself up in {VENV}:")
    print("  PySide6, PyTorch, diffusers, ONNX Runtime, OpenCV and what they need: about 2 GB on disk")
    if not cpu_only and sys.platform.startswith("linux"):
        print("  and the parts of PyTorch for your NVIDIA card: about 6.5 GB on disk in all")
    print(f"  ({shutil.disk_usage(ROOT).free / 1e9:.0f} GB are free there). To undo it, delete that folder.")
    if not _works(python):
        _say("Making the virtual environment")
        _run(
            [sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made"
        )
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    if not sys.stdout.isatty():
        pip += ["--progress-bar", "off"]
    trouble = "Installing the packages failed; see above. Once that is mended, run the same command again"
    if cpu_only and not _has_torch(python):
        if _reachable(TORCH_CPU_INDEX + "/torch/"):
            _say("Installing PyTorch's build for computers without an NVIDIA card")
            _run([*pip, "--index-url", TORCH_CPU_INDEX, TORCH], trouble)
        else:
            print("  PyTorch's own index cannot be reached, so pip takes the build that it is offered.")
            print("  Where that is the one for NVIDIA cards, it needs about 6.5 GB on disk in all.")
    _say("Installing the packages")
    _run([*pip, "--editable", f"{ROOT}[{extra}]" if extra else str(ROOT)], trouble)
    STAMP.write_text(json.dumps({**_wanted(), "extras": [extra]}), encoding="utf-8")
    return python


def _wanted() -> dict[str, str]:
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return {"pyproject": digest, "folder": str(ROOT)}  # an environment does not survive being moved


def _is_set_up(extra: str) -> bool:
    try:
        done = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return all(done.get(key) == value for key, value in _wanted().items()) and extra in ("", *done["extras"])


def _works(python: Path) -> bool:
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(python), "-c", check], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _has_torch(python: Path) -> bool:
    check = "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)"
    return subprocess.run([str(python), "-c", check]).returncode == 0


def _has_nvidia_driver() -> bool:
    return Path("/proc/driver/nvidia/version").exists() or _loads("libcuda.so.1")


def _reachable(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (OSError, urllib.error.URLError):
        return False


def _missing_packages(libraries: bool, programs: bool) -> list[str]:
    """System packages that are needed and not there, by what can be loaded rather than by a list of names."""
    missing = []
    if importlib.util.find_spec("ensurepip") is None and not _works(VENV / "bin/python"):
        missing.append(f"python3.{sys.version_info[1]}-venv")
    if sys.platform.startswith("linux"):
        if libraries:
            missing += [package for library, package in LIBRARIES.items() if not _loads(library)]
        if programs:
            missing += [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    return missing


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install_system_packages(packages: list[str], yes: bool) -> None:
    if not packages:
        return
    print(f"Needed from the system: {' '.join(packages)}")
    if not shutil.which("apt-get"):
        print("  This system has no apt-get: where something fails later, install what these contain.")
        return
    root = os.geteuid() == 0
    prefix = [] if root else ["sudo"]
    install = [*prefix, "apt-get", "install", "--yes", "--no-install-recommends", *packages]
    words = "    " if root else "    sudo "
    by_hand = f"Install them, then run this again:\n\n{words}apt-get update\n{words}apt-get install "
    by_hand += " ".join(packages)
    if not root and not shutil.which("sudo"):
        raise SetupFailed("You are not the administrator, and sudo is not here. " + by_hand)
    if not yes:
        if not sys.stdin.isatty():
            raise SetupFailed(by_hand + "\n\nOr let Studio do it: add --yes.")
        if input("Install them now with apt-get (about 100 MB)? [y/N] ").strip().lower() not in ("y", "yes"):
            raise SetupFailed("Nothing was installed. " + by_hand)
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    _say("Installing system packages")
    subprocess.run([*prefix, "apt-get", "update"])  # where it fails, the known lists may still do
    _run(install, "apt-get could not install them. " + by_hand)


def _run(command: list[str], trouble: str) -> None:
    try:
        result = subprocess.run(command, cwd=ROOT)
    except OSError as error:
        raise SetupFailed(f"{trouble} ({error}).") from error
    if result.returncode:
        raise SetupFailed(f"{trouble}.")


def _become(command: list[str]) -> int:
    """Goes on as this command."""
    sys.stdout.flush()
    if os.name != "nt":  # Windows' exec returns to the console while the new program still runs
        os.execv(command[0], command)
    return subprocess.run(command).returncode


def _say(what: str) -> None:
    print(f"\n== {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
