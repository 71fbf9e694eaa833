"""The waveform of the song on the stage: what is known of it, and which parts an edit has made untrue."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np

from studio_music.core.song import TICKS, Note, Song, Track

_TAIL_SECONDS = 2.0
"""How long after its last changed note a song is taken for changed: notes and the room ring on."""

Span = tuple[int, int]
"""From which tick to which."""


class Wave:
    """Peaks in bins of equal seconds, each true or from before an edit."""

    def __init__(self) -> None:
        self._song: Song | None = None
        """Whose tempos tell where a bin lies."""
        self._seconds = 1.0
        self._peaks = np.zeros((0, 2), np.float32)
        self._true = np.zeros(0, bool)
        self.loudest = 0.0
        """The highest of all peaks that are known."""

    @property
    def is_true(self) -> bool:
        """Whether all of it is as the song is now."""
        return bool(len(self._true)) and bool(self._true.all())

    def follow(self, song: Song | None, *, fresh: bool) -> bool:
        """The song is another one now (`fresh`), or was edited. Whether it sounds otherwise than before."""
        before, self._song = self._song, song
        if before is None or song is None or fresh:
            self._peaks, self._true = self._peaks[:0], self._true[:0]
            return True
        span = changed_span(before, song)
        if span is None:
            return False
        if before.tempos != song.tempos:
            self._stretch(before, song)
        first, last = (song_seconds(song, np.array(span, float)) / self._seconds).tolist()
        self._true[max(0, int(first)) : int(last + _TAIL_SECONDS / self._seconds) + 1] = False
        return True

    def take(self, first: int, bins: int, seconds: float, values: np.ndarray) -> None:
        """Some of the peaks of the song as it is now: bins × 2, from bin `first` on, of `bins` in all."""
        self._seconds = seconds
        if bins != len(self._peaks):
            kept = min(bins, len(self._peaks))
            self._peaks = np.concatenate([self._peaks[:kept], np.zeros((bins - kept, 2), np.float32)])
            self._true = np.concatenate([self._true[:kept], np.zeros(bins - kept, bool)])
        self._peaks[first : first + len(values)] = values
        self._true[first : first + len(values)] = True
        self.loudest = float(np.abs(self._peaks).max(initial=0))

    def doubt(self) -> None:
        """Nothing of it is true any more."""
        self._true[:] = False

    def columns(self, ticks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What is seen between ticks, which rise: lowest and highest sample, and whether that is true; one
        value less than there are ticks each. Nothing that is known is flat."""
        count = len(ticks) - 1
        if self._song is None or not len(self._peaks):
            return np.zeros(count, np.float32), np.zeros(count, np.float32), np.zeros(count, bool)
        bins = len(self._peaks)
        edges = (song_seconds(self._song, ticks) / self._seconds).astype(np.int64)
        starts = np.clip(edges[:-1], 0, bins - 1)
        stops = np.clip(edges[1:], starts + 1, bins)
        pairs = np.stack([starts, stops], 1).ravel()
        # each second piece is what lies between two columns, and is left out; one bin more for the last stop
        low = np.minimum.reduceat(np.append(self._peaks[:, 0], 0), pairs)[::2]
        high = np.maximum.reduceat(np.append(self._peaks[:, 1], 0), pairs)[::2]
        true = np.logical_and.reduceat(np.append(self._true, True), pairs)[::2]
        inside = (edges[:-1] >= 0) & (edges[:-1] < bins)
        return np.where(inside, low, 0), np.where(inside, high, 0), true

    def _stretch(self, before: Song, song: Song) -> None:
        """Keeps each bin with its notes, where another tempo moves these."""
        bins = int(song.duration / self._seconds) + 1 if len(self._peaks) else 0
        ticks = song_ticks(song, (np.arange(bins) + 0.5) * self._seconds)
        old = (song_seconds(before, ticks) / self._seconds).astype(np.int64)
        there = old < len(self._peaks)
        old = np.where(there, old, 0)
        self._peaks = np.where(there[:, None], self._peaks[old], np.float32(0))
        self._true = there & self._true[old]


def song_seconds(song: Song, ticks: np.ndarray) -> np.ndarray:
    """Seconds from the beginning to ticks, by the tempo map; negative before it."""
    starts, seconds, lasts = _clock(song)
    place = np.maximum(np.searchsorted(starts, ticks, "right") - 1, 0)
    return seconds[place] + (ticks - starts[place]) * lasts[place]


def song_ticks(song: Song, at: np.ndarray) -> np.ndarray:
    """The ticks that sound after so many seconds."""
    starts, seconds, lasts = _clock(song)
    place = np.maximum(np.searchsorted(seconds, at, "right") - 1, 0)
    return starts[place] + (at - seconds[place]) / lasts[place]


def _clock(song: Song) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each tempo: its first tick, the seconds until then, and how long a tick lasts."""
    starts = [change.start for change in song.tempos]
    return (
        np.array(starts, float),
        np.array([song.seconds_at(start) for start in starts]),
        np.array([60.0 / (change.bpm * TICKS) for change in song.tempos]),
    )


def changed_span(before: Song, after: Song) -> Span | None:
    """Where another song sounds otherwise; None if it does not."""
    if before is after:
        return None
    end = max(before.length, after.length, *(track.notes[-1].end for track in after.tracks if track.notes), 0)
    found: list[Span] = []
    for one, other in zip_longest(before.tempos, after.tempos):
        if one != other:
            found.append((min(change.start for change in (one, other) if change is not None), end))
            break
    if len(before.tracks) != len(after.tracks):
        return 0, end
    for old, new in zip(before.tracks, after.tracks, strict=True):
        if old is new:
            continue
        if _sound(old) != _sound(new):
            return 0, end
        span = _changed_notes(old.notes, new.notes)
        if span is not None:
            found.append(span)
    if not found:
        return None
    return min(start for start, _ in found), max(stop for _, stop in found)


def _sound(track: Track) -> tuple[int, ...]:
    """What makes all notes of a track sound otherwise."""
    return track.program, track.is_drums, track.volume, track.pan, track.reverb, track.muted, track.solo


def _changed_notes(old: tuple[Note, ...], new: tuple[Note, ...]) -> Span | None:
    """From the first to the last note that only one of them has; both are sorted by their starts."""
    if old is new:
        return None
    least = min(len(old), len(new))
    first = 0
    while first < least and (old[first] is new[first] or old[first] == new[first]):
        first += 1
    last = 0
    while last < least - first and (old[-1 - last] is new[-1 - last] or old[-1 - last] == new[-1 - last]):
        last += 1
    differing = (*old[first : len(old) - last], *new[first : len(new) - last])
    if not differing:
        return None
    return min(note.start for note in differing), max(note.end for note in differing)
