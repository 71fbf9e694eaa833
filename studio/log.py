"""The studio's own log, and what "Copy diagnostics" copies."""

from __future__ import annotations

import logging
import logging.handlers
import os
import platform
import sys
from pathlib import Path

from studio import __version__, paths
from studio.plugins.catalog import Catalog

MAX_BYTES = 1_000_000
BACKUPS = 3
_FILE = "studio.log"
_LAST_LINES = 60


def set_up(folder: Path | None = None, *, level: int = logging.INFO, name: str = _FILE) -> logging.Handler:
    """Sends the log to a rotating file (4 MB in all) in the log folder. Call once, at start.

    Two programs that run at the same time must not rotate one file, so each has its `name`.
    """
    handler = logging.handlers.RotatingFileHandler(
        (folder or paths.log_folder()) / name, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def diagnostics(catalog: Catalog | None = None, *, folder: Path | None = None) -> str:
    """What a bug report needs: versions, platform, plugins, the log's end. The home folder is shown as ~."""
    import psutil

    memory = psutil.virtual_memory().total / 2**30
    lines = [
        f"Studio {__version__}",
        f"Python {platform.python_version()} ({sys.executable})",
        f"{platform.platform()}, {os.cpu_count()} processors, {memory:.0f} GiB",
        f"Desktop: {os.environ.get('XDG_SESSION_TYPE', '-')}, {os.environ.get('XDG_CURRENT_DESKTOP', '-')}",
    ]
    if catalog is not None:
        lines.append(f"Devices: {', '.join(catalog.devices)}")
        lines += [f"{name} {version}" for name, version in sorted(catalog.libraries.items())]
        for plugin in catalog.plugins:
            state = (
                plugin.failure.reason
                if plugin.failure
                else f"offers {', '.join(one.id for one in plugin.generators)}"
            )
            lines.append(f"Plugin {plugin.name} ({plugin.distribution} {plugin.version}): {state}")
            if plugin.failure and plugin.failure.traceback:
                lines.append(plugin.failure.traceback.rstrip())
    lines += ["", "Log:", *_tail((folder or paths.log_folder()) / _FILE)]
    return without_home("\n".join(lines))


def without_home(text: str) -> str:
    """Paths below the user's home folder start with ~ instead: they would tell a name."""
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


def _tail(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
    except FileNotFoundError:
        return []
