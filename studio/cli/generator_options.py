"""A generator's inputs and settings as options of the command line, made from its description."""

from __future__ import annotations

import argparse
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli.session import installed_plugins
from studio.core.generator import GeneratorDescription
from studio.core.given_files import regular_file
from studio.core.params import hint_of, hints, named_value
from studio.core.recipe import MAX_SEED, Recipe
from studio.core.titles import stored
from studio.errors import BadInput
from studio.given_paths import path_of
from studio.plugins.hints import has_reader, read_value
from studio.words import tr

if TYPE_CHECKING:
    from studio.plugins.media import Media
    from studio.service.service import Service

RESERVED = (
    "--help", "--json", "--out", "--project", "--set", "--seed", "--device",
    "--input", "--inputs", "--masks", "--template", "--format",
)  # fmt: skip
"""Options that mean the same for every generator, so that no setting may take their place."""

_PARAM = "param:"
_INPUT = "input:"


def named_generator(words: Sequence[str], command: str) -> GeneratorDescription | None:
    """The generator that a command line is about, where it is about one.

    Raises:
        PluginError: no plugin offers it.
    """
    plain = [word for word in words if word != "--json"]
    if plain[:1] != [command] or len(plain) < 2 or plain[1].startswith("-"):
        return None
    return installed_plugins().generator(plain[1])


def add_generator(parser: argparse.ArgumentParser, generator: GeneratorDescription | None) -> None:
    """The command's first word. Where it is known, it is part of the command that help speaks of."""
    words = tr("PLUGIN/NAME, as studio plugins lists it")
    if generator is not None:
        parser.prog += f" {generator.id}"
        words = argparse.SUPPRESS
    parser.add_argument("generator", metavar="GENERATOR", help=words)


def add_settings(
    parser: argparse.ArgumentParser, generator: GeneratorDescription, taken: Sequence[str]
) -> None:
    """An option for every setting whose name is not `taken`; --set reaches those that are."""
    settings = parser.add_argument_group(tr("settings of {title}", title=tr(generator.title)))
    for name, spec in generator.params_schema.get("properties", {}).items():
        option = "--" + name.replace("_", "-")
        if option in taken:
            continue
        rule: dict[str, Any] = {"dest": _PARAM + name, "default": argparse.SUPPRESS, "help": _help(spec)}
        if spec.get("type") == "boolean":
            settings.add_argument(option, action=argparse.BooleanOptionalAction, **rule)
        else:
            settings.add_argument(option, metavar=_metavar(spec), **rule)
    settings.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=tr("any setting by its name in recipes"),
    )
    settings.add_argument(
        "--seed", type=_seed, help=tr("0 to 4294967295 (default: a random one, which is reported)")
    )
    settings.add_argument(
        "--device", default="cpu", metavar="DEVICE", help=tr("where to compute (default: cpu)")
    )


def add_inputs(
    parser: argparse.ArgumentParser, generator: GeneratorDescription, *, skip: int = 0
) -> list[str]:
    """A file option for every input but the first `skip`; the very first is --input too."""
    files = parser.add_argument_group(tr("inputs"))
    added = []
    for number, slot in enumerate(generator.inputs[skip:], start=skip):
        names = (["--input"] if number == 0 else []) + [f"--{slot.name}"]
        added += names
        files.add_argument(
            *dict.fromkeys(names),
            dest=_INPUT + slot.name,
            type=Path,
            required=slot.required,
            metavar="FILE",
            help=tr(slot.title),
        )
    return added


def inputs_of(options: argparse.Namespace) -> dict[str, Path]:
    return {
        name.removeprefix(_INPUT): value
        for name, value in vars(options).items()
        if name.startswith(_INPUT) and value is not None
    }


def values_of(options: argparse.Namespace, generator: GeneratorDescription) -> dict[str, Any]:
    """The settings that were given, typed as the schema wants them; a later one wins.

    What does not fit its type is handed on as text, so that validation tells what is wrong with it.
    """
    properties: Mapping[str, Any] = generator.params_schema.get("properties", {})
    values: dict[str, Any] = {}
    for name, value in vars(options).items():
        if name.startswith(_PARAM):
            field = name.removeprefix(_PARAM)
            values[field] = _typed(value, properties[field])
    for pair in options.set:
        name, equals, text = pair.partition("=")
        if not (name and equals):
            raise BadInput(
                tr("--set {pair} has no name or has no value.", pair=pair),
                tr("Write it as --set name=value."),
            )
        values[name] = _typed(text, properties.get(name, {}))
    return values


def values_and_inputs(
    options: argparse.Namespace, generator: GeneratorDescription
) -> tuple[dict[str, Any], dict[str, Path]]:
    """Settings and files. A value that its plugin reads from a file brings the files that it names.

    Raises:
        BadInput: such a file cannot be used.
    """
    values, inputs = values_of(options, generator), inputs_of(options)
    for field, hint in hints(generator.params_schema).items():
        if isinstance(values.get(field), str) and has_reader(hint):
            values[field], named = read_value(hint, path_of(values[field]), generator.fed_slots, inputs)
            inputs = {**named, **inputs}
    return values, inputs


