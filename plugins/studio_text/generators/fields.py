"""Settings that all writing generators have, after what each is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from studio.api import Field, Ui, mark
from studio_text.core.template import lines_of

if TYPE_CHECKING:
    from studio_text.generators.decoding.sampling import Sampling

FORMATS = ("onnx-text", "gguf", "transformers")

_WRITING = mark("Writing")
_BRAND = mark("Brand")
_CHANCE = mark("Choice of words")

MODEL = Annotated[
    str,
    Ui(group=_WRITING, model=FORMATS, needs_model=True),
    Field(
        title=mark("Model"),
        description=mark("A language model. Empty: the one you have that fits best."),
        max_length=4096,
    ),
]
INSTRUCT_MODEL = Annotated[
    str,
    Ui(group=_WRITING, model=FORMATS, needs_model=True, instruct=True),
    Field(
        title=mark("Model"),
        description=mark(
            "A language model that follows instructions. Empty: the one you have that fits best."
        ),
        max_length=4096,
    ),
]
DRAFTS = Annotated[
    int,
    Ui(group=_WRITING, hint="slider"),
    Field(title=mark("Drafts"), description=mark("Written at once, side by side."), ge=1, le=6),
]
LENGTH = Annotated[
    int,
    Ui(group=_WRITING, unit=mark("words")),
    Field(title=mark("Length"), description=mark("About so many words."), ge=10, le=3000),
]
ITEMS = Annotated[
    int,
    Ui(group=_WRITING, hint="slider"),
    Field(title=mark("Lines"), description=mark("How many to find in each draft."), ge=1, le=30),
]
LANGUAGE = Annotated[
    str,
    Ui(group=_WRITING),
    Field(
        title=mark("Language"),
        description=mark("Empty: the language of what you wrote. Small models know English best."),
        max_length=40,
    ),
]
KEEP = Annotated[
    str,
    Ui(group=_BRAND, hint="text"),
    Field(
        title=mark("Keep"),
        description=mark("One per line, as they must be written. Each draft has to hold them all."),
        max_length=2000,
    ),
]
AVOID = Annotated[
    str,
    Ui(group=_BRAND, hint="text"),
    Field(
        title=mark("Avoid"),
        description=mark(
            "One per line, as whole words: “cheap” lets “cheaper” pass. No draft holds one of them."
        ),
        max_length=2000,
    ),
]
TEMPERATURE = Annotated[
    float,
    Ui(group=_CHANCE, hint="slider", advanced=True),
    Field(
        title=mark("Temperature"),
        description=mark("0 always takes the likeliest word; higher is freer."),
        ge=0,
        le=2,
    ),
]
TOP_K = Annotated[
    int,
    Ui(group=_CHANCE, advanced=True, labels=(("0", mark("All")),)),
    Field(
        title=mark("Top-k"), description=mark("Only so many of the likeliest words; 0: all."), ge=0, le=1000
    ),
]
TOP_P = Annotated[
    float,
    Ui(group=_CHANCE, hint="slider", advanced=True),
    Field(
        title=mark("Top-p"),
        description=mark("Only the likeliest words that together have this share."),
        gt=0,
        le=1,
    ),
]
MIN_P = Annotated[
    float,
    Ui(group=_CHANCE, hint="slider", advanced=True),
    Field(
        title=mark("Min-p"),
        description=mark("Only words that are at least so likely, compared with the likeliest."),
        ge=0,
        le=1,
    ),
]
REPETITION = Annotated[
    float,
    Ui(group=_CHANCE, hint="slider", advanced=True),
    Field(
        title=mark("Repetition penalty"),
        description=mark("Above 1: words that stand there already become less likely."),
        ge=1,
        le=2,
    ),
]


def sampling_of(params: Any, seed: int) -> Sampling:
    from studio_text.generators.decoding.sampling import Sampling

    return Sampling(
        temperature=params.temperature,
        top_k=params.top_k,
        top_p=params.top_p,
        min_p=params.min_p,
        repetition=params.repetition_penalty,
        seed=seed,
    )


def lines(text: str) -> tuple[str, ...]:
    """The lines of a field that takes one thing per line, each once."""
    return tuple(dict.fromkeys(lines_of(text)))
