"""Opens the older project argv[1], stops at statement argv[2] of its update, and waits there to be killed.

"0" never stops. The last statement of the update is announced with its number.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from pathlib import Path

from studio.project import schema
from studio.project.store import Project

STOPPED, COMMITTING = "stopped", "committing"


def main(folder: Path, stop: int) -> None:
    apply, count = schema._apply, 0

    def on_statement(statement: str) -> None:
        nonlocal count
        count += 1
        if count == stop:
            print(STOPPED, flush=True)
            time.sleep(60)
        if statement == "COMMIT":
            print(COMMITTING, count, flush=True)

    def watched(connection: sqlite3.Connection, found: int) -> None:
        connection.set_trace_callback(on_statement)
        apply(connection, found)

    schema._apply = watched
    Project.open(folder).close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