def imported(
    inputs: Mapping[str, Path], generator: GeneratorDescription, service: Service, folder: Path
) -> dict[str, Path]:
    """The inputs' files; in place of those that a plugin imports, what it makes of them in `folder`.

    Raises:
        BadInput, PluginError: such a file cannot be read.
    """
    kinds = {slot.name: slot.kind for slot in generator.inputs}
    files = dict(inputs)
    for name, file in inputs.items():
        row = service.media.importer_of(file.suffix)
        if row is not None and row.kind == kinds.get(name):
            regular_file(file)
            files[name] = service.load_now(file.absolute(), folder / name)[0]
    return files


def seed_of(options: argparse.Namespace) -> int:
    return secrets.randbelow(MAX_SEED + 1) if options.seed is None else int(options.seed)


def device_of(options: argparse.Namespace, devices: Sequence[str]) -> str:
    """Raises `BadInput` for a device that this machine does not have."""
    if options.device not in devices:
        raise BadInput(
            tr("This machine has no device “{device}”.", device=options.device),
            tr("It has: {devices}.", devices=", ".join(devices)),
        )
    return str(options.device)


def title_of(recipe: Recipe, files: Mapping[str, Path], generator: GeneratorDescription) -> str:
    """What a job is called in the queue, to be stored: after a value that has a name, its first file, or its
    generator."""
    if name := named_value(recipe.params):
        return stored(name)
    first = files.get(generator.inputs[0].name) if generator.inputs else None
    return first.name if first else stored(generator.title)


def add_naming(parser: argparse.ArgumentParser, media: Media) -> None:
    """How exported files are named and in which format they are."""
    from studio.export.formats import Formats
    from studio.export.naming import FIELDS

    fields = ", ".join(f"{{{name}}}" for name in FIELDS)
    parser.add_argument(
        "--template",
        default="{name}",
        help=tr("file names, from {fields} (default: {{name}})", fields=fields),
    )
    parser.add_argument(
        "--format",
        choices=Formats(media).ids(),
        help=tr("convert to this format what can be (default: as it is)"),
    )


def _seed(text: str) -> int:
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if not 0 <= seed <= MAX_SEED:
        raise argparse.ArgumentTypeError(
            tr("{text} is not a whole number from 0 to {most}", text=text, most=MAX_SEED)
        )
    return seed


def _typed(value: Any, spec: Mapping[str, Any]) -> Any:
    if not isinstance(value, str) or spec.get("type") == "string" or "enum" in spec:
        return value
    try:
        if _is_range(spec):
            return _range(value)
        return _READERS.get(spec.get("type", ""), json.loads)(value)
    except ValueError:
        return value


def _is_range(spec: Mapping[str, Any]) -> bool:
    return bool(spec.get("x-ui", {}).get("hint") == "range")


def _range(text: str) -> Any:
    """Of "430..460", of "440", or of a pair as JSON."""
    if text.startswith("["):
        return json.loads(text)
    low, dots, high = text.partition("..")
    return [float(low), float(high if dots else low)]


def _truth(text: str) -> bool:
    if text.lower() in ("true", "yes", "on", "1"):
        return True
    if text.lower() in ("false", "no", "off", "0"):
        return False
    raise ValueError(text)


_READERS: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "boolean": _truth}


def _metavar(spec: Mapping[str, Any]) -> str:
    if "enum" in spec:
        return "{" + ",".join(map(str, spec["enum"])) + "}"
    if spec.get("x-ui", {}).get("model"):
        return "MODEL"
    if has_reader(hint_of(spec)):
        return "FILE"
    if _is_range(spec):
        return "LOW..HIGH"
    return {"integer": "N", "number": "X", "string": "TEXT"}.get(spec.get("type", ""), "VALUE")


def _help(spec: Mapping[str, Any]) -> str:
    ui = spec.get("x-ui", {})
    rule = spec["prefixItems"][0] if _is_range(spec) else spec
    low = rule.get("minimum", rule.get("exclusiveMinimum"))
    high = rule.get("maximum", rule.get("exclusiveMaximum"))
    facts = []
    if low is not None and high is not None:
        facts.append(tr("{least} to {most}", least=low, most=high))
    elif low is not None or high is not None:
        facts.append(tr("at least {least}", least=low) if high is None else tr("at most {most}", most=high))
    if ui.get("unit"):
        facts.append(tr(ui["unit"]))
    if ui.get("model"):
        facts.append(tr("a name, digest or file; {formats}", formats=", ".join(ui["model"])))
    if ui.get("when"):
        facts.append(
            tr(
                "with {field} {values}",
                field=ui["when"]["field"].replace("_", "-"),
                values=" | ".join(ui["when"]["values"]),
            )
        )
    if has_reader(hint_of(spec)):
        return _with_facts(spec, [*facts, tr("a file")])
    default = spec.get("default")
    facts.append(
        tr("default {value}", value=json.dumps(default, ensure_ascii=False))
        if default != ""
        else tr("default empty")
    )
    return _with_facts(spec, facts)


def _with_facts(spec: Mapping[str, Any], facts: Sequence[str]) -> str:
    words = tr(spec.get("description") or spec.get("title", ""))
    return f"{words} ({'; '.join(facts)})".replace("%", "%%")
