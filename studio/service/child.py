"""The service process: `python -m studio.service.child`. When a file kills it, the window lives on.

Its main thread listens. Two threads make thumbnails, the newest first; a third one imports and exports, so
that a long export keeps no thumbnail waiting. The end of the host's pipe is the end of the process.
"""

from __future__ import annotations

import faulthandler
import os
import threading

from studio.jobs import process

THUMBNAIL_THREADS = 2


def main() -> None:
    process.settle()
    requests, answers = process.take_standard_streams()
    faulthandler.enable()
    # Only now: what is imported from here on finds the streams as they must be.
    from studio import words
    from studio.plugins.speech import speak

    speak(os.environ.get(words.ENVIRONMENT, words.ENGLISH))
    serve(requests, answers)
    process.end_at_once()


def serve(requests: int, answers: int) -> None:
    """Serves until the descriptor `requests` ends or brings what is no message."""
    from studio.service import wire
    from studio.service.work import Todo, do

    lock = threading.Lock()

    def send(message: wire.FromChild) -> None:
        line = wire.encode(message)
        with lock:
            while line:
                line = line[os.write(answers, line) :]

    def work(todo: Todo) -> None:
        try:
            while True:
                request = todo.take()
                send(wire.Started(id=request.id))
                send(do(request))
        finally:
            os._exit(70)  # a defect of ours, with its traceback on stderr: better dead than deaf

    thumbnails, formats = Todo(), Todo()
    for number in range(THUMBNAIL_THREADS):
        threading.Thread(target=work, args=(thumbnails,), daemon=True, name=f"thumbnails {number}").start()
    threading.Thread(target=work, args=(formats,), daemon=True, name="formats").start()
    send(wire.Ready(protocol=wire.PROTOCOL))
    with os.fdopen(requests, "rb") as lines:
        while line := lines.readline(wire.MAX_LINE + 1):
            request = wire.to_child(line)
            if isinstance(request, wire.Drop):
                if thumbnails.drop(request.id) or formats.drop(request.id):
                    send(wire.Dropped(id=request.id))
            elif isinstance(request, wire.MakeThumbnail):
                thumbnails.add(request)
            else:
                formats.add(request)


if __name__ == "__main__":
    main()
