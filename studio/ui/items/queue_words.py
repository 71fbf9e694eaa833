"""What the queue says: states, counts and the estimated end, in the current language."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QDateTime, QLocale

from studio.core.item import JobState
from studio.jobs.events import JobProgress
from studio.jobs.job import Job
from studio.jobs.overview import Group
from studio.jobs.time_left import Left
from studio.ui.kit import locales
from studio.words import tr, trn

SEPARATOR = "  ·  "
_MOMENT, _SECONDS, _MINUTES = 4.0, 90.0, 90.0
"""Up to so many seconds no number is told, then seconds, then minutes, then hours."""


def took(seconds: float) -> str:
    """A span that was measured: 0.4 s, 12 s, 3 min."""
    if seconds < 10:
        return tr("{seconds} s", seconds=locales.number(seconds, 1))
    return locales.duration(seconds)


def state_words(job: Job, progress: JobProgress | None) -> str:
    """What a row says about its job."""
    match job.state:
        case JobState.QUEUED:
            return tr("Waiting")
        case JobState.PAUSED:
            return tr("Paused")
        case JobState.CANCELLED:
            return tr("Cancelled")
        case JobState.FAILED:
            return job.error.message if job.error else tr("Failed")
        case JobState.DONE if not job.attempts and not job.seconds:  # made by hand: see `studio.jobs.record`
            return tr("Saved")
        case JobState.DONE:
            return tr("Done in {time}", time=took(job.seconds)) if job.seconds is not None else tr("Done")
    if progress is None:
        return tr("Starting…")
    words = progress.message or tr("Working")
    return SEPARATOR.join(filter(None, (words, left_words(progress.left))))


def group_words(group: Group, left: Left | None = None) -> str:
    """What a batch's row says: how far it is, and what became of its jobs."""
    counts = group.counts
    parts = [tr("{over} of {size}", over=locales.number(group.over), size=locales.number(group.size))]
    if group.state is JobState.PAUSED:
        parts.insert(0, tr("Paused"))
    parts += _counted([JobState.RUNNING, JobState.FAILED, JobState.CANCELLED], counts)
    return SEPARATOR.join(filter(None, (*parts, left_words(left))))


def summary_words(counts: Mapping[JobState, int], *, is_paused: bool = False) -> str:
    """The queue in numbers; empty for an empty one."""
    order = (JobState.RUNNING, JobState.QUEUED, JobState.PAUSED, JobState.FAILED, JobState.DONE)
    parts = _counted(order, counts)
    if is_paused and parts:
        parts.insert(0, tr("Paused"))
    return SEPARATOR.join(parts)


def end_words(seconds_left: float | None) -> str:
    """When all will be over, as a time of day and as a span: "Ends 14:05, in 12 min"."""
    if seconds_left is None:
        return ""
    then = QDateTime.fromMSecsSinceEpoch(round((time.time() + seconds_left) * 1000))
    short = QLocale.FormatType.ShortFormat
    is_today = then.date() == QDateTime.currentDateTime().date()
    clock = QLocale().toString(then.time(), short) if is_today else QLocale().toString(then, short)
    return tr("Ends {clock}, in {time}", clock=clock, time=locales.duration(seconds_left))


def span_words(seconds_left: float | None) -> str:
    """The span alone: "12 min left"."""
    return "" if seconds_left is None else tr("{time} left", time=locales.duration(seconds_left))


def left_words(left: Left | None) -> str:
    """How long a job still takes: "about 2 to 3 min left", in numbers that one can remember."""
    if left is None:
        return ""
    if left.most < _MOMENT:
        return tr("a few seconds left")
    if left.most < _SECONDS:
        low, high = _rounded(left.least), _rounded(left.most)
        if low == high:
            return tr("about {time} s left", time=locales.number(high))
        return tr("about {least} to {most} s left", least=locales.number(low), most=locales.number(high))
    if left.most < _MINUTES * 60:
        low, high = _rounded(left.least / 60), _rounded(left.most / 60)
        if low == high:
            return tr("about {time} min left", time=locales.number(high))
        return tr("about {least} to {most} min left", least=locales.number(low), most=locales.number(high))
    hours = [max(round(seconds / 1800) / 2, 0.5) for seconds in (left.least, left.most)]
    low_words, high_words = (locales.number(one, 0 if one == int(one) else 1) for one in hours)
    if hours[0] == hours[1]:
        return tr("about {time} h left", time=high_words)
    return tr("about {least} to {most} h left", least=low_words, most=high_words)


def _rounded(number: float) -> int:
    """To whole ones up to ten, to fives beyond."""
    return max(1, round(number)) if number < 10 else 5 * round(number / 5)


def error_words(job: Job) -> str:
    """All that is known of a failure, to be pasted somewhere."""
    if job.error is None:
        return ""
    parts = [job.title, f"{job.error.message} {job.error.hint}".strip(), job.error.detail]
    return "\n\n".join(part for part in parts if part)


def _counted(order: tuple[JobState, ...] | list[JobState], counts: Mapping[JobState, int]) -> list[str]:
    return [_count(state, counts[state]) for state in order if counts.get(state)]


def _count(state: JobState, count: int) -> str:
    match state:
        case JobState.RUNNING:
            return trn("{count} running", "{count} running", count)
        case JobState.QUEUED:
            return trn("{count} waiting", "{count} waiting", count)
        case JobState.PAUSED:
            return trn("{count} paused", "{count} paused", count)
        case JobState.FAILED:
            return trn("{count} failed", "{count} failed", count)
        case JobState.CANCELLED:
            return trn("{count} cancelled", "{count} cancelled", count)
        case JobState.DONE:
            return trn("{count} done", "{count} done", count)
