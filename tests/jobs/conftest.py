"""A plugin that misbehaves in every known way, installed for the workers of these tests only."""

from __future__ import annotations

import os
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio import paths
from studio.core.recipe import Recipe
from studio.jobs.describe import discover
from studio.jobs.events import Event, WorkerChanged
from studio.jobs.joblog import JobLogs
from studio.jobs.queue import Job
from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.plugins.catalog import Catalog
from studio.project.store import Project

STRESS = '''
import ctypes, os, random, signal, sys, time
from pathlib import Path
from typing import Annotated
from studio.api import *

print("stress is imported")

class StressParams(Params):
    what: str = "write"
    text: str = ""
    number: int = 0
    seconds: Annotated[float, Field(ge=0)] = 0.0
    prompt: str = ""

class Stress(Generator):
    """Misbehaves."""
    name, title, kind = "stress", "Stress", Kind.TEXT
    inputs = (Input(name="source", title="Source", kind=Kind.TEXT, required=False),)
    Params = StressParams

    def generate(self, params, run):
        yield from getattr(self, params.what)(params, run) or self.write(params, run)

    def write(self, params, run):
        if params.seconds:
            time.sleep(params.seconds)
        source = run.input("source")
        path = run.scratch / "out.txt"
        path.write_text(f"{params.text} {run.seed} {random.Random(run.seed).random()}"
                        + (source.read_text() if source else ""))
        yield NewArtifact(path, Kind.TEXT, params.text)

    def many(self, params, run):
        for n in range(params.number):
            path = run.scratch / f"{n}.txt"
            path.write_text(f"{n} of {run.seed}")
            yield NewArtifact(path, Kind.TEXT, f"part {n}")

    def segv(self, params, run): ctypes.string_at(0)
    def abort(self, params, run): os.abort()
    def exit(self, params, run): os._exit(3)
    def sys_exit(self, params, run): sys.exit("I go")
    def memory(self, params, run): raise MemoryError
    def killed(self, params, run):
        print("about to be killed")
        os.kill(os.getpid(), signal.SIGKILL)
    def orphan(self, params, run):
        """A child that holds our pipes open survives the crash."""
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        os.kill(os.getpid(), signal.SIGSEGV)
    def native_hang(self, params, run):
        run.progress(0, 1, "hangs")
        ctypes.PyDLL(None).usleep(60_000_000)  # PyDLL keeps the interpreter lock
    def deaf(self, params, run):
        """Hangs, and does not go when it is asked to."""
        ctypes.CDLL(None).signal(signal.SIGTERM, ctypes.c_void_p(1))
        run.progress(0, 1, "hangs")
        while True: time.sleep(1)
    def fails(self, params, run): raise ValueError("the moon is full")
    def says(self, params, run): raise BadInput("This is too blue.", "Make it green.")
    def flood(self, params, run):
        for n in range(params.number): print("flood", n)
    def native_flood(self, params, run):
        os.write(1, b"native\\n" * 3)
        os.write(2, b"unfinished line")
    def long_line(self, params, run): print("x" * 1_000_000 + "end")
    def reads(self, params, run): run.note("stdin: " + repr(sys.stdin.read()))
    def garbage(self, params, run):
        for fd in range(3, 64):
            try: os.write(fd, b"{garbage\\n")
            except OSError: pass
        time.sleep(30)
    def nothing(self, params, run): return iter(())
    def outside(self, params, run):
        path = run.scratch.parent / "outside.txt"
        path.write_text("x")
        yield NewArtifact(path, Kind.TEXT)
    def waits(self, params, run):
        """Counts into a file until told to end."""
        n = 0
        while not Path(params.text + ".end").exists():
            n += 1
            Path(params.text).write_text(str(n))
            run.progress(min(n, 99), 100, f"step {n}")
            time.sleep(0.01)
    def counts_on(self, params, run):
        """Goes on counting where the last run had come to, and breaks off after three in this one."""
        mark = run.kept / "count"
        n = int(mark.read_text()) if mark.exists() else 0
        for n in range(n + 1, n + 4):
            if n > params.number: break
            mark.write_text(str(n))
        else:
            if params.text == "crash": os._exit(3)
            if params.text == "killed": os.kill(os.getpid(), 9)
            raise ValueError(f"broke off at {n}")
        path = run.scratch / "count.txt"
        path.write_text(mark.read_text())
        yield NewArtifact(path, Kind.TEXT, "count")
    def previews(self, params, run):
        for n in range(3):
            run.preview(b"\\x89PNG picture %d" % n)
            time.sleep(0.25)
    def environment(self, params, run):
        import gc
        names = ("OMP_WAIT_POLICY", "ORT_DISABLE_TELEMETRY", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE",
                 "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
        run.note(" ".join(f"{name}={os.environ.get(name)}" for name in names))
        run.note(f"nice={os.nice(0)} frozen={gc.get_freeze_count() > 1000} gc={gc.isenabled()}")
        run.note("heavy=" + ",".join(sorted({"torch", "numpy", "PySide6", "onnxruntime", "cv2", "PIL"}
                                            & set(sys.modules))))
        run.note(f"safe_path={sys.flags.safe_path}")
    def warm(self, params, run):
        made = run.warm(params.text, lambda: [time.time()])
        run.note(f"warm {made[0]} in {os.getpid()}")
    def grows(self, params, run):
        global _LEAK
        _LEAK = b"x" * params.number
    def uses_memory(self, params, run):
        for _ in b"x" * params.number: break

class Slow(Stress):
    """The same by another name: what is known of one says nothing of the other."""
    name, title = "slow", "Slow"

@hookimpl
def register_generators():
    return [Stress, Slow]

@hookimpl
def explain_error(error):
    return "Wait for the new moon." if "moon" in str(error) else None
'''

