"""The displays that the window can be shown on, asked before Qt is loaded, which needs one that answers."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from studio.errors import BadInput, StudioError
from studio.words import tr

SECONDS = 3.0
"""So long a display on another computer may take to answer."""

_X11 = re.compile(r"(?:(?:tcp|unix)/)?(?P<host>[^/]*):(?P<number>\d{1,5})(?:\.\d+)?")


def is_chosen(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether Qt knows by itself where to show the window: off Linux, or because it was told."""
    return not sys.platform.startswith("linux") or bool(environment.get("QT_QPA_PLATFORM"))


def answering(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Qt's platforms for the displays that answer, the best first."""
    found = ["wayland"] if _wayland(environment) else []
    return found + (["xcb"] if _x11(environment.get("DISPLAY", "")) else [])


def _wayland(environment: Mapping[str, str]) -> bool:
    if environment.get("WAYLAND_SOCKET"):  # a connection that was opened for us
        return True
    name, folder = environment.get("WAYLAND_DISPLAY"), environment.get("XDG_RUNTIME_DIR", "")
    return bool(name) and _connects(socket.AF_UNIX, str(Path(folder, name or "")))


def _x11(display: str) -> bool:
    match = _X11.fullmatch(display)
    if not match:
        return False
    number = int(match["number"])
    if match["host"] in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        answers = _connects(socket.AF_UNIX, f"\0{path}") or _connects(socket.AF_UNIX, path)
    else:
        answers = _connects(socket.AF_INET, (match["host"], 6000 + number))
    return answers and _admits(display)


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with contextlib.suppress(OSError, ValueError, OverflowError), socket.socket(family) as connection:
        connection.settimeout(SECONDS)
        connection.connect(address)
        return True
    return False


def _admits(display: str) -> bool:
    """Whether an X server that answers lets us in, by the library that Qt asks it with."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt brings its own or says what is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(os.fsencode(display), None)
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not refused


def absent(environment: Mapping[str, str] = os.environ) -> StudioError:
    """In words: no display answers."""
    named = [
        f"{name}={environment[name]}" for name in ("WAYLAND_DISPLAY", "DISPLAY") if environment.get(name)
    ]
    if named:
        why = tr("The window has no display: nothing answers at {places}.", places=", ".join(named))
    else:
        why = tr("The window has no display: neither DISPLAY nor WAYLAND_DISPLAY is set.")
    return BadInput(
        why,
        tr(
            "Start it within a graphical session, or off the screen with “xvfb-run studio gui”. "
            "Every other command works without a display; “studio --help” lists them."
        ),
    )
