"""The example at the end of a generator's help is one of that very generator, and can be typed."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

import pytest

from studio.cli import batch, run
from studio.cli import generator_options as given
from studio.cli.session import installed_plugins
from studio.core.generator import GeneratorDescription
from studio.export.batch import check_file
from studio.export.formats import Formats
from studio.plugins.media import installed_media

GENERATORS = [each for plugin in installed_plugins().plugins for each in plugin.generators]
BUNDLED = [each for each in GENERATORS if each.id.partition("/")[0] in ("image", "product", "text")]


def parser_of(command: str, generator: GeneratorDescription) -> argparse.ArgumentParser:
    commands = argparse.ArgumentParser(prog="studio").add_subparsers()
    common = argparse.ArgumentParser(add_help=False)
    {"run": run, "batch": batch}[command].add(commands, common, [command, generator.id])
    found = commands.choices[command]
    assert isinstance(found, argparse.ArgumentParser)
    return found


def example_of(command: str, generator: GeneratorDescription) -> list[str]:
    """The words of the only command line in the help that can be typed; [] if there is none."""
    lines = [line.strip() for line in parser_of(command, generator).format_help().splitlines()]
    found = [shlex.split(line) for line in lines if line.startswith(f"studio {command} ")]
    assert len(found) <= 1
    return found[0] if found else []


def test_there_are_generators_of_every_bundled_plugin() -> None:
    assert {each.id.partition("/")[0] for each in BUNDLED} == {"image", "product", "text"}


@pytest.mark.parametrize("generator", BUNDLED, ids=lambda each: each.id)
def test_a_run_of_this_very_generator(generator: GeneratorDescription, tmp_path: Path) -> None:
    words = example_of("run", generator)
    assert words[:3] == ["studio", "run", generator.id]
    options = parser_of("run", generator).parse_args(words[2:])
    assert set(given.inputs_of(options)) == {slot.name for slot in generator.inputs if slot.required}
    assert options.out.suffix in installed_media().kinds.get(generator.kind).extensions
    check_file(tmp_path / options.out, generator.kind, Formats(installed_media()))


@pytest.mark.parametrize("generator", BUNDLED, ids=lambda each: each.id)
def test_a_batch_of_this_very_generator(generator: GeneratorDescription) -> None:
    words = example_of("batch", generator)
    assert bool(words) == bool(generator.inputs), "a batch needs files to work on"
    if words:
        assert words[2] == generator.id
        options = parser_of("batch", generator).parse_args(words[2:])
        assert options.inputs and options.out


def test_what_a_generator_needs_is_named() -> None:
    examples = {each.id: example_of("run", each) for each in BUNDLED}
    inpaint = "studio run image/inpaint --input photo.jpg --mask mask.png --out inpaint.png"
    assert examples["image/inpaint"] == inpaint.split()
    assert "--study" in examples["product/optimize"]
    assert "--subject" in examples["text/article"]
