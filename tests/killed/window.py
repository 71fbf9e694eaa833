"""The real window in a process of its own: `python -m tests.killed.window do|tell DEED PROJECT`.

`do` does a deed and says what is there after it, in a line of JSON; then it waits to be killed. `tell` is
given that line, waits until all of it is there again, says what is there, and ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 100.0


def main(act: str, name: str, project: Path) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from studio.ui.shell.app import start

    studio = start(project)
    from tests.killed.deeds import DEEDS

    def until(is_so: Callable[[], object]) -> bool:
        end = time.monotonic() + SECONDS
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError("it never became so")
            studio.app.processEvents()
            time.sleep(0.002)
        return True

    deed = DEEDS[name]
    until(lambda: studio.context.project is not None and studio.context.catalog is not None)
    if act == "do":
        until(lambda: studio.kept._follows)
        told = deed.do(studio, until)
        print(json.dumps(told or deed.tell(studio)), flush=True)
        return studio.app.exec()
    expected = json.loads(sys.stdin.readline())
    found = None

    def is_there() -> bool:
        nonlocal found
        found = json.loads(json.dumps(deed.tell(studio)))
        return found == expected

    with contextlib.suppress(TimeoutError):
        until(is_there)
    print(json.dumps(found), flush=True)
    studio.window.close()
    studio.session.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
