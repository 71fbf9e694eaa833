"""Trains the network: goes on where it stopped, for as long as it is let.

The learning rate is constant after a short warmup, so training may stop at any time; `--decay` ends it well
by lowering the rate to nothing over so many steps (a warmup-stable-decay schedule, Hu et al. 2024). Weights
are averaged as they go; the averaged ones are measured and exported.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from studio_music.core.tokens import vocabulary as v
from studio_music.training.examples import Example, Sampler
from studio_music.training.network import Network, Shape
from studio_music.training.prepare import read_works

TOKENS = 1536
"""Of a batch, with padding."""
POOL = 96
"""Examples that are sorted by length before they are put into batches."""
RATE = 1e-3
WARMUP = 300
DECAY = 0.05
"""Weight decay of matrices."""
CLIP = 1.0
AVERAGE = 0.999
EVERY = 500
"""Steps from one checkpoint to the next."""
HELD_OUT = 192
"""Examples of the valid split that are measured."""


def batches(sampler: Sampler, seed: int) -> Iterator[list[Example]]:
    """Examples of like length together, for ever."""
    rng = np.random.default_rng(seed)
    while True:
        pool = sorted((sampler.draw() for _ in range(POOL)), key=lambda example: len(example.targets))
        groups: list[list[Example]] = [[]]
        for example in pool:
            if (len(groups[-1]) + 1) * len(example.targets) > TOKENS:
                groups.append([])
            groups[-1].append(example)
        for place in rng.permutation(len(groups)):
            yield groups[place]


def collate(group: list[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """Rows padded to one length, where the loss counts, and the targets there."""
    longest = max(len(example.targets) for example in group)
    rows = np.zeros((len(group), longest, len(v.FEATURES)), np.int64)
    wanted = np.zeros((len(group), longest), bool)
    for place, example in enumerate(group):
        rows[place, : len(example.targets)] = example.rows
        wanted[place, : len(example.targets)] = example.learned
    targets = np.concatenate([example.targets[example.learned] for example in group])
    return torch.from_numpy(rows), torch.from_numpy(wanted), torch.from_numpy(targets)


def held_out(network: Network, examples: list[Example]) -> dict[str, float]:
    """Nats per learned token and per note, over all and by ensemble."""
    network.eval()
    sums: dict[str, list[float]] = {}
    with torch.inference_mode():
        for example in examples:
            rows, wanted, targets = collate([example])
            losses = functional.cross_entropy(network(rows, wanted).float(), targets, reduction="sum").item()
            name = v.ENSEMBLES[int(example.rows[0, 0]) - v.IDS["ensemble solo"]]
            for key in ("all", name):
                row = sums.setdefault(key, [0.0, 0.0, 0.0])
                row[0] += losses
                row[1] += len(targets)
                row[2] += example.notes
    network.train()
    found = {"loss": sums["all"][0] / sums["all"][1]}
    for name in ("all", *v.ENSEMBLES):
        if name in sums:
            found[f"{name} per note"] = sums[name][0] / max(1.0, sums[name][2])
    return found


def save(path: Path, state: dict[str, Any]) -> None:
    """Writes beside, then moves: a stop within leaves the checkpoint before."""
    beside = path.with_suffix(".new")
    torch.save(state, beside)
    beside.replace(path)


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--works", type=Path, required=True)
    reader.add_argument("--folder", type=Path, required=True, help="checkpoints and history")
    reader.add_argument("--name", default="model")
    reader.add_argument(
        "--start", type=Path, help="a checkpoint to begin from where there is none of this name"
    )
    reader.add_argument("--decay", type=int, default=0, help="steps over which the rate sinks to nothing")
    reader.add_argument("--steps", type=int, default=10**9)
    reader.add_argument("--seed", type=int, default=0)
    reader.add_argument("--threads", type=int, default=1)
    chosen = reader.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    works = read_works(chosen.works)
    checkpoint = chosen.folder / f"{chosen.name}.pt"
    source = checkpoint if checkpoint.exists() else chosen.start
    state = torch.load(source, weights_only=True) if source else None
    shape = Shape(**state["shape"]) if state else Shape()
    network = Network(shape)
    average = Network(shape)
    groups = [
        {"params": [p for p in network.parameters() if p.ndim > 1], "weight_decay": DECAY},
        {"params": [p for p in network.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.95), fused=True)
    step = decay_from = 0
    best = float("inf")
    if state:
        network.load_state_dict(state["network"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        step, best = state["step"], state["best"]
        decay_from = state["decay from"] or step
    else:
        average.load_state_dict(network.state_dict())
    decay_from = decay_from or step
    valid = Sampler([work for work in works if work.split == "valid"], 1)
    measured = [valid.draw() for _ in range(HELD_OUT)]
    training = Sampler([work for work in works if work.split == "train"], chosen.seed + 1000 + step)
    bfloat = torch.cpu._is_avx512_bf16_supported()
    history = chosen.folder / f"{chosen.name}.csv"
    if chosen.start and source == chosen.start:
        best = float("inf")
        shutil.copy(chosen.start.with_suffix(".csv"), history)
    seen = state["notes"] if state else 0
    running, count, began = 0.0, 0, time.monotonic()
    network.train()
    for group in batches(training, step):
        rate = RATE * min(1.0, (step + 1) / WARMUP)
        if chosen.decay:
            rate *= max(0.0, 1 - (step - decay_from) / chosen.decay)
        for part in optimizer.param_groups:
            part["lr"] = rate
        rows, wanted, targets = collate(group)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat):
            logits = network(rows, wanted)
        loss = functional.cross_entropy(logits.float(), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        keep = min(AVERAGE, step / (step + 20))
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - keep)
        seen += sum(example.notes for example in group)
        running, count = running + loss.item(), count + 1
        ended = step >= chosen.steps or (chosen.decay and step >= decay_from + chosen.decay)
        if step % EVERY == 0 or ended:
            found = held_out(average, measured)
            row = {"step": step, "notes": seen, "train": running / count, **found}
            row["seconds"] = time.monotonic() - began
            _note(history, row)
            running, count = 0.0, 0
            state = {
                "network": network.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "step": step,
                "notes": seen,
                "best": min(best, found["loss"]),
                "shape": shape.as_dict(),
                "decay from": decay_from if chosen.decay else 0,
            }
            save(checkpoint, state)
            if found["loss"] < best:
                best = found["loss"]
                kept = {"average": average.state_dict(), "shape": shape.as_dict(), "step": step, "row": row}
                save(chosen.folder / f"{chosen.name}.best.pt", kept)
        if ended:
            return


def _note(path: Path, row: dict[str, float]) -> None:
    fresh = not path.exists()
    with path.open("a", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if fresh:
            writer.writeheader()
        writer.writerow({name: round(value, 5) for name, value in row.items()})
    print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
