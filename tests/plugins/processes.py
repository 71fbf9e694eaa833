"""Scripts and commands in processes of their own, with other plugins than the tests' own process has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class Processes:
    """Runs them with folders in front of the path, and with a home of their own."""

    def __init__(self, home: Path, *folders: Path, instead: bool = False) -> None:
        """`instead`: the folders take the place of the path that the tests were given."""
        known = [] if instead else [os.environ.get("PYTHONPATH", "")]
        path = os.pathsep.join(filter(None, [*map(str, folders), *known]))
        self.environment = {**os.environ, "PYTHONPATH": path, "STUDIO_HOME": str(home)}

    def run(self, words: Sequence[object], language: str = "en") -> str:
        """What the process says. It must end well."""
        ran = subprocess.run(
            [sys.executable, *map(str, words)],
            env={**self.environment, "STUDIO_LANGUAGE": language},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def script(self, text: str, *words: object, language: str = "en") -> Any:
        """The JSON document that a script prints last."""
        return json.loads(self.run(["-c", text, *words], language).splitlines()[-1])

    def studio(self, *words: object, language: str = "en") -> Any:
        """The JSON document of a command."""
        return json.loads(self.run(["-m", "studio", *words, "--json"], language))
