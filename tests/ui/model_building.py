"""A catalog of models as plugins offer them, for tests of what the window shows of it."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec.structs import replace

from studio.core.authoring import Ui, json_schema
from studio.core.generator import GeneratorDescription
from studio.core.kind import Kind
from studio.core.model import ConverterDescription, Hub, Licence, ModelSpec, Need, SpecFile, WheelPart
from studio.core.params_base import Params
from studio.plugins.catalog import Catalog, PluginDescription
from tests.ui.builders import Sample, describe

GB = 1_000_000_000
APACHE = Licence(id="Apache-2.0", title="Apache License 2.0", text="You may use it.\n" * 40, commercial="yes")
GEMMA = Licence(
    id="LicenseRef-Gemma",
    title="Gemma Terms of Use",
    text="GEMMA TERMS OF USE\n\nBy using Gemma you agree to these terms.\n" * 12,
    url="https://example.org/terms",
    commercial="conditions",
    note="Its prohibited uses are part of the terms, and results must not break them.",
)


class Writing(Params):
    model: Annotated[str, Ui(model=("onnx-text", "transformers", "gguf"), needs_model=True)] = ""
    brief: Annotated[str, Ui(hint="prompt")] = ""


def writer(name: str = "write", title: str = "Write") -> GeneratorDescription:
    return GeneratorDescription(
        id=f"text/{name}",
        title=title,
        kind=Kind.TEXT,
        version="1",
        summary="Writes from a brief.",
        inputs=(),
        params_schema=json_schema(Writing),
    )


def spec(name: str, title: str, size: int = 253_113_024, **values: Any) -> ModelSpec:
    file = SpecFile(
        name=f"{name}-q4_k_m.gguf",
        size=size,
        sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        wheels=tuple(
            WheelPart(
                distribution=f"{name}-part{number}", version="0.1.0", member=f"*/data/*.part{number:02}"
            )
            for number in range(1, 5)
        ),
    )
    given: dict[str, Any] = {
        "id": f"text/{name}",
        "name": name,
        "title": title,
        "kind": Kind.TEXT,
        "family": "gemma3",
        "format": "gguf",
        "files": (file,),
        "licence": GEMMA,
        "needs": (Need(device="cpu", precision="int4", memory=round(size * 2.3)),),
        "purpose": "Short texts in English: taglines, captions, product pages from a template.",
        "limits": "It knows no orders, invents facts, and writes poorly in other languages.",
    }
    return ModelSpec(**given | values)


CONVERTER = ConverterDescription(
    id="text/onnx",
    title="For the processor",
    sources=("gguf",),
    target="onnx-text",
    precisions=("int4", "int8"),
)


def text_catalog(*models: ModelSpec, converters: tuple[ConverterDescription, ...] = (CONVERTER,)) -> Catalog:
    models = models or (
        spec("gemma", "Gemma 3 270M", starter=True),
        spec(
            "qwen",
            "Qwen2.5 Coder 1.5B Instruct",
            1_117_320_768,
            licence=APACHE,
            instruct=True,
            hub=Hub(
                repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
                revision="0123456789abcdef" * 2 + "01234567",
            ),
            purpose="Code snippets, structured texts, short answers in several languages.",
            limits="Long texts lose their thread.",
        ),
        spec(
            "large",
            "Large writer 70B",
            40 * GB,
            licence=replace(APACHE, id="CC-BY-NC-4.0", title="CC BY-NC 4.0", commercial="no"),
            needs=(
                Need(device="cuda", precision="fp16", memory=80 * GB),
                Need(device="cpu", precision="int4", memory=48 * GB),
            ),
        ),
    )
    text = PluginDescription(
        name="text",
        distribution="studio-text",
        version="1",
        generators=(writer(), writer("rewrite", "Rewrite")),
        models=models,
        converters=converters,
    )
    other = PluginDescription(
        name="test", distribution="studio-test", version="1", generators=(describe(Sample),)
    )
    return Catalog(plugins=(text, other), devices=("cpu",), device_memory={"cpu": 24 * GB})
