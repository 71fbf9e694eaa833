"""Counts what readers have answered to the pairs that `pairs.py` has drawn: in how many ours is better."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from studio_music.training.table import table

RESPECTS = ("phrase", "repetition", "cadence", "whole")


def answers_in(text: str) -> dict[str, dict[str, str]]:
    """For each pair the letter in each respect.

    Raises:
        ValueError: a line is not an answer, or a pair is answered twice.
    """
    found: dict[str, dict[str, str]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        pair, *words = line.split()
        answer = dict(zip(words[::2], words[1::2], strict=True))
        if tuple(answer) != RESPECTS or not set(answer.values()) <= {"a", "b"} or pair in found:
            raise ValueError(f"not an answer: {line}")
        found[pair] = answer
    return found


def tally(key: dict[str, dict[str, str]], readings: list[dict[str, dict[str, str]]]) -> list[dict[str, Any]]:
    """For each opponent and ensemble how often ours is better, in each respect, of all answers; and how often
    readers agree on the whole.

    Raises:
        ValueError: a reader has left a pair out.
    """
    for reading in readings:
        if set(reading) != set(key):
            raise ValueError(f"pairs left out or unknown: {sorted(set(reading) ^ set(key))}")
    rows = []
    for opponent in ("Markov", "true"):
        for ensemble in ("all", "solo", "choir", "strings"):
            pairs = [
                pair
                for pair, sides in key.items()
                if opponent in sides.values() and ensemble in ("all", sides["ensemble"])
            ]
            row: dict[str, Any] = {"ours against": opponent, "ensemble": ensemble, "pairs": len(pairs)}
            for respect in RESPECTS:
                better = [
                    key[pair][reading[pair][respect]] == "ours" for reading in readings for pair in pairs
                ]
                row[respect] = sum(better) / max(1, len(better))
            alike = [len({reading[pair]["whole"] for reading in readings}) == 1 for pair in pairs]
            row["readers agree"] = sum(alike) / max(1, len(alike))
            rows.append(row)
    return rows


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--key", type=Path, required=True)
    reader.add_argument("answers", type=Path, nargs="+", help="a file of each reader")
    chosen = reader.parse_args(arguments)
    readings = [answers_in(file.read_text("utf8")) for file in chosen.answers]
    print(table(tally(json.loads(chosen.key.read_text("utf8")), readings)))


if __name__ == "__main__":
    main(sys.argv[1:])
