"""Batches take turns: nobody waits for the end of another's, and nobody is passed for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.item import JobState
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.jobs.overview import overview
from studio.jobs.queue import Queue
from studio.project.store import Project

NO = BadInput("no")


@pytest.fixture
def queue(project: Project) -> Queue:
    return Queue(project)


@pytest.fixture
def put(queue: Queue, recipe_of: Callable[..., Recipe]) -> Callable[..., str]:
    """Submits a batch of so many jobs, all with its name as their title; returns its id."""

    def put(name: str, count: int, *, first: bool = False) -> str:
        return queue.submit([recipe_of()] * count, title=name, first=first)[0].batch

    return put


def waiting(queue: Queue) -> str:
    return "".join(job.title for job in queue.jobs([JobState.QUEUED, JobState.PAUSED], limit=1000))


def take(queue: Queue, count: int = 1) -> str:
    """Works off so many jobs, one after the other."""
    taken = ""
    for _ in range(count):
        job = queue.claim()
        assert job is not None
        queue.fail(job.id, NO)
        taken += job.title
    return taken


def test_two_batches_take_turns(queue: Queue, put: Callable[..., str]) -> None:
    put("a", 4)
    put("b", 4)
    assert waiting(queue) == "abababab"


def test_on_a_graphics_card_a_short_job_goes_between_the_long_ones(
    queue: Queue, recipe_of: Callable[..., Recipe]
) -> None:
    """No second worker runs there: what is asked for waits for the job that runs, and for no other."""
    card = recipe_of(device="cuda:0")
    queue.submit([card] * 5, title="a long batch")
    queue.submit([recipe_of()], title="on the processor")
    running = queue.claim(devices=("cuda:0",))
    assert running is not None
    queue.submit([card], title="asked for")
    queue.submit([card], title="put first", first=True)
    taken = []
    for _ in range(3):
        queue.fail(running.id, NO)
        running = queue.claim(devices=("cuda:0",))
        assert running is not None
        taken.append(running.title)
    assert taken == ["put first", "asked for", "a long batch"]


def test_a_batch_that_comes_later_is_next_and_passes_nobody(queue: Queue, put: Callable[..., str]) -> None:
    put("a", 10)
    take(queue, 3)
    assert queue.claim() is not None
    put("b", 4)
    put("c", 2)
    assert waiting(queue) == "bcabcabab" + "aaa"
    take(queue, 1)
    put("d", 1)
    assert waiting(queue).index("d") <= 3


def test_what_is_put_first_is_done_in_one_go(queue: Queue, put: Callable[..., str]) -> None:
    put("a", 3)
    put("b", 3, first=True)
    put("c", 2)
    assert waiting(queue) == "bbb" + "acac" + "a"
    put("d", 1, first=True)
    assert take(queue, 4) == "dbbb"


def test_a_retry_comes_last_and_what_was_interrupted_first(queue: Queue, put: Callable[..., str]) -> None:
    put("a", 3)
    put("b", 3)
    failed = queue.claim()
    assert failed is not None
    queue.fail(failed.id, NO)
    queue.claim()
    queue.recover()
    assert waiting(queue) == "babab"
    queue.retry(failed.id)
    assert waiting(queue) == "bababa"


def test_what_was_moved_by_hand_stays_there(queue: Queue, put: Callable[..., str]) -> None:
    a, b = put("a", 3), put("b", 3)
    jobs = queue.jobs(limit=10)
    queue.move_many([job.id for job in jobs if job.batch == b], jobs[0].id)
    assert waiting(queue) == "bbbaaa"
    put("c", 2)
    assert [name for name in waiting(queue) if name != "c"] == list("bbbaaa")
    queue.pause_batch(b)
    queue.resume_batch(b)
    assert [name for name in waiting(queue) if name != "c"] == list("bbbaaa")
    assert [group.batch for group in overview(queue).open_groups()].index(b) < 2
    assert a


def test_a_batch_that_was_paused_has_no_turns_saved_up(queue: Queue, put: Callable[..., str]) -> None:
    a = put("a", 20)
    put("b", 20)
    queue.pause_batch(a)
    take(queue, 10)
    put("c", 5)
    assert take(queue, 4) in ("bcbc", "cbcb")
    queue.resume_batch(a)
    assert set(take(queue, 3)) == set("abc")


def test_batches_are_listed_in_an_order_that_stays(queue: Queue, put: Callable[..., str]) -> None:
    long, short = put("a", 9), put("b", 5)
    for _ in range(9):
        assert [group.batch for group in overview(queue).open_groups()] == [long, short]
        take(queue)
    assert [group.batch for group in overview(queue).open_groups()] == [short, long]  # over with its next
    take(queue)
    assert [group.batch for group in overview(queue).open_groups()] == [long]
    put("c", 2)
    first = put("d", 2, first=True)
    assert next(overview(queue).open_groups()).batch == first


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 8), min_size=2, max_size=5),
    st.lists(st.integers(0, 5), min_size=5, max_size=5),
)
def test_nobody_gets_two_turns_more_than_another(
    queue: Queue, put: Callable[..., str], sizes: list[int], pauses: list[int]
) -> None:
    """Whenever batches come, each that waits has had its share since the last of them came."""
    left = {}
    for name, size, before in zip("abcde", sizes, pauses, strict=False):
        for _ in range(min(before, sum(left.values()))):
            left[take(queue)] -= 1
        put(name, size)
        left[name] = size
    had = dict.fromkeys(left, 0)
    while any(left.values()):
        name = take(queue)
        left[name] -= 1
        had[name] += 1
        still = [had[other] for other in left if left[other]]
        assert not still or max(had[name], *still) - min(still) <= 2
