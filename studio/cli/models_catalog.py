"""studio models catalog: what generators can use, whether it is here, and whether it fits."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from studio.cli import codes
from studio.cli.consent import commercial_words
from studio.cli.console import Console
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.model import ModelSpec
    from studio.ui.models.shelf import Entry


def show(options: argparse.Namespace, console: Console) -> int:
    from studio.cli.session import installed_plugins, model_store
    from studio.jobs.checkup import memory_of
    from studio.models.fetch import kept
    from studio.ui.models.shelf import shelf

    catalog, store = installed_plugins(), model_store()
    entries = shelf(catalog, store.models(), memory_of(catalog), lambda spec: kept(spec, store))
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.spec is not None:
            users = ", ".join(tr(user.title) for user in entry.users) or tr("no generator")
            groups.setdefault(tr("For: {generators}", generators=users), []).append(entry)
    text = "\n\n".join(
        "\n".join([title, *(_in_words(entry) for entry in group)]) for title, group in groups.items()
    )
    console.result(
        {"ok": True, "models": [_describe(entry) for entry in entries if entry.spec is not None]},
        text or tr("No plugin offers a model."),
    )
    return codes.OK


def _describe(entry: Entry) -> dict[str, Any]:
    from studio.jobs.checkup import fit_words

    spec = entry.spec
    assert spec is not None
    return {
        "id": spec.id,
        "title": spec.title,
        "kind": spec.kind,
        "format": spec.format,
        "bytes": spec.size,
        "files": [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in spec.files],
        "licence": {
            "id": spec.licence.id,
            "title": spec.licence.title,
            "url": spec.licence.url,
            "commercial": spec.licence.commercial,
            "note": spec.licence.note,
        },
        "starter": spec.starter,
        "instruct": spec.instruct,
        "purpose": spec.purpose,
        "limits": spec.limits,
        "generators": [user.id for user in entry.users],
        "state": entry.state.value,
        "installed": [model.name for model in entry.models],
        "bytes_kept": entry.part,
        "fits": entry.fit.ok,
        "why": fit_words(entry.fit),
        "sources": _sources(spec),
    }


def _sources(spec: ModelSpec) -> list[str]:
    found = ["hub"] if spec.hub is not None else []
    return [*found, "wheels"] if all(file.wheels for file in spec.files) else found


def _in_words(entry: Entry) -> str:
    from studio.core.disk import in_words
    from studio.jobs.checkup import fit_words

    spec = entry.spec
    assert spec is not None
    size = in_words(spec.size) if spec.size else tr("size not known")
    if entry.models:
        state = tr("installed")
    elif entry.part:
        state = tr("{size} are here", size=in_words(entry.part))
    else:
        state = tr("available")
    recommended = f", {tr('recommended')}" if spec.starter else ""
    commercial = tr("commercial use: {answer}", answer=commercial_words(spec.licence.commercial))
    lines = [
        f"  {spec.id}  ({state}{recommended})",
        f"    {spec.title}, {size}, {spec.licence.title}, {commercial}",
        f"    {tr(spec.purpose)} {tr(spec.limits)}".rstrip(),
        f"    {fit_words(entry.fit)}",
    ]
    return "\n".join(line for line in lines if line.strip())
