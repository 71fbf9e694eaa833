"""The worker: `python -m studio.jobs.worker NICE`. It runs plugins, whose crash is not the studio's."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys

from studio.jobs import process


def main() -> None:
    process.settle(int(sys.argv[1]))
    requests, answers = process.take_standard_streams()
    faulthandler.enable()
    gc.disable()
    # Only now: what is imported from here on finds the environment and the streams as they must be.
    from studio import words
    from studio.jobs.serve import serve
    from studio.plugins.speech import speak

    speak(os.environ.get(words.ENVIRONMENT, words.ENGLISH))
    gc.freeze()
    gc.enable()
    serve(requests, answers)
    process.end_at_once()


if __name__ == "__main__":
    main()
