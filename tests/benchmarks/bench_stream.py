"""What showing the words of four drafts costs the window's thread, for each token.

Run on request: `pytest tests/benchmarks/bench_stream.py -s` (QT_QPA_PLATFORM=offscreen without a screen).
The promise, 1 ms a token, is checked on the work of this thread, which busy neighbors do not lengthen. Tokens
come as a worker sends them: an event each, through the window's bridge and all of its listeners.
"""

from __future__ import annotations

import random
import time

import pytest
from PySide6.QtWidgets import QApplication
from studio_text.room.words import Limits

from studio.core.model import Number
from studio.jobs.events import JobNumbers, JobText
from studio.ui.shell.studio_window import StudioWindow
from tests.benchmarks.sizes import at_most, each, size
from tests.studio_text.room.writing import room_of

DRAFTS, TOKENS = 4, size(2000, 100)
PROMISED_MS = at_most(1.0)
RATES = {"4000": 4000, "1000": 1000, "250": 250}
"""Tokens a second of each draft: ten times what a GPU, a fast CPU, a small one write."""


def words(count: int, *, paragraphs: bool) -> list[str]:
    luck = random.Random(1)
    made = []
    for number in range(count):
        word = "".join(luck.choices("etaoinshrdlu", k=luck.randint(2, 9)))
        if paragraphs and number % 60 == 59:
            made.append(f" {word}.\n\n" + luck.choice(("## ", "- ", "", "> ", "**so** ")))
        else:
            made.append(f" {word}")
    return made


@pytest.mark.benchmark
@pytest.mark.timeout(600)
@each("rate", RATES)
@each("paragraphs", {"paragraphs": True, "one paragraph": False})
def test_a_token(rate: int, paragraphs: bool, studio: StudioWindow) -> None:
    studio.window.resize(1600, 1000)
    studio.window.show_welcome(False)
    studio.items.show_room("text")
    page = room_of(studio).page
    page.build()
    page.drafts.follow("job", "Product page", DRAFTS, "a" * 64, Limits())
    page.show_drafts(True)
    QApplication.processEvents()
    tokens = words(TOKENS, paragraphs=paragraphs)
    used, longest = 0.0, 0.0
    begin = time.perf_counter()
    for number, token in enumerate(tokens):
        due = begin + number / rate
        while (now := time.perf_counter()) < due:
            time.sleep(min(0.001, due - now))
        before = time.thread_time()
        for draft in range(DRAFTS):
            studio.context.bridge.post(JobText("job", draft, token))
        if number % 10 == 0:
            studio.context.bridge.post(JobNumbers("job", (Number("tokens_per_second", "Speed", 30.0),)))
        QApplication.processEvents()
        took = time.thread_time() - before
        used, longest = used + took, max(longest, took)
    page.drafts.flush()
    each = used * 1000 / (TOKENS * DRAFTS)
    print(f"\n{rate} tokens/s: {each:.3f} ms a token, the longest turn {longest * 1000:.1f} ms")
    assert all(column.view.text == "".join(tokens) for column in page.drafts.columns)
    assert each <= PROMISED_MS
