"""The monkey: fires random real actions at the real window, with a real worker, and watches what happens.

    python -m tests.monkey.run --seed 7 --steps 10000 --log /tmp/monkey.log

It ends with 0 if nothing crashed, stalled, leaked or got lost, and says what did otherwise. The log has every
step; the same seed gives the same steps. With `--any-computer` a step is blamed for what it computes, and not
for how long it takes: that holds on slow and on busy computers too.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

IN_MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30
"""Where Linux keeps files in memory: a disk to which others write as well keeps nobody waiting there."""


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--steps", type=int, default=1000)
    options.add_argument("--log", type=Path)
    options.add_argument("--any-computer", action="store_true")
    chosen = options.parse_args()
    faulthandler.enable(
        all_threads=False
    )  # of the one that crashed; to look into one that runs may crash again
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    memory = IN_MEMORY if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM else None
    with tempfile.TemporaryDirectory(
        prefix="studio-monkey-", dir=memory, ignore_cleanup_errors=True
    ) as folder:
        home = Path(folder)
        os.environ["HOME"] = str(home)  # what is made by way of a file dialog is found again
        os.environ["STUDIO_HOME"] = str(home / "home")
        (home / "home").mkdir()
        plugins = home / "plugins"
        log_file = (chosen.log or home / "monkey.log").absolute()
        os.chdir(home)  # where a file dialog may begin
        plugins.mkdir()
        _install(plugins)
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(plugins), os.environ.get("PYTHONPATH")]))
        from tests.monkey.monkey import Monkey

        log = log_file.open("w", encoding="utf-8", buffering=1)
        start = time.monotonic()
        monkey = Monkey(home, chosen.seed, chosen.steps, log, by_clock=not chosen.any_computer)
        try:
            report = monkey.run()
        except Exception:  # noqa: BLE001 - the hook that would print it is the monkey's own
            traceback.print_exc()
            print("\n".join(monkey.faults))
            return 1
        report["seconds"] = round(time.monotonic() - start, 1)
        print(json.dumps(report, indent=1))
        sys.stdout.flush()
        return 1 if report["faults"] else 0


def _install(folder: Path) -> None:
    from tests.monkey.plugin import SOURCE

    (folder / "plugin_monkey.py").write_text(SOURCE)
    info = folder / "studio_monkey-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: studio-monkey\nVersion: 1.0\nLicense: MIT\n")
    (info / "entry_points.txt").write_text("[studio.plugins]\nmonkey = plugin_monkey\n")


if __name__ == "__main__":
    sys.exit(main())
