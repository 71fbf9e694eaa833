"""The child process in which a plugin's command runs.

python -m studio.cli.plugin_child MODULE:FUNCTION WORD...
"""

from __future__ import annotations

import sys
from importlib import import_module

from studio.cli.console import Console
from studio.cli.guard import guarded, speak


def main(place: str, words: list[str]) -> int:
    """Calls the function with the words. What it raises is told as for the studio's own commands."""
    console = Console(as_json="--json" in words)

    def call() -> int:
        speak(console)
        module, _, function = place.partition(":")
        code: int = getattr(import_module(module), function)(words)
        return code

    return guarded(console, call)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
