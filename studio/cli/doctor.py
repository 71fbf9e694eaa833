"""studio doctor: what works without a network, and what is missing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from studio.cli import codes
from studio.cli.console import Console
from studio.errors import StudioError
from studio.words import mark, tr, trn

if TYPE_CHECKING:
    from studio.backends.calibration import Calibration
    from studio.models.doctor import GeneratorState, ModelState, Report, Wanted

_EXPLAINED = mark(
    """\
exit codes:
  0    everything works without a network
  1    a generator has no model yet; the rest works
  4    a model, a plugin or a library cannot be used
"""
)


def add(commands: Any, common: argparse.ArgumentParser, words: Sequence[str]) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "doctor",
        parents=[common],
        help=tr("say what works without a network, and name every missing file"),
        description=tr(
            "Says for each generator whether it works without a network, and names every missing file with "
            "size and digest. Looks at models, libraries, devices and disk. Never uses the network itself."
        ),
        epilog=tr(_EXPLAINED),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--benchmark",
        action="store_true",
        help=tr("measure the devices, so that estimates fit this computer (seconds for each)"),
    )
    parser.set_defaults(command=command)


def command(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import installed_plugins, model_store
    from studio.jobs.checkup import look

    report = look(installed_plugins(), model_store())
    document: dict[str, Any] = {
        "ok": report.ready and report.sound,
        "ready": report.ready,
        "sound": report.sound,
        **msgspec.to_builtins(report),
    }
    text = _in_words(report)
    if options.benchmark:
        console.note(tr("Measuring the devices …"))
        speeds = _measure()
        document["benchmark"] = msgspec.to_builtins(speeds)
        text = f"{text}\n\n{_speeds(speeds)}"
    console.result(document, text)
    if not report.sound:
        return codes.PLUGIN
    return codes.OK if report.ready else codes.SOME_FAILED


def _in_words(report: Report) -> str:
    parts = [
        _part(tr("Generators"), [_generator(state) for state in report.generators]),
        _part(tr("Missing models"), [_wanted(wanted) for wanted in report.missing]),
        _part(tr("Models"), [_model(state) for state in report.models]),
        _part(tr("Plugins"), [_line(False, f"{name}  {why}") for name, why in report.plugins.items()]),
        _part(tr("Notes"), [f"          {note}" for note in report.notes]),
        _part(tr("This computer"), _computer(report)),
        _verdict(report),
    ]
    return "\n\n".join(filter(None, parts))


def _part(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *lines]) if lines else ""


def _line(good: bool, text: str, bad: str = "") -> str:
    """Good or bad, in words: a terminal may have no colors, and a person may not see them."""
    return f"  {tr('ok') if good else (bad or tr('BROKEN')):<8}{text}"


def _generator(state: GeneratorState) -> str:
    if not state.ready:
        return _line(False, f"{state.id}  {tr('has no model that it can use')}", tr("MISSING"))
    how = (
        tr("with: {models}", models=", ".join(state.models))
        if state.needs_model
        else tr("works without a model")
    )
    return _line(True, f"{state.id}  {how}")


def _wanted(wanted: Wanted) -> str:
    from studio.core.disk import in_words

    title = f"{wanted.title}, {in_words(wanted.size)}" if wanted.size else wanted.title
    recommended = f"  ({tr('recommended')})" if wanted.recommended else ""
    lines = [f"          {title}{recommended}:  studio models install {wanted.id}"]
    for file in wanted.files:
        size = tr("{size} bytes", size=f"{file.size:,}") if file.size else tr("size not known")
        digest = f"sha256 {file.sha256}" if file.sha256 else tr("the first download decides the digest")
        lines.append(f"            {file.name}  {size}  {digest}")
    return "\n".join(lines)


def _model(state: ModelState) -> str:
    from studio.core.disk import in_words

    licence = state.licence or tr("licence not stated")
    text = f"{state.name}  {state.format}, {in_words(state.size)}, {licence}"
    if state.problem:
        return f"{_line(False, text)}\n          {state.problem} {state.hint}".rstrip()
    return _line(True, text) + (f"\n          {state.unfit}" if state.unfit else "")


def _computer(report: Report) -> list[str]:
    from studio.core.disk import in_words

    lines = []
    for device, memory in report.devices.items():
        size = in_words(memory) if memory else tr("size not known")
        lines.append(_line(True, tr("{device}  {size} of memory", device=device, size=size)))
    if report.providers:
        lines.append(_line(True, f"ONNX Runtime  {', '.join(report.providers)}"))
    for floor in report.floors:
        if not floor.installed:
            lines.append(_line(True, tr("{name} is not installed", name=floor.distribution), tr("absent")))
        else:
            least = tr("needed is {least}", least=floor.least)
            lines.append(_line(floor.is_met, f"{floor.distribution} {floor.installed}  ({least})"))
    lines.append(_line(True, tr("disk  {size} free", size=in_words(report.disk_free))))
    return lines


def _verdict(report: Report) -> str:
    if not report.sound:
        return tr(
            "Something that is installed cannot be used; see the lines marked {word}.", word=tr("BROKEN")
        )
    missing = sum(not state.ready for state in report.generators)
    if missing:
        return trn(
            "{count} generator has no model yet. Get one before you leave the network.",
            "{count} generators have no model yet. Get one before you leave the network.",
            missing,
        )
    return tr("Everything works without a network.")


def _measure() -> Calibration:
    """Raises StudioError."""
    import subprocess

    from studio.backends.calibration import Calibration, save_calibration
    from studio.paths import data_folder

    done = subprocess.run(
        [sys.executable, "-P", "-m", "studio.backends.calibrate"], capture_output=True, check=False
    )
    try:
        measured = msgspec.json.decode(done.stdout, type=Calibration)
    except (msgspec.DecodeError, ValueError) as error:
        raise StudioError(
            tr("The devices could not be measured."),
            tr("Estimates go on without. The details say why."),
            done.stderr.decode("utf-8", "replace")[-2000:],
        ) from error
    save_calibration(data_folder(), measured)
    return measured


def _speeds(measured: Calibration) -> str:
    lines = [tr("Speed, kept for estimates")]
    for device, speed in measured.devices.items():
        operations = ", ".join(
            f"{precision} {rate / 1e9:,.0f} GFLOP/s" for precision, rate in speed.operations.items()
        )
        lines.append(f"  {device}  {speed.bandwidth / 1e9:.1f} GB/s, {operations}")
    return "\n".join(lines)
