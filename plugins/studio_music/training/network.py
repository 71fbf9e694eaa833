"""The network: a small decoder-only transformer with rotary positions.

RMSNorm (Zhang & Sennrich 2019), SwiGLU (Shazeer 2020), rotary embeddings (Su et al. 2021), output tied to
the token embedding. The input is the sum of embeddings of the token and of the features of what comes next.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from studio_music.core.tokens import vocabulary as v


@dataclass(frozen=True)
class Shape:
    width: int = 192
    layers: int = 6
    heads: int = 3
    hidden: int = 640
    dropout: float = 0.1

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


class Norm(nn.Module):  # type: ignore[misc]  # torch has no stubs here
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Block(nn.Module):  # type: ignore[misc]  # torch has no stubs here
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.hidden = shape.heads, shape.hidden
        self.before = Norm(shape.width)
        self.mix = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)
        self.between = Norm(shape.width)
        self.up = nn.Linear(shape.width, 2 * shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)
        self.dropout = shape.dropout

    def forward(
        self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, past: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        batch, length, width = x.shape
        q, k, value = self.mix(self.before(x)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k = _rotate(q, cos, sin), _rotate(k, cos, sin)
        if past is not None:
            k = torch.cat([past[0], k], 2)
            value = torch.cat([past[1], value], 2)
        # By hand: on processors faster than the fused kernel at these lengths.
        weights = torch.softmax(q @ k.transpose(2, 3) * q.shape[-1] ** -0.5 + mask, -1)
        heard = (weights.to(value.dtype) @ value).transpose(1, 2).reshape(batch, length, width)
        return self.thought(x, heard), (k, value)

    def thought(self, x: Tensor, heard: Tensor) -> Tensor:
        """What comes of a place and what attention brought to it, both (batch, length, width)."""
        x = x + functional.dropout(self.out(heard), self.dropout, self.training)
        gate, up = self.up(self.between(x)).split(self.hidden, -1)
        return x + functional.dropout(self.down(functional.silu(gate) * up), self.dropout, self.training)


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


class Network(nn.Module):  # type: ignore[misc]  # torch has no stubs here
    """`forward` learns from whole sequences; `step` goes on from a cache of keys and values."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token = nn.Embedding(v.SIZE, shape.width)
        self.position = nn.Embedding(v.MOST_POSITIONS + 1, shape.width)
        self.voice = nn.Embedding(v.MOST_VOICES + 1, shape.width)
        self.bar = nn.Embedding(v.MOST_BARS + 1, shape.width)
        self.left = nn.Embedding(v.MOST_BARS + 1, shape.width)
        traits = chord_traits()
        self.register_buffer("traits", traits, persistent=False)
        self.chord = nn.Linear(traits.shape[1], shape.width, bias=False)
        self.next_chord = nn.Linear(traits.shape[1], shape.width, bias=False)
        for table in (
            self.token,
            self.position,
            self.voice,
            self.bar,
            self.left,
            self.chord,
            self.next_chord,
        ):
            nn.init.normal_(table.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.last = Norm(shape.width)
        for block in self.blocks:
            for linear in (block.mix, block.up):
                nn.init.normal_(linear.weight, std=0.02)
            for linear in (block.out, block.down):
                nn.init.normal_(linear.weight, std=0.02 / (2 * shape.layers) ** 0.5)
        half = shape.width // shape.heads // 2
        self.register_buffer("speeds", 10000.0 ** (-torch.arange(half) / half), persistent=False)

    def embed(self, rows: Tensor) -> Tensor:
        """(batch, length, features) integers to (batch, length, width)."""
        chord = functional.embedding(rows[..., 3], self.traits @ self.chord.weight.T)
        following = functional.embedding(rows[..., 4], self.traits @ self.next_chord.weight.T)
        x = self.token(rows[..., 0]) + self.position(rows[..., 1]) + self.voice(rows[..., 2])
        return x + chord + following + self.bar(rows[..., 5]) + self.left(rows[..., 6])

    def turns(self, start: Tensor | int, length: int) -> tuple[Tensor, Tensor]:
        angles = (torch.arange(length, device=self.speeds.device) + start)[:, None] * self.speeds
        return angles.cos(), angles.sin()

    def forward(self, rows: Tensor, wanted: Tensor | None = None) -> Tensor:
        """Logits (batch, length, vocabulary) of whole sequences, or (wanted, vocabulary) of chosen places."""
        x = functional.dropout(self.embed(rows), self.shape.dropout, self.training)
        cos, sin = self.turns(0, rows.shape[1])
        mask = torch.full((rows.shape[1], rows.shape[1]), -1e4, device=x.device).triu(1)
        for block in self.blocks:
            x, _ = block(x, cos, sin, mask, None)
        if wanted is not None:
            x = x[wanted]
        return self.logits(x)

    def step(
        self, rows: Tensor, past: list[tuple[Tensor, Tensor]]
    ) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
        """Logits (vocabulary) after some rows more, and the keys and values of each block with theirs.

        `past`: those of all rows before, (1, heads, before, size) each.
        """
        before, length = past[0][0].shape[2], rows.shape[1]
        x = self.embed(rows)
        cos, sin = self.turns(before, length)
        mask = torch.full((length, before + length), -1e4).triu(before + 1)
        present = []
        for block, cache in zip(self.blocks, past, strict=True):
            x, cache = block(x, cos, sin, mask, cache)
            present.append(cache)
        return self.logits(x[0, -1]), present

    def nothing(self) -> list[tuple[Tensor, Tensor]]:
        """The `past` of `step` before the first row."""
        empty = torch.zeros(1, self.shape.heads, 0, self.shape.width // self.shape.heads)
        return [(empty, empty)] * self.shape.layers

    def logits(self, x: Tensor) -> Tensor:
        return functional.linear(self.last(x), self.token.weight)


def chord_traits() -> Tensor:
    """What chord labels have in common: root, quality, and the pitch classes they hold."""
    traits = torch.zeros(v.CHORD_LABELS, 12 + len(v.CHORD_QUALITIES) + 12 + 2)
    for label in range(v.CHORD_LABELS):
        if label >= v.NO_CHORD:
            traits[label, -1 - (label - v.NO_CHORD)] = 1
            continue
        root, quality = divmod(label, len(v.CHORD_QUALITIES))
        traits[label, root] = traits[label, 12 + quality] = 1
        for tone in v.label_tones(label):
            traits[label, 12 + len(v.CHORD_QUALITIES) + tone] = 1
    return traits
