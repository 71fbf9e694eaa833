"""Lets a real model write the drafts that are photographed, and keeps what happened, word for word.

    python docs/screenshots/record.py

Needs the starter model (`studio models install`) and a minute or two; `drafts.py` plays `drafts.json` back in
every language and theme, which needs neither.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import msgspec  # noqa: E402
from recorded import BRIEF, FILE, PAGE, SEED, Moment, Recording  # noqa: E402

from studio.backends.device import default_threads  # noqa: E402
from studio.cli.session import installed_plugins, model_store  # noqa: E402
from studio.jobs.events import Event, JobNumbers, JobPlanned, JobProgress, JobText  # noqa: E402
from studio.jobs.prepare import make_recipe  # noqa: E402
from studio.jobs.runner import Runner  # noqa: E402
from studio.project.store import Project  # noqa: E402

KEPT_SECONDS = 2.0


class Watch:
    """Keeps the events of a job with when they came."""

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self._began = 0.0

    def event(self, event: Event) -> None:
        now = time.monotonic()
        if isinstance(event, JobPlanned):
            self.moments, self._began = [Moment(0.0, plan=event.choice)], now
        after = round(now - self._began, 2)
        if isinstance(event, JobText):
            self.moments.append(Moment(after, draft=event.draft, text=event.text))
        elif isinstance(event, JobNumbers):
            self._note_numbers(Moment(after, numbers=event.numbers))
        elif isinstance(event, JobProgress):
            self.moments.append(Moment(after, fraction=event.fraction))

    def _note_numbers(self, moment: Moment) -> None:
        """Some of them are enough."""
        known = [one for one in self.moments if one.numbers]
        if len(known) > 1 and known[-1].after - known[-2].after < KEPT_SECONDS:
            self.moments.remove(known[-1])
        self.moments.append(moment)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, Project.create(Path(folder) / "Texts.studio") as project:
        catalog, models, watch = installed_plugins(), model_store(), Watch()
        recipe = make_recipe(
            project,
            catalog.generator(PAGE),
            BRIEF,
            {},
            seed=SEED,
            device="cpu",
            threads=default_threads(),
            models=models,
        )
        runner = Runner(project, catalog, models, on_event=watch.event, devices=("cpu",))
        try:
            jobs = runner.submit([recipe], title=PAGE)
            runner.start()
            (job,) = runner.wait([job.id for job in jobs])
        finally:
            runner.stop()
        if job.error is not None:
            raise job.error
        items = reversed(project.items(job=job.id))
        texts = [project.blob_path(item.digest).read_text("utf-8") for item in items]
        (name,) = (model.name for model in recipe.models.values())
    recording = Recording(name, tuple(watch.moments), tuple(texts))
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(recording), indent=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
