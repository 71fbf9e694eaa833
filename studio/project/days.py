"""Days of this system's time zone, over times in seconds since 1970-01-01, UTC."""

from __future__ import annotations

import re
import time
from datetime import date, datetime, timedelta

from studio.words import mark

NAMED = (mark("today"), mark("yesterday"))
DAY = 86_400

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_EPOCH = date(1970, 1, 1)


def span(text: str, today: date) -> tuple[float, float] | None:
    """From when up to when a day, a month or a year is; None for what is none of these.

    Args:
        text: "today", "yesterday", "2026", "2026-11" or "2026-11-01".
    """
    try:
        if text.lower() == "today":
            return _midnight(today), _midnight(today + timedelta(days=1))
        if text.lower() == "yesterday":
            return _midnight(today - timedelta(days=1)), _midnight(today)
        match = _DATE.fullmatch(text)
        if match is None:
            return None
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        first = date(year, month or 1, day or 1)
        if day is not None:
            past = first + timedelta(days=1)
        elif month is not None:
            past = date(year + month // 12, month % 12 + 1, 1)
        else:
            past = date(year + 1, 1, 1)
        return _midnight(first), _midnight(past)
    except (ValueError, OverflowError, OSError):
        return None


def offsets(first: float, last: float) -> list[tuple[float, int]]:
    """How far local time is ahead of UTC, in seconds: (from when on, offset), earliest first.

    The first entry holds for `first`, whenever it began.
    """
    found = [(first, _offset(first))]
    at = first
    while at < last:
        following = min(at + 30 * DAY, last)
        if _offset(following) != found[-1][1]:
            following = _change(at, following)
            found.append((following, _offset(following)))
        at = following
    return found


def _change(low: float, high: float) -> float:
    """When, between two times, the offset changed: to the second, as the first of the new one."""
    before = _offset(low)
    start, end = int(low), int(high) + 1
    while end - start > 1:
        middle = (start + end) // 2
        if _offset(middle) == before:
            start = middle
        else:
            end = middle
    return float(end)


def _offset(when: float) -> int:
    try:
        return time.localtime(when).tm_gmtoff
    except (ValueError, OverflowError, OSError):
        return 0


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day).timestamp()
