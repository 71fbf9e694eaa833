"""A worker's two threads: the main one listens to the host, the other one works (`studio.jobs.work`).

The end of the host's pipe is the end of the process, whatever the other thread does.
"""

from __future__ import annotations

import os
import threading
from queue import SimpleQueue

from studio.jobs import wire
from studio.jobs.work import Worker

Request = wire.Describe | wire.RunJob | wire.Convert


def serve(requests: int, answers: int) -> None:
    """Serves until the descriptor `requests` ends or brings what is no message."""
    lock = threading.Lock()

    def send(message: wire.FromWorker) -> None:
        line = wire.encode(message)
        with lock:
            while line:
                line = line[os.write(answers, line) :]

    worker = Worker(send)
    todo: SimpleQueue[Request] = SimpleQueue()
    threading.Thread(target=_work, args=(worker, todo), daemon=True, name="job").start()
    send(wire.Ready(protocol=wire.PROTOCOL))
    with os.fdopen(requests, "rb") as lines:
        while line := lines.readline(wire.MAX_LINE + 1):
            request = wire.to_worker(line)
            if isinstance(request, wire.Control):
                worker.control(request)
                continue
            if not isinstance(request, wire.Describe):
                worker.expect(request)
            todo.put(request)


def _work(worker: Worker, todo: SimpleQueue[Request]) -> None:
    try:
        while True:
            request = todo.get()
            match request:
                case wire.RunJob():
                    worker.run(request)
                case wire.Convert():
                    worker.convert(request)
                case wire.Describe():
                    worker.describe(request)
    finally:
        os._exit(70)  # a defect of ours, with its traceback on stderr: better dead than deaf
