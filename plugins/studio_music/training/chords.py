"""Infers chords from notes: Viterbi over templates on every half bar.

Scores have almost no chord symbols, so the labels that the model learns from are inferred: how much of the
sounding time a template explains, weighted by the bass, against the cost of changing and of leaving the
key. After Pardo & Birmingham, "Algorithms for Chordal Analysis" (2002), and the hidden Markov models of
chord recognition.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event

QUALITIES = ("", "m", "7", "m7", "maj7", "dim", "m7b5", "dim7")
"""The templates' qualities; with 12 roots and N.C. these are 97 states."""
_PRIORS = {
    "": 0.0,
    "m": 0.0,
    "7": -0.06,
    "m7": -0.12,
    "maj7": -0.15,
    "dim": -0.12,
    "m7b5": -0.12,
    "dim7": -0.16,
}
_DEGREES_MAJOR = {
    (0, ""): 0.16, (7, ""): 0.13, (7, "7"): 0.12, (5, ""): 0.1, (9, "m"): 0.07, (2, "m"): 0.06, (2, "m7"):
    0.03, (4, "m"): 0.01, (11, "dim"): -0.01,
}  # fmt: skip
_DEGREES_MINOR = {
    (0, "m"): 0.16, (7, ""): 0.12, (7, "7"): 0.11, (5, "m"): 0.1, (8, ""): 0.05, (3, ""): 0.07, (10, ""):
    0.06, (7, "m"): 0.02, (2, "dim"): 0.0, (2, "m7b5"): 0.01, (11, "dim"): 0.02,
}  # fmt: skip
_DEGREES_MODAL = {
    (0, ""): 0.14, (0, "m"): 0.14, (10, ""): 0.11, (7, "m"): 0.05, (5, ""): 0.07, (7, ""): 0.05
}  # fmt: skip
CHANGE = 0.22
"""What a change of chord costs, in shares of the sounding time of a half bar."""
NO_CHORD = 0.12
"""What N.C. scores."""


def infer(
    voices: Sequence[Sequence[Event]], slots: int, slot: int, mode: str, change: float = CHANGE
) -> NDArray[np.int16]:
    """The chord label of each slot.

    Args:
        voices: notes relative to the tonic.
        slots: how many there are.
        slot: positions of each.
        mode: one of `vocabulary.MODES`.
        change: what a change of chord costs.
    """
    weights, basses, sounding = _weights(voices, slots, slot)
    states = [(root, quality) for root in range(12) for quality in QUALITIES]
    labels = np.array(
        [root * len(v.CHORD_QUALITIES) + v.CHORD_QUALITIES.index(q) for root, q in states] + [v.NO_CHORD],
        np.int16,
    )
    emission = np.zeros((slots, len(labels)))
    thin = len(voices) == 1
    table = {"major": _DEGREES_MAJOR, "minor": _DEGREES_MINOR}.get(mode, _DEGREES_MODAL)
    total = np.maximum(weights.sum(1), 1e-9)
    shares = weights / total[:, None]
    for place, (root, quality) in enumerate(states):
        tones = v.label_tones(int(labels[place]))
        inside = shares[:, list(tones)].sum(1)
        absent = (shares[:, list(tones)] < 0.02).mean(1)
        seventh = len(tones) == 4
        score = 2 * inside - 1 - (0.12 if thin else 0.35) * absent
        if seventh:  # a seventh has to sound to be believed
            score -= np.where(shares[:, tones[3]] < 0.05, 0.3, 0.0)
        score += (0.05 if thin else 0.22) * basses[:, root] + 0.05 * basses[:, list(tones)].sum(1)
        score += _PRIORS[quality] + table.get((root, quality), -0.07) * (2.0 if thin else 1.0)
        emission[:, place] = score
    emission[:, -1] = NO_CHORD - 0.5
    emission[~sounding] = 0.0
    emission[~sounding, -1] = 0.3
    return labels[_viterbi(emission, change * (1.6 if thin else 1.0))]


def _weights(
    voices: Sequence[Sequence[Event]], slots: int, slot: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """For each slot how long each pitch class sounds and is the lowest, and whether anything sounds."""
    weights = np.zeros((slots, 12))
    length = slots * slot
    lowest = np.full(length, 999)
    for events in voices:
        for start, held, pitch in events:
            end = min(start + held, length)
            strong = 1.5 if start % slot == 0 else 1.2 if start % v.PER_QUARTER == 0 else 0.8
            for number in range(start // slot, -(-end // slot)):
                share = min(end, (number + 1) * slot) - max(start, number * slot)
                weights[number, pitch % 12] += strong * share
            np.minimum(lowest[start:end], pitch, out=lowest[start:end])
    basses = np.zeros((slots, 12))
    per_slot = lowest[: slots * slot].reshape(slots, slot)
    for number in range(slots):
        heard = per_slot[number][per_slot[number] < 999]
        if heard.size:
            np.add.at(basses[number], heard % 12, 1.0 / heard.size)
    return weights, basses, weights.sum(1) > 0


def _viterbi(emission: NDArray[np.float64], change: float) -> NDArray[np.intp]:
    """The best path where each change costs the same."""
    slots, states = emission.shape
    score = emission[0].copy()
    back = np.zeros((slots, states), np.intp)
    for number in range(1, slots):
        best = int(score.argmax())
        moved = score[best] - change
        stays = score >= moved
        back[number] = np.where(stays, np.arange(states), best)
        score = np.where(stays, score, moved) + emission[number]
    path = np.zeros(slots, np.intp)
    path[-1] = int(score.argmax())
    for number in range(slots - 1, 0, -1):
        path[number - 1] = back[number, path[number]]
    return path