MakePlugin = Callable[..., None]


def make_plugin(
    folder: Path, name: str, source: str, *, distribution: str = "", version: str = "1.0", module: str = ""
) -> None:
    """Lays a plugin down as pip would: a module and the metadata of its distribution."""
    distribution = distribution or f"studio-{name}"
    module = module or f"plugin_{name.replace('-', '_')}"
    (folder / f"{module}.py").write_text(textwrap.dedent(source))
    info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\nLicense: MIT\n"
    )
    (info / "entry_points.txt").write_text(f"[studio.plugins]\n{name} = {module}\n")


@pytest.fixture(scope="session")
def plugin_maker() -> MakePlugin:
    return make_plugin


@pytest.fixture(scope="session")
def stress_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the workers' environment needs to find the plugin `stress`."""
    folder = tmp_path_factory.mktemp("plugins")
    make_plugin(folder, "stress", STRESS)
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    return {"PYTHONPATH": path, "STUDIO_HOME": os.environ["STUDIO_HOME"]}


@pytest.fixture(scope="session")
def stress_catalog(stress_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return discover(tmp_path_factory.mktemp("catalog"), environment=stress_environment)


def stress_recipe(
    what: str = "write",
    *,
    seed: int = 0,
    source: str = "",
    device: str = "cpu",
    generator: str = "stress/stress",
    **params: Any,
) -> Recipe:
    inputs = {"source": source} if source else {}
    return Recipe(
        generator=generator,
        generator_version="1",
        params={"what": what, **params},
        inputs=inputs,
        seed=seed,
        device=device,
    )


class Rig:
    """A project with a runner, and what the runner has said."""

    def __init__(
        self,
        project: Project,
        catalog: Catalog,
        environment: dict[str, str],
        models: ModelStore,
        *,
        side_lane: bool = False,
    ) -> None:
        self.project = project
        self.events: list[Event] = []
        self._new = threading.Condition()
        self.runner = Runner(
            project, catalog, models, on_event=self._hear, environment=environment, side_lane=side_lane
        )
        self.queue = self.runner.queue

    def _hear(self, event: Event) -> None:
        with self._new:
            self.events.append(event)
            self._new.notify_all()

    def submit(self, what: str = "write", **params: Any) -> Job:
        return self.runner.submit([stress_recipe(what, **params)], title=what)[0]

    def run(self, what: str = "write", **params: Any) -> Job:
        return self.runner.wait([self.submit(what, **params).id], 100)[0]

    def until(self, happened: Callable[[Event], bool], seconds: float = 100) -> Event:
        """The first event, past or to come, of which this holds."""
        seen = 0
        deadline = time.monotonic() + seconds
        while True:
            with self._new:
                while seen == len(self.events):
                    assert self._new.wait(deadline - time.monotonic()), f"not in {self.events}"
                event = self.events[seen]
                seen += 1
            if happened(event):
                return event

    def log_of(self, job_id: str) -> str:
        """What the job printed and noted, and how it ended."""
        return JobLogs(paths.log_folder() / "jobs").read(job_id)

    def workers_started(self) -> int:
        return sum(isinstance(event, WorkerChanged) and event.state == "ready" for event in self.events)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "Test.studio") as project:
        yield project


@pytest.fixture
def rig(
    project: Project, stress_catalog: Catalog, stress_environment: dict[str, str], tmp_path: Path
) -> Iterator[Rig]:
    rig = Rig(project, stress_catalog, stress_environment, ModelStore(tmp_path / "models"))
    rig.runner.start()
    yield rig
    rig.runner.stop()


@pytest.fixture
def wide_rig(
    project: Project, stress_catalog: Catalog, stress_environment: dict[str, str], tmp_path: Path
) -> Iterator[Rig]:
    """With a lane for short jobs beside the other one."""
    models = ModelStore(tmp_path / "models")
    rig = Rig(project, stress_catalog, stress_environment, models, side_lane=True)
    rig.runner.start()
    yield rig
    rig.runner.stop()


@pytest.fixture
def recipe_of() -> Callable[..., Recipe]:
    return stress_recipe
